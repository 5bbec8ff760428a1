#include "record/refusal.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "base/text.h"

namespace milecastle::record {
namespace {

using Words = std::span<const std::string_view>;

// Whole words.
constexpr auto kNo = std::to_array<std::string_view>({
    "no",         "not",       "never",     "none",      "nobody",   "noone",  "nothing",
    "neither",    "nor",       "cannot",    "cant",      "dont",     "doesnt", "didnt",
    "wont",       "wouldnt",   "isnt",      "arent",     "shouldnt", "mustnt", "neednt",
    "hasnt",      "havent",    "shant",     "without",   "stop",     "stops",  "stopped",
    "stopping",   "secret",    "private",   "privately", "only",     "solely", "except",
    "unless",     "limited",   "against",   "blocked",   "oppose",   "denial", "opposes",
    "opposed",    "objects",   "objected",  "objecting", "expired",  "lapsed", "unsure",
    "optinr",     "undecided", "objection", "emrgonly",  "unhappy",  "noauth", "nodscl",
    "objections",
});
// With what a word begins; the last rows are of codes and addresses that join their words.
constexpr auto kStems = std::to_array<std::string_view>({
    "refus",     "declin",    "dissent",   "withdr",    "withh",     "revok",    "reject",
    "deny",      "denie",     "disagre",   "disapprov", "prohibit",  "forbid",   "forbad",
    "rescind",   "cancel",    "hide",      "hidden",    "conceal",   "restrict", "exclu",
    "reluctan",  "uncomfort", "remov",     "ceas",      "unwilling", "optout",   "optedout",
    "noconsent", "nopermis",  "noshar",    "notshar",   "notconsen", "notgiv",   "notgrant",
    "notagree",  "notallow",  "notpermit", "donot",
});
constexpr auto kNoPhrases = std::to_array<std::string_view>({
    " opt out ",
    " opts out ",
    " opted out ",
    " opting out ",
    " keep out ",
    " kept out ",
    " between us ",
    " apart from ",
    " other than ",
    " to herself ",
    " to himself ",
    " to themselves ",
    " keep it from ",
    " keep this from ",
});
// With a word for no in them, and no refusal.
constexpr auto kNoRefusals = std::to_array<std::string_view>({
    " no concern ",
    " no concerns ",
    " no objection ",
    " no objections ",
    " no problem ",
    " no problems ",
    " no issue ",
    " no issues ",
    " no worries ",
    " no change ",
    " no changes ",
    " no question ",
    " no questions ",
    " no further action ",
    " no further questions ",
    " no restriction ",
    " no restrictions ",
    " without restriction ",
    " without restrictions ",
    " no limits ",
    " no conditions ",
    " not applicable ",
    " not known ",
    " not recorded ",
    " not asked ",
    " not mind ",
    " not object ",
    " doesnt mind ",
    " didnt mind ",
    " dont mind ",
    " doesnt object ",
    " didnt object ",
    " not objected ",
    " not only ",
    " do not resuscitate ",
    " do not attempt ",
    " not for resuscitation ",
});
constexpr auto kYes = std::to_array<std::string_view>({
    "yes",
    "y",
    "true",
    "given",
    "granted",
    "grants",
    "agreed",
    "agrees",
    "consented",
    "consents",
    "permitted",
    "implied",
    "express",
    "explicit",
    "optin",
});

// Refused upload to the local and the national record; declined to a named third party; Read v2
// dissent from the Summary Care Record.
constexpr auto kRefusalCodes = std::to_array<std::string_view>(
    {"416409005", "416308001", "320011000000108", "9Ndo", "9Ndo.", "9Ndo.00"});
// Given: to sharing, with a carer, to upload, to a named third party; Read v2 implied and express.
constexpr auto kAgreementCodes = std::to_array<std::string_view>(
    {"425691002", "342591000000108", "417528008", "417370002", "319951000000105", "9Ndl", "9Ndl.",
     "9Ndl.00", "9Ndm", "9Ndm.", "9Ndm.00", "9Ndn", "9Ndn.", "9Ndn.00"});

bool Has(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsPlain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Bytes of UTF-8 that are no part of a word: how many, and whether they part two words.
struct Gap {
  std::string_view bytes;
  bool parts = false;
};
constexpr auto kGaps = std::to_array<Gap>({
    {"'"},
    {"`"},
    {"\xE2\x80\x98"},  // typographic apostrophes
    {"\xE2\x80\x99"},
    {"\xC2\xAD"},  // soft hyphen
    {"\xE2\x80\x8B"},
    {"\xE2\x80\x8C"},
    {"\xE2\x80\x8D"},
    {"\xEF\xBB\xBF"},
    {"\xC2\xA0", true},
});
constexpr std::string_view kPunctuation = "\xE2\x80";  // and one byte more

Gap GapAt(std::string_view rest) {
  for (const Gap& gap : kGaps) {
    if (rest.starts_with(gap.bytes)) return gap;
  }
  if (rest.starts_with(kPunctuation)) return {rest.substr(0, 3), true};
  const bool is_word = static_cast<unsigned char>(rest.front()) >= 0x80;
  return {rest.substr(0, is_word ? 0 : 1), !is_word};
}

void Blank(std::string& words, std::string_view phrase) {
  for (std::size_t at = words.find(phrase); at != std::string::npos;
       at = words.find(phrase, at + 1)) {
    std::fill_n(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, phrase.size() - 2, '~');
  }
}

// Of words between single spaces.
template <typename Test>
bool AnyWord(std::string_view words, const Test& test) {
  while (words.size() > 1) {
    words.remove_prefix(1);
    const std::string_view word = words.substr(0, words.find(' '));
    if (test(word)) return true;
    words.remove_prefix(word.size());
  }
  return false;
}

bool SaysNo(std::string_view word) {
  return Has(kNo, word) || std::any_of(kStems.begin(), kStems.end(), [&](std::string_view stem) {
           return word.starts_with(stem);
         });
}

}  // namespace

std::string PlainWords(std::string_view text) {
  std::string plain = " ";
  bool was_small = false;
  const auto part = [&] {
    if (plain.back() != ' ') plain += ' ';
  };
  for (std::size_t i = 0; i < text.size();) {
    const char small = base::Lower(text[i]);
    if (IsPlain(small)) {
      if (small != text[i] && was_small) part();  // doNotShare
      was_small = small == text[i];
      plain += small;
      ++i;
      continue;
    }
    was_small = false;
    const Gap gap = GapAt(text.substr(i));
    if (gap.bytes.empty()) plain += text[i];  // a letter of another alphabet
    if (gap.parts) part();
    i += std::max<std::size_t>(gap.bytes.size(), 1);
  }
  part();
  return plain;
}

bool MaySayNo(std::string_view words) {
  std::string plain = PlainWords(words);
  for (const std::string_view phrase : kNoRefusals) Blank(plain, phrase);
  return AnyWord(plain, SaysNo) ||
         std::any_of(kNoPhrases.begin(), kNoPhrases.end(), [&](std::string_view phrase) {
           return plain.find(phrase) != std::string::npos;
         });
}

bool SaysYes(std::string_view words) {
  return !MaySayNo(words) &&
         AnyWord(PlainWords(words), [](std::string_view word) { return Has(kYes, word); });
}

bool IsRefusalCode(std::string_view code) { return Has(kRefusalCodes, code); }
bool IsAgreementCode(std::string_view code) { return Has(kAgreementCodes, code); }

}  // namespace milecastle::record
