// Whether what RXA tells of was given (HL7 v2.8.2 section 4A.4.7, table 0322): one answer for
// medicines and vaccinations.
//
// RXA-20 says so; where it says nothing, what is past was given, as the standard has it, and what
// lies ahead is planned. What nobody can tell, or what two fields tell differently, is told neither
// as given nor as not given: each of the two would have somebody dose wrongly.
//
// Thread-safety: pure. Failure: a code that nobody knows says nothing.
#pragma once

#include <cstdint>
#include <string>

#include "reader.h"

namespace milecastle::acute {

enum class Given : std::uint8_t { kWhole, kInPart, kNotGiven, kToCome, kUntold };

// `refused`: something besides RXA-18 and RXA-20 says that it was not given.
Given GivenOf(const Reader& reader, const hl7v2::Segment& rxa, bool refused);
// Of a medicine.
void SetGiven(Given given, record::Entry& report);

}  // namespace milecastle::acute
