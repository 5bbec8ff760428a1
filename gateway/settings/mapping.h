// A sender's own words (port/mapping.h) as an operator writes them in a TOML file.
//
// config/mappings/README.md explains every key, with worked files. A mapping is checked against the
// adapter that it is for: a key, field, heading or form that nobody knows is refused, and so is one
// that would have no effect.
//
// Thread-safety: functions without state. Failure: every problem at once, each with file, line and
// what to write instead.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "port/mapping.h"

namespace milecastle::settings {

struct LoadedMapping {
  std::optional<port::Mapping> mapping;
  std::vector<base::Error> problems;
};
LoadedMapping LoadMapping(const std::filesystem::path& file, const port::Mappable& mappable);
// `name` stands for the file in a problem's place.
LoadedMapping ParseMapping(std::string_view toml, std::string_view name,
                           const port::Mappable& mappable);

}  // namespace milecastle::settings
