#include "resources/logical_ids.h"

#include <string_view>

#include "fhir/references.h"
#include "record/fhir_id.h"
#include "record/logical_id.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::LocalIdentifier;

bool IsBase(std::string_view text) {
  constexpr std::size_t kLongest = 256;
  return text.size() <= kLongest && (text.starts_with("https://") || text.starts_with("http://"));
}

// "https://a/fhir" of "https://a/fhir/Patient/7", for this type and id; empty where it is none.
std::string_view BaseIn(std::string_view address, std::string_view type, std::string_view id) {
  const std::string tail = std::string("/").append(type).append("/").append(id);
  if (!address.ends_with(tail)) return {};
  address.remove_suffix(tail.size());
  return IsBase(address) ? address : std::string_view();
}

// The entry of the bundle in which an element stands; nothing where it stands in none.
Element EntryOf(Element element) {
  while (element && element.name() != "resource") element = element.parent();
  return element ? element.parent() : Element();
}

std::string_view BaseOf(const Element& within) {
  const Element entry = EntryOf(within);
  const Element resource = entry["resource"];
  return BaseIn(fhir::WithoutVersion(entry["fullUrl"].peek()), resource["resourceType"].peek(),
                resource["id"].peek());
}

LocalIdentifier Name(const Naming& naming, std::string_view base, std::string_view id) {
  return {base.empty() ? "feed:" + naming.feed : std::string(base),
          std::string(record::kLogicalIdType), std::string(id)};
}

}  // namespace

bool NamesServer(const LocalIdentifier& name) {
  return record::IsLogicalId(name) && IsBase(name.authority);
}

std::optional<LocalIdentifier> NameOfReference(const Naming& naming, const Element& reference,
                                               const Element& within) {
  if (!naming.references) return std::nullopt;
  const std::string_view address = fhir::WithoutVersion(reference["reference"].peek());
  const std::size_t slash = address.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view id = address.substr(slash + 1);
  if (!record::IsFhirId(id)) return std::nullopt;
  if (address.substr(0, slash) == "Patient") return Name(naming, BaseOf(within), id);
  const std::string_view base = BaseIn(address, "Patient", id);
  if (base.empty()) return std::nullopt;
  return Name(naming, base, id);
}

std::optional<LocalIdentifier> NameOfPatient(const Naming& naming, const Element& patient) {
  const std::string_view id = patient["id"].peek();
  const bool is_contained = patient.name() == "contained" || patient.parent().name() == "contained";
  if (!naming.patients || is_contained || !record::IsFhirId(id)) return std::nullopt;
  const Element entry = EntryOf(patient);
  if (entry["request"]["method"].peek() == "POST") return std::nullopt;
  const std::string_view base = BaseOf(patient);
  if (base.empty() && entry["fullUrl"]) return std::nullopt;  // urn:uuid: and the like
  return Name(naming, base, id);
}

}  // namespace milecastle::resources
