#include "inside/likeness.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "inside/allergy_marks.h"
#include "record/contradicted_allergy.h"

namespace milecastle::normalise {
namespace {

using record::ClinicalStatus;
using record::Entry;
using record::Holding;
using record::Section;

constexpr std::size_t kMostKeys = 8;

// Records of other kinds repeat without being the same: two blood pressures, two visits. A denial
// of allergies is a statement or an allergy that is denied, as its format has it.
bool IsCompared(const Entry& entry) {
  const bool is_denial = entry.kind == record::Kind::kStatement && entry.negated &&
                         entry.section == Section::kAllergies;
  const bool of_kind = entry.kind == record::Kind::kAllergy ||
                       entry.kind == record::Kind::kProblem ||
                       entry.kind == record::Kind::kMedication || is_denial;
  const bool of_section = entry.section == Section::kAllergies ||
                          entry.section == Section::kProblems ||
                          entry.section == Section::kMedications;
  return of_kind && of_section && entry.subject == record::Subject::kPatient &&
         entry.verification != record::Verification::kEnteredInError;
}

Holding HoldingOf(const Entry& entry) {
  if (entry.negated || entry.verification == record::Verification::kRefuted) {
    return Holding::kDenied;
  }
  switch (entry.status) {
    case ClinicalStatus::kActive:
      return Holding::kStands;
    case ClinicalStatus::kInactive:
    case ClinicalStatus::kResolved:
    case ClinicalStatus::kStopped:
    case ClinicalStatus::kCompleted:
      return Holding::kEnded;
    default:
      return Holding::kNothing;
  }
}

// Letters of every script as they are, ASCII ones and figures without case, all else one space.
std::string Folded(std::string_view words) {
  std::string folded;
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      folded += c;
    } else if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c - 'A' + 'a');
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  if (folded.ends_with(' ')) folded.pop_back();
  return folded;
}

class Keys {
 public:
  Keys(Section section, KnownKeys& known) : section_(record::KeyOf(section)), known_(known) {}

  void AddMarks(const std::vector<std::uint64_t>& marks) { marks_ = marks; }

  void Add(std::string_view system, std::string_view name) {
    if (name.empty() || keys_.size() == kMostKeys) return;
    text_.assign(section_).append("\n").append(system).append("\n").append(name);
    const auto [known, is_new] = known_.try_emplace(text_);
    if (is_new) known->second = KeyOf(text_);
    if (!record::IsMark(known->second)) keys_.push_back(known->second);
  }

  std::vector<std::uint64_t> Take() {
    keys_.insert(keys_.end(), marks_.begin(), marks_.end());
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    return std::move(keys_);
  }

 private:
  static std::uint64_t KeyOf(std::string_view text) {
    const base::Digest digest = base::Sha256(text);
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < sizeof(key); ++i) key = (key << 8) | digest.at(i);
    return key;
  }

  std::string_view section_;
  KnownKeys& known_;
  std::string text_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint64_t> marks_;
};

}  // namespace

record::Likeness LikenessOf(const Entry& entry, KnownKeys& known) {
  if (!IsCompared(entry)) return {};
  Keys keys(entry.section, known);
  for (const record::Coding& coding : entry.what.codings) {
    if (!coding.system.empty()) keys.Add(coding.system, coding.code);
  }
  const record::Contradiction told = record::ContradictionIn(entry.what.text);
  keys.Add("", Folded(told.substance));
  keys.Add("", Folded(told.words));
  for (const record::Coding& coding : entry.what.codings) keys.Add("", Folded(coding.display));
  keys.AddMarks(AllergyMarksOf(entry));
  return {HoldingOf(entry), keys.Take()};
}

}  // namespace milecastle::normalise
