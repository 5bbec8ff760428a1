// The verdict on one item, by the rules in their order: what hides first, then what withholds, then
// what masks.
//
// Hiding goes first so that what is hidden leaves the same reply whatever else would have withheld
// it. Standing and verification go last, so that nobody learns them of what they may not see.
//
// Thread-safety: one thread; made for one decision. Failure: what no rule frees is withheld.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "choices.h"
#include "context.h"
#include "decide/decision.h"
#include "decide/verdict.h"
#include "item.h"

namespace milecastle::decide {

// What the items of one decision have in common.
struct Ground {
  const Policy& policy;
  const Context& context;
  const Request& request;
  const record::PatientFacts& facts;
  BindingChoices choices;
  SectionSet asked;
  SectionSet of_relationship;
  std::string relationship_rule;
  bool seals_open = false;
  bool shows_untraced = false;  // to this purpose, whoever said it
  bool location_protected = false;
  Mask mask;
};

// All sections, parted by every rule that looks at one, but those of a source's agreements.
SectionParts PartsOf(const Ground& ground);

// Judges what is of one source. It asks once what depends on the source alone, and judges once what
// its sections hold where nothing about an entry but its section matters.
class SourceJudge {
 public:
  // All of it outlives the judge; `rules` are the decision's, and grow.
  SourceJudge(const Ground& ground, const record::OdsCode& source, const SectionParts& parts,
              std::vector<std::string>& rules);

  Verdict Of(const record::EntryClass& entry_class);
  // The source's sections as such, for the manifest.
  Decision::SourceLines TakeLines() { return std::move(lines_); }
  // Of sections of a source that never knew the person: nothing is hidden, and no number untraced.
  Verdict OfStranger(SectionSet alike) const;

  // Whether the source's name says what is sensitive, to this caller.
  bool has_telling_name() const { return !labels_.empty() && !is_own_; }
  // Of what was judged: whether a seal was opened for some of it; whether all of it is hidden;
  // whether some of the rest stands under a number that nobody traced.
  bool opened_a_seal() const { return opened_a_seal_; }
  bool hides_all() const { return hides_something_ && !leaves_something_; }
  bool leaves_untraced() const { return leaves_untraced_; }

 private:
  SectionParts PartsOf(const SectionParts& of_all) const;
  Decision::LineGroup Line(SectionSet alike) const;
  Item ItemOf(const record::EntryClass& entry_class);
  // Whether nothing that a rule reads tells the item from its section's line.
  bool IsAsItsLine(const Item& item) const;
  Label LabelOf(const std::string& name) const { return {name, ground_.policy.FindLabel(name)}; }
  Verdict Judge(const Item& item) const;
  // As if the person had hidden nothing.
  Verdict IfNothingWereHidden(const Item& item) const;
  Verdict Reached(const Item& item) const;
  Verdict Masked(Verdict verdict) const;
  std::optional<Verdict> Hidden(const Item& item) const;
  std::optional<Verdict> HiddenByLabel(const Item& item) const;
  Reason ReasonToHide(const LabelRule& rule) const;  // kNone: it hides from nobody here
  std::optional<Verdict> OutOfReach(const Item& item) const;
  bool AwaitsIdentity(const Item& item) const;
  std::optional<Verdict> Labelled(const Item& item) const;
  std::optional<Verdict> Chosen(const Item& item) const;
  std::optional<Verdict> Lower(const Item& item) const;
  std::optional<Verdict> Located(const Item& item) const;
  std::optional<Verdict> NotAFact(const Item& item) const;
  // Shown by an agreement, as one's own, or by the system layer's own grant.
  Verdict Shared(const Item& item) const;
  Verdict ByAgreement(const Item& item) const;
  bool Applies(const Narrowing& narrowing, const Item& item) const;
  bool HasExplicitConsent(const Item& item) const;
  bool IsSealed(const Item& item) const;

  Verdict Make(Outcome outcome, Reason reason, std::string_view rule) const;
  Verdict Withhold(Reason reason, std::string_view rule) const {
    return Make(Outcome::kWithhold, reason, rule);
  }

  const Ground& ground_;
  const record::OdsCode& source_;
  const Organisation* organisation_;                           // null: unknown
  const std::vector<const Agreement*>* agreements_ = nullptr;  // null: none
  bool is_own_;
  bool is_untraced_ = false;
  std::vector<std::string>& rules_;
  std::vector<Label> labels_;
  Decision::SourceLines lines_;
  std::vector<Label> labels_of_class_;  // the source's, and those of the class that is judged
  bool opened_a_seal_ = false;
  bool hides_something_ = false;
  bool leaves_something_ = false;
  bool leaves_untraced_ = false;
};

// The index of a rule's id among a decision's rules; it is added where it is new.
RuleIndex RuleIndexOf(std::vector<std::string>& rules, std::string_view id);

}  // namespace milecastle::decide
