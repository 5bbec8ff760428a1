// The TOML files that a list of files and folders names: of a folder every *.toml, sorted.
//
// Thread-safety: a function without state. Failure: kConfigUnreadable, one for each folder that
// cannot be listed or holds none: a folder of none is a slip, and no set of rules.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace milecastle::base {

// `whose` they are is told: "the policy's".
std::vector<std::filesystem::path> TomlFiles(std::span<const std::filesystem::path> paths,
                                             std::string_view whose, std::vector<Error>& problems);

}  // namespace milecastle::base
