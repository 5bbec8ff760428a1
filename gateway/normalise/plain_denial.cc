#include "inside/plain_denial.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace milecastle::normalise {
namespace {

// The whole of a text, never a part: "No concerns about his weight" denies something else.
constexpr auto kDenials = std::to_array<std::string_view>({
    "allegation unfounded",
    "allegations unfounded",
    "nil",
    "nil known",
    "no",
    "no alerts",
    "no concern",
    "no concerns",
    "no concerns identified",
    "no concerns known",
    "no concerns raised",
    "no concerns recorded",
    "no current alerts",
    "no current concerns",
    "no current risks",
    "no current safeguarding concerns",
    "no known alerts",
    "no known concerns",
    "no known risks",
    "no known safeguarding concerns",
    "no risk",
    "no risks",
    "no risks identified",
    "no safeguarding concern",
    "no safeguarding concerns",
    "no safeguarding concerns identified",
    "no safeguarding issues",
    "no safeguarding issues identified",
    "none",
    "none at present",
    "none currently",
    "none identified",
    "none known",
    "none noted",
    "none raised",
    "none recorded",
    "none reported",
    "nothing to report",
});

// What a column or an element is called, which a source may give as the name of the entry.
constexpr auto kNames = std::to_array<std::string_view>({
    "alert",
    "alerts",
    "free text",
    "risk to worker",
    "safeguarding",
    "safeguarding concern",
    "safeguarding concerns",
    "safeguarding issue",
    "safeguarding issues",
});

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& words, std::string_view one) {
  return std::find(words.begin(), words.end(), one) != words.end();
}

// "No  concerns." is "no concerns"; empty where anything but letters stands in it: "None?" is a
// question.
std::string Plain(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || text.back() == '!' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  std::string plain;
  for (const char c : text) {
    const char lower = base::Lower(c);
    const bool is_space = c == ' ' || c == '\n' || c == '\t';
    if (!is_space && (lower < 'a' || lower > 'z')) return "";
    if (is_space && (plain.empty() || plain.back() == ' ')) continue;
    plain += is_space ? ' ' : lower;
  }
  return plain;
}

bool IsDenial(std::string_view text) { return Holds(kDenials, Plain(text)); }

bool IsDenialAlone(const record::Detail& detail) {
  if (!detail.coded.text.empty() || !detail.coded.codings.empty()) return false;
  return detail.text.empty() || IsDenial(detail.text);
}

}  // namespace

bool IsPlainDenial(const record::Entry& entry) {
  const std::string& what = entry.what.text;
  const bool has_other =
      !entry.what.codings.empty() || entry.value || entry.document || !entry.contacts.empty();
  if (has_other || !std::all_of(entry.details.begin(), entry.details.end(), IsDenialAlone)) {
    return false;
  }
  if (!std::all_of(entry.free_text.begin(), entry.free_text.end(), IsDenial)) return false;
  if (IsDenial(what)) return true;
  const bool denies = !entry.free_text.empty() ||
                      std::any_of(entry.details.begin(), entry.details.end(),
                                  [](const record::Detail& one) { return !one.text.empty(); });
  return denies && (what.empty() || Holds(kNames, Plain(what)));
}

}  // namespace milecastle::normalise
