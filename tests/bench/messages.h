// Synthetic traffic: a hospital's admissions as HL7 v2, and a practice's record as a GP Connect
// Structured bundle. All people are invented; their numbers stand in the 999 range.
//
// Thread-safety: read-only after construction. Failure: none.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "record/identifiers.h"

namespace milecastle::bench {

inline constexpr const char* kHospital = "RXX";
inline constexpr const char* kPractice = "Z99001";

// The first valid numbers of the 999 range.
std::vector<std::string> NhsNumbers(std::size_t count);

// ADT^A01 of about 930 bytes, each of which brings three new entries: the visit, a diagnosis and a
// measurement.
class Admissions {
 public:
  explicit Admissions(std::size_t patients);
  // Its patient is `index` modulo their number; everything else that it says is new.
  std::string Message(std::size_t index) const;
  static std::string ControlId(std::size_t index);

 private:
  std::vector<std::string> numbers_;  // one a patient
};

// About 1 MB and 1,200 resources, all of one patient, whose ids nobody else has.
std::string StructuredBundle(std::size_t patient, const std::string& nhs_number);

}  // namespace milecastle::bench
