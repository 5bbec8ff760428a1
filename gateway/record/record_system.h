// Whose the keys of a contribution are: those of one record system of a source.
//
// Two systems of an organisation (its PAS and its FHIR server, two laboratories) number what they
// hold each for itself: `AllergyIntolerance/1` of the one is another allergy than that of the
// other. So each key is kept behind its system's name, and what one system says is superseded,
// withdrawn or ended by that system alone.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "record/contribution.h"

namespace milecastle::record {

// No name of a record system holds it.
inline constexpr char kAfterSystem = '|';

// How all keys of a system begin: "quayside-pas|".
std::string OfSystem(std::string_view system);

// "quayside-pas" of "quayside-pas|AllergyIntolerance/1"; empty for a key of no system.
std::string_view SystemOf(std::string_view key);

// The place of a key's system among those of a list, which it joins where it is new.
std::uint16_t SystemIn(std::vector<std::string>& systems, std::string_view key);

// Whatever of a contribution names anything by its source's key, once; not the numbers of visits,
// which are the organisation's.
void PutInSystem(std::string_view system, Contribution& contribution);

}  // namespace milecastle::record
