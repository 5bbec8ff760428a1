// Sensitive code sets as an operator configures them: CSV, three columns, `system,code,label`.
//
// The first row is that header and is demanded, so that a file of another kind is not taken for an
// empty set. A system is a URI or a name that the system map knows. A label is lower case, `_` and
// digits: policies name it. Lists of codes are the operator's, licensed by TRUD; none is shipped.
//
// Thread-safety: functions without state. Failure: kConfigUnreadable, or kConfigInvalid at
// "file:line" for the first row that is wrong; a set that is half read would disclose the other
// half.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::normalise {

struct CodeLabel {
  std::string system;
  std::string code;
  std::string label;
  bool operator==(const CodeLabel&) const = default;
};

base::Result<std::vector<CodeLabel>> LoadCodeSet(const std::filesystem::path& file);
// `name` stands for the file in an error's place.
base::Result<std::vector<CodeLabel>> ParseCodeSet(std::string_view csv, std::string_view name);

// Whether a policy can name it: `sexual_health`, `source:vip`.
bool IsLabel(std::string_view text);

}  // namespace milecastle::normalise
