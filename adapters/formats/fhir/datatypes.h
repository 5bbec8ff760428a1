// The small FHIR types that every profile uses, read off an Element: extensions, choices, codings,
// identifiers.
//
// Reading marks what was read (document.h). Thread-safety: as document.h. Failure: what is absent
// is empty.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/document.h"

namespace milecastle::fhir {

// Whether a profile that a resource names has this in its address.
bool NamesProfile(const Element& resource, std::string_view part);

// The extensions of a URL. A URL that starts with '*' is matched by its last path step alone
// ("*Extension-CareConnect-ActualProblem-1"): the same extension was published under several base
// addresses, and by GP Connect under a name of its own ("…-GPC-ActualProblem-1").
std::vector<Element> Extensions(const Element& owner, std::string_view url);
Element Extension(const Element& owner, std::string_view url);  // the first of them

// The member whose name starts with `prefix` and goes on with a capital letter, FHIR's value[x]:
// Choice(observation, "value") is valueQuantity or valueString or …
Element Choice(const Element& owner, std::string_view prefix);

struct Coding {
  std::string system;
  std::string code;
  std::string display;
};
// The codings of a CodeableConcept, or a Coding itself.
std::vector<Coding> Codings(const Element& concept_element);
bool HasCode(const Element& concept_element, std::string_view code);  // looks, does not mark

std::string IdentifierOf(const Element& owner, std::string_view system);  // empty: none

std::string_view TypeOf(const Element& resource);  // resourceType
std::string_view IdOf(const Element& resource);

}  // namespace milecastle::fhir
