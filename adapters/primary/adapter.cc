#include "primary/adapter.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "detail/readers.h"
#include "fhir/datatypes.h"
#include "fhir/document.h"
#include "resources/observations.h"
#include "resources/outcome.h"
#include "resources/terms.h"

namespace milecastle::primary {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;
using resources::kNhsNumber;
using resources::kOdsOrganisation;
using Contribution = base::Result<record::Contribution>;

// Types that people send by mistake, and what they should know. Types are named only out of this
// list: an unknown one is the sender's own text.
struct Advice {
  std::string_view type;
  std::string_view text;
};
constexpr std::array kAdvice = {
    Advice{"Parameters", "this is a request (Parameters); send the bundle that answers it"},
    Advice{"CapabilityStatement", "a CapabilityStatement is no part of a patient's record"},
    Advice{"Binary",
           "a Binary alone says whose it is to nobody; send it with its DocumentReference"},
    Advice{"Patient",
           "a Patient alone is no record; send the structured record bundle that holds it"},
    Advice{"Appointment", "appointments are not carried from this feed"},
    Advice{"Slot", "appointments are not carried from this feed"},
    Advice{"Schedule", "appointments are not carried from this feed"},
};

Error Unsupported(std::string place, std::string advice) {
  return {ErrorId::kMessageUnsupported, std::move(place), std::move(advice)};
}

bool IsUkCoreR4(const Element& resource) {
  for (const Element& profile : resource["meta"]["profile"].items()) {
    if (profile.peek().find("/StructureDefinition/UKCore-") != std::string_view::npos) return true;
  }
  return false;
}

void ReadOne(Context& context, const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  if (const ReadResource read = ReaderOf(type)) read(context, resource);
}

// Everything of the bundle that has an entry of its own, contained resources included.
void ReadResources(Context& context) {
  for (const Element& resource : context.index().resources()) {
    if (context.Overspent()) return;
    if (context.IsDropped(resource)) continue;
    ReadOne(context, resource);
    for (const Element& contained : resource["contained"].items()) ReadOne(context, contained);
  }
}

// The second of two equal resources adds nothing.
void DropRepeated(Context& context) {
  for (const Element& resource : context.index().repeated()) {
    const std::string name = context.KeyOf(resource);
    if (resource.SameAs(context.index().Resolve(name, resource))) {
      context.Drop(resource, "it stands in the bundle twice, with the same content");
    }
  }
}

base::Result<Element> OnePatient(const std::vector<Element>& patients) {
  if (patients.empty()) {
    return Error{ErrorId::kPatientMissing, "entry",
                 "a structured record names its patient: add the Patient resource"};
  }
  if (patients.size() > 1) {
    return Error{ErrorId::kMessageInvalid, patients[1].Place(),
                 "a structured record is one patient's: send one bundle for each"};
  }
  std::set<std::string_view> numbers;
  for (const Element& identifier : patients[0]["identifier"].items()) {
    if (identifier["system"].peek() == kNhsNumber) numbers.insert(identifier["value"].peek());
  }
  if (numbers.size() > 1) {
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

Contribution ReadBundle(const Element& bundle, port::Envelope* envelope) {
  const std::string_view type = bundle["type"].text();
  if (type != "collection") {
    return Unsupported("type",
                       "only GP Connect structured records (type collection) are carried, not "
                       "answers to searches, messages or documents");
  }
  resources::Bundle whole(bundle);
  const auto patient = OnePatient(whole.index().OfType("Patient"));
  if (!patient) return patient.error();
  if (IsUkCoreR4(bundle) || IsUkCoreR4(*patient)) {
    return Unsupported(patient->Place() + ".meta.profile",
                       "this is UK Core R4; this feed carries GP Connect STU3");
  }
  envelope->event = "gp-connect-structured";
  envelope->sender = SenderOf(*patient, whole.index());

  Context context(whole, {*patient}, kStu3);
  DropRepeated(context);
  ReadPatient(context);
  for (const auto section : {record::Section::kGpPractice, record::Section::kPersonalContacts,
                             record::Section::kIndividualRequirements}) {
    context.out().snapshot_of.push_back(section);
  }
  ReadLists(context);
  FindGroups(context);
  ReadResources(context);
  for (const Element& outcome : context.index().OfType("OperationOutcome"))
    resources::ReadOutcome(context, outcome);
  if (context.Overspent()) {
    return Error{ErrorId::kMessageTooLarge, "entry",
                 "the resources repeat too much between them; send a smaller bundle"};
  }
  return context.Finish();
}

// An error answer tells something of a patient only where it names one.
Contribution ReadAnswer(const Element& outcome, port::Envelope* envelope) {
  envelope->event = "gp-connect-outcome";
  for (const Element& contained : outcome["contained"].items()) {
    if (contained["resourceType"].peek() != "Patient") continue;
    resources::Bundle whole(outcome);
    Context context(whole, {contained}, kStu3);
    envelope->sender = SenderOf(contained, context.index());
    ReadPatient(context);
    resources::ReadOutcome(context, outcome);
    return context.Finish();
  }
  return Unsupported("issue[0].details",
                     "the practice answered with an error that names no patient; send it in a "
                     "bundle with the Patient it is about");
}

std::string_view AdviceOn(std::string_view type) {
  for (const Advice& advice : kAdvice) {
    if (advice.type == type) return advice.text;
  }
  return "only GP Connect structured records (a Bundle of type collection) are carried";
}

Contribution ReadRoot(const Element& root, port::Envelope* envelope) {
  const std::string_view type = root["resourceType"].text();
  if (!root["resourceType"].IsText()) {
    return Error{ErrorId::kMessageUnparseable, "resourceType",
                 "the document is JSON but no FHIR resource"};
  }
  if (type == "Bundle") return ReadBundle(root, envelope);
  if (type == "OperationOutcome") return ReadAnswer(root, envelope);
  return Unsupported("resourceType", std::string(AdviceOn(type)));
}

std::string ControlIdOf(const Element& root, std::string_view message) {
  std::string_view id = root["identifier"]["value"].text();
  if (id.empty()) id = root["id"].text();
  if (!id.empty()) return std::string(id);
  return "sha256:" + base::ToHex(base::AsBytes(base::Sha256(message)));
}

bool IsXml(std::string_view message) {
  const std::size_t start = message.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return start != std::string_view::npos && message[start] == '<';
}

class PrimaryAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "primary"; }

  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    if (file.empty()) return {};
    return {std::string(file)};
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    if (IsXml(message)) {
      return port::ReadingOf(
          {}, Unsupported("", "this is XML; send FHIR as JSON (application/fhir+json)"));
    }
    auto document = fhir::Document::Parse(message, {.bytes = feed.message_limit});
    if (!document) return port::ReadingOf({}, document.error());
    port::Envelope envelope;
    envelope.control_id = ControlIdOf(document->root(), message);
    auto contribution = ReadRoot(document->root(), &envelope);
    return port::ReadingOf(std::move(envelope), std::move(contribution));
  }

  // Neither the folder nor the intake service answers in a protocol of its own.
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

constexpr std::array<std::pair<std::string_view, ReadResource>, 12> kReaders = {{
    {"AllergyIntolerance", ReadAllergy},
    {"MedicationStatement", ReadMedicationStatement},
    {"MedicationRequest", ReadMedicationRequest},
    {"Condition", ReadProblem},
    {"Encounter", ReadEncounter},
    {"Immunization", ReadImmunisation},
    {"Observation", ReadObservation},
    {"DiagnosticReport", ReadReport},
    {"Specimen", resources::ReadSpecimen},
    {"ProcedureRequest", ReadProcedureRequest},
    {"ReferralRequest", ReadReferral},
    {"DocumentReference", ReadDocument},
}};

}  // namespace

ReadResource ReaderOf(std::string_view type) {
  const auto* const found = std::find_if(kReaders.begin(), kReaders.end(),
                                         [&](const auto& line) { return line.first == type; });
  return found == kReaders.end() ? nullptr : found->second;
}

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<PrimaryAdapter>(); }

}  // namespace milecastle::primary
