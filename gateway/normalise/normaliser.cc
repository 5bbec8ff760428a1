#include "normalise/normaliser.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "inside/headlines.h"
#include "inside/likeness.h"

namespace milecastle::normalise {
namespace {

constexpr std::string_view kUnmapped = "source:unmapped";

// An empty label: known, and means nothing for a decision.
using Pair = std::pair<std::string_view, std::string_view>;
constexpr Pair kSourceLabels[] = {
    {"NOPAT", "no_patient_access"},
    // HL7 v3 Confidentiality and table 0272, and the categories of table 0177 (ORC-28).
    {"confidentiality:R", "source:confidential"},
    {"confidentiality:V", "source:very_restricted"},
    {"confidentiality:N", ""},
    {"confidentiality:M", ""},
    {"confidentiality:L", ""},
    {"confidentiality:U", ""},
    {"confidentiality:UC", ""},
    {"confidentiality:AID", "hiv"},
    {"confidentiality:HIV", "hiv"},
    {"confidentiality:PSY", "mental_health"},
    {"confidentiality:ETH", "substance_misuse"},
    {"confidentiality:VIP", "source:vip"},
    // PD1-12, PV2-22: the patient asked for protection of what is held.
    {"protected:*", "source:protected"},
    {"vip:*", "source:vip"},
};

using CodeIndex = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

// Rule 1: what the entry's codes say, wherever in it they stand.
class CodeRule {
 public:
  CodeRule(const std::vector<CodeLabel>& labels, const Systems& systems) {
    for (const CodeLabel& label : labels) {
      index_[{std::string(systems.UriOf(label.system)), label.code}].push_back(label.label);
    }
  }

  void operator()(const record::Draft& draft, std::vector<std::string>& labels) const {
    if (index_.empty()) return;
    AddOf(draft.entry.what, labels);
    if (draft.entry.value) AddOf(draft.entry.value->coded, labels);
    for (const record::Detail& detail : draft.entry.details) AddOf(detail.coded, labels);
  }

 private:
  void AddOf(const record::Coded& coded, std::vector<std::string>& labels) const {
    for (const record::Coding& coding : coded.codings) {
      const auto found = index_.find({coding.system, coding.code});
      if (found == index_.end()) continue;
      labels.insert(labels.end(), found->second.begin(), found->second.end());
    }
  }

  CodeIndex index_;
};

// Rule 2: what the source said of the entry.
class SourceRule {
 public:
  explicit SourceRule(const std::map<std::string, std::string>& configured) {
    for (const auto& [said, label] : configured) map_.insert_or_assign(said, label);
    for (const auto& [said, label] : kSourceLabels) map_.try_emplace(std::string(said), label);
  }

  void operator()(const record::Draft& draft, std::vector<std::string>& labels) const {
    for (const std::string& said : draft.source_labels) {
      const std::string* label = Find(said);
      if (label == nullptr) {
        labels.emplace_back(kUnmapped);
      } else if (!label->empty()) {
        labels.push_back(*label);
      }
    }
  }

 private:
  const std::string* Find(std::string_view said) const {
    if (const auto exact = map_.find(said); exact != map_.end()) return &exact->second;
    for (const auto& [key, label] : map_) {
      if (key.ends_with('*') && said.starts_with(std::string_view(key).substr(0, key.size() - 1))) {
        return &label;
      }
    }
    return nullptr;
  }

  std::map<std::string, std::string, std::less<>> map_;
};

void SortOut(std::vector<std::string>& labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

bool TakesDerivedLabels(const Item& item) {
  return item.draft.entry.section != record::Section::kAllergies &&
         item.draft.entry.section != record::Section::kAlerts &&
         item.draft.entry.kind != record::Kind::kAllergy &&
         item.draft.entry.kind != record::Kind::kAlert;
}

// Rule 4. Labels flow one step, from what each item had of its own: a sensitive item of a long
// consultation makes its heading sensitive, not every other item.
void DeriveFromGroups(std::vector<Item>& items) {
  std::unordered_map<std::string_view, std::size_t> by_key;
  for (std::size_t i = 0; i < items.size(); ++i) by_key.emplace(items[i].draft.source_key, i);
  std::vector<std::vector<std::string>> derived(items.size());
  const auto flow = [&](std::size_t from, std::size_t to) {
    const auto& labels = items[from].entry_class.labels;
    derived[to].insert(derived[to].end(), labels.begin(), labels.end());
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto head = by_key.find(items[i].draft.entry.group);
    if (head == by_key.end() || head->second == i) continue;
    flow(head->second, i);
    if (items[head->second].draft.entry.kind == record::Kind::kReport) flow(i, head->second);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (derived[i].empty() || !TakesDerivedLabels(items[i])) continue;
    auto& labels = items[i].entry_class.labels;
    labels.insert(labels.end(), derived[i].begin(), derived[i].end());
    SortOut(labels);
  }
}

base::Result<void> CheckLabel(std::string_view label, std::string_view place) {
  if (IsLabel(label) && !IsUnknownHeadline(label)) return {};
  return base::Error{
      base::ErrorId::kConfigInvalid, std::string(place),
      "write the label in lower case letters, digits, _ and :, beginning with a letter"};
}

base::Result<void> Check(const NormaliserOptions& options) {
  for (const auto& [said, label] : options.source_labels) {
    if (label.empty()) continue;
    if (auto checked = CheckLabel(label, "source_labels"); !checked) return checked;
  }
  for (const auto& [section, label] : options.section_labels) {
    if (auto checked = CheckLabel(label, "section_labels"); !checked) return checked;
  }
  for (const CodeLabel& label : options.code_labels) {
    if (auto checked = CheckLabel(label.label, "code_labels"); !checked) return checked;
  }
  return {};
}

}  // namespace

base::Result<Normaliser> Normaliser::Create(const NormaliserOptions& options) {
  if (auto checked = Check(options); !checked) return checked.error();
  return Normaliser(options);
}

Normaliser::Normaliser(const NormaliserOptions& options) : systems_(options.systems) {
  Add(CodeRule(options.code_labels, systems_));
  Add(SourceRule(options.source_labels));
  Add([sections = options.section_labels](const record::Draft& draft,
                                          std::vector<std::string>& labels) {
    if (const auto found = sections.find(draft.entry.section); found != sections.end()) {
      labels.push_back(found->second);
    }
  });
}

std::vector<Item> Normaliser::Normalise(std::vector<record::Draft> drafts,
                                        const record::OdsCode& source) const {
  std::vector<Item> items;
  items.reserve(drafts.size());
  for (record::Draft& draft : drafts) {
    systems_.Canonicalise(draft.entry);
    record::EntryClass entry_class{source,
                                   draft.entry.section,
                                   draft.entry.kind,
                                   record::Standing::kCurrent,
                                   draft.entry.verification,
                                   {}};
    for (const LabelRule& rule : rules_) rule(draft, entry_class.labels);
    entry_class.headline = TakeHeadline(draft.entry, entry_class.labels);
    SortOut(entry_class.labels);
    record::Likeness likeness = LikenessOf(draft.entry);
    items.push_back({std::move(draft), std::move(entry_class), std::move(likeness)});
  }
  DeriveFromGroups(items);
  return items;
}

}  // namespace milecastle::normalise
