// Makes one Decision: the request itself, the person, the relationship, the person's choices, then
// every class and line, then the duties.
//
// A refusal judges the same items as a permit, so that it costs the same, and then withholds all.
//
// Thread-safety: one thread. Failure: none; faults are found before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decide/decision.h"
#include "decide/relationship.h"
#include "items.h"
#include "surroundings.h"

namespace milecastle::decide {

class DecisionMaker {
 public:
  DecisionMaker(const Policy& policy, const Context& context, Request request, const Known& known,
                base::Instant now);
  Decision Make() &&;

 private:
  struct Refusal {
    Reason reason = Reason::kNone;
    std::string rule;
  };

  // In their order; the first that refuses decides.
  Refusal RequestFault() const;
  Refusal ReasonFault() const;
  Refusal CodeFault(ReasonUse use, std::string_view code) const;
  Refusal PersonFault() const;
  Refusal ChoiceFault(const BindingChoices& choices) const;
  Refusal Overall(const BindingChoices& choices) const;

  Ground GroundOf(BindingChoices choices) const;
  bool SealsOpen() const;
  bool ShowsUntraced() const;
  void FindSources();
  void Locate(Ground& ground);
  std::vector<record::OdsCode> UnspokenThatSayNotProtected(const Ground& ground) const;
  using Judges = std::vector<SourceJudge>;  // as sources_

  void JudgeAll(const Ground& ground);
  void JudgeClasses(Judges& judges);
  void LeaveOutHidden(const Ground& ground, const Judges& judges);
  void NoteUntraced(const Judges& judges);
  void ProtectNames(const Judges& judges);
  void WithholdAll(const Verdict& verdict);
  bool RestsOnADeclaration() const;
  void AddDuties(bool opened_a_seal);
  void AddDuty(DutyKind kind, std::string_view cause);
  void TellReader();

  const Policy& policy_;
  const Context& context_;
  Request request_;  // the decision's own in the end
  const Known& known_;
  base::Instant now_;
  std::vector<Relationship> relationships_;
  Location location_;
  std::vector<record::OdsCode> sources_;      // spoken of or held, in order
  std::vector<std::size_t> source_of_class_;  // its place among them
  Decision decision_;
  bool opened_a_seal_ = false;
};

}  // namespace milecastle::decide
