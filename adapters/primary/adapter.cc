#include "primary/adapter.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "fhir/datatypes.h"
#include "fhir/document.h"
#include "primary/answer.h"
#include "resources/nobody.h"
#include "resources/outcome.h"
#include "resources/reading.h"
#include "resources/terms.h"
#include "stu3/appointments.h"
#include "stu3/reading.h"
#include "stu3/release.h"
#include "xml/document.h"

namespace milecastle::primary {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;
using resources::Context;
using resources::kNhsNumber;
using resources::kOdsOrganisation;
using stu3::kStu3;
using Contribution = base::Result<record::Contribution>;
using resources::Contributions;

// Types that people send by mistake, and what they should know. Types are named only out of this
// list: an unknown one is the sender's own text.
struct Advice {
  std::string_view type;
  std::string_view text;
};
constexpr std::array kAdvice = {
    Advice{"Parameters", "this is a request (Parameters); send the bundle that answers it"},
    Advice{"Binary",
           "a Binary alone says whose it is to nobody; send it with its DocumentReference"},
};

Error Unsupported(std::string place, std::string advice) {
  return {ErrorId::kMessageUnsupported, std::move(place), std::move(advice)};
}

// A list in braces would copy it.
Contributions Alone(Contribution one) {
  Contributions all;
  all.push_back(std::move(one));
  return all;
}

std::string_view AdviceOn(std::string_view type) {
  for (const Advice& advice : kAdvice) {
    if (advice.type == type) return advice.text;
  }
  return "send a GP Connect structured record (a Bundle of type collection), an answer to a "
         "search, or "
         "a resource that names its patient";
}

bool IsUkCoreR4(const Element& resource) {
  return fhir::NamesProfile(resource, "/StructureDefinition/UKCore-");
}

// The second of two equal resources adds nothing.
void DropRepeated(Context& context) {
  for (const auto& [again, first] : context.index().repeated()) {
    if (again.SameAs(first)) {
      context.DropRepeated(again, "it stands in the bundle twice, with the same content");
    }
  }
}

std::set<std::string_view> NhsNumbersOf(const Element& patient) {
  std::set<std::string_view> numbers;
  for (const Element& identifier : patient["identifier"].items()) {
    if (identifier["system"].peek() == kNhsNumber) numbers.insert(identifier["value"].peek());
  }
  return numbers;
}

base::Result<Element> OnePatient(const std::vector<Element>& patients) {
  if (patients.size() > 1) {
    return Error{ErrorId::kMessageInvalid, patients[1].Place(),
                 "a structured record is one patient's: send one bundle for each"};
  }
  if (NhsNumbersOf(patients[0]).size() > 1) {
    return Error{ErrorId::kMessageInvalid, patients[0]["identifier"].Place(),
                 "a patient has one NHS number: send the current one"};
  }
  return patients[0];
}

std::string SenderOf(const Element& patient, const fhir::ReferenceIndex& index) {
  const Element organisation =
      index.Resolve(patient["managingOrganization"]["reference"].peek(), patient);
  for (const Element& identifier : organisation["identifier"].items()) {
    if (identifier["system"].peek() == kOdsOrganisation)
      return std::string(identifier["value"].peek());
  }
  return "";
}

resources::Naming NamingOf(const port::Feed& feed) {
  return {.feed = port::RecordSystemOf(feed), .references = true, .patients = true};
}

// A record may have been made by a converter that calls every patient "p1": beside an NHS number,
// its Patient.id is a name only where an address says of which server.
bool IsName(const record::LocalIdentifier& name, const Element& patient) {
  return resources::NamesServer(name) || NhsNumbersOf(patient).empty();
}

// The record that a practice answers with: of one patient, and whole.
Contribution ReadRecord(resources::Bundle& whole, const port::Feed& feed,
                        port::Envelope* envelope) {
  const auto patient = OnePatient(whole.index().OfType("Patient"));
  if (!patient) return patient.error();
  envelope->event = kStructuredRecord;
  envelope->sender = SenderOf(*patient, whole.index());

  resources::Subject subject{.patient = *patient};
  if (auto name = resources::NameOfPatient(NamingOf(feed), *patient);
      name && IsName(*name, *patient)) {
    subject.names.push_back(*std::move(name));
  }
  auto whose = std::make_unique<const resources::AllBut>(whole.index(), *patient);
  Context context(whole, std::move(subject), std::move(whose), kStu3);
  DropRepeated(context);
  stu3::ReadPatient(context);
  for (const auto section : {record::Section::kGpPractice, record::Section::kPersonalContacts,
                             record::Section::kIndividualRequirements}) {
    context.out().snapshot_of.push_back(section);
  }
  stu3::ReadContent(context);
  if (context.Overspent()) {
    return Error{ErrorId::kMessageTooLarge, "entry",
                 "the resources repeat too much between them; send a smaller bundle"};
  }
  return context.Finish();
}

// Of several practices none is the one that speaks.
std::string SenderOfAll(const resources::Bundle& whole) {
  std::set<std::string> senders;
  std::vector<Element> patients = whole.index().OfType("Patient");
  if (whole.root()["resourceType"].peek() == "Patient") patients.push_back(whole.root());
  for (const Element& patient : patients) senders.insert(SenderOf(patient, whole.index()));
  return senders.size() == 1 ? *senders.begin() : "";
}

base::Result<void> CheckParts(const resources::Bundle& whole) {
  std::vector<Element> resources = whole.index().resources();
  if (whole.root()["resourceType"].peek() != "Bundle") resources.push_back(whole.root());
  for (const Element& resource : resources) {
    if (IsUkCoreR4(resource)) {
      return Unsupported(resource.Place() + ".meta.profile",
                         "this is UK Core R4; this feed carries GP Connect STU3");
    }
  }
  const bool any = std::any_of(resources.begin(), resources.end(), [](const Element& resource) {
    return stu3::IsRead(resource["resourceType"].peek());
  });
  if (any) return {};
  return Unsupported(whole.root()["entry"] ? "entry" : "resourceType",
                     std::string(AdviceOn(whole.root()["resourceType"].peek())));
}

// Of a Patient alone, whether anything of it tells who that is.
bool NamesSomebody(const Element& root) {
  return root["resourceType"].peek() != "Patient" || root["id"] || root["identifier"].first() ||
         root["name"].first();
}

base::Result<Contributions> ReadSeveral(resources::Bundle& whole, bool about_one,
                                        const port::Feed& feed, port::Envelope* envelope) {
  if (auto nobodys = resources::OfNobody(whole)) return Alone(*std::move(nobodys));
  if (auto checked = CheckParts(whole); !checked) return checked.error();
  if (!NamesSomebody(whole.root())) {
    return Error{ErrorId::kPatientMissing, "resourceType",
                 "this Patient is nobody: give an identifier, an id or a name"};
  }
  envelope->sender = SenderOfAll(whole);
  const resources::SubjectOptions options{.about_one = about_one,
                                          .patient_limit = feed.patient_limit,
                                          .is_read = &stu3::IsRead,
                                          .key = "",
                                          .naming = NamingOf(feed)};
  return resources::ReadSubjects(whole, options, {.release = kStu3, .read = [](Context& context) {
                                                    stu3::ReadParts(context);
                                                  }});
}

base::Result<Contributions> ReadBundle(const Element& bundle, const port::Feed& feed,
                                       port::Envelope* envelope) {
  const std::string_view type = bundle["type"].text();
  if (type != "collection" && type != "searchset") {
    return Unsupported("type",
                       "only GP Connect structured records (type collection) and answers to "
                       "searches are carried; messages and documents (ITK3) go to a feed of the "
                       "adapter 'community'");
  }
  if (IsUkCoreR4(bundle)) {
    return Unsupported("meta.profile", "this is UK Core R4; this feed carries GP Connect STU3");
  }
  resources::Bundle whole(bundle, bundle, feed.server);
  const std::vector<Element> patients = whole.index().OfType("Patient");
  if (type == "searchset" || patients.empty()) {
    envelope->event = type == "searchset" ? "gp-connect-searchset" : "gp-connect-collection";
    return ReadSeveral(whole, type == "collection", feed, envelope);
  }
  if (IsUkCoreR4(patients.front())) {
    return Unsupported(patients.front().Place() + ".meta.profile",
                       "this is UK Core R4; this feed carries GP Connect STU3");
  }
  auto record = ReadRecord(whole, feed, envelope);
  if (!record) return record.error();
  return Alone(std::move(record));
}

// An error answer tells something of a patient only where it names one. One that names none is no
// answer about a record: a view that asked for one is told of the error, never of an empty record.
Contribution ReadAnswer(const Element& outcome, port::Envelope* envelope) {
  envelope->event = kOutcome;
  for (const Element& contained : outcome["contained"].items()) {
    if (contained["resourceType"].peek() != "Patient") continue;
    resources::Bundle whole(outcome);
    auto whose = std::make_unique<const resources::AllBut>(whole.index(), contained);
    Context context(whole, {contained}, std::move(whose), kStu3);
    envelope->sender = SenderOf(contained, context.index());
    stu3::ReadPatient(context);
    resources::ReadOutcome(context, outcome);
    return context.Finish();
  }
  if (auto nobodys = resources::OfNobody(resources::Bundle(outcome))) {
    envelope->event = kNotice;
    return *std::move(nobodys);
  }
  return Unsupported("issue[0].details",
                     "the practice answered that somebody does not consent, and names nobody; send "
                     "it in a bundle with the Patient it is about");
}

// The Patient whom a practice is asked to register. Who they are is said; that they are registered
// is not, and no practice is claimed.
Element ToRegister(const Element& parameters) {
  for (const Element& parameter : parameters["parameter"].items()) {
    const Element resource = parameter["resource"];
    const bool is_patient = resource["resourceType"].peek() == "Patient";
    if (is_patient && parameter["name"].text() == "registerPatient") return resource;
  }
  return {};
}

base::Result<Contributions> ReadRegistration(const Element& patient, const Element& root,
                                             const port::Feed& feed, port::Envelope* envelope) {
  envelope->event = "gp-connect-registration";
  resources::Bundle whole(patient, root);
  const auto one = OnePatient({patient});
  if (!one) return one.error();
  if (NhsNumbersOf(patient).empty()) {
    return Error{ErrorId::kPatientMissing, patient.Place(),
                 "whom to register is not said by an NHS number: send the bundle that answers it"};
  }
  const resources::SubjectOptions options{.about_one = false,
                                          .patient_limit = feed.patient_limit,
                                          .is_read = &stu3::IsRead,
                                          .key = "",
                                          .naming = {.feed = feed.name}};
  return resources::ReadSubjects(whole, options, {.release = kStu3, .read = &stu3::ReadWho});
}

base::Result<Contributions> ReadResourceAlone(const Element& root, const port::Feed& feed,
                                              port::Envelope* envelope) {
  // Nothing that comes later could end what was made of it.
  const bool is_asked = stu3::IsRequestToBook(root) && !stu3::KeyOfRequestToBook(root).empty();
  if (stu3::IsUnnamedAppointment(root) && !is_asked) {
    return Unsupported("id",
                       "this is a request to book that names no slot; send the appointment with "
                       "the id under which it is kept");
  }
  if (const Element patient = ToRegister(root)) {
    return ReadRegistration(patient, root, feed, envelope);
  }
  envelope->event = "gp-connect-resource";
  resources::Bundle whole(root);
  return ReadSeveral(whole, false, feed, envelope);
}

base::Result<Contributions> ReadRoot(const Element& root, const port::Feed& feed,
                                     port::Envelope* envelope) {
  const std::string_view type = root["resourceType"].text();
  if (!root["resourceType"].IsText()) {
    return Error{ErrorId::kMessageUnparseable, "resourceType", "the document is no FHIR resource"};
  }
  if (type == "Bundle") return ReadBundle(root, feed, envelope);
  if (type != "OperationOutcome") return ReadResourceAlone(root, feed, envelope);
  auto answer = ReadAnswer(root, envelope);
  if (!answer) return answer.error();
  return Alone(std::move(answer));
}

// A resource alone keeps its id in every version of it: only its bytes name the message.
std::string ControlIdOf(const Element& root, std::string_view message) {
  const std::string_view type = root["resourceType"].peek();
  std::string_view id = root["identifier"]["value"].peek();
  if (id.empty()) id = root["id"].peek();
  if (!id.empty() && (type == "Bundle" || type == "OperationOutcome")) return std::string(id);
  return base::NameOfBytes(message);
}

class PrimaryAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "primary"; }

  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    if (file.empty()) return {};
    return {std::string(file)};
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    const fhir::Limits limits{.bytes = feed.message_limit};
    const auto document = xml::IsXml(message) ? fhir::Document::ParseXml(message, limits)
                                              : fhir::Document::Parse(message, limits);
    if (!document) return port::ReadingOf({}, document.error());
    port::Envelope envelope;
    envelope.control_id = ControlIdOf(document->root(), message);
    auto all = ReadRoot(document->root(), feed, &envelope);
    if (!all) return port::ReadingOf(std::move(envelope), all.error());
    return {std::move(envelope), *std::move(all)};
  }

  // Neither the folder nor the intake service answers in a protocol of its own.
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<PrimaryAdapter>(); }

}  // namespace milecastle::primary
