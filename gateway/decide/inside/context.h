// What one kind of caller may ever see for one purpose: the policy compiled for (organisation,
// roles, assurance, purpose), before any patient is looked at.
//
// It points into its policy and lives no longer. It holds for instants from `holds_from` up to
// `holds_until`: between the days on which agreements begin or end.
//
// Thread-safety: immutable. Failure: none; what is not granted is absent.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decide/policy.h"
#include "decide/request.h"

namespace milecastle::decide {

// A lower rule that names this caller and purpose, or any.
struct Narrowing {
  const LowerRule* rule = nullptr;
  SectionSet sections;               // that it names; all where it names none
  bool is_in_callers_chain = false;  // its layer; else it must be in the source's
};
// Whether the layer of a rule is the organisation's own, or above it.
bool IsInChain(const LowerRule& rule, const Organisation* organisation);

struct Context {
  const Organisation* organisation = nullptr;  // null: unknown
  const PurposeRule* purpose = nullptr;        // null: granted to nobody
  std::vector<std::string> groups;
  SectionSet granted;  // empty: no role of the user's may use the purpose
  bool may_break_glass = false;
  bool may_open_seals = false;
  std::map<record::OdsCode, std::vector<const Agreement*>> agreements;  // live, by source
  LabelSet open_labels;  // that these roles see for this purpose
  std::vector<Narrowing> lower;
  SectionParts parts;       // by what is granted and `lower`
  std::string grants_rule;  // the id of the purpose's own rule
  base::Instant holds_from = base::Instant::min();
  base::Instant holds_until = base::Instant::max();
};

Context CompileContext(const Policy& policy, const record::Requester& requester,
                       record::Purpose purpose, base::Instant now);

// What tells one context of a policy from another.
std::string ContextKey(const record::Requester& requester, record::Purpose purpose);

// Emergency and safeguarding: no objection and no lower layer denies them (safety.md 1).
inline bool IsBeyondObjection(record::Purpose purpose) {
  return purpose == record::Purpose::kEmergency || purpose == record::Purpose::kSafeguarding;
}

// Whether a list names a value, or names none and so means all.
template <class T>
bool AllOrHas(const std::vector<T>& list, const T& value) {
  if (list.empty()) return true;
  for (const T& each : list) {
    if (each == value) return true;
  }
  return false;
}

template <class T>
bool HasAny(const std::vector<T>& list, const std::vector<T>& others) {
  for (const T& each : list) {
    for (const T& other : others) {
      if (each == other) return true;
    }
  }
  return false;
}

}  // namespace milecastle::decide
