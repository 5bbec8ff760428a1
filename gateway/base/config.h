// Reads TOML so that every wrong value is reported with file, line and what to write instead, all
// of them at once.
//
// Tables live no longer than their ConfigFile. Use: load a ConfigFile, read keys through its
// tables, then call Finish. A key that nobody read is an error: a typing slip in a security setting
// must not pass for an absent one.
//
// Thread-safety: one thread. Failure: getters return the fallback and note a problem; Finish
// returns the problems.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::base {

class ConfigTable {
 public:
  struct Range {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
  };

  bool Has(std::string_view key) const;
  std::string RequiredString(std::string_view key) const;
  std::string String(std::string_view key, std::string_view fallback) const;
  std::int64_t RequiredInt(std::string_view key, Range range) const;
  std::int64_t Int(std::string_view key, std::int64_t fallback, Range range) const;
  bool Flag(std::string_view key, bool fallback) const;
  std::vector<std::string> Strings(std::string_view key) const;  // absent = empty
  std::optional<ConfigTable> Table(std::string_view key) const;
  std::vector<ConfigTable> Tables(std::string_view key) const;  // [[key]]; absent = empty
  std::vector<std::string> Keys() const;                        // for tables whose keys are names

  // Notes a problem of meaning at the key's line; `advice` says what to write instead.
  void Refuse(std::string_view key, std::string_view advice) const;
  std::string PlaceOf(std::string_view key) const;  // "config/gateway.toml:12"

  struct Node;  // one table of the file, kept by the ConfigFile
  explicit ConfigTable(std::shared_ptr<Node> node) : node_(std::move(node)) {}

 private:
  std::shared_ptr<Node> node_;
};

class ConfigFile {
 public:
  static Result<ConfigFile> Load(const std::filesystem::path& path);
  static Result<ConfigFile> Parse(std::string_view toml,
                                  std::string_view name);  // `name` stands for the path

  ConfigTable Root() const;
  // Every problem noted, and every key that nobody read. Empty: the file is right.
  std::vector<Error> Finish() const;

  struct State;  // the parsed document and what was noted about it

 private:
  explicit ConfigFile(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

Result<std::string> ReadFile(const std::filesystem::path& path);

}  // namespace milecastle::base
