#include "resources/status.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::ClinicalStatus;
using record::Intent;

// "Entered in Error" is entered-in-error.
std::string Folded(std::string_view word) {
  constexpr std::string_view kSpaces = " _-";
  const std::size_t first = word.find_first_not_of(kSpaces);
  if (first == std::string::npos) return "";
  std::string folded(word.substr(first, word.find_last_not_of(kSpaces) - first + 1));
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c == ' ' || c == '_' ? '-' : base::Lower(c); });
  return folded;
}

// What a word means; nothing in neither table: nobody knows it.
struct Meaning {
  const StatusWord* status;
  const VerificationWord* verification;
};

bool IsKnown(const Meaning& meaning) {
  return meaning.status != nullptr || meaning.verification != nullptr;
}

// A status as its source wrote it, and what all the words mean that it may be known by. Marks it as
// read.
struct Said {
  std::string original;
  std::vector<Meaning> words;
};

void Add(const Release& release, std::string_view word, std::vector<Meaning>* words) {
  const std::string folded = Folded(word);
  if (folded.empty()) return;
  words->push_back({FindStatus(release, folded), FindVerification(release, folded)});
}

void Append(std::string_view word, std::string* text) {
  if (word.empty()) return;
  if (!text->empty()) text->append(", ");
  text->append(word);
}

// STU3 sends a word, R4 in some resources a concept whose codes are words.
Said SaidOf(const Release& release, const Element& status) {
  Said said;
  if (!status.IsObject()) {
    said.original = status.text();
    Add(release, said.original, &said.words);
    return said;
  }
  const record::Coded coded = CodedOf(status);
  for (const record::Coding& coding : coded.codings) {
    Append(coding.code.empty() ? coding.display : coding.code, &said.original);
    Add(release, coding.code, &said.words);
    Add(release, coding.display, &said.words);
  }
  const bool knows_code = std::any_of(said.words.begin(), said.words.end(), IsKnown);
  if (!knows_code) Append(coded.text, &said.original);
  Add(release, coded.text, &said.words);
  return said;
}

// What is over outweighs what goes on.
constexpr auto kFromLoose = std::to_array<ClinicalStatus>(
    {ClinicalStatus::kActive, ClinicalStatus::kUnstated, ClinicalStatus::kOnHold,
     ClinicalStatus::kPlanned, ClinicalStatus::kCompleted, ClinicalStatus::kInactive,
     ClinicalStatus::kResolved, ClinicalStatus::kStopped, ClinicalStatus::kCancelled});
constexpr auto kIntentsFromLoose = std::to_array<Intent>(
    {Intent::kUnstated, Intent::kDone, Intent::kOrdered, Intent::kPlanned, Intent::kNotDone});

template <class T, std::size_t N>
T Stricter(const std::array<T, N>& from_loose, T left, T right) {
  return *std::max(std::find(from_loose.begin(), from_loose.end(), left),
                   std::find(from_loose.begin(), from_loose.end(), right));
}

void Weigh(const Meaning& word, bool* is_first, record::Entry* entry) {
  if (const StatusWord* const status = word.status; status != nullptr) {
    entry->status =
        *is_first ? status->status : Stricter(kFromLoose, entry->status, status->status);
    entry->intent = Stricter(kIntentsFromLoose, entry->intent, status->intent);
    *is_first = false;
  }
  if (word.verification != nullptr) {
    entry->verification = std::max(entry->verification, word.verification->verification);
  }
}

// The words of a verification status, without marking it.
std::vector<Meaning> Peeked(const Release& release, const Element& status) {
  std::vector<Meaning> words;
  for (const Element& one : status.items()) {
    if (!one.IsObject()) Add(release, one.peek(), &words);
    for (const Element& coding : one["coding"].items()) {
      Add(release, coding["code"].peek(), &words);
      Add(release, coding["display"].peek(), &words);
    }
    Add(release, one["text"].peek(), &words);
  }
  return words;
}

}  // namespace

void ReadStatus(const Release& release, const Element& resource, record::Entry* entry) {
  bool is_first = true;
  for (const std::string_view name : release.status) {
    for (const Element& status : resource[name].items()) {
      const Said said = SaidOf(release, status);
      Append(said.original, &entry->status_original);
      for (const Meaning& word : said.words) Weigh(word, &is_first, entry);
    }
  }
}

bool IsOfUnknownStanding(const Release& release, const Element& resource) {
  const std::vector<Meaning> words = Peeked(release, resource["verificationStatus"]);
  return !words.empty() && std::none_of(words.begin(), words.end(), [](const Meaning& word) {
    return word.verification != nullptr;
  });
}

}  // namespace milecastle::resources
