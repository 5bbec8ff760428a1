#include "inside/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace milecastle::identify {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Ours: common short forms in England, each with a name that it is short for.
constexpr auto kShortForms = std::to_array<Pair>({
    {"abby", "abigail"},      {"al", "alan"},           {"alex", "alexander"},
    {"alex", "alexandra"},    {"alf", "alfred"},        {"alfie", "alfred"},
    {"andy", "andrew"},       {"annie", "anne"},        {"archie", "archibald"},
    {"becky", "rebecca"},     {"bella", "isabella"},    {"ben", "benjamin"},
    {"bert", "albert"},       {"beth", "elizabeth"},    {"betty", "elizabeth"},
    {"bill", "william"},      {"billy", "william"},     {"bob", "robert"},
    {"bobby", "robert"},      {"cathy", "catherine"},   {"charlie", "charles"},
    {"charlie", "charlotte"}, {"chris", "christopher"}, {"chris", "christine"},
    {"dan", "daniel"},        {"danny", "daniel"},      {"dave", "david"},
    {"debbie", "deborah"},    {"dick", "richard"},      {"don", "donald"},
    {"dot", "dorothy"},       {"ed", "edward"},         {"eddie", "edward"},
    {"ellie", "eleanor"},     {"fran", "frances"},      {"frank", "francis"},
    {"fred", "frederick"},    {"gabby", "gabrielle"},   {"geoff", "geoffrey"},
    {"gerry", "gerald"},      {"greg", "gregory"},      {"harry", "harold"},
    {"harry", "henry"},       {"izzy", "isabel"},       {"izzy", "isabella"},
    {"jack", "john"},         {"jake", "jacob"},        {"jamie", "james"},
    {"jen", "jennifer"},      {"jenny", "jennifer"},    {"jess", "jessica"},
    {"jim", "james"},         {"jimmy", "james"},       {"jo", "joanne"},
    {"joe", "joseph"},        {"jon", "jonathan"},      {"josh", "joshua"},
    {"kate", "catherine"},    {"kate", "katherine"},    {"kath", "kathleen"},
    {"katie", "catherine"},   {"katie", "katherine"},   {"ken", "kenneth"},
    {"kim", "kimberley"},     {"larry", "lawrence"},    {"len", "leonard"},
    {"les", "leslie"},        {"liz", "elizabeth"},     {"lizzie", "elizabeth"},
    {"maggie", "margaret"},   {"mandy", "amanda"},      {"matt", "matthew"},
    {"max", "maxwell"},       {"meg", "margaret"},      {"mick", "michael"},
    {"mike", "michael"},      {"mo", "mohammed"},       {"nat", "nathan"},
    {"nick", "nicholas"},     {"norm", "norman"},       {"pam", "pamela"},
    {"pat", "patricia"},      {"pat", "patrick"},       {"peggy", "margaret"},
    {"penny", "penelope"},    {"pete", "peter"},        {"phil", "philip"},
    {"ray", "raymond"},       {"reg", "reginald"},      {"rich", "richard"},
    {"rick", "richard"},      {"rob", "robert"},        {"robbie", "robert"},
    {"ron", "ronald"},        {"sally", "sarah"},       {"sam", "samantha"},
    {"sam", "samuel"},        {"sandy", "alexander"},   {"sid", "sidney"},
    {"stan", "stanley"},      {"steve", "stephen"},     {"steve", "steven"},
    {"sue", "susan"},         {"ted", "edward"},        {"terry", "terence"},
    {"tess", "theresa"},      {"tim", "timothy"},       {"toby", "tobias"},
    {"tom", "thomas"},        {"tony", "anthony"},      {"trish", "patricia"},
    {"val", "valerie"},       {"vic", "victor"},        {"viv", "vivian"},
    {"wendy", "gwendolen"},   {"will", "william"},      {"zac", "zachary"},
});

constexpr auto kGenerations = std::to_array<Pair>({
    {"jr", "jr"},
    {"jnr", "jr"},
    {"junior", "jr"},
    {"sr", "sr"},
    {"snr", "sr"},
    {"senior", "sr"},
    {"ii", "2"},
    {"2nd", "2"},
    {"iii", "3"},
    {"3rd", "3"},
    {"iv", "4"},
    {"4th", "4"},
});

constexpr auto kParticles = std::to_array<std::string_view>(
    {"abu", "al",  "bin", "binti", "da",  "de", "del", "den", "der", "di",  "dos", "du",
     "el",  "ibn", "la",  "le",    "mac", "mc", "o",   "san", "st",  "ter", "van", "von"});

constexpr auto kUnnamed = std::to_array<std::string_view>(
    {"anon", "anonymous", "baby", "boy", "female", "girl", "infant", "male", "newborn", "triplet",
     "twin", "unk", "unknown", "unnamed"});

bool IsInitialOf(const std::string& one, const std::string& other) {
  return one.size() == 1 && other.starts_with(one);
}

bool IsAmongFollowers(const std::string& name, const std::vector<std::string>& given) {
  return name.size() > 1 && std::find(given.begin() + 1, given.end(), name) != given.end();
}

bool IsShortOf(std::string_view shorter, std::string_view name) {
  return std::find(kShortForms.begin(), kShortForms.end(), Pair{shorter, name}) !=
         kShortForms.end();
}

using Letters = std::vector<std::uint32_t>;

// The code points of folded text, which is UTF-8.
Letters LettersOf(std::string_view text) {
  constexpr std::size_t kMost = 64;
  Letters letters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool goes_on = (byte & 0xC0U) == 0x80U;
    if (goes_on && !letters.empty()) {
      letters.back() = (letters.back() << 8U) | byte;
    } else {
      if (letters.size() == kMost) break;
      letters.push_back(byte);
    }
  }
  return letters;
}

// The letters of each that the other has near the same place, in their order.
std::pair<Letters, Letters> InCommon(const Letters& left, const Letters& right) {
  const std::size_t longer = std::max(left.size(), right.size());
  const std::size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::vector<bool> taken(right.size(), false);
  Letters of_left;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::size_t from = i > reach ? i - reach : 0;
    const std::size_t until = std::min(right.size(), i + reach + 1);
    for (std::size_t k = from; k < until; ++k) {
      if (taken[k] || left[i] != right[k]) continue;
      taken[k] = true;
      of_left.push_back(left[i]);
      break;
    }
  }
  Letters of_right;
  for (std::size_t k = 0; k < right.size(); ++k) {
    if (taken[k]) of_right.push_back(right[k]);
  }
  return {of_left, of_right};
}

// In thousandths.
std::uint64_t JaroWinkler(const Letters& left, const Letters& right) {
  constexpr std::size_t kLongestPrefix = 4;
  constexpr std::uint64_t kWhole = 1000;
  const auto [of_left, of_right] = InCommon(left, right);
  const std::uint64_t common = of_left.size();
  if (common == 0) return 0;
  std::uint64_t moved = 0;
  for (std::size_t i = 0; i < of_left.size(); ++i) moved += of_left[i] != of_right[i] ? 1U : 0U;
  const std::uint64_t jaro = (kWhole * common / left.size() + kWhole * common / right.size() +
                              kWhole * (2 * common - moved) / (2 * common)) /
                             3;
  std::uint64_t prefix = 0;
  while (prefix < kLongestPrefix && prefix < left.size() && prefix < right.size() &&
         left[prefix] == right[prefix]) {
    ++prefix;
  }
  return jaro + prefix * (kWhole - jaro) / 10;
}

}  // namespace

char SexOf(const store::Demographics& who) {
  const char first = who.sex.empty()
                         ? ' '
                         : static_cast<char>(std::toupper(static_cast<unsigned char>(who.sex[0])));
  return first == 'M' || first == 'F' ? first : ' ';
}

std::vector<std::string> WordsOf(std::string_view name) {
  constexpr std::string_view kBetween = " -/\t";
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < name.size()) {
    const std::size_t end = std::min(name.find_first_of(kBetween, at), name.size());
    if (auto word = store::FoldName(name.substr(at, end - at)); !word.empty()) {
      words.push_back(std::move(word));
    }
    at = end + 1;
  }
  return words;
}

bool SpeltAlike(const std::string& left, const std::string& right, Likeness likeness) {
  constexpr std::uint64_t kAlike = 900;
  constexpr std::uint64_t kAlikeOfOneSound = 800;
  constexpr std::size_t kShortest = 3;
  Letters one = LettersOf(left);
  Letters other = LettersOf(right);
  if (one.size() < kShortest || other.size() < kShortest) return false;
  if (other < one) std::swap(one, other);  // which letters pair off depends on who begins
  const std::uint64_t alike = JaroWinkler(one, other);
  if (alike >= kAlike || likeness == Likeness::kLetters) return alike >= kAlike;
  const std::string sound = store::SoundOf(left);
  return alike >= kAlikeOfOneSound && !sound.empty() && sound == store::SoundOf(right);
}

bool IsShortForm(const std::string& left, const std::string& right) {
  if (IsShortOf(left, right) || IsShortOf(right, left)) return true;
  return std::any_of(kShortForms.begin(), kShortForms.end(), [&](const Pair& each) {
    return each.first == left && IsShortOf(right, each.second);
  });
}

std::vector<std::string> GivenNamesOf(std::string_view given) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (at < given.size()) {
    const std::size_t end = std::min(given.find(' ', at), given.size());
    if (auto name = store::FoldName(given.substr(at, end - at)); !name.empty()) {
      names.push_back(std::move(name));
    }
    at = end + 1;
  }
  return names;
}

GivenLikeness CompareGiven(const std::vector<std::string>& left,
                           const std::vector<std::string>& right, bool sexes_differ) {
  const std::string& one = left.front();
  const std::string& other = right.front();
  if (one == other && one.size() > 1) return GivenLikeness::kSame;
  if (IsShortForm(one, other)) return GivenLikeness::kShortForm;
  if (!sexes_differ && SpeltAlike(one, other)) return GivenLikeness::kSpeltAlike;
  if (IsAmongFollowers(one, right) || IsAmongFollowers(other, left)) {
    return GivenLikeness::kMiddleName;
  }
  return SameInShort(one, other) ? GivenLikeness::kInitial : GivenLikeness::kNone;
}

bool SameInShort(const std::string& one, const std::string& other) {
  return one == other || IsInitialOf(one, other) || IsInitialOf(other, one);
}

bool IsOfTheUnnamed(std::string_view word) {
  return std::find(kUnnamed.begin(), kUnnamed.end(), word) != kUnnamed.end();
}

std::string GenerationOf(std::string_view word) {
  const auto* const line = std::find_if(kGenerations.begin(), kGenerations.end(),
                                        [&](const Pair& each) { return each.first == word; });
  return line == kGenerations.end() ? std::string() : std::string(line->second);
}

bool IsParticle(std::string_view word) {
  return std::find(kParticles.begin(), kParticles.end(), word) != kParticles.end();
}

}  // namespace milecastle::identify
