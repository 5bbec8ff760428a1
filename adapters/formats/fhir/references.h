// Finds what a reference in a bundle points to, in whatever order the entries stand and whatever
// version they name.
//
// Understood: `Type/id`, `Type/id/_history/3`, `#contained`, `urn:uuid:…`, and an absolute address
// that is some entry's fullUrl. Nothing is ever fetched: a reference to elsewhere resolves to
// nothing. Resolving follows one step, so resources that point at each other cannot hold a
// reader in a circle.
//
// Thread-safety: as document.h. Failure: Resolve returns an empty Element.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/document.h"

namespace milecastle::fhir {

class ReferenceIndex {
 public:
  explicit ReferenceIndex(const Element& bundle);

  // `within` is the resource that holds the reference, for `#contained`; looks without marking.
  Element Resolve(std::string_view reference, const Element& within) const;
  // The same for a Reference element; marks its `reference`.
  Element Follow(const Element& reference, const Element& within) const;

  // The resources of the bundle in order, without those contained in others.
  const std::vector<Element>& resources() const { return resources_; }
  std::vector<Element> OfType(std::string_view type) const;
  // Resources whose type and id an earlier entry had already.
  const std::vector<Element>& repeated() const { return repeated_; }

 private:
  std::vector<Element> resources_;
  std::vector<Element> repeated_;
  void IndexContained(const Element& holder);
  Element Contained(std::string_view id, Element within) const;

  std::unordered_map<std::string, Element> by_name_;  // and "<place of the holder>#<id>"
};

// `Type/id` of a relative reference, without its version.
std::string_view WithoutVersion(std::string_view reference);

}  // namespace milecastle::fhir
