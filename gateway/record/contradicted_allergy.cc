#include "record/contradicted_allergy.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "record/denial_words.h"
#include "record/none_known.h"

namespace milecastle::record {
namespace {

constexpr std::string_view kContradicted = ", CONTRADICTED by its source's words: \"";
constexpr std::string_view kInItsWords = ", in its source's words: \"";
constexpr std::string_view kUnnamed = "Allergy, substance not named";
// Of a text that goes on; a denial that stands first in it stands here.
constexpr std::size_t kLongestBeginning = 120;

bool Denies(std::string_view words) { return DenialInWords(words) != Denial::kNothing; }

bool IsLetter(char c) { return base::Lower(c) >= 'a' && base::Lower(c) <= 'z'; }

// "No known allergies except penicillin" begins with a denial.
bool BeginsWithDenial(std::string_view words) {
  if (Denies(words)) return true;
  for (std::size_t end = 1; end < std::min(words.size(), kLongestBeginning); ++end) {
    const bool is_end_of_word = IsLetter(words[end - 1]) && !IsLetter(words[end]);
    if (is_end_of_word && Denies(words.substr(0, end))) return true;
  }
  return false;
}

bool IsDenial(const Coding& coding) {
  return DenialOf({.text = {}, .codings = {coding}}) != Denial::kNothing;
}

// What a reader is to read first; empty: no coding names anything.
std::string_view SubstanceIn(const std::vector<Coding>& codings) {
  for (const Coding& coding : codings) {
    if (!coding.display.empty() && !BeginsWithDenial(coding.display) && !IsBareNo(coding.display)) {
      return coding.display;
    }
  }
  for (const Coding& coding : codings) {
    if (coding.display.empty() && !IsDenial(coding)) return coding.code;
  }
  return "";
}

// In a reaction or a note "none known" is of something else.
bool DeniesAllAllergies(std::string_view words) {
  const std::string lower = base::Lower(words);
  const bool of_allergies =
      lower.find("allerg") != lower.npos || lower.starts_with("nka") || lower.starts_with("n.k.a");
  return of_allergies && DenialInWords(words) == Denial::kAll;
}

// Of what stands beside the substance.
std::string_view DenialBeside(const Entry& entry) {
  for (const Coding& coding : entry.what.codings) {
    if (IsDenial(coding)) return coding.display.empty() ? coding.code : coding.display;
  }
  for (const Detail& detail : entry.details) {
    if (DeniesAllAllergies(detail.text)) return detail.text;
    if (DeniesAllAllergies(detail.coded.text)) return detail.coded.text;
    for (const Coding& coding : detail.coded.codings) {
      if (DeniesAllAllergies(coding.display)) return coding.display;
    }
  }
  const auto found =
      std::find_if(entry.free_text.begin(), entry.free_text.end(), DeniesAllAllergies);
  return found == entry.free_text.end() ? std::string_view() : std::string_view(*found);
}

bool IsLed(std::string_view text) { return !ContradictionIn(text).words.empty(); }

std::string Told(std::string_view substance, std::string_view how, std::string_view words) {
  return std::string(substance).append(how).append(words).append("\"");
}

}  // namespace

Contradiction ContradictionIn(std::string_view text) {
  for (const std::string_view how : {kContradicted, kInItsWords}) {
    const std::size_t at = text.find(how);
    if (at == text.npos || !text.ends_with('"')) continue;
    const std::size_t from = at + how.size();
    return {text.substr(0, at), text.substr(from, text.size() - from - 1)};
  }
  return {text, {}};
}

void LeadWithSubstance(Entry& entry) {
  std::string& text = entry.what.text;
  const bool is_allergy = entry.kind == Kind::kAllergy && !entry.negated;
  if (!is_allergy || IsLed(text) || DenialOf(entry.what, entry.details) != Denial::kNothing) return;
  const std::string_view substance = SubstanceIn(entry.what.codings);
  if (Denies(text)) {
    text = Told(substance.empty() ? kUnnamed : substance, kContradicted, text);
  } else if (BeginsWithDenial(text)) {
    if (!substance.empty()) text = Told(substance, kInItsWords, text);
  } else if (const std::string_view denial = DenialBeside(entry); !denial.empty()) {
    const std::string first = text.empty() ? std::string(substance) : text;
    text = Told(first.empty() ? kUnnamed : first, kContradicted, denial);
  }
}

}  // namespace milecastle::record
