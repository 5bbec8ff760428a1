#include "inside/surroundings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "base/error.h"

namespace milecastle::decide {
namespace {

using record::LocationProtection;

bool IsChild(const record::BirthDate& birth_date, base::Instant now) {
  const auto adult = birth_date.date + std::chrono::years(18);
  // Born on 29 February: of age on 1 March where the year has no such day.
  const auto day =
      adult.ok() ? std::chrono::sys_days(adult)
                 : std::chrono::sys_days(adult.year() / adult.month() / 1) + std::chrono::days(29);
  return now < day;
}

// Labels of what a notice could give away to an abuser, or to the person of somebody else, whatever
// a policy says of them (safety.md 4, 18).
constexpr std::array<std::string_view, 4> kTellingCanHarm = {"domestic_abuse", "safeguarding",
                                                             "serious_harm", "third_party"};

bool TellingCanHarm(const Policy& policy, std::string_view label) {
  if (std::find(kTellingCanHarm.begin(), kTellingCanHarm.end(), label) != kTellingCanHarm.end()) {
    return true;
  }
  const LabelRule* rule = policy.FindLabel(label);
  return rule != nullptr && rule->hidden_from_person;
}

// What is held that is not for the person's eyes, by label: a notice waits whether or not this
// access showed it.
std::set<std::string> HarmfulLabels(const Policy& policy, const Request& request,
                                    const Known& known) {
  std::set<std::string> harmful;
  const auto add = [&](const std::vector<std::string>& labels) {
    for (const std::string& label : labels) {
      if (TellingCanHarm(policy, label)) harmful.insert(label);
    }
  };
  if (request.purpose == record::Purpose::kSafeguarding) harmful.insert("safeguarding");
  for (const record::EntryClass& each : known.classes) {
    if (each.section == record::Section::kSafeguarding) harmful.insert("safeguarding");
    add(each.labels);
    if (const Organisation* source = policy.Find(each.source)) add(source->labels);
  }
  return harmful;
}

template <class E>
bool IsWithin(E value, E last) {
  return static_cast<unsigned>(value) >= 1 && value <= last;
}

base::Error Corrupt(std::string_view place) {
  return {base::ErrorId::kStoreCorrupt, std::string(place),
          "holds a value that has no meaning; nothing was decided"};
}

bool IsSound(const record::EntryClass& each) {
  return IsWithin(each.section, record::Section::kDocuments) &&
         IsWithin(each.kind, record::Kind::kStatement) &&
         IsWithin(each.standing, record::Standing::kNoLongerSent) &&
         IsWithin(each.verification, record::Verification::kEnteredInError);
}

bool IsSound(const record::Evidence& each) {
  return IsWithin(each.kind, record::EvidenceKind::kUrgentContact);
}

bool IsSound(const record::LocationFlag& each) {
  return IsWithin(each.level, LocationProtection::kNational);
}

bool IsSound(const record::Consent& each) {
  const auto& scope = each.scope;
  return IsWithin(each.kind, record::ConsentKind::kHide) &&
         IsWithin(each.by, record::ConsentBy::kFeed) &&
         std::all_of(scope.sections.begin(), scope.sections.end(),
                     [](auto section) { return IsWithin(section, record::Section::kDocuments); }) &&
         std::all_of(scope.purposes.begin(), scope.purposes.end(), [](auto purpose) {
           return IsWithin(purpose, record::Purpose::kSafetyInvestigation);
         });
}

std::optional<base::Error> FaultOfKnown(const Known& known) {
  const record::PatientFacts& facts = *known.facts;
  const auto sound = [](const auto& each) { return IsSound(each); };
  if (!std::all_of(known.classes.begin(), known.classes.end(), sound)) return Corrupt("classes");
  if (!std::all_of(facts.consents.begin(), facts.consents.end(), sound)) {
    return Corrupt("facts.consents");
  }
  if (!std::all_of(facts.evidence.begin(), facts.evidence.end(), sound)) {
    return Corrupt("facts.evidence");
  }
  if (!std::all_of(facts.location_flags.begin(), facts.location_flags.end(), sound)) {
    return Corrupt("facts.location_flags");
  }
  return std::nullopt;
}

}  // namespace

Location LocationOf(const Policy& policy, const record::PatientFacts& facts, base::Instant now,
                    const std::vector<record::OdsCode>& unspoken) {
  using Word = std::tuple<std::string_view, std::optional<record::IdentityId>>;
  std::map<Word, const record::LocationFlag*> newest;
  for (const record::LocationFlag& flag : facts.location_flags) {
    const record::LocationFlag*& best = newest[{flag.said_by, flag.identity}];
    const bool tighter_at_once =
        best != nullptr && flag.as_of == best->as_of && flag.level != LocationProtection::kNone;
    if (best == nullptr || best->as_of < flag.as_of || tighter_at_once) best = &flag;
  }
  Location location;
  // Two of a source's records were joined, and its newest word may be about the other: until a
  // person has looked, any protection holds (safety.md 15).
  if (facts.under_merge_review &&
      std::any_of(facts.location_flags.begin(), facts.location_flags.end(),
                  [](const auto& flag) { return flag.level != LocationProtection::kNone; })) {
    location.state = LocationState::kProtected;
  }
  for (const auto& [word, flag] : newest) {
    const bool protects = flag->level != LocationProtection::kNone;
    const bool keeps_silent =
        flag->source && std::binary_search(unspoken.begin(), unspoken.end(), *flag->source);
    if (!protects && keeps_silent) continue;
    if (!location.as_of || *location.as_of < flag->as_of) location.as_of = flag->as_of;
    if (protects) {
      location.state = LocationState::kProtected;
    } else if (location.state != LocationState::kProtected &&
               now < flag->as_of + policy.system().location.fresh) {
      location.state = LocationState::kClear;
    }
  }
  return location;
}

Mask MaskFor(const Policy& policy, LocationState state) {
  switch (state) {
    case LocationState::kClear:
      return {};
    case LocationState::kUnchecked:
      return policy.system().location.unchecked;
    case LocationState::kProtected:
      break;
  }
  return Mask::All();
}

std::vector<std::string> HoldsOf(const Policy& policy, const Request& request, const Known& known,
                                 LocationState state, base::Instant now) {
  const std::set<std::string> harmful = HarmfulLabels(policy, request, known);
  std::vector<std::string> holds(harmful.begin(), harmful.end());
  if (state == LocationState::kProtected) holds.emplace_back("location_protection");
  if (state == LocationState::kUnchecked) holds.emplace_back("location_unchecked");
  const auto& consents = known.facts->consents;
  if (std::any_of(consents.begin(), consents.end(),
                  [](const auto& each) { return each.by == record::ConsentBy::kProxy; })) {
    holds.emplace_back("proxy");
  }
  if (!request.birth_date) {
    holds.emplace_back("age_unknown");
  } else if (IsChild(*request.birth_date, now)) {
    holds.emplace_back("child");
  }
  return holds;
}

std::optional<base::Error> FaultOf(const Request& request, const Known& known) {
  if (known.facts == nullptr) {
    return base::Error{base::ErrorId::kInternal, "facts", "no facts were given to decide on"};
  }
  if (!IsWithin(request.purpose, record::Purpose::kSafetyInvestigation)) {
    return base::Error{base::ErrorId::kArgumentInvalid, "purpose", "name one of the purposes"};
  }
  if (!IsWithin(request.match, Match::kMatchedNameDiffers)) {
    return base::Error{base::ErrorId::kInternal, "match", "say whether the details match"};
  }
  for (const record::Section section : request.sections) {
    if (!IsWithin(section, record::Section::kDocuments)) {
      return base::Error{base::ErrorId::kArgumentInvalid, "sections", "name known sections"};
    }
  }
  return FaultOfKnown(known);
}

}  // namespace milecastle::decide
