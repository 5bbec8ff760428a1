#include "inside/allergy_marks.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/text.h"
#include "record/likeness.h"
#include "record/none_known.h"

namespace milecastle::normalise {
namespace {

constexpr std::string_view kDrugs = "Drug allergy";
constexpr std::string_view kFoods = "Food allergy";
constexpr auto kOfNoDrug = std::to_array<std::string_view>(
    {kFoods, "Environmental allergy", "Animal allergy", "Plant allergy", "Pollen allergy"});

template <class List>
bool Has(const List& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

// One of the beginnings of words, in its text, or in the display or code of a coding.
bool Says(const record::Coded& what, std::initializer_list<std::string_view> any) {
  const auto says = [&](std::string_view words) {
    const std::string lower = base::Lower(words);
    return lower.find(" to ") == lower.npos && std::any_of(any.begin(), any.end(), [&](auto one) {
             return lower.find(one) != lower.npos;
           });
  };
  return says(what.text) ||
         std::any_of(what.codings.begin(), what.codings.end(), [&](const record::Coding& coding) {
           return says(coding.display) || says(coding.code);
         });
}

std::vector<std::uint64_t> MarksOfDenial(const record::Entry& entry) {
  const record::Denial denial = record::DenialOf(entry.what, entry.details);
  if (denial == record::Denial::kAll) return {record::kDeniesAllergies};
  std::vector<std::uint64_t> marks;
  if (denial == record::Denial::kNothing) return marks;
  const auto kinds = record::KindsBeside(entry.details);
  const bool is_plain = record::DenialOf(entry.what) == record::Denial::kAll;  // but for its kind
  if (Says(entry.what, {"drug", "medic", "nkda", "n.k.d.a", "409137002"}) ||
      (is_plain && Has(kinds, kDrugs))) {
    marks.push_back(record::kDeniesDrugAllergies);
  }
  if (Says(entry.what, {"food", "nkfa", "429625007"}) || (is_plain && Has(kinds, kFoods))) {
    marks.push_back(record::kDeniesFoodAllergies);
  }
  return marks;
}

std::vector<std::uint64_t> MarksOfAllergy(const record::Entry& entry) {
  const auto kinds = record::KindsBeside(entry.details);
  std::vector<std::uint64_t> marks = {record::kIsAllergy};
  const bool is_of_no_drug =
      !kinds.empty() && std::all_of(kinds.begin(), kinds.end(),
                                    [](std::string_view kind) { return Has(kOfNoDrug, kind); });
  if (!is_of_no_drug) marks.push_back(record::kMayBeOfDrug);
  if (Has(kinds, kFoods)) marks.push_back(record::kIsOfFood);
  return marks;
}

}  // namespace

std::vector<std::uint64_t> AllergyMarksOf(const record::Entry& entry) {
  const bool names_something = !entry.what.text.empty() || !entry.what.codings.empty();
  if (entry.section != record::Section::kAllergies || !names_something) return {};
  if (entry.negated) return MarksOfDenial(entry);
  if (entry.kind != record::Kind::kAllergy) return {};
  return MarksOfAllergy(entry);
}

}  // namespace milecastle::normalise
