#include "normalise/normaliser.h"

#include <algorithm>
#include <set>
#include <utility>

#include "inside/headlines.h"
#include "inside/likeness.h"
#include "inside/rules_digest.h"
#include "record/belief.h"
#include "record/contradicted_allergy.h"
#include "record/label_flow.h"
#include "record/media.h"

namespace milecastle::normalise {
namespace {

// Raised whenever the code of this module reads more, or other things, in an entry or makes
// something else of them: what is stored is then labelled anew at the next start. Its tables need
// not be thought of: they are in the digest themselves.
constexpr std::uint64_t kMeaning = 3;

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

// Where the ODS codes of organisations are of (FHIR UK Core).
constexpr std::string_view kOrganisations = "https://fhir.nhs.uk/Id/ods-organization-code";

// By system and code, found without a copy of either.
struct BySystemAndCode {
  using is_transparent = void;
  template <class Left, class Right>
  bool operator()(const Left& left, const Right& right) const {
    return std::pair<std::string_view, std::string_view>(left) <
           std::pair<std::string_view, std::string_view>(right);
  }
};
using CodeIndex =
    std::map<std::pair<std::string, std::string>, std::vector<std::string>, BySystemAndCode>;

// A shorter code is one of many systems, and says nothing without its own.
constexpr std::size_t kTellsAlone = 4;

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

// Without blanks, a version ("|20260101", SNOMED CT's "/900000000000207008/version/…") and a
// slash at its end.
std::string_view PlainSystem(std::string_view system) {
  constexpr std::string_view kEditions = "http://snomed.info/sct/";
  system = Trimmed(system.substr(0, system.find('|')));
  if (system.starts_with(kEditions)) system = system.substr(0, kEditions.size());
  while (system.ends_with('/')) system.remove_suffix(1);
  return system;
}

// Rule 1: what the entry's codes say, wherever in it they stand.
class CodeRule {
 public:
  CodeRule(const std::vector<CodeLabel>& labels, const Systems& systems) : systems_(systems) {
    for (const CodeLabel& label : labels) {
      index_[{std::string(systems.UriOf(label.system)), label.code}].push_back(label.label);
      if (label.code.size() >= kTellsAlone) by_code_[label.code].push_back(label.label);
    }
  }

  void operator()(const record::Draft& draft, std::vector<std::string>& labels) const {
    if (index_.empty()) return;
    AddOf(draft.entry.what, labels);
    if (draft.entry.value) AddOf(draft.entry.value->coded, labels);
    for (const record::Detail& detail : draft.entry.details) AddOf(detail.coded, labels);
    // A clinic is known by its own code as well as a diagnosis is.
    for (const record::Performer& performer : draft.entry.performers) {
      AddCode(performer.identifier_system, performer.identifier, labels);
      AddCode(kOrganisations, performer.organisation, labels);
    }
  }

  void AddTo(RulesDigest& digest) const {
    digest.Add(index_.size());
    for (const auto& [code, given] : index_) {
      const std::set<std::string_view> labels(given.begin(), given.end());
      digest.Add(code.first);
      digest.Add(code.second);
      digest.Add(labels.size());
      for (const std::string_view label : labels) digest.Add(label);
    }
  }

 private:
  void AddOf(const record::Coded& coded, std::vector<std::string>& labels) const {
    for (const record::Coding& coding : coded.codings) AddCoding(coding, labels);
  }

  // A system that is written in another way is that system. Of a code without one nobody can say
  // that it is not the sensitive one.
  void AddCoding(const record::Coding& coding, std::vector<std::string>& labels) const {
    const std::string_view code = Trimmed(coding.code);
    const std::string_view system = PlainSystem(coding.system);
    const bool is_plain = system.size() == coding.system.size();  // and by its URI already
    if (!system.empty()) return AddCode(is_plain ? system : systems_.UriOf(system), code, labels);
    const auto found = by_code_.find(code);
    if (found == by_code_.end()) return;
    labels.insert(labels.end(), found->second.begin(), found->second.end());
  }

  void AddCode(std::string_view system, std::string_view code,
               std::vector<std::string>& labels) const {
    const auto found = index_.find(std::pair(system, code));
    if (found == index_.end()) return;
    labels.insert(labels.end(), found->second.begin(), found->second.end());
  }

  CodeIndex index_;
  std::map<std::string, std::vector<std::string>, std::less<>> by_code_;
  Systems systems_;
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

  void AddTo(RulesDigest& digest) const {
    digest.Add(map_.size());
    for (const auto& [said, label] : map_) {
      digest.Add(said);
      digest.Add(label);
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

base::Digest DigestOf(const NormaliserOptions& options, const Systems& systems,
                      const CodeRule& codes, const SourceRule& sources) {
  RulesDigest digest;
  digest.Add(kMeaning);
  digest.Add(systems.all().size());
  for (const auto& [name, uri] : systems.all()) {
    digest.Add(name);
    digest.Add(uri);
  }
  codes.AddTo(digest);
  sources.AddTo(digest);
  digest.Add(options.section_labels.size());
  for (const auto& [section, label] : options.section_labels) {
    digest.Add(record::KeyOf(section));
    digest.Add(label);
  }
  if (options.label_rules != nullptr) {
    digest.Add(base::AsBytes(options.label_rules->digest()));
  }
  return digest.Make();
}

void SortOut(std::vector<std::string>& labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

// Rule 4.
void AddByWords(const LabelRules& rules, const record::Entry& entry,
                std::vector<std::string>& labels) {
  for (const Finding& finding : rules.FindIn(entry)) labels.emplace_back(finding.label);
}

// Rule 5.
void LabelByLinks(std::vector<Item>& items) {
  const bool any = std::any_of(items.begin(), items.end(),
                               [](const Item& item) { return !item.entry_class.labels.empty(); });
  if (!any) return;
  std::vector<std::vector<record::Link>> links(items.size());
  std::vector<record::LabelNode> nodes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const record::Entry& entry = items[i].draft.entry;
    if (!entry.group.empty()) links[i].push_back({std::string(record::kPartOf), entry.group});
    links[i].insert(links[i].end(), entry.links.begin(), entry.links.end());
    nodes.push_back({.scope = {},
                     .key = items[i].draft.source_key,
                     .links = links[i],
                     .entry_class = &items[i].entry_class});
  }
  auto came = record::LabelsByLinks(nodes);
  if (came.empty()) return;
  for (std::size_t i = 0; i < items.size(); ++i) {
    record::AddLabels(came[i], items[i].entry_class);
  }
}

// One rule for every format, whatever its adapter looked at (record/belief.h, record/media.h).
void Believe(record::Entry& entry) {
  record::LeadWithSubstance(entry);
  if (record::IsStandingFact(entry.kind)) record::Settle(entry);
  record::GiveToOther(entry.subject, entry);
  if (!entry.document) return;
  record::Document& document = *entry.document;
  if (document.bytes.empty()) return;
  document.media_type = record::MediaTypeOf(document.media_type, document.bytes);
  document.truncated |= record::IsCutShort(document.media_type, document.bytes);
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

Normaliser::Normaliser(const NormaliserOptions& options)
    : systems_(options.systems),
      section_labels_(options.section_labels),
      words_(options.label_rules) {
  CodeRule codes(options.code_labels, systems_);
  SourceRule sources(options.source_labels);
  digest_ = DigestOf(options, systems_, codes, sources);
  rules_.emplace_back(std::move(codes));
  rules_.emplace_back(std::move(sources));
  rules_.emplace_back([sections = options.section_labels](const record::Draft& draft,
                                                          std::vector<std::string>& labels) {
    if (const auto found = sections.find(draft.entry.section); found != sections.end()) {
      labels.push_back(found->second);
    }
  });
}

std::vector<std::string> Normaliser::LabelsByWords(const record::Entry& entry) const {
  std::vector<std::string> labels;
  if (words_ != nullptr) AddByWords(*words_, entry, labels);
  SortOut(labels);
  return labels;
}

void Normaliser::Settle(Item& item, std::optional<base::Instant> received, KnownKeys& known) const {
  record::Entry& entry = item.draft.entry;
  systems_.Canonicalise(entry);
  Believe(entry);
  if (received) record::SettleCourse(entry, *received);
  record::EntryClass& entry_class = item.entry_class;
  entry_class.section = entry.section;
  entry_class.kind = entry.kind;
  entry_class.verification = entry.verification;
  for (const LabelRule& rule : rules_) rule(item.draft, entry_class.labels);
  entry_class.headline = TakeHeadline(entry, received, entry_class.labels);
  if (words_ != nullptr && !record::IsWarning(entry_class)) {
    AddByWords(*words_, entry, entry_class.labels);
  }
  SortOut(entry_class.labels);
  item.own = entry_class.labels;
  item.likeness = LikenessOf(entry, known);
}

Item Normaliser::Again(Kept kept, const record::OdsCode& source, base::Instant received) const {
  Item item{std::move(kept.draft), {.source = source, .labels = std::move(kept.labels)}, {}, {}};
  KnownKeys known;
  Settle(item, received, known);
  return item;
}

bool Normaliser::WouldLabel(const record::SectionStatement& statement) const {
  if (statement.text.empty()) return false;
  if (section_labels_.contains(statement.section)) return true;
  if (words_ == nullptr) return false;
  const auto found = words_->FindIn(std::string_view(statement.text));
  return std::any_of(found.begin(), found.end(),
                     [](const Finding& finding) { return !IsHeadline(finding.label); });
}

std::vector<Item> Normaliser::Normalise(std::vector<record::Draft> drafts,
                                        const record::OdsCode& source,
                                        std::optional<base::Instant> received) const {
  std::vector<Item> items;
  items.reserve(drafts.size());
  KnownKeys known;
  for (record::Draft& draft : drafts) {
    Item& item = items.emplace_back(Item{std::move(draft), record::EntryClass{.source = source}});
    Settle(item, received, known);
  }
  LabelByLinks(items);
  return items;
}

}  // namespace milecastle::normalise
