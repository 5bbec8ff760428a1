// Rules of text: which words, wherever they stand in an entry, give it which label.
//
// Written by whoever answers for them, in TOML (config/label-rules/README.md), beside cases that
// say what a text must become: a set of rules whose cases do not hold is refused, and so is a rule
// that no case shows.
//
// Whole words are found, without case and accents; an `exact` word with its case. Every text of an
// entry is read, its document's body too where that is text, HTML, XML, JSON or RTF, in each way in
// which it may be meant (inside/readings.h): a PDF, a picture or a word processor's file is known
// by its title and its links alone. An allergy or an alert is never labelled by words (safety.md
// 6).
//
// Thread-safety: read-only after construction. Failure: every problem at once, with file and line;
// no half set.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "record/entry.h"

namespace milecastle::normalise {

// Which rule gives which label, and where its words stood first: "details". Never the words.
// Outlived by the rules.
struct Finding {
  std::string_view rule;
  std::string_view label;
  std::string_view place;
  bool operator==(const Finding&) const = default;
};

struct LabelRulesFile {
  std::string name;
  std::string text;
};

class LabelRules {
 public:
  struct Loaded {
    std::shared_ptr<const LabelRules> rules;  // null where there are problems
    std::vector<base::Error> problems;
  };
  // Files, and folders of which every *.toml is read; together they are one set.
  static Loaded Load(std::span<const std::filesystem::path> paths);
  static Loaded Parse(std::span<const LabelRulesFile> files);
  ~LabelRules();

  // One for each rule that the entry meets.
  std::vector<Finding> FindIn(const record::Entry& entry) const;
  // The same of a text, wherever it may stand, read as a text of an entry.
  std::vector<Finding> FindIn(std::string_view text) const;

  // What each rule gives, and where that is written: for whoever knows which labels there are.
  struct Given {
    std::string_view label;
    std::string_view place;  // "label-rules/hiv.toml:5"
  };
  std::vector<Given> labels() const;

  // Of what they find and what they give for it, not of how that is written.
  base::Digest digest() const;

  std::size_t rules() const;
  std::size_t phrases() const;  // exceptions among them
  std::size_t cases() const;

 private:
  struct Inside;
  friend class LabelRulesReader;
  explicit LabelRules(std::unique_ptr<const Inside> inside);
  std::unique_ptr<const Inside> inside_;
};

}  // namespace milecastle::normalise
