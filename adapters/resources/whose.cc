#include "resources/whose.h"

#include <algorithm>
#include <array>

#include "fhir/datatypes.h"
#include "resources/terms.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

constexpr std::array<std::string_view, 2> kMembers = {"subject", "patient"};

void Mark(const Element& said) {
  said["display"].text();
  said["identifier"]["value"].text();
  said["identifier"]["system"].text();
  said["reference"].text();
}

}  // namespace

bool IsNamed(const Subject& subject, const Element& reference, const Element& within) {
  if (subject.naming == nullptr) return false;
  const auto name = NameOfReference(*subject.naming, reference, within);
  return name &&
         std::find(subject.names.begin(), subject.names.end(), *name) != subject.names.end();
}

bool IsNamedOtherwise(const Subject& subject, const Element& reference, const Element& within) {
  if (subject.naming == nullptr || subject.names.empty()) return false;
  const auto name = NameOfReference(*subject.naming, reference, within);
  return name &&
         std::find(subject.names.begin(), subject.names.end(), *name) == subject.names.end();
}

const std::vector<Element>& AllBut::Resources() const { return index_.resources(); }

bool AllBut::IsTheirs(const Element& resource) const {
  for (const std::string_view member : kMembers) {
    const Element said = resource[member];
    if (!said) continue;
    Mark(said);
    const Element identifier = said["identifier"];
    const std::string_view number = identifier["value"].peek();
    const bool is_nhs_number = identifier["system"].peek() == kNhsNumber && !number.empty();
    if (is_nhs_number && number != fhir::IdentifierOf(patient_, kNhsNumber)) return false;
    const std::string_view address = said["reference"].peek();
    if (!address.empty()) return index_.Resolve(address, resource) == patient_;
  }
  return true;
}

bool OnlyGiven::IsTheirs(const Element& resource) const {
  for (const std::string_view member : kMembers) {
    const Element said = resource[member];
    if (!said) continue;
    Mark(said);
    if (IsSomebodyElse(said, resource)) return false;
  }
  return owners_.OwnerOf(resource) == number_;
}

bool OnlyGiven::IsSomebodyElse(const Element& said, const Element& resource) const {
  if (resource.parent().name() != "contained") return false;
  const Element target = index_.Resolve(said["reference"].peek(), resource);
  if (target && !MayRead(target)) return true;
  if (!target && IsNamedOtherwise(subject_, said, resource)) return true;
  const Element identifier = said["identifier"];
  if (identifier["system"].peek() != kNhsNumber) return false;
  const std::string own =
      subject_.patient ? fhir::IdentifierOf(subject_.patient, kNhsNumber) : subject_.nhs_number;
  return identifier["value"].peek() != own;
}

}  // namespace milecastle::resources
