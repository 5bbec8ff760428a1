#include "inside/start.h"

#include <algorithm>
#include <array>
#include <string>

#include "fhir/datatypes.h"
#include "resources/begin.h"
#include "resources/narrative.h"
#include "resources/rules.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;

struct Known {
  std::string_view url;
  std::string_view name;
};
// Each with a value[x], or with parts that have one: "name, part".
constexpr auto kKnown = std::to_array<Known>({
    {"*Extension-UKCore-ActualProblem", "actual problem"},
    {"*Extension-UKCore-AdmissionMethod", "admission method"},
    {"*Extension-UKCore-AllergyIntoleranceEnd", "allergy ended"},
    {"*Extension-UKCore-BodySiteReference", "body site"},
    {"*Extension-UKCore-BookingOrganization", "booking organisation"},
    {"*Extension-UKCore-CareSettingType", "care setting"},
    {"*Extension-UKCore-CodingSCTDescDisplay", "description"},
    {"*Extension-UKCore-ConditionEpisode", "episode"},
    {"*Extension-UKCore-ContactPreference", "contact preference"},
    {"*Extension-UKCore-ContactRank", "contact rank"},
    {"*Extension-UKCore-CopyCorrespondenceIndicator", "copies of correspondence"},
    {"*Extension-UKCore-DateTimeType", "kind of date"},
    {"*Extension-UKCore-DeliveryChannel", "delivery channel"},
    {"*Extension-UKCore-DeviceReference", "device"},
    {"*Extension-UKCore-DischargeMethod", "discharge method"},
    {"*Extension-UKCore-EmergencyCareDischargeStatus", "emergency care discharge status"},
    {"*Extension-UKCore-EncounterLocationType", "location type"},
    {"*Extension-UKCore-EncounterTransport", "transport"},
    {"*Extension-UKCore-Evidence", "evidence"},
    {"*Extension-UKCore-FundingCategory", "funding"},
    {"*Extension-UKCore-LegalStatus", "legal status"},
    {"*Extension-UKCore-MedicationPrescribingAgency", "prescribing agency"},
    {"*Extension-UKCore-MedicationPrescribingOrganization", "prescribing organisation"},
    {"*Extension-UKCore-MedicationPrescribingOrganizationType", "prescribing organisation type"},
    {"*Extension-UKCore-MedicationRepeatInformation", "repeat information"},
    {"*Extension-UKCore-MedicationStatementDosageLastChanged", "dosage last changed"},
    {"*Extension-UKCore-MedicationStatementLastIssueDate", "last issue"},
    {"*Extension-UKCore-MedicationTradeFamily", "trade family"},
    {"*Extension-UKCore-OutcomeOfAttendance", "outcome of attendance"},
    {"*Extension-UKCore-ParentPresent", "parent present"},
    {"*Extension-UKCore-PharmacistVerifiedIndicator", "verified by a pharmacist"},
    {"*Extension-UKCore-PrescriptionType", "prescription type"},
    {"*Extension-UKCore-PriorityReason", "reason for the priority"},
    {"*Extension-UKCore-ProblemSignificance", "significance"},
    {"*Extension-UKCore-RelatedClinicalContent", "related"},
    {"*Extension-UKCore-RelatedProblemHeader", "related problem"},
    {"*Extension-UKCore-ReportedDate", "reported"},
    {"*Extension-UKCore-SourceOfServiceRequest", "source of the request"},
    {"http://hl7.org/fhir/StructureDefinition/condition-dueTo", "due to"},
    {"http://hl7.org/fhir/StructureDefinition/condition-related", "related"},
    {"http://hl7.org/fhir/StructureDefinition/procedure-method", "method"},
    {"http://hl7.org/fhir/StructureDefinition/flag-detail", "detail"},
    {"http://hl7.org/fhir/StructureDefinition/flag-priority", "priority"},
    {"http://hl7.org/fhir/StructureDefinition/goal-relationship", "related goal"},
    {"http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival", "mode of arrival"},
});

bool Fits(std::string_view url, std::string_view wanted) {
  if (!wanted.starts_with('*')) return url == wanted;
  return url.substr(url.rfind('/') + 1) == wanted.substr(1);
}

const Known* Find(std::string_view url) {
  const auto* const found = std::find_if(kKnown.begin(), kKnown.end(),
                                         [&](const Known& known) { return Fits(url, known.url); });
  return found == kKnown.end() ? nullptr : found;
}

}  // namespace

void ReadExtensions(Context& context, const Element& owner, const Element& within,
                    record::Entry* entry) {
  for (const Element& extension : owner["extension"].items()) {
    const Known* const known = Find(extension["url"].peek());
    if (known == nullptr) continue;
    extension["url"].text();
    AddChoice(context, fhir::Choice(extension, "value"), within, known->name, entry);
    for (const Element& part : extension["extension"].items()) {
      const std::string_view url = part["url"].text();
      const Element value = fhir::Choice(part, "value");
      // The words of a part are the publisher's; a longer one is the sender's own.
      const std::string name = url.size() > 60 ? std::string(known->name)
                                               : std::string(known->name).append(", ").append(url);
      AddChoice(context, value, within, name, entry);
    }
  }
}

std::optional<record::Draft> Start(Context& context, const Element& resource, const Spec& spec) {
  if (const auto why = resources::WhyNotUnderstood(context.release(), resource); !why.empty()) {
    context.Drop(resource, why);
    return std::nullopt;
  }
  auto draft = resources::Begin(context, resource, spec.section, spec.kind);
  if (!draft) return std::nullopt;
  if (!spec.what.empty()) draft->entry.what = CodedOf(resource[spec.what].first());
  ReadExtensions(context, resource, resource, &draft->entry);
  resources::ReadNarrative(resource, &draft->entry);
  ReadFields(context, resource, resource, spec.fields, &*draft);
  for (const Element& note : resource["note"].items()) {
    AddDetail(&draft->entry, "note written", WhenOf(context, note["time"]));
    const std::string_view author = note["authorString"].text();
    if (!author.empty()) {
      draft->entry.performers.push_back({.name = std::string(author), .role = "note by"});
    }
  }
  return draft;
}

bool MayMakeEntry(const Context& context, const Element& resource) {
  return resources::WhyNotUnderstood(context.release(), resource).empty();
}

record::Intent IntentOf(std::string_view intent) {
  if (intent.empty()) return record::Intent::kUnstated;
  const bool is_plan = intent == "plan" || intent == "proposal" || intent == "option";
  return is_plan ? record::Intent::kPlanned : record::Intent::kOrdered;
}

bool IsEmpty(const record::Coded& coded) { return coded.text.empty() && coded.codings.empty(); }

bool HasAnyCode(const Element& concepts, std::span<const std::string_view> codes) {
  for (const Element& one : concepts.items()) {
    for (const std::string_view code : codes) {
      if (fhir::HasCode(one, code)) return true;
    }
  }
  return false;
}

void DenyIfSaid(const Context& context, const Element& resource, record::Entry* entry) {
  if (!resources::SaysNotDone(context.release(), resource)) return;
  resource["doNotPerform"].text();
  resources::Deny(entry);
}

}  // namespace milecastle::r4
