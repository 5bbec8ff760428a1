// An identity as the trace reads it.
#include <algorithm>
#include <cctype>

#include "identify/trace.h"
#include "inside/names.h"
#include "record/logical_id.h"

namespace milecastle::identify {
namespace {

// Of somebody of very many names or addresses, the first in their order count: no message makes a
// trace long.
constexpr std::size_t kMostNames = 8;
constexpr std::size_t kMostOthers = 16;

template <class T>
void SortAndCut(std::vector<T>& list, std::size_t most) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  if (list.size() > most) list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

// The last word of a family name may be one, and is then no part of it: "Smith Jr".
std::string TakeGeneration(std::vector<std::string>& words) {
  if (words.size() < 2) return {};
  std::string generation = GenerationOf(words.back());
  if (!generation.empty()) words.pop_back();
  return generation;
}

Described::Name NameOf(const record::PersonName& name, std::set<std::string>& generations) {
  Described::Name read;
  std::vector<std::string> words = WordsOf(name.family);
  std::vector<std::string> suffixes = WordsOf(name.suffix);
  for (std::string& suffix : suffixes) suffix = GenerationOf(suffix);
  suffixes.push_back(TakeGeneration(words));
  read.given = GivenNamesOf(name.given);
  suffixes.push_back(TakeGeneration(read.given));
  for (const std::string& generation : suffixes) {
    if (!generation.empty()) generations.insert(generation);
  }
  for (const std::string& word : words) {
    read.family += word;
    if (!IsParticle(word)) read.parts.push_back(word);
  }
  SortAndCut(read.parts, kMostNames);
  return read;
}

// Digits alone for a telephone, without the country and the leading nought; an address in small
// letters. Nothing for what is too short to be one, or one digit over and over.
std::string TelecomOf(const std::string& value) {
  constexpr std::size_t kNational = 10;
  std::string text;
  if (value.find('@') != std::string::npos) {
    for (const char c : value) {
      const auto letter = static_cast<unsigned char>(c);
      if (std::isspace(letter) == 0) text += static_cast<char>(std::tolower(letter));
    }
    return text;
  }
  for (const char c : value) {
    if (c >= '0' && c <= '9') text += c;
  }
  if (text.size() < kNational) return {};
  text.erase(0, text.size() - kNational);
  return text.find_first_not_of(text.back()) == std::string::npos ? std::string() : text;
}

void DescribeWhereabouts(const store::Demographics& who, Described& described) {
  for (const record::Address& address : who.addresses) {
    std::string postcode = store::FoldPostcode(address.postcode);
    if (!postcode.empty()) described.postcodes.push_back(std::move(postcode));
  }
  for (const record::Telecom& telecom : who.telecoms) {
    std::string value = TelecomOf(telecom.value);
    if (!value.empty()) described.telecoms.push_back(std::move(value));
  }
  SortAndCut(described.postcodes, kMostOthers);
  SortAndCut(described.telecoms, kMostOthers);
}

}  // namespace

// Whether it begins with the words of an ignored one.
bool Tracer::IsIgnored(std::string_view name) const {
  const std::vector<std::string> words = WordsOf(name);
  return std::any_of(ignored_.begin(), ignored_.end(), [&](const auto& ignored) {
    return ignored.size() <= words.size() &&
           std::equal(ignored.begin(), ignored.end(), words.begin());
  });
}

Described Tracer::Describe(const store::Identity& identity) const {
  const store::Demographics& who = identity.demographics;
  Described described;
  for (const record::PersonName& name : who.names) {
    if (IsIgnored(name.family) || IsIgnored(name.given)) continue;
    Described::Name read = NameOf(name, described.generations);
    if (!read.family.empty() || !read.given.empty()) described.names.push_back(std::move(read));
  }
  SortAndCut(described.names, kMostNames);
  described.born = who.birth_date;
  described.sex = SexOf(who);
  DescribeWhereabouts(who, described);
  for (const record::LocalIdentifier& local : identity.local_identifiers) {
    if (record::IsLogicalId(local)) continue;
    described.locals.emplace_back(local.authority, local.value);
  }
  SortAndCut(described.locals, kMostOthers);
  described.nhs_number = identity.nhs_number;
  described.traceable = !identity.pseudo_person && !described.names.empty();
  return described;
}

}  // namespace milecastle::identify
