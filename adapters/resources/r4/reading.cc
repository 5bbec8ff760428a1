#include "r4/reading.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "inside/readers.h"
#include "r4/release.h"
#include "r4/subjects.h"
#include "resources/observations.h"
#include "resources/outcome.h"
#include "resources/terms.h"
#include "resources/unread.h"

namespace milecastle::r4 {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;
using resources::Context;

constexpr auto kReaders = std::to_array<Reader>({
    {"AllergyIntolerance", ReadAllergy},
    {"Appointment", ReadAppointment},
    {"CarePlan", ReadCarePlan},
    {"CareTeam", ReadCareTeam},
    {"ClinicalImpression", ReadClinicalImpression},
    {"Communication", ReadCommunication},
    {"Composition", ReadComposition},
    {"Condition", ReadCondition},
    {"Consent", ReadConsent},
    {"Device", ReadDevice},
    {"DeviceUseStatement", ReadDeviceUse},
    {"DiagnosticReport", ReadReport},
    {"DocumentReference", ReadDocumentReference},
    {"Encounter", ReadEncounter},
    {"EpisodeOfCare", ReadEpisode},
    {"FamilyMemberHistory", ReadFamilyHistory},
    {"Flag", ReadFlag},
    {"Goal", ReadGoal},
    {"Immunization", ReadImmunization},
    {"List", ReadNothing},
    {"Media", ReadMedia},
    {"MedicationAdministration", ReadMedicationAdministration},
    {"MedicationDispense", ReadMedicationDispense},
    {"MedicationRequest", ReadMedicationRequest},
    {"MedicationStatement", ReadMedicationStatement},
    {"Observation", ReadObservation},
    {"Procedure", ReadProcedure},
    {"QuestionnaireResponse", ReadQuestionnaireResponse},
    {"RelatedPerson", ReadRelatedPerson},
    {"ResearchSubject", ReadResearchSubject},
    {"RiskAssessment", ReadRiskAssessment},
    {"ServiceRequest", ReadServiceRequest},
    {"Specimen", resources::ReadSpecimen},
});

ReadResource FindIn(std::span<const Reader> readers, std::string_view type) {
  const auto found = std::find_if(readers.begin(), readers.end(),
                                  [&](const Reader& reader) { return reader.type == type; });
  return found == readers.end() ? nullptr : found->read;
}

void ReadOne(Context& context, const Element& resource, const ReadingOptions& options) {
  const std::string_view type = resource["resourceType"].peek();
  ReadResource read = FindIn(options.more, type);
  if (read == nullptr) read = ReaderOf(type);
  if (read != nullptr) read(context, resource);
}

// A device that belongs to nobody but did something is no equipment of the patient's.
bool IsOwn(const Element& contained) {
  return contained["resourceType"].peek() != "Device" || contained["patient"].exists();
}

void ReadResources(Context& context, const ReadingOptions& options) {
  for (const Element& resource : context.resources()) {
    if (context.Overspent()) return;
    if (context.IsDropped(resource)) continue;
    ReadOne(context, resource, options);
    for (const Element& contained : resource["contained"].items()) {
      if (IsOwn(contained)) ReadOne(context, contained, options);
    }
  }
}

// What was entered in error as a whole is not fact in any part; the patient is still the patient.
void RetractDocument(Context& context) {
  const auto compositions = context.OfType("Composition");
  const bool is_error =
      !compositions.empty() &&
      std::all_of(compositions.begin(), compositions.end(), [](const Element& composition) {
        return composition["status"].peek() == "entered-in-error";
      });
  if (!is_error) return;
  for (record::Draft& draft : context.out().drafts) {
    if (draft.source_key.starts_with("Patient/")) continue;
    draft.entry.verification = record::Verification::kEnteredInError;
  }
  context.out().encounter.reset();
  context.out().statements.clear();
  context.out().preferences.clear();
  context.out().snapshot_of.clear();
}

std::optional<Error> Check(const Element& patient) {
  if (patient["modifierExtension"] || patient["implicitRules"]) {
    return Error{ErrorId::kMessageUnsupported, patient.Place(),
                 "the Patient carries rules that change its meaning and are not understood here"};
  }
  std::set<std::string_view> numbers;
  for (const Element& identifier : patient["identifier"].items()) {
    const bool is_current = identifier["use"].peek() != "old";
    if (is_current && identifier["system"].peek() == resources::kNhsNumber &&
        !identifier["value"].peek().empty()) {
      numbers.insert(identifier["value"].peek());
    }
  }
  if (numbers.size() < 2) return std::nullopt;
  return Error{ErrorId::kMessageInvalid, patient["identifier"].Place(),
               "a patient has one NHS number: send the current one"};
}

// All patients of one bundle: each is read apart, and what nobody read is listed at the end.
class PatientsReader {
 public:
  PatientsReader(resources::Bundle& bundle, const ReadingOptions& options, Subjects subjects)
      : bundle_(bundle), options_(options), subjects_(std::move(subjects)) {}

  base::Result<Contributions> Read() {
    for (resources::Subject& subject : subjects_.patients) {
      subject.owners = &subjects_.owners;
      contexts_.push_back(std::make_unique<Context>(bundle_, subject, kR4));
      auto error = Check(subject.patient);
      if (!error) ReadOnePatient(*contexts_.back());
      errors_.push_back(std::move(error));
      if (bundle_.Overspent()) {
        return Error{ErrorId::kMessageTooLarge, "entry",
                     "the resources repeat too much between them; send a smaller bundle"};
      }
    }
    ReadUnclaimed();
    return Finish();
  }

 private:
  void ReadOnePatient(Context& context) {
    ReadPatient(context);
    ReadLists(context);
    ReadDocuments(context);
    FindGroups(context);
    ReadResources(context, options_);
    if (contexts_.size() == 1 && subjects_.patients.size() == 1) ReadOutcomes(context);
    ClaimEncounter(context);
    RetractDocument(context);
    if (subjects_.patients.size() == 1) {
      auto& keys = context.out().withdrawn_keys;
      keys.insert(keys.end(), options_.withdrawn_keys.begin(), options_.withdrawn_keys.end());
    }
  }

  // Of several patients an error answer does not say whose it is.
  void ReadOutcomes(Context& context) {
    for (const Element& outcome : bundle_.index().OfType("OperationOutcome")) {
      resources::ReadOutcome(context, outcome);
    }
  }

  // Whose account takes what is nobody's: the first who can be read.
  std::size_t Rest() const {
    for (std::size_t i = 0; i < errors_.size(); ++i) {
      if (!errors_[i]) return i;
    }
    return 0;
  }

  void ReadUnclaimed() {
    Context& context = *contexts_[Rest()];
    for (const Unclaimed& one : subjects_.unclaimed) context.Miss(one.resource, one.why);
  }

  Contributions Finish() {
    auto unread = resources::ExplainUnreadOf(bundle_.message(), kR4, subjects_.owners,
                                             {contexts_.size(), Rest()});
    Contributions all;
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
      if (errors_[i]) {
        all.emplace_back(*errors_[i]);
      } else {
        all.emplace_back(contexts_[i]->Finish(std::move(unread[i])));
      }
    }
    return all;
  }

  resources::Bundle& bundle_;
  const ReadingOptions& options_;
  Subjects subjects_;
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::optional<Error>> errors_;
};

}  // namespace

ReadResource ReaderOf(std::string_view type) { return FindIn(kReaders, type); }

base::Result<Contributions> ReadPatients(resources::Bundle& bundle, const ReadingOptions& options) {
  auto subjects = FindSubjects(
      bundle, {.about_one = options.about_one, .patient_limit = options.patient_limit});
  if (!subjects) return subjects.error();
  if (subjects->patients.empty()) {
    return Error{ErrorId::kPatientMissing, "entry",
                 "nothing here names its patient: send the Patient, or the NHS number in each "
                 "resource's subject"};
  }
  return PatientsReader(bundle, options, *std::move(subjects)).Read();
}

}  // namespace milecastle::r4
