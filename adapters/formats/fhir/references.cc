#include "fhir/references.h"

namespace milecastle::fhir {
std::string_view WithoutVersion(std::string_view reference) {
  return reference.substr(0, reference.find("/_history/"));
}

void ReferenceIndex::IndexContained(const Element& holder) {
  const Elements all = holder["contained"].items();
  if (all.empty()) return;
  const std::string place = holder.Place();
  for (const Element& contained : all) {
    const std::string_view id = contained["id"].peek();
    if (!id.empty()) by_name_.emplace(std::string(place).append("#").append(id), contained);
  }
}

// Contained resources belong to the holder and to each other.
Element ReferenceIndex::Contained(std::string_view id, Element within) const {
  for (; within.exists(); within = within.parent()) {
    const auto found = by_name_.find(within.Place().append("#").append(id));
    if (found != by_name_.end()) return found->second;
  }
  return {};
}

ReferenceIndex::ReferenceIndex(const Element& bundle) {
  IndexContained(bundle);
  for (const Element& entry : bundle["entry"].items()) {
    const Element resource = entry["resource"];
    if (!resource.IsObject()) continue;
    resources_.push_back(resource);
    IndexContained(resource);
    const std::string_view full_url = entry["fullUrl"].text();
    if (!full_url.empty()) by_name_.emplace(WithoutVersion(full_url), resource);

    const std::string_view id = resource["id"].peek();
    if (id.empty()) continue;
    std::string name(resource["resourceType"].peek());
    name.append("/").append(id);
    if (!by_name_.emplace(std::move(name), resource).second) repeated_.push_back(resource);
  }
}

Element ReferenceIndex::Resolve(std::string_view reference, const Element& within) const {
  if (reference.starts_with('#')) return Contained(reference.substr(1), within);
  const auto found = by_name_.find(std::string(WithoutVersion(reference)));
  return found == by_name_.end() ? Element() : found->second;
}

Element ReferenceIndex::Follow(const Element& reference, const Element& within) const {
  return Resolve(reference["reference"].text(), within);
}

std::vector<Element> ReferenceIndex::OfType(std::string_view type) const {
  std::vector<Element> found;
  for (const Element& resource : resources_) {
    if (resource["resourceType"].peek() == type) found.push_back(resource);
  }
  return found;
}

}  // namespace milecastle::fhir
