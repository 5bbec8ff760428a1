// A decision: for one request, on one set of facts, under one policy, at one moment, what may be
// seen, by which rule, and what must be done about it.
//
// It is made by Decider alone. The same inputs give the same decision on any later day. A refusal
// is a decision like any other: it permits nothing and every verdict of it withholds.
//
// What a reader may be told is less than what is true: ReasonFor… and RuleFor… say what, `reason()`
// and Encode() hold the truth for the audit log and for IG roles.
//
// Thread-safety: immutable. Failure: a class that the decision never saw is withheld.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "decide/request.h"
#include "decide/section_set.h"
#include "decide/verdict.h"

namespace milecastle::decide {

class Decision;

// One item that one decision frees. Nobody but that decision can make it; the splicer takes nothing
// else.
class Shown {
 public:
  record::ClassIndex entry_class() const { return class_; }
  std::uint32_t position() const { return position_; }  // the entry's place in its segment
  Mask mask() const { return mask_; }

 private:
  friend class Decision;
  Shown(std::uint64_t decision, record::ClassIndex entry_class, std::uint32_t position, Mask mask)
      : decision_(decision), class_(entry_class), position_(position), mask_(mask) {}
  std::uint64_t decision_;
  record::ClassIndex class_;
  std::uint32_t position_;
  Mask mask_;
};

enum class DutyKind : std::uint8_t {
  kTellPrivacyOfficer = 1,  // of `organisation`
  kTellPatient,
  kReview,
};
std::string_view KeyOf(DutyKind kind);

struct Duty {
  DutyKind kind = DutyKind::kReview;
  std::string cause;  // "break_glass", "self_declared", "seal_opened"
  std::optional<record::OdsCode> organisation;
  std::optional<base::Instant> by;
  // A notice to the patient waits for a human where telling can harm (safety.md 4): the causes.
  std::vector<std::string> held_for;
  bool held() const { return !held_for.empty(); }
  bool operator==(const Duty&) const = default;
};

// Evidence that this decision rests on.
struct UsedEvidence {
  record::EvidenceKind kind = record::EvidenceKind::kOpenEncounter;
  std::optional<record::FactId> fact;  // none: it came with the request
  std::string organisation;            // whose relationship: the requester's, or one it acts for
  bool operator==(const UsedEvidence&) const = default;
};

struct ConsentUse {
  record::FactId fact;
  record::ConsentKind kind = record::ConsentKind::kObjection;
  bool bound = false;  // false: looked at, and set aside (`why`)
  std::string why;
  bool operator==(const ConsentUse&) const = default;
};

// How the person's location protection stood.
enum class LocationState : std::uint8_t {
  kUnchecked = 1,  // no source says, or none said so lately
  kClear,
  kProtected,
};
std::string_view KeyOf(LocationState state);

class Decision {
 public:
  // A source's section, for the manifest, decided like an item. Demographics are
  // (source, kDemographics).
  struct Line {
    record::OdsCode source;
    record::Section section = record::Section::kDemographics;
    Verdict verdict;
    Verdict if_nothing_hidden;
  };
  // Lines of one source that no rule tells apart.
  struct LineGroup {
    SectionSet sections;
    Verdict verdict;
    Verdict if_nothing_hidden;
  };
  struct SourceLines {
    const LineGroup& Of(record::Section section) const;  // withheld, if it is in no group

    record::OdsCode source;
    std::vector<LineGroup> groups;
  };
  struct DecidedClass {
    DecidedClass(const record::EntryClass& of, const Verdict& by) : entry_class(of), verdict(by) {}

    record::EntryClass entry_class;
    Verdict verdict;
  };

  bool permitted() const { return reason_ == Reason::kNone; }
  Reason reason() const { return reason_; }  // why refused; kNone: permitted
  const std::string& rule() const { return rules_[rule_]; }

  // An item. O(1); an index that was not among the classes is withheld.
  const Verdict& Of(record::ClassIndex index) const {
    return index < classes_.size() ? classes_[index].verdict : kUnseen;
  }
  // As Of, with the rules that read an entry's own columns.
  Verdict Of(record::ClassIndex index, std::optional<base::Instant> effective) const;
  std::optional<Shown> Show(record::ClassIndex index, std::uint32_t position,
                            std::optional<base::Instant> effective) const {
    const Verdict& verdict = Of(index);
    if (!permitted() || !verdict.shows() || !IsWithin(verdict, effective)) return std::nullopt;
    return Shown(tag_, index, position, verdict.mask);
  }
  bool Frees(const Shown& shown) const { return shown.decision_ == tag_; }

  // Hidden: the manifest speaks as if the source held nothing there and had said nothing of it.
  const Verdict& LineOf(const record::OdsCode& source, record::Section section) const;
  // As LineOf, but as if the person had hidden nothing: for what is said of a source that holds
  // nothing, so that a hidden one reads the same.
  const Verdict& LineIfNothingHidden(const record::OdsCode& source, record::Section section) const;
  // False: the reply leaves the source out altogether, its demographics too, as if it had never
  // known the person.
  bool SpeaksOf(const record::OdsCode& source) const;
  // Whether this reader may be told the source's name: no mask takes it away, and, where the source
  // has labels of its own, something of it is shown them (safety.md 12, 26).
  bool NamesSource(const record::OdsCode& source) const;
  // Whether this reader is shown what the source said under a number that nobody traced: its own,
  // or where the policy shows it in an emergency. It comes with a warning (safety.md 13).
  bool ShowsUntraced(const record::OdsCode& source) const;
  // Whether a live source may be asked; never where the decision refuses.
  bool PermitsAsking(const record::OdsCode& source) const;

  std::span<const DecidedClass> classes() const { return classes_; }    // by ClassIndex
  std::vector<Line> lines() const;                                      // by source, then section
  std::span<const SourceLines> source_lines() const { return lines_; }  // the same, by source
  std::span<const record::OdsCode> unspoken() const { return unspoken_; }
  // Spoken of, under a number that nobody traced.
  std::span<const record::OdsCode> untraced() const { return untraced_; }
  const std::string& RuleText(const Verdict& verdict) const { return rules_[verdict.rule]; }

  // What this reader may know.
  Reason ReasonForReader() const;  // of a refusal
  Reason ReasonForReader(const Verdict& verdict) const;
  std::string_view RuleForReader(const Verdict& verdict) const;  // empty: not theirs to know
  std::vector<std::string> RulesForReader() const;  // of all classes, in order and each once
  bool uniform_refusal() const;                     // the one answer of safety.md 9
  bool has_relationship() const { return has_relationship_; }

  std::span<const Duty> duties() const { return duties_; }
  std::span<const UsedEvidence> evidence() const { return evidence_; }
  std::span<const ConsentUse> consents() const { return consents_; }
  LocationState location() const { return location_; }
  std::optional<base::Instant> location_as_of() const { return location_as_of_; }
  std::optional<base::Instant> consents_as_of() const { return consents_as_of_; }
  const std::string& policy_version() const { return policy_version_; }
  base::Instant decided_at() const { return now_; }
  const Request& request() const { return request_; }

  // Canonical JSON of all of it, hidden classes included. For the audit payload and IG roles alone:
  // it names the patient, hidden items and reasons.
  const std::string& Encode() const { return encoded_; }

 private:
  friend class DecisionMaker;
  static constexpr Verdict kUnseen{};  // withheld, undecided
  Decision() = default;
  // Without a time nobody can say that it lies within the period: the tighter reading.
  static bool IsWithin(const Verdict& verdict, std::optional<base::Instant> effective) {
    return !verdict.not_before || (effective && *effective >= *verdict.not_before);
  }
  const LineGroup* FindLine(const record::OdsCode& source, record::Section section) const;
  void Seal();  // the encoding and what its items are known by: the last step of its making

  Request request_;
  base::Instant now_;
  std::string policy_version_;
  Reason reason_ = Reason::kUndecided;
  RuleIndex rule_ = 0;
  std::vector<std::string> rules_;
  std::vector<DecidedClass> classes_;
  std::vector<SourceLines> lines_;
  std::vector<Duty> duties_;
  std::vector<UsedEvidence> evidence_;
  std::vector<ConsentUse> consents_;
  LocationState location_ = LocationState::kUnchecked;
  std::optional<base::Instant> location_as_of_;
  std::optional<base::Instant> consents_as_of_;
  bool has_relationship_ = false;     // of a kind that entitles the reader to a refusal's reason
  std::uint64_t reader_reasons_ = 0;  // bit per Reason
  std::vector<bool> reader_rules_;    // by RuleIndex

  std::vector<record::OdsCode> unspoken_;
  std::vector<record::OdsCode> untraced_;
  std::vector<record::OdsCode> unnamed_;  // for their labels
  bool masks_sources_ = false;            // all of them: where the person is must not be told
  bool shows_untraced_ = false;           // whoever said it
  std::string encoded_;
  std::uint64_t tag_ = 0;  // of this decision alone, in this process
};

}  // namespace milecastle::decide
