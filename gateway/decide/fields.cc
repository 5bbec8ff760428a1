#include "inside/fields.h"

#include <charconv>

#include "record/when.h"

namespace milecastle::decide {
namespace {

void AddSections(const base::ConfigTable& table, std::string_view key, SectionSet& set,
                 void (SectionSet::*change)(record::Section)) {
  for (const std::string& text : table.Strings(key)) {
    if (text == "*") {
      for (const auto& line : record::Sections()) (set.*change)(line.section);
    } else if (const auto section = record::SectionOf(text)) {
      (set.*change)(*section);
    } else {
      RefuseUnknown(table, key, text, "a section; write a section's key, or \"*\"");
    }
  }
}

}  // namespace

SectionSet ReadSectionSet(const base::ConfigTable& table) {
  SectionSet set;
  AddSections(table, "sections", set, &SectionSet::Add);
  AddSections(table, "except_sections", set, &SectionSet::Remove);
  return set;
}

std::vector<record::Section> ReadSections(const base::ConfigTable& table, std::string_view key) {
  return ReadWords<record::Section>(table, key, record::SectionOf, "a section's key");
}

std::vector<record::Purpose> ReadPurposes(const base::ConfigTable& table, std::string_view key) {
  return ReadWords<record::Purpose>(table, key, record::PurposeOf,
                                    "a purpose; write direct-care, emergency, referral …");
}

std::optional<record::OdsCode> ReadCode(const base::ConfigTable& table, std::string_view key) {
  const std::string text = table.RequiredString(key);
  auto code = record::OdsCode::Parse(text);
  if (!code && !text.empty()) {
    table.Refuse(key, "write an ODS code: 3 to 12 capital letters and digits");
  }
  return code;
}

std::vector<record::OdsCode> ReadCodes(const base::ConfigTable& table, std::string_view key,
                                       const CodeGroups& groups) {
  std::vector<record::OdsCode> codes;
  for (const std::string& text : table.Strings(key)) {
    if (text.starts_with('@')) {
      const auto group = groups.find(text.substr(1));
      if (group == groups.end()) {
        RefuseUnknown(table, key, text, "a group; add it to [groups]");
      } else {
        codes.insert(codes.end(), group->second.begin(), group->second.end());
      }
    } else if (auto code = record::OdsCode::Parse(text)) {
      codes.push_back(*std::move(code));
    } else {
      RefuseUnknown(table, key, text, "an ODS code; write the code, or \"@group\"");
    }
  }
  return codes;
}

std::optional<std::chrono::seconds> ReadDuration(const base::ConfigTable& table,
                                                 std::string_view key) {
  if (!table.Has(key)) return std::nullopt;
  const std::string text = table.String(key, "");
  std::int32_t number = -1;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  if (read.ec == std::errc() && number >= 0) {
    if (unit == "m") return std::chrono::minutes(number);
    if (unit == "h") return std::chrono::hours(number);
    if (unit == "d") return std::chrono::days(number);
  }
  table.Refuse(key, "write a whole number of minutes, hours or days: \"15m\", \"72h\", \"42d\"");
  return std::nullopt;
}

std::optional<base::Instant> ReadDate(const base::ConfigTable& table, std::string_view key) {
  if (!table.Has(key)) return std::nullopt;
  const auto when = record::When::ParseIso(table.String(key, ""));
  if (when && when->precision == record::Precision::kDay) return when->at;
  table.Refuse(key, "write a date in quotes: \"2026-04-01\"");
  return std::nullopt;
}

Mask ReadMask(const base::ConfigTable& table, std::string_view key) {
  Mask mask;
  for (const MaskField field : ReadWords<MaskField>(table, key, MaskFieldOf,
                                                    "a field group; write addresses, contacts …")) {
    mask.Add(field);
  }
  return mask;
}

std::uint8_t ReadAssurance(const base::ConfigTable& table, std::string_view key) {
  return static_cast<std::uint8_t>(table.Int(key, 0, {0, 3}));
}

void RefuseUnknown(const base::ConfigTable& table, std::string_view key, std::string_view word,
                   std::string_view kind) {
  std::string advice = "`";
  advice += word;
  advice += "` is not ";
  advice += kind;
  table.Refuse(key, advice);
}

void RefuseEmpty(const base::ConfigTable& table, std::string_view key, bool empty) {
  if (empty) table.Refuse(key, "names nobody, so it would match nobody; name one at least");
}

}  // namespace milecastle::decide
