#include "resources/status.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::ClinicalStatus;
using record::Intent;

// "Entered in Error" is entered-in-error.
std::string Folded(std::string_view word) {
  std::string folded;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c + ('a' - 'A'));
    } else {
      folded += c == ' ' || c == '_' ? '-' : c;
    }
  }
  const std::size_t first = folded.find_first_not_of('-');
  if (first == std::string::npos) return "";
  return folded.substr(first, folded.find_last_not_of('-') - first + 1);
}

bool IsKnown(const Release& release, const std::string& word) {
  return FindStatus(release, word) != nullptr || FindVerification(release, word) != nullptr;
}

// A status as its source wrote it, and all the words that it may be known by. Marks it as read.
struct Said {
  std::string original;
  std::vector<std::string> words;
};

void Add(std::string_view word, Said* said) {
  if (std::string folded = Folded(word); !folded.empty()) said->words.push_back(std::move(folded));
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
    Add(said.original, &said);
    return said;
  }
  const record::Coded coded = CodedOf(status);
  for (const record::Coding& coding : coded.codings) {
    Append(coding.code.empty() ? coding.display : coding.code, &said.original);
    Add(coding.code, &said);
    Add(coding.display, &said);
  }
  const bool knows_code = std::any_of(said.words.begin(), said.words.end(),
                                      [&](const auto& word) { return IsKnown(release, word); });
  if (!knows_code) Append(coded.text, &said.original);
  Add(coded.text, &said);
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

void Weigh(const Release& release, const std::string& word, bool* is_first, record::Entry* entry) {
  if (const StatusWord* const status = FindStatus(release, word)) {
    entry->status =
        *is_first ? status->status : Stricter(kFromLoose, entry->status, status->status);
    entry->intent = Stricter(kIntentsFromLoose, entry->intent, status->intent);
    *is_first = false;
  }
  if (const VerificationWord* const found = FindVerification(release, word)) {
    entry->verification = std::max(entry->verification, found->verification);
  }
}

// The words of a verification status, without marking it.
std::vector<std::string> PeekedWords(const Element& status) {
  Said said;
  for (const Element& one : status.items()) {
    if (!one.IsObject()) Add(one.peek(), &said);
    for (const Element& coding : one["coding"].items()) {
      Add(coding["code"].peek(), &said);
      Add(coding["display"].peek(), &said);
    }
    Add(one["text"].peek(), &said);
  }
  return said.words;
}

}  // namespace

void ReadStatus(const Release& release, const Element& resource, record::Entry* entry) {
  bool is_first = true;
  for (const std::string_view name : release.status) {
    for (const Element& status : resource[name].items()) {
      const Said said = SaidOf(release, status);
      Append(said.original, &entry->status_original);
      for (const std::string& word : said.words) Weigh(release, word, &is_first, entry);
    }
  }
}

bool IsOfUnknownStanding(const Release& release, const Element& resource) {
  const std::vector<std::string> words = PeekedWords(resource["verificationStatus"]);
  return !words.empty() && std::none_of(words.begin(), words.end(), [&](const std::string& word) {
    return FindVerification(release, word) != nullptr;
  });
}

}  // namespace milecastle::resources
