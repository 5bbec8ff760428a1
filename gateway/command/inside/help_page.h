// How a help page looks: one column of flags, one of what they mean, no line over 100 characters.
//
// Includes CLI11: for arguments.cc alone. Thread-safety: as CLI11. Failure: none.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace milecastle::command {

class HelpPage final : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* app) const override;  // its first sentence
};

}  // namespace milecastle::command
