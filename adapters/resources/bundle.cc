#include "resources/bundle.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

void AppendContent(const Element& element, std::string* out) {
  out->append(element.name()).append("=").append(element.peek()).append(";");
  for (const Element& member : element.members()) AppendContent(member, out);
}

// The one server of these; empty where there are several, or none.
std::string OneServer(const fhir::ReferenceIndex& index, const std::vector<Element>& resources) {
  std::string_view one;
  for (const Element& resource : resources) {
    const std::string_view server = index.ServerOf(resource);
    if (server.empty()) continue;
    if (!one.empty() && server != one) return {};
    one = server;
  }
  return std::string(one);
}

std::string HomeOf(const fhir::ReferenceIndex& index, std::string_view said) {
  if (!said.empty()) return std::string(said).append(said.ends_with('/') ? "" : "/");
  const std::vector<Element> patients = index.OfType("Patient");
  const bool any = std::any_of(patients.begin(), patients.end(), [&](const Element& patient) {
    return !index.ServerOf(patient).empty();
  });
  return OneServer(index, any ? patients : index.resources());
}

// Of parts, in one piece.
std::string Joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string all;
  all.reserve(size);
  for (const std::string_view part : parts) all.append(part);
  return all;
}

std::string KeyBelow(std::string_view server, const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  const std::string_view id = resource["id"].peek();
  if (!id.empty()) return Joined({server, type, "/", id});
  const Element identifier = resource["identifier"].first();
  const std::string_view number = identifier["value"].peek();
  if (!number.empty()) return Joined({server, type, "/", identifier["system"].peek(), "|", number});
  std::string content;
  AppendContent(resource, &content);
  return Joined({server, type, "/sha256:", base::DigestName(content, 32)});
}

}  // namespace

std::string KeyOf(const Element& resource) { return KeyBelow("", resource); }

Bundle::Bundle(const Element& root, const Element& message, std::string_view home)
    : root_(root), message_(message), index_(root), home_(HomeOf(index_, home)) {
  keys_.reserve(index_.resources().size());
  for (const Element& owner : {root, message}) {
    for (const Element& label : owner["meta"]["security"].items()) {
      labels_.push_back(LabelOf(label));
    }
    if (root == message) break;
  }
  for (const Element& role : index_.OfType("PractitionerRole")) {
    const Element practitioner = index_.Resolve(role["practitioner"]["reference"].peek(), role);
    if (practitioner) roles_.emplace(KeyIn(practitioner), role);
  }
}

const std::string& Bundle::KeyIn(const Element& resource) const {
  const auto [at, is_new] = keys_.try_emplace(resource.number());
  if (is_new) at->second = KeyBelow(ForeignServer(resource), resource);
  return at->second;
}

std::string_view Bundle::ForeignServer(const Element& within) const {
  const std::string_view server = index_.ServerOf(within);
  return server == home_ ? std::string_view() : server;
}

std::string_view Bundle::NameAtHome(std::string_view address) const {
  const bool is_home = !home_.empty() && address.starts_with(home_);
  return is_home ? address.substr(home_.size()) : std::string_view();
}

Element Bundle::RoleOf(const Element& practitioner) const {
  const auto found = roles_.find(KeyIn(practitioner));
  return found == roles_.end() ? Element() : found->second;
}

}  // namespace milecastle::resources
