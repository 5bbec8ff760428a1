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
#include <vector>

#include "choices.h"
#include "context.h"
#include "decide/verdict.h"

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

class ItemJudge {
 public:
  ItemJudge(const Ground& ground, std::vector<std::string>& rules);

  Verdict Of(const Item& item);
  // As if the person had hidden nothing: what is said of a source that never knew them.
  Verdict IfNothingWereHidden(const Item& item);
  // All sections, parted by every rule that looks at one: items of a source that differ in nothing
  // but their section are judged alike within a part.
  std::vector<SectionSet> PartsFor(const record::OdsCode& source);
  // Whether something sealed was opened for this decision.
  bool opened_a_seal() const { return opened_a_seal_; }

 private:
  // What is known of an item's source.
  struct Origin {
    std::optional<record::OdsCode> source;
    const Organisation* organisation = nullptr;
    const std::vector<const Agreement*>* agreements = nullptr;  // null: none
  };
  // The last one is kept: what stands side by side is mostly of one source.
  const Origin& OriginOf(const record::OdsCode& source);

  Verdict Judge(const Item& item);
  Verdict Reached(const Item& item);
  Verdict Masked(Verdict verdict) const;
  std::optional<Verdict> Hidden(const Item& item);
  std::optional<Verdict> HiddenByLabel(const Item& item);
  Reason ReasonToHide(const LabelRule& rule) const;  // kNone: it hides from nobody here
  std::optional<Verdict> OutOfReach(const Item& item);
  bool AwaitsIdentity(const Item& item) const;
  std::optional<Verdict> Labelled(const Item& item);
  std::optional<Verdict> Chosen(const Item& item);
  std::optional<Verdict> Lower(const Item& item);
  std::optional<Verdict> Located(const Item& item);
  std::optional<Verdict> NotAFact(const Item& item);
  // Shown by an agreement, as one's own, or by the system layer's own grant.
  Verdict Shared(const Item& item);
  Verdict ByAgreement(const Item& item, const std::vector<const Agreement*>& agreements);
  bool Applies(const LowerRule& rule, const Item& item);
  bool IsInLayer(const LowerRule& rule, const Organisation* organisation) const;
  bool HasExplicitConsent(const Item& item) const;

  Verdict Make(Outcome outcome, Reason reason, std::string_view rule);
  Verdict Withhold(Reason reason, std::string_view rule) {
    return Make(Outcome::kWithhold, reason, rule);
  }

  const Ground& ground_;
  std::vector<std::string>& rules_;
  std::vector<SectionSet> told_apart_;  // by what does not depend on the source
  Origin origin_;
  bool opened_a_seal_ = false;
};

// The index of a rule's id among a decision's rules; it is added where it is new.
RuleIndex RuleIndexOf(std::vector<std::string>& rules, std::string_view id);

}  // namespace milecastle::decide
