// What each shape of event brings, and why it leaves the rest aside.
#include <algorithm>
#include <array>

#include "inside/events.h"
#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using Reasons = std::map<std::string, std::string, std::less<>>;

struct Form {
  Shape shape;
  base::Result<void> (*who)(Reader&);  // who it is about, and what is said of them
  base::Result<void> (*body)(Reader&, const Event&);
  Reasons (*reasons)();  // why fields of a segment are left aside; nullptr: for none of its own
};

// Numbers that order segments, and the header, which the envelope keeps.
void TakeStructure(Reader& reader) {
  constexpr std::array<std::string_view, 10> kSetIds = {"PID", "PV1", "NK1", "AL1", "IAM",
                                                        "DG1", "PR1", "NTE", "EVN", "ORC"};
  for (const hl7v2::Segment& segment : reader.segments()) {
    const bool numbered =
        std::find(kSetIds.begin(), kSetIds.end(), segment.name()) != kSetIds.end();
    if (numbered) reader.Take(segment.field(1));
    if (segment.name() != "MSH") continue;
    for (std::size_t f = 2; f <= segment.fields(); ++f) {
      if (f != 8) reader.Take(segment.field(f));  // MSH-8, security, is not understood
    }
  }
  const auto evn = reader.segment("EVN");
  for (const std::size_t field : {2U, 3U, 7U}) reader.Take(evn.field(field));
}

// What stands beside a visit, or a person.
void ReadClinical(Reader& reader, const Visit& visit) {
  ReadAllergies(reader);
  ReadProblems(reader, visit);
  ReadProcedures(reader, visit);
  ReadObservations(reader, visit);
  ReadUkSegments(reader, visit);
  ReadLocalSegments(reader, visit);
}

base::Result<void> ReadPerson(Reader& reader, const Event&) {
  ReadContacts(reader);
  ReadVisitLabels(reader);
  ReadClinical(reader, Visit{});
  return {};
}

base::Result<void> ReadVisit(Reader& reader, const Event& event) {
  const Visit visit = ReadEncounter(reader, {event.change, event.besides});
  ReadContacts(reader);
  ReadClinical(reader, visit);
  return {};
}

base::Result<void> ReadMergeOfPatients(Reader& reader, const Event& event) {
  return ReadMerge(reader, event.besides == Besides::kAnyIdentifier);
}

base::Result<void> ReadLinkOf(Reader& reader, const Event& event) {
  ReadLink(reader, event.besides == Besides::kUndone);
  return {};
}

base::Result<void> ReadDeletionOf(Reader& reader, const Event&) {
  ReadDeletion(reader);
  return {};
}

// An account outlives its visit, and billing is no sign that somebody is there: a visit is taken
// from it only where it says that the visit is over, and never as a relationship.
base::Result<void> ReadAccount(Reader& reader, const Event& event) {
  if (event.besides == Besides::kDeleted) return {};
  ReadContacts(reader);
  Visit visit;
  const bool one = !reader.segment("PV1", 1).exists();
  if (one && reader.segment("PV1").field(45).component(1).has_value()) {
    visit = ReadEncounter(reader, {record::EncounterChange::kUpdated, Besides::kNothing});
    reader.out().encounter.reset();
  } else if (one) {
    ReadVisitLabels(reader);
    visit.number = reader.Id(reader.segment("PV1"), 19, 0).value;
  }
  ReadClinical(reader, visit);
  return {};
}

base::Result<void> ReadPlansOf(Reader& reader, const Event& event) {
  ReadVisitLabels(reader);
  ReadPlans(reader, event.besides == Besides::kDeleted);
  ReadAllergies(reader);
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

base::Result<void> ReadVaccinationsOf(Reader& reader, const Event&) {
  ReadContacts(reader);
  ReadVisitLabels(reader);
  ReadVaccinations(reader);
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

base::Result<void> ReadReport(Reader& reader, const Event&) {
  ReadResults(reader);
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

base::Result<void> ReadDocumentOf(Reader& reader, const Event& event) {
  if (auto read = ReadDocuments(reader, event.trigger); !read) return read;
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

// Some messages may speak of nobody: open times of a clinic, an answer about an order.
base::Result<void> ReadPatientIfAny(Reader& reader) {
  if (auto checked = CheckAnswer(reader); !checked) return checked;
  if (reader.segment("PID").exists()) return ReadPatient(reader);
  return base::Error{base::ErrorId::kMessageUnsupported, "PID",
                     "it names no patient, and is carried to no record: send what has a PID"};
}

base::Result<void> ReadAppointmentOf(Reader& reader, const Event& event) {
  if (auto read = ReadAppointment(reader, event.trigger); !read) return read;
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

base::Result<void> ReadReferralOf(Reader& reader, const Event& event) {
  if (auto read = ReadReferral(reader, event.trigger); !read) return read;
  ReadUkSegments(reader, Visit{});
  ReadLocalSegments(reader, Visit{});
  return {};
}

// What an order is for is as confidential as the order (ORC-28).
void LabelAsOrders(Reader& reader, std::size_t first) {
  const std::size_t end = reader.out().drafts.size();
  if (first == end) return;
  for (const auto& orc : reader.all("ORC")) {
    const std::string code = reader.Text(orc, 28);
    if (!code.empty()) LabelFrom(reader, first, end, "confidentiality:" + code);
  }
}

// A diagnosis that stands with orders is why they were made. Which is whose is not looked at: a
// message has few, and costs no more than it is long.
void LinkToOrdersOf(Reader& reader, std::size_t first) {
  constexpr std::size_t kMost = 16;
  auto& drafts = reader.out().drafts;
  std::vector<record::Link> links;
  for (std::size_t i = 0; i < first && links.size() < kMost; ++i) {
    if (drafts[i].source_key.starts_with("order:")) {
      links.push_back({"reason for", drafts[i].source_key});
    }
  }
  for (std::size_t i = first; i < drafts.size(); ++i) {
    auto& own = drafts[i].entry.links;
    own.insert(own.end(), links.begin(), links.end());
  }
}

base::Result<void> ReadOrdersOf(Reader& reader, const Event& event) {
  const Visit visit{.number = reader.Id(reader.segment("PV1"), 19, 0).value};
  ReadVisitLabels(reader);
  ReadOrders(reader, event.code, reader.segments());
  ReadAllergies(reader);
  const std::size_t problems = reader.out().drafts.size();
  ReadProblems(reader, visit);
  LabelAsOrders(reader, problems);
  LinkToOrdersOf(reader, problems);
  ReadUkSegments(reader, visit);
  ReadLocalSegments(reader, visit);
  return {};
}

// What money is asked for.
Reasons OfBilling() {
  const std::string why = "belongs to billing";
  return {{"FT1", why}, {"BLG", why}, {"GT1", why}, {"IN1", why}, {"IN2", why}, {"IN3", why}};
}

Reasons OfPerson() {
  const std::string why = "an event on a person claims no visit";
  return {{"PV1", why}, {"PV2", why}};
}

Reasons OfMerge() {
  const std::string why = "a merge carries no change of demographics: send A31 or A08 for it";
  return {{"PID", why},
          {"PD1", why},
          {"NK1", why},
          {"PV1", "a merge of patients says nothing of visits"}};
}

Reasons OfMove() {
  const std::string why = "an event on accounts, visits or numbers carries no demographics";
  return {{"PID", why},
          {"PD1", why},
          {"NK1", why},
          {"PV1", "nothing of the visit but its number is taken from this event"},
          {"MRG", "accounts belong to billing; whose a moved visit is, a person must see"}};
}

Reasons OfLink() {
  const std::string why = "a link of patients says nothing of visits";
  return {{"PV1", why}, {"PV2", why}, {"DB1", why}};
}

Reasons OfDeletion() {
  const std::string why = "nothing is changed until a person has looked at the deletion";
  return {{"PID", why}, {"PD1", why}, {"PV1", why}, {"PV2", why}, {"OBX", why}, {"DB1", why}};
}

Reasons OfAccount() {
  const std::string billing = "belongs to billing";
  const std::string visit = "an account says not whether the visit goes on: send ADT for it";
  return {{"GT1", billing}, {"IN1", billing}, {"IN2", billing}, {"IN3", billing},
          {"FT1", billing}, {"ACC", billing}, {"UB1", billing}, {"UB2", billing},
          {"DRG", billing}, {"GP1", billing}, {"GP2", billing}, {"ABS", billing},
          {"BLC", billing}, {"RMI", billing}, {"PV1", visit},   {"PV2", visit}};
}

Reasons OfPlan() {
  Reasons reasons = OfPerson();
  const std::string order = "an order within a problem or plan: send it as an order";
  for (const char* name : {"ORC", "OBR", "RXO", "RXE", "RXR", "RXC"}) reasons[name] = order;
  return reasons;
}

constexpr auto kForms = std::to_array<Form>({
    {Shape::kVisit, ReadPatient, ReadVisit, nullptr},
    {Shape::kPerson, ReadPatient, ReadPerson, OfPerson},
    {Shape::kMerge, ReadPatientIdentity, ReadMergeOfPatients, OfMerge},
    {Shape::kResult, ReadPatient, ReadReport, nullptr},
    {Shape::kDocument, ReadPatient, ReadDocumentOf, nullptr},
    {Shape::kMove, ReadPatientIdentity, ReadMove, OfMove},
    {Shape::kLink, ReadPatient, ReadLinkOf, OfLink},
    {Shape::kDeletion, ReadPatientIdentity, ReadDeletionOf, OfDeletion},
    {Shape::kAccount, ReadPatient, ReadAccount, OfAccount},
    {Shape::kPlan, ReadPatient, ReadPlansOf, OfPlan},
    {Shape::kVaccination, ReadPatient, ReadVaccinationsOf, OfPerson},
    {Shape::kAppointment, ReadPatientIfAny, ReadAppointmentOf, OfBilling},
    {Shape::kReferral, ReadPatientIfAny, ReadReferralOf, OfBilling},
    {Shape::kOrder, ReadPatientIfAny, ReadOrdersOf, OfBilling},
});

const Form& FormOf(Shape shape) { return kForms.at(static_cast<std::size_t>(shape)); }

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    if (static_cast<std::size_t>(kForms[i].shape) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "a row for each shape, in the order of Shape");

}  // namespace

base::Result<void> ReadPart(Reader& reader, const Event& event) {
  const Form& form = FormOf(event.shape);
  TakeStructure(reader);
  if (auto who = form.who(reader); !who) return who;
  const std::size_t first = reader.out().drafts.size();
  if (auto body = form.body(reader, event); !body) return body;
  if (event.shape != Shape::kPerson) LinkToOccasion(reader, first);  // it claims no visit
  return {};
}

Reasons ReasonsOf(const Event& event) {
  const Form& form = FormOf(event.shape);
  return form.reasons == nullptr ? Reasons{} : form.reasons();
}

}  // namespace milecastle::acute
