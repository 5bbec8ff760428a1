#include "fhir/references.h"

namespace milecastle::fhir {
namespace {

// `https://…`, `urn:uuid:…`: it names the same thing wherever it stands.
bool IsAbsolute(std::string_view address) { return address.find(':') != std::string_view::npos; }

// "Patient/1"; empty for a resource without an id.
std::string NameOf(const Element& resource) {
  const std::string_view id = resource["id"].peek();
  if (id.empty()) return {};
  return std::string(resource["resourceType"].peek()).append("/").append(id);
}

// "https://a.example/" of "https://a.example/Patient/1"; empty where the address is not of that
// form, `urn:uuid:…` among them.
std::string_view ServerIn(std::string_view full_url, std::string_view name) {
  if (name.empty() || !full_url.ends_with(name) || !IsAbsolute(full_url)) return {};
  const std::string_view server = full_url.substr(0, full_url.size() - name.size());
  return server.ends_with('/') ? server : std::string_view();
}

}  // namespace

bool IsContent(const Element& entry) {
  const std::string_view method = entry["request"]["method"].peek();
  return method.empty() || method == "POST" || method == "PUT";
}

std::string_view WithoutVersion(std::string_view reference) {
  return reference.substr(0, reference.find("/_history/"));
}

void ReferenceIndex::IndexContained(const Element& holder) {
  const Elements all = holder["contained"].items();
  if (all.empty()) return;
  const std::string place = holder.Place();
  for (const Element& contained : all) {
    const std::string_view id = contained["id"].peek();
    if (!id.empty()) by_address_.emplace(std::string(place).append("#").append(id), contained);
  }
}

// Contained resources belong to the holder and to each other.
Element ReferenceIndex::Contained(std::string_view id, Element within) const {
  for (; within.exists(); within = within.parent()) {
    if (const Element found = Absolute(within.Place().append("#").append(id))) return found;
  }
  return {};
}

ReferenceIndex::ReferenceIndex(const Element& bundle) {
  IndexContained(bundle);
  for (const Element& entry : bundle["entry"].items()) {
    const Element resource = entry["resource"];
    if (!resource.IsObject() || !IsContent(entry)) continue;
    resources_.push_back(resource);
    IndexContained(resource);
    Index(resource, WithoutVersion(entry["fullUrl"].text()));
  }
}

void ReferenceIndex::Index(const Element& resource, std::string_view full_url) {
  const std::string name = NameOf(resource);
  const std::string_view server = ServerIn(full_url, name);
  if (!server.empty()) servers_.emplace(resource.number(), server);
  if (IsAbsolute(full_url)) {
    const auto [at, is_new] = by_address_.emplace(full_url, resource);
    if (!is_new) return repeated_.push_back({resource, at->second});
  }
  if (name.empty()) return;
  const auto [at, is_new] = by_name_.emplace(name, Named{resource});
  if (is_new) return;
  const std::string_view before = ServerOf(at->second.first);
  if (!server.empty() && !before.empty() && server != before) {
    at->second.several = true;
  } else {
    repeated_.push_back({resource, at->second.first});
  }
}

std::string_view ReferenceIndex::ServerOf(Element within) const {
  if (servers_.empty()) return {};
  for (; within.exists(); within = within.parent()) {
    const auto found = servers_.find(within.number());
    if (found != servers_.end()) return found->second;
  }
  return {};
}

Element ReferenceIndex::Absolute(const std::string& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? Element() : found->second;
}

Element ReferenceIndex::Resolve(std::string_view reference, const Element& within) const {
  if (reference.starts_with('#')) return Contained(reference.substr(1), within);
  const std::string name(WithoutVersion(reference));
  if (IsAbsolute(name)) return Absolute(name);
  const std::string_view server = ServerOf(within);
  if (!server.empty()) {
    if (const Element there = Absolute(std::string(server) + name)) return there;
  }
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || found->second.several) return {};
  const std::string_view theirs = ServerOf(found->second.first);
  const bool elsewhere = !server.empty() && !theirs.empty() && server != theirs;
  return elsewhere ? Element() : found->second.first;
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
