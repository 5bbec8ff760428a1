#include "port/mapping.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace milecastle::port {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void NameSystem(const Mapping& mapping, record::Coded& coded) {
  for (record::Coding& coding : coded.codings) {
    const auto known = mapping.code_systems.find(Folded(coding.system));
    if (known != mapping.code_systems.end()) coding.system = known->second;
  }
}

void ApplyTo(const Mapping& mapping, record::Entry& entry) {
  NameSystem(mapping, entry.what);
  for (record::Detail& detail : entry.details) NameSystem(mapping, detail.coded);
  if (!entry.value) return;
  NameSystem(mapping, entry.value->coded);
  const auto unit = mapping.units.find(entry.value->unit);
  if (unit != mapping.units.end() && entry.value->unit_code.empty()) {
    entry.value->unit_code = unit->second;
  }
}

// The digits that stand where the form has this letter; empty where one of them is none.
std::string DigitsOf(std::string_view form, std::string_view text, char letter) {
  std::string digits;
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] != letter) continue;
    if (text[at] < '0' || text[at] > '9') return "";
    digits += text[at];
  }
  return digits;
}

bool IsLetterOfForm(char c) { return c == 'Y' || c == 'M' || c == 'D'; }

}  // namespace

std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (IsSpace(c)) {
      if (!folded.empty() && folded.back() != ' ') folded += ' ';
    } else {
      folded += base::Lower(c);
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

std::string ValueOf(const Mapping& mapping, std::string_view field, std::string_view sent) {
  const auto values = mapping.values.find(field);
  if (values == mapping.values.end()) return std::string(sent);
  const auto value = values->second.find(Folded(sent));
  return value == values->second.end() ? std::string(sent) : value->second;
}

const record::Coding* CodeOf(const Mapping& mapping, std::string_view field,
                             std::string_view value) {
  const auto codes = mapping.codes.find(field);
  if (codes == mapping.codes.end()) return nullptr;
  const auto code = codes->second.find(Folded(value));
  return code == codes->second.end() ? nullptr : &code->second;
}

bool IsDateForm(std::string_view form) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kParts = {
      {{"YYYY", 'Y'}, {"MM", 'M'}, {"DD", 'D'}}};
  const bool has_all = std::all_of(kParts.begin(), kParts.end(), [form](const auto& part) {
    return form.find(part.first) != std::string_view::npos &&
           std::count(form.begin(), form.end(), part.second) ==
               static_cast<std::ptrdiff_t>(part.first.size());
  });
  return has_all && std::none_of(form.begin(), form.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z' && !IsLetterOfForm(c));
         });
}

std::optional<record::When> DateIn(std::string_view form, std::string_view text) {
  if (form.size() != text.size()) return std::nullopt;
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (!IsLetterOfForm(form[at]) && form[at] != text[at]) return std::nullopt;
  }
  const std::string iso =
      DigitsOf(form, text, 'Y') + "-" + DigitsOf(form, text, 'M') + "-" + DigitsOf(form, text, 'D');
  if (iso.size() != 10) return std::nullopt;
  auto when = record::When::ParseIso(iso);
  if (when) when->original = std::string(text);
  return when;
}

std::optional<record::When> DateOf(const Mapping& mapping, std::string_view text) {
  for (const std::string& form : mapping.dates) {
    if (auto when = DateIn(form, text)) return when;
  }
  return std::nullopt;
}

void ApplyMapping(const Mapping& mapping, record::Contribution& contribution) {
  if (mapping.code_systems.empty() && mapping.units.empty()) return;
  for (record::Draft& draft : contribution.drafts) ApplyTo(mapping, draft.entry);
}

}  // namespace milecastle::port
