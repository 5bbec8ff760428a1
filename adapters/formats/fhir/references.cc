#include "fhir/references.h"

namespace milecastle::fhir {
namespace {

// The resource that a place inside it belongs to, which is the one that contains: contained
// resources share its list.
Element Contained(std::string_view id, Element at) {
  for (; at.exists(); at = at.parent()) {
    for (const Element& contained : at["contained"].items()) {
      if (contained["id"].peek() == id) return contained;
    }
  }
  return {};
}

}  // namespace

std::string_view WithoutVersion(std::string_view reference) {
  return reference.substr(0, reference.find("/_history/"));
}

ReferenceIndex::ReferenceIndex(const Element& bundle) {
  for (const Element& entry : bundle["entry"].items()) {
    const Element resource = entry["resource"];
    if (!resource.IsObject()) continue;
    resources_.push_back(resource);
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
