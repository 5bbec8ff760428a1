// Reads the words of the policy's language out of a TOML table: sections, codes, durations, dates.
//
// Thread-safety: as ConfigTable. Failure: what is wrong is noted in the table's file, with what to
// write instead, and the rest is read on.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/config.h"
#include "decide/policy.h"

namespace milecastle::decide {

// Named groups of organisations: "@acute" in a list of codes stands for all of its members.
using CodeGroups = std::map<std::string, std::vector<record::OdsCode>>;

// `sections` less `except_sections`; "*" is all. Absent: empty.
SectionSet ReadSectionSet(const base::ConfigTable& table);
std::vector<record::Section> ReadSections(const base::ConfigTable& table, std::string_view key);
std::vector<record::Purpose> ReadPurposes(const base::ConfigTable& table, std::string_view key);
std::optional<record::OdsCode> ReadCode(const base::ConfigTable& table, std::string_view key);
std::vector<record::OdsCode> ReadCodes(const base::ConfigTable& table, std::string_view key,
                                       const CodeGroups& groups);
// "15m", "72h", "42d".
std::optional<std::chrono::seconds> ReadDuration(const base::ConfigTable& table,
                                                 std::string_view key);
// "2026-04-01": from midnight in UTC.
std::optional<base::Instant> ReadDate(const base::ConfigTable& table, std::string_view key);
Mask ReadMask(const base::ConfigTable& table, std::string_view key);
std::uint8_t ReadAssurance(const base::ConfigTable& table, std::string_view key);
// A list that names nobody matches nobody, so it is refused where it is read.
void RefuseEmpty(const base::ConfigTable& table, std::string_view key, bool empty);

// "`word` is not a role group; add it to …".
void RefuseUnknown(const base::ConfigTable& table, std::string_view key, std::string_view word,
                   std::string_view kind);

// A list of words, each known to `parse`.
template <class T, class Parse>
std::vector<T> ReadWords(const base::ConfigTable& table, std::string_view key, Parse parse,
                         std::string_view kind) {
  std::vector<T> words;
  for (const std::string& text : table.Strings(key)) {
    if (const std::optional<T> word = parse(text)) {
      words.push_back(*word);
    } else {
      RefuseUnknown(table, key, text, kind);
    }
  }
  return words;
}

}  // namespace milecastle::decide
