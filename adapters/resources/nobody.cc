#include "resources/nobody.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resources/release.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

constexpr std::string_view kDirectory = "it speaks of no patient: who and where services are";
constexpr std::string_view kService = "it speaks of no patient: what a service offers";
constexpr std::string_view kDefinition = "it speaks of no patient: a definition";
constexpr std::string_view kProduct = "it speaks of no patient: a product";
constexpr std::string_view kRequest = "a request, not a part of the record";
constexpr std::string_view kDevice = "it speaks of no patient: a device that is nobody's";
constexpr std::string_view kNotice =
    "an error or a notice of the source, which says nothing of any patient's record";
constexpr std::string_view kEmpty = "an answer to a search that found nothing: it names nobody";
constexpr std::string_view kProof =
    "who wrote, saw or signed what at the source is proof for the source, not a part of the record";

constexpr auto kTypes = std::to_array<TypeReason>({
    {"Organization", kDirectory},
    {"OrganizationAffiliation", kDirectory},
    {"Practitioner", kDirectory},
    {"PractitionerRole", kDirectory},
    {"Location", kDirectory},
    {"Endpoint", kDirectory},
    {"HealthcareService", kService},
    {"Schedule", kService},
    {"Slot", kService},
    {"Device", kDevice},
    {"Medication", kProduct},
    {"OperationOutcome", kNotice},
    {"Substance", kProduct},
    {"ActivityDefinition", kDefinition},
    {"CapabilityStatement", kDefinition},
    {"CodeSystem", kDefinition},
    {"ConceptMap", kDefinition},
    {"GraphDefinition", kDefinition},
    {"ImplementationGuide", kDefinition},
    {"Library", kDefinition},
    {"Measure", kDefinition},
    {"MessageDefinition", kDefinition},
    {"NamingSystem", kDefinition},
    {"OperationDefinition", kDefinition},
    {"PlanDefinition", kDefinition},
    {"Questionnaire", kDefinition},
    {"SearchParameter", kDefinition},
    {"StructureDefinition", kDefinition},
    {"StructureMap", kDefinition},
    {"ValueSet", kDefinition},
    {"Parameters", kRequest},
    {"Subscription", kRequest},
    {"AuditEvent", kProof},
    {"Provenance", kProof},
});

const TypeReason* Find(const Element& resource) {
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeReason& one) {
    return one.type == resource["resourceType"].peek();
  });
  return found == kTypes.end() ? nullptr : found;
}

// That somebody refuses to share is theirs, whoever they are: what names them must come with it.
bool TellsOfDissent(const Element& outcome) {
  const fhir::Elements issues = outcome["issue"].items();
  return std::any_of(issues.begin(), issues.end(), [](const Element& issue) {
    const fhir::Elements codings = issue["details"]["coding"].items();
    return std::any_of(codings.begin(), codings.end(), [](const Element& coding) {
      return coding["code"].peek() == "NO_PATIENT_CONSENT";
    });
  });
}

bool MayBeSomebodys(const Element& resource) {
  if (Find(resource) == nullptr) return true;
  const std::string_view type = resource["resourceType"].peek();
  if (type == "Device") return resource["patient"].exists();
  return type == "OperationOutcome" && TellsOfDissent(resource);
}

// Parameters can hold any resource, and whatever holds others may hold a patient's.
bool HoldsOnlyNobodys(const Element& element) {
  if (element["resourceType"].IsText() && MayBeSomebodys(element)) return false;
  const fhir::Elements parts = element.members();
  return std::all_of(parts.begin(), parts.end(), HoldsOnlyNobodys);
}

// An entry that asks for a deletion, or for anything but to keep what it brings, may be about a
// patient's record.
bool IsToBeKept(const Element& entry) {
  const std::string_view method = entry["request"]["method"].peek();
  return entry["resource"].IsObject() && (method.empty() || method == "POST" || method == "PUT");
}

std::string WhyNot(const TypeReason& known) {
  return std::string(known.why).append(" (").append(known.type).append(")");
}

// Of one that is the whole message, its parts: it has no place of its own.
std::vector<record::NotCarried> LinesOf(const Element& resource, const std::string& why) {
  std::string place = resource.Place();
  if (!place.empty()) return {{std::move(place), why}};
  std::vector<record::NotCarried> lines = {{"resourceType", why}};
  for (const Element& member : resource.members()) {
    if (member.name() != "resourceType" && member.name() != "id") {
      lines.push_back({member.Place(), why});
    }
  }
  return lines;
}

bool IsEmptyAnswer(const Element& root) {
  const std::string_view total = root["total"].peek();
  return root["type"].peek() == "searchset" && !root["entry"].first() &&
         (total.empty() || total == "0");
}

}  // namespace

std::optional<record::Contribution> OfNobody(const Bundle& bundle) {
  const bool is_bundle = bundle.root()["resourceType"].peek() == "Bundle";
  if (is_bundle && IsEmptyAnswer(bundle.root())) {
    record::Contribution nobodys;
    nobodys.not_carried = LinesOf(bundle.root(), std::string(kEmpty));
    return nobodys;
  }
  std::vector<Element> resources = bundle.index().resources();
  if (!is_bundle) resources = {bundle.root()};
  const fhir::Elements entries = bundle.root()["entry"].items();
  const bool is_kept = !is_bundle || std::all_of(entries.begin(), entries.end(), IsToBeKept);
  if (resources.empty() || !is_kept) return std::nullopt;
  record::Contribution nobodys;
  for (const Element& resource : resources) {
    const TypeReason* const known = Find(resource);
    if (known == nullptr || !HoldsOnlyNobodys(resource)) return std::nullopt;
    for (auto& line : LinesOf(resource, WhyNot(*known))) {
      nobodys.not_carried.push_back(std::move(line));
    }
  }
  return nobodys;
}

}  // namespace milecastle::resources
