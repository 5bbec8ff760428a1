#include "resources/owners.h"

namespace milecastle::resources {

using fhir::Element;

void Owners::Give(const Element& resource, std::size_t patient) {
  owners_.insert_or_assign(resource.number(), patient);
  if (patient == kNobody) return;
  if (given_.size() <= patient) given_.resize(patient + 1);
  given_[patient].push_back(resource);
}

std::size_t Owners::OwnerOf(Element element) const {
  for (; element.exists(); element = element.parent()) {
    const auto found = owners_.find(element.number());
    if (found != owners_.end()) return found->second;
  }
  return kShared;
}

bool Owners::MayRead(const Element& element, std::size_t patient) const {
  const std::size_t owner = OwnerOf(element);
  return owner == patient || owner == kShared;
}

const std::vector<Element>& Owners::Of(std::size_t patient) const {
  static const std::vector<Element> kNone;
  return patient < given_.size() ? given_[patient] : kNone;
}

}  // namespace milecastle::resources
