// Finds what a reference in a bundle points to, in whatever order the entries stand and whatever
// version they name.
//
// Understood: `Type/id`, `Type/id/_history/3`, `#contained`, `urn:uuid:…`, and an absolute address
// that is some entry's fullUrl. A relative one is read on the server of the entry that it stands in
// (FHIR R4 Bundle, "Resolving references in Bundles"): `https://a.example/Patient/1` and
// `https://b.example/Patient/1` are two patients, and who says `Patient/1` without saying on which
// server names neither. Many bundles give no server at all: there it is the one of that type and
// id. Nothing is ever fetched: a reference to elsewhere resolves to nothing. Resolving follows one
// step, so resources that point at each other cannot hold a reader in a circle.
//
// Thread-safety: as document.h. Failure: Resolve returns an empty Element.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_map.h"
#include "fhir/document.h"

namespace milecastle::fhir {

// Two resources by one name: an address, or type and id of one server.
struct Repeated {
  Element again;
  Element first;
};

// What stands in an entry of a bundle that asks to read, delete or change something is none.
bool IsContent(const Element& entry);

class ReferenceIndex {
 public:
  explicit ReferenceIndex(const Element& bundle);
  ReferenceIndex(ReferenceIndex&&) = default;
  // What is indexed lives in memory of its own, which an assignment would give back first.
  ReferenceIndex& operator=(ReferenceIndex&&) = delete;
  ReferenceIndex(const ReferenceIndex&) = delete;
  ReferenceIndex& operator=(const ReferenceIndex&) = delete;
  ~ReferenceIndex() = default;

  // `within` is the resource that holds the reference, for `#contained`; looks without marking.
  Element Resolve(std::string_view reference, const Element& within) const;
  // The same for a Reference element; marks its `reference`.
  Element Follow(const Element& reference, const Element& within) const;

  // The resources of the bundle in order, without those contained in others.
  const std::vector<Element>& resources() const { return resources_; }
  const std::vector<Element>& OfType(std::string_view type) const;
  // Resources whose name an earlier entry had already, each once.
  const std::vector<Repeated>& repeated() const { return repeated_; }
  // "https://a.example/fhir/", of the entry that an element stands in; empty where it says none.
  std::string_view ServerOf(const Element& within) const;

 private:
  struct Named {
    Element first;
    std::string_view server;  // of it
    bool several = false;     // of different servers
  };
  struct Served {
    Element resource;
    std::string_view server;
  };
  template <class Value>
  using Index = std::pmr::unordered_map<std::string_view, Value, base::TextHash, std::equal_to<>>;
  using Contents = base::TextMap<std::string_view, Element>;  // by id

  void AddContained(const Element& holder);
  void Add(const Element& resource, std::string_view full_url);
  Element Contained(std::string_view id, Element within) const;
  Element Absolute(std::string_view address) const;
  std::string_view NameOf(const Element& resource);

  // What the names and the maps live in: they are made at once and go at once.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  std::vector<Element> resources_;
  std::vector<Repeated> repeated_;
  std::vector<Served> servers_;                            // in the order of the document
  Index<Element> by_address_;                              // fullUrl
  Index<Named> by_name_;                                   // "Type/id"
  std::unordered_map<std::uint32_t, Contents> contained_;  // by the holder's Element::number
  base::TextMap<std::string_view, std::vector<Element>> by_type_;
};

// `Type/id` of a relative reference, without its version.
std::string_view WithoutVersion(std::string_view reference);

}  // namespace milecastle::fhir
