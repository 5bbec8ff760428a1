#include "normalise/label_rules.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/config.h"
#include "base/config_files.h"
#include "inside/entry_texts.h"
#include "inside/phrases.h"
#include "inside/readings.h"
#include "inside/rules_digest.h"
#include "normalise/code_set.h"
#include "record/label_flow.h"

namespace milecastle::normalise {
namespace {

using Places = std::bitset<kPlaces.size()>;
constexpr std::size_t kMostPhrases = 20'000;
constexpr std::size_t kShortestFolded = 3;  // letters of a single word whose case does not count

struct Rule {
  std::string id;
  std::string label;
  std::string place;  // of its label, in its file
  Places places;
};

bool IsRuleId(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool Holds(const Phrase& longer, const Phrase& shorter) {
  const auto found = std::search(
      longer.words.begin(), longer.words.end(), shorter.words.begin(), shorter.words.end(),
      [](const Word& left, const Word& right) { return left.folded == right.folded; });
  return found != longer.words.end();
}

// A rule's own: its label, where it looks, and its words in any order.
base::Digest DigestOf(const std::vector<Rule>& rules, const std::vector<Phrase>& phrases) {
  std::vector<std::set<std::string>> words(rules.size());
  for (const Phrase& phrase : phrases) {
    RulesDigest of;
    of.Add(std::uint64_t{phrase.exact} << 1U | std::uint64_t{phrase.exception});
    for (const Word& word : phrase.words) of.Add(phrase.exact ? word.sent : word.folded);
    words[phrase.rule].emplace(base::AsBytes(of.Make()));
  }
  std::set<std::string> all;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    RulesDigest of;
    of.Add(rules[i].label);
    of.Add(rules[i].places.to_ullong());
    for (const std::string& word : words[i]) of.Add(word);
    all.emplace(base::AsBytes(of.Make()));
  }
  RulesDigest whole;
  for (const std::string& rule : all) whole.Add(rule);
  return whole.Make();
}

std::string Listed(const std::set<std::string_view>& labels) {
  std::string text;
  for (const std::string_view label : labels) {
    if (!text.empty()) text += ", ";
    text += label;
  }
  return text.empty() ? "no label" : text;
}

}  // namespace

struct LabelRules::Inside {
  Inside(std::vector<Rule> read, std::vector<Phrase> of_them, std::size_t shown)
      : rules(std::move(read)),
        digest(DigestOf(rules, of_them)),
        phrases(std::move(of_them)),
        cases(shown) {}

  void Read(Place place, std::string_view text, PhraseSearch& search,
            std::vector<Finding>& found) const {
    if (text.empty()) return;
    const auto counts = [&](RuleNumber rule) {
      return rules[rule].places.test(static_cast<std::size_t>(place));
    };
    for (const RuleNumber rule : search.Read(text, counts)) {
      found.push_back({rules[rule].id, rules[rule].label, NameOf(place)});
    }
  }

  std::vector<Rule> rules;
  base::Digest digest;
  Phrases phrases;
  std::size_t cases = 0;
};

LabelRules::LabelRules(std::unique_ptr<const Inside> inside) : inside_(std::move(inside)) {}
LabelRules::~LabelRules() = default;
std::vector<LabelRules::Given> LabelRules::labels() const {
  std::vector<Given> given;
  for (const Rule& rule : inside_->rules) given.push_back({rule.label, rule.place});
  return given;
}
base::Digest LabelRules::digest() const { return inside_->digest; }
std::size_t LabelRules::rules() const { return inside_->rules.size(); }
std::size_t LabelRules::phrases() const { return inside_->phrases.size(); }
std::size_t LabelRules::cases() const { return inside_->cases; }

std::vector<Finding> LabelRules::FindIn(const record::Entry& entry) const {
  std::vector<Finding> found;
  if (record::IsWarning(entry.section, entry.kind)) return found;
  PhraseSearch search(inside_->phrases, inside_->rules.size());
  EachText(entry,
           [&](Place place, std::string_view text) { inside_->Read(place, text, search, found); });
  return found;
}

std::vector<Finding> LabelRules::FindIn(std::string_view text) const {
  std::vector<Finding> found;
  PhraseSearch search(inside_->phrases, inside_->rules.size());
  EachReading(text, [&](std::string_view reading) {
    for (std::size_t place = 0; place < kPlaces.size(); ++place) {
      inside_->Read(static_cast<Place>(place), reading, search, found);
    }
  });
  return found;
}

// Reads files one by one, and makes a set of all of them.
class LabelRulesReader {
 public:
  void Read(const LabelRulesFile& from) {
    auto file = base::ConfigFile::Parse(from.text, from.name);
    if (!file) {
      problems_.push_back(file.error());
      return;
    }
    const base::ConfigTable root = file->Root();
    for (const base::ConfigTable& table : root.Tables("rule")) ReadRule(table);
    for (const base::ConfigTable& table : root.Tables("case")) ReadCase(table);
    const auto problems = file->Finish();
    problems_.insert(problems_.end(), problems.begin(), problems.end());
  }

  LabelRules::Loaded Make() {
    if (phrases_.size() > kMostPhrases) {
      Refuse("label rules", "write at most 20000 words and phrases, over all files");
    }
    if (!problems_.empty()) return {.rules = nullptr, .problems = std::move(problems_)};
    auto inside =
        std::make_unique<const LabelRules::Inside>(rules_, std::move(phrases_), cases_.size());
    std::shared_ptr<const LabelRules> made(new LabelRules(std::move(inside)));
    Check(*made);
    if (!problems_.empty()) return {.rules = nullptr, .problems = std::move(problems_)};
    return {.rules = std::move(made), .problems = {}};
  }

 private:
  struct Case {
    std::string place;
    std::string text;
    std::set<std::string> labels;
  };

  void Refuse(std::string place, std::string advice) {
    problems_.push_back({base::ErrorId::kConfigInvalid, std::move(place), std::move(advice)});
  }

  void ReadRule(const base::ConfigTable& table) {
    Rule rule{.id = table.RequiredString("id"),
              .label = table.RequiredString("label"),
              .place = table.PlaceOf("label"),
              .places = ReadPlaces(table)};
    table.String("note", "");  // for people: what it may hit wrongly
    if (!IsRuleId(rule.id)) table.Refuse("id", "write lower case letters, digits and hyphens");
    if (!ids_.insert(rule.id).second) table.Refuse("id", "another rule has this id: choose one");
    if (!IsLabel(rule.label) || rule.label.starts_with("headline:")) {
      table.Refuse("label",
                   "write lower case letters, digits and _, beginning with a letter; words give no "
                   "headline");
    }
    const std::size_t first = phrases_.size();
    ReadPhrases(table, "words", {.exact = false, .exception = false});
    ReadPhrases(table, "exact", {.exact = true, .exception = false});
    if (phrases_.size() == first) {
      table.Refuse("words", "write at least one word or phrase, in words or in exact");
    }
    const std::size_t exceptions = phrases_.size();
    ReadPhrases(table, "except", {.exact = false, .exception = true});
    for (std::size_t i = exceptions; i < phrases_.size(); ++i) {
      const bool useful =
          std::any_of(phrases_.begin() + static_cast<std::ptrdiff_t>(first),
                      phrases_.begin() + static_cast<std::ptrdiff_t>(exceptions),
                      [&](const Phrase& phrase) { return Holds(phrases_[i], phrase); });
      if (!useful) {
        table.Refuse("except", "write phrases that hold a word of the rule, or leave them out");
      }
    }
    rules_.push_back(std::move(rule));
  }

  static Places ReadPlaces(const base::ConfigTable& table) {
    Places places;
    for (const std::string& name : table.Strings("places")) {
      if (const auto place = PlaceOf(name)) {
        places.set(static_cast<std::size_t>(*place));
      } else {
        table.Refuse("places",
                     "write what, value, details, free_text, title, document, performers or "
                     "contacts");
      }
    }
    return table.Has("places") ? places : places.set();
  }

  struct Manner {
    bool exact = false;
    bool exception = false;
  };
  void ReadPhrases(const base::ConfigTable& table, std::string_view key, Manner manner) {
    for (const std::string& text : table.Strings(key)) {
      Phrase phrase{.words = WordsOf(text),
                    .rule = static_cast<RuleNumber>(rules_.size()),
                    .exact = manner.exact,
                    .exception = manner.exception};
      if (const auto advice = WhatIsWrong(phrase)) {
        table.Refuse(key, *advice);
      } else {
        phrases_.push_back(std::move(phrase));
      }
    }
  }

  static std::optional<std::string_view> WhatIsWrong(const Phrase& phrase) {
    if (phrase.words.empty()) return "write letters or digits";
    if (phrase.words.size() > kMostWords) return "write at most 12 words in a phrase";
    if (std::any_of(phrase.words.begin(), phrase.words.end(),
                    [](const Word& word) { return word.too_long; })) {
      return "write words of at most 64 letters";
    }
    if (!phrase.exact && phrase.words.size() == 1 &&
        phrase.words.front().folded.size() < kShortestFolded) {
      return "put a word of one or two letters under exact, with its case";
    }
    return std::nullopt;
  }

  void ReadCase(const base::ConfigTable& table) {
    const auto labels = table.Strings("labels");
    if (!table.Has("labels")) {
      table.Refuse("labels", "is missing: write the labels that the text must be given, or []");
    }
    cases_.push_back({.place = table.PlaceOf("text"),
                      .text = table.RequiredString("text"),
                      .labels = {labels.begin(), labels.end()}});
  }

  // Every case, and that each rule is shown by one.
  void Check(const LabelRules& made) {
    std::set<std::string_view> shown;
    for (const Case& each : cases_) {
      std::set<std::string_view> given;
      for (const Finding& finding : made.FindIn(each.text)) {
        shown.insert(finding.rule);
        given.insert(finding.label);
      }
      const std::set<std::string_view> wanted(each.labels.begin(), each.labels.end());
      if (given == wanted) continue;
      Refuse(each.place, "the rules give this text " + Listed(given) + " and the case says " +
                             Listed(wanted) + ": mend one of them");
    }
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (shown.contains(rules_[i].id)) continue;
      Refuse(rules_[i].place, "add a [[case]] whose text this rule labels");
    }
  }

  std::set<std::string> ids_;
  std::vector<Rule> rules_;
  std::vector<Phrase> phrases_;
  std::vector<Case> cases_;
  std::vector<base::Error> problems_;
};

LabelRules::Loaded LabelRules::Parse(std::span<const LabelRulesFile> files) {
  LabelRulesReader reader;
  for (const LabelRulesFile& file : files) reader.Read(file);
  return reader.Make();
}

LabelRules::Loaded LabelRules::Load(std::span<const std::filesystem::path> paths) {
  Loaded unreadable;
  std::vector<LabelRulesFile> files;
  for (const auto& path : base::TomlFiles(paths, "the label rules'", unreadable.problems)) {
    auto text = base::ReadFile(path);
    if (text) {
      files.push_back({path.string(), *std::move(text)});
    } else {
      unreadable.problems.push_back({base::ErrorId::kConfigUnreadable, path.string(),
                                     "check that the file exists and that the gateway may read "
                                     "it"});
    }
  }
  return unreadable.problems.empty() ? Parse(files) : std::move(unreadable);
}

}  // namespace milecastle::normalise
