// A decision in plain English, with its rule ids, for IG roles alone.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decide/decision.h"

namespace milecastle::decide {

// Sealed and locked is betrayed to nobody outside its team (safety.md 2): whoever does not see the
// whole system is told as the reader would be, of a decision that was made without what another
// purpose hides (decide/hidden.h).
enum class Tells : std::uint8_t { kAll, kNothingHidden };

// Whether a class that was decided so is told. A refusal withholds every class alike, so that what
// would be hidden is not told from the rest.
bool IsTold(const Decision& decision, const Verdict& verdict, Tells tells);

// How sources are called in an explanation.
class SourceNames {
 public:
  SourceNames() = default;  // by their codes
  // For an officer without a case (safety.md 21). These alone are "a source whose name is
  // protected", and no rule is told of them: it would name them. Labels are told of no source, nor
  // rules that name a label.
  explicit SourceNames(std::vector<record::OdsCode> masked)
      : masked_(std::move(masked)), tells_labels_(false) {}

  bool Masks(const record::OdsCode& source) const;
  std::string Of(const record::OdsCode& source) const;
  bool TellsLabels() const { return tells_labels_; }
  // Whether a rule by which something of the source was decided is told.
  bool TellsRule(const record::OdsCode& source, std::string_view rule) const;

 private:
  std::vector<record::OdsCode> masked_;
  bool tells_labels_ = true;
};

// Lines to be read from the first to the last: the request, the outcome, the evidence, the
// person's choices, location protection, each class and line with its rule, the duties.
std::vector<std::string> Explain(const Decision& decision, Tells tells = Tells::kAll,
                                 const SourceNames& names = {});

}  // namespace milecastle::decide
