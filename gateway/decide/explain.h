// A decision in plain English, with its rule ids, for IG roles alone.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "decide/decision.h"

namespace milecastle::decide {

// Sealed and locked is betrayed to nobody outside its team (safety.md 2): whoever does not see the
// whole system is told as the reader would be.
enum class Tells : std::uint8_t { kAll, kNothingHidden };

// Whether a class that was decided so is told. A refusal withholds every class alike, so that what
// would be hidden is not told from the rest.
bool IsTold(const Decision& decision, const Verdict& verdict, Tells tells);

// How sources are called in an explanation.
class SourceNames {
 public:
  SourceNames() = default;  // by their codes
  // These alone are "a source whose name is protected" (safety.md 21), and neither labels nor rules
  // are told of them: both would name them.
  explicit SourceNames(std::vector<record::OdsCode> masked) : masked_(std::move(masked)) {}

  bool Masks(const record::OdsCode& source) const;
  std::string Of(const record::OdsCode& source) const;

 private:
  std::vector<record::OdsCode> masked_;
};

// Lines to be read from the first to the last: the request, the outcome, the evidence, the
// person's choices, location protection, each class and line with its rule, the duties.
std::vector<std::string> Explain(const Decision& decision, Tells tells = Tells::kAll,
                                 const SourceNames& names = {});

}  // namespace milecastle::decide
