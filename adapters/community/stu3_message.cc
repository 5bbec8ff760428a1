#include "inside/stu3_message.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "fhir/datatypes.h"
#include "r4/composition.h"
#include "r4/reading.h"
#include "r4/release.h"
#include "resources/rules.h"
#include "resources/values.h"
#include "stu3/reading.h"
#include "stu3/release.h"

namespace milecastle::community {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

// What STU3 writes as R4 does, or with members of other names that change no meaning but for those
// of resources/rules.h. Not Consent: what is refused stands elsewhere in it.
constexpr auto kAsInR4 = std::to_array<std::string_view>({"AdverseEvent",
                                                          "CarePlan",
                                                          "CareTeam",
                                                          "ClinicalImpression",
                                                          "Communication",
                                                          "DetectedIssue",
                                                          "DeviceRequest",
                                                          "DeviceUseStatement",
                                                          "EpisodeOfCare",
                                                          "FamilyMemberHistory",
                                                          "Flag",
                                                          "Goal",
                                                          "ImmunizationRecommendation",
                                                          "Media",
                                                          "MedicationAdministration",
                                                          "MedicationDispense",
                                                          "NutritionOrder",
                                                          "Procedure",
                                                          "QuestionnaireResponse",
                                                          "RelatedPerson",
                                                          "RiskAssessment",
                                                          "SupplyDelivery",
                                                          "SupplyRequest",
                                                          "VisionPrescription"});

// Why not, whichever of the members of STU3 says it.
constexpr auto kWhyNot =
    std::to_array<std::string_view>({"notDoneReason", "notDoneCodeableConcept", "reasonNotGiven"});

// R4 says by the status that something was not done; STU3 beside it.
void ReadAsInR4(resources::Context& context, const Element& resource) {
  auto& drafts = context.out().drafts;
  const std::size_t before = drafts.size();
  r4::ReaderOf(resource["resourceType"].peek())(context, resource);
  if (!resources::SaysNotDone(context.release(), resource)) return;
  for (const std::string_view own : {"notDone", "notGiven"}) resource[own].text();
  for (std::size_t i = before; i < drafts.size(); ++i) {
    record::Entry& entry = drafts[i].entry;
    entry.intent = record::Intent::kNotDone;
    entry.status = record::ClinicalStatus::kUnstated;
    for (const std::string_view why : kWhyNot) {
      for (const Element& one : resource[why].items()) {
        resources::AddDetail(&entry, "reason not done", resources::CodedOf(one));
      }
    }
  }
}

// What STU3 refuses stands where R4 has nothing: whoever it is, an officer is asked what it says.
void AskAboutConsent(resources::Context& context, const Element& consent) {
  const std::string_view why = context.WhyNot(consent);
  if (!why.empty()) return context.Miss(consent, why);
  if (consent["status"].peek() == "entered-in-error") {
    return context.Miss(consent, "a Consent of STU3 that was entered in error");
  }
  context.Miss(consent, "a Consent of STU3 is not read: an officer is asked about it");
  context.out().preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                                       .answer = record::PreferenceAnswer::kUnclear,
                                       .place = consent.Place(),
                                       .key = context.KeyOf(consent)});
}

stu3::ReadResource ReaderOfMore(std::string_view type) {
  if (type == "Composition") return &r4::ReadComposition;
  if (type == "Consent") return &AskAboutConsent;
  const bool is_same = std::find(kAsInR4.begin(), kAsInR4.end(), type) != kAsInR4.end();
  return is_same ? &ReadAsInR4 : nullptr;
}

bool MakesEntry(std::string_view type) {
  return stu3::ReaderOf(type) != nullptr ||
         (ReaderOfMore(type) != nullptr && r4::MakesEntry(type) && type != "Consent");
}

bool IsRead(std::string_view type) { return stu3::IsRead(type) || ReaderOfMore(type) != nullptr; }

const resources::Release& Itk3() {
  static const resources::Release release = [] {
    resources::Release made = stu3::kStu3;
    made.reasons = r4::kR4.reasons;
    made.types = r4::kR4.types;
    made.statuses = r4::kR4.statuses;
    made.verifications = r4::kR4.verifications;  // GP Connect's "unconfirmed" is its own
    made.makes_entry = &MakesEntry;
    return made;
  }();
  return release;
}

base::Result<void> CheckOneRelease(const resources::Bundle& content) {
  for (const Element& resource : content.index().resources()) {
    if (!fhir::NamesProfile(resource, "/StructureDefinition/UKCore-")) continue;
    return Error{ErrorId::kMessageUnsupported, resource.Place() + ".meta.profile",
                 "this is UK Core R4 within a message of STU3: send one release in a message"};
  }
  return {};
}

}  // namespace

bool IsStu3(const Element& resource) { return fhir::NamesProfile(resource, "/STU3/"); }

bool IsStu3(const Element& root, const resources::Bundle& content) {
  const auto& all = content.index().resources();
  const auto around = root["entry"].items();
  return IsStu3(root) || IsStu3(content.root()) ||
         std::any_of(all.begin(), all.end(), [](const Element& each) { return IsStu3(each); }) ||
         std::any_of(around.begin(), around.end(),
                     [](const Element& entry) { return IsStu3(entry["resource"]); });
}

base::Result<resources::Contributions> ReadStu3(resources::Bundle& content,
                                                resources::SubjectOptions options) {
  if (auto checked = CheckOneRelease(content); !checked) return checked.error();
  options.is_read = &IsRead;
  return resources::ReadSubjects(content, options,
                                 {.release = Itk3(), .read = [](resources::Context& context) {
                                    stu3::ReadParts(context, {.patient = &r4::ReadPatient,
                                                              .more = &ReaderOfMore,
                                                              .before = &r4::ReadDocuments,
                                                              .after = &r4::SettleDocument});
                                  }});
}

}  // namespace milecastle::community
