#include "resources/bundle.h"

#include "base/crypto.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

void AppendContent(const Element& element, std::string* out) {
  out->append(element.name()).append("=").append(element.peek()).append(";");
  for (const Element& member : element.members()) AppendContent(member, out);
}

std::string Name(std::string_view type, std::string_view name) {
  return std::string(type).append("/").append(name);
}

}  // namespace

std::string KeyOf(const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  const std::string_view id = resource["id"].peek();
  if (!id.empty()) return Name(type, id);
  const Element identifier = resource["identifier"].first();
  if (!identifier["value"].peek().empty()) {
    return Name(
        type,
        std::string(identifier["system"].peek()).append("|").append(identifier["value"].peek()));
  }
  std::string content;
  AppendContent(resource, &content);
  return Name(type, "sha256:" + base::ToHex(base::AsBytes(base::Sha256(content))).substr(0, 32));
}

Bundle::Bundle(const Element& root, const Element& message)
    : root_(root), message_(message), index_(root) {
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
  if (is_new) at->second = KeyOf(resource);
  return at->second;
}

Element Bundle::RoleOf(const Element& practitioner) const {
  const auto found = roles_.find(KeyIn(practitioner));
  return found == roles_.end() ? Element() : found->second;
}

}  // namespace milecastle::resources
