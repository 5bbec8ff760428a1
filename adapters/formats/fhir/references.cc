#include "fhir/references.h"

#include <algorithm>
#include <iterator>

namespace milecastle::fhir {
namespace {

// `https://…`, `urn:uuid:…`: it names the same thing wherever it stands.
bool IsAbsolute(std::string_view address) { return address.find(':') != std::string_view::npos; }

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

void ReferenceIndex::AddContained(const Element& holder) {
  for (const Element& contained : holder["contained"].items()) {
    const std::string_view id = contained["id"].peek();
    if (!id.empty()) contained_[holder.number()].emplace(id, contained);
  }
}

// Contained resources belong to the holder and to each other.
Element ReferenceIndex::Contained(std::string_view id, Element within) const {
  for (; within.exists() && !contained_.empty(); within = within.parent()) {
    const auto held = contained_.find(within.number());
    if (held == contained_.end()) continue;
    if (const auto found = held->second.find(id); found != held->second.end()) return found->second;
  }
  return {};
}

ReferenceIndex::ReferenceIndex(const Element& bundle)
    : memory_(std::make_unique<std::pmr::monotonic_buffer_resource>()),
      by_address_(memory_.get()),
      by_name_(memory_.get()) {
  AddContained(bundle);
  const Elements entries = bundle["entry"].items();
  const std::size_t count = entries.size();
  resources_.reserve(count);
  by_address_.reserve(count);
  by_name_.reserve(count);
  for (const Element& entry : entries) {
    const Element resource = entry["resource"];
    if (!resource.IsObject() || !IsContent(entry)) continue;
    resources_.push_back(resource);
    by_type_[resource["resourceType"].peek()].push_back(resource);
    AddContained(resource);
    Add(resource, WithoutVersion(entry["fullUrl"].text()));
  }
}

// "Patient/1"; empty for a resource without an id.
std::string_view ReferenceIndex::NameOf(const Element& resource) {
  const std::string_view id = resource["id"].peek();
  if (id.empty()) return {};
  const std::string_view type = resource["resourceType"].peek();
  const std::size_t size = type.size() + 1 + id.size();
  char* const name = static_cast<char*>(memory_->allocate(size, 1));
  *std::copy(type.begin(), type.end(), name) = '/';
  std::copy(id.begin(), id.end(), name + type.size() + 1);
  return {name, size};
}

void ReferenceIndex::Add(const Element& resource, std::string_view full_url) {
  const std::string_view name = NameOf(resource);
  const std::string_view server = ServerIn(full_url, name);
  if (!server.empty()) servers_.push_back({resource, server});
  if (IsAbsolute(full_url)) {
    const auto [at, is_new] = by_address_.emplace(full_url, resource);
    if (!is_new) return repeated_.push_back({resource, at->second});
  }
  if (name.empty()) return;
  const auto [at, is_new] = by_name_.emplace(name, Named{resource, server});
  if (is_new) return;
  const std::string_view before = at->second.server;
  if (!server.empty() && !before.empty() && server != before) {
    at->second.several = true;
  } else {
    repeated_.push_back({resource, at->second.first});
  }
}

// Of the resources that say one, none stands within another.
std::string_view ReferenceIndex::ServerOf(const Element& within) const {
  const auto behind = std::upper_bound(
      servers_.begin(), servers_.end(), within.number(),
      [](std::uint32_t number, const Served& each) { return number < each.resource.number(); });
  if (behind == servers_.begin() || !std::prev(behind)->resource.Holds(within)) return {};
  return std::prev(behind)->server;
}

Element ReferenceIndex::Absolute(std::string_view address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? Element() : found->second;
}

Element ReferenceIndex::Resolve(std::string_view reference, const Element& within) const {
  if (reference.starts_with('#')) return Contained(reference.substr(1), within);
  const std::string_view name = WithoutVersion(reference);
  if (IsAbsolute(name)) return Absolute(name);
  const std::string_view server = ServerOf(within);
  const auto found = by_name_.find(name);
  if (!server.empty()) {
    const bool is_there = found != by_name_.end() && found->second.server == server;
    if (is_there) return found->second.first;
    if (const Element there = Absolute(std::string(server).append(name))) return there;
  }
  if (found == by_name_.end() || found->second.several) return {};
  const std::string_view theirs = found->second.server;
  const bool elsewhere = !server.empty() && !theirs.empty() && server != theirs;
  return elsewhere ? Element() : found->second.first;
}

Element ReferenceIndex::Follow(const Element& reference, const Element& within) const {
  return Resolve(reference["reference"].text(), within);
}

const std::vector<Element>& ReferenceIndex::OfType(std::string_view type) const {
  static const std::vector<Element> kNone;
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? kNone : found->second;
}

}  // namespace milecastle::fhir
