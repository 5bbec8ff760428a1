// What a rule may ask of an item: one class of entries, or a source's section as a whole.
//
// Thread-safety: values that point at what they were made of. Failure: none.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decide/policy.h"
#include "record/facts.h"

namespace milecastle::decide {

struct Label {
  std::string_view name;
  const LabelRule* rule = nullptr;  // null: the policy does not know it
};

struct Item {
  const record::OdsCode* source = nullptr;
  record::Section section = record::Section::kDemographics;
  record::Kind kind = record::Kind::kStatement;
  record::Standing standing = record::Standing::kCurrent;
  record::Verification verification = record::Verification::kUnstated;
  std::span<const Label> labels;  // of all that the source contributes, and of the class
  bool untraced = false;          // said under a number that nobody traced

  bool IsAllergyOrAlert() const {
    return section == record::Section::kAllergies || section == record::Section::kAlerts ||
           kind == record::Kind::kAllergy || kind == record::Kind::kAlert;
  }
  // Of today: neither wrong nor replaced.
  bool IsAFact() const {
    return standing == record::Standing::kCurrent &&
           verification != record::Verification::kEnteredInError &&
           verification != record::Verification::kRefuted;
  }
  bool HasAnyOf(const std::vector<std::string>& names) const {
    return std::any_of(names.begin(), names.end(), [this](const std::string& name) {
      return std::any_of(labels.begin(), labels.end(),
                         [&name](const Label& label) { return label.name == name; });
    });
  }
  bool IsDocument() const {
    return kind == record::Kind::kDocument || section == record::Section::kDocuments;
  }
};

}  // namespace milecastle::decide
