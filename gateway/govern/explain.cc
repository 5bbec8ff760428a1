#include "govern/explain.h"

#include <algorithm>
#include <boost/json.hpp>

#include "decide/explain.h"
#include "decide/hidden.h"

namespace milecastle::govern {
namespace {

std::vector<std::string> NamesOf(decide::Mask mask) {
  using decide::MaskField;
  std::vector<std::string> names;
  for (const MaskField field :
       {MaskField::kAddresses, MaskField::kContacts, MaskField::kPractice, MaskField::kPerformers,
        MaskField::kFreeText, MaskField::kDocuments, MaskField::kSource}) {
    if (mask.Has(field)) names.emplace_back(KeyOf(field));
  }
  return names;
}

// Sources of the decision whose labels would be told by their names.
decide::SourceNames NamesFor(const decide::Decision& decision, const decide::Policy& policy,
                             const decide::ActionVerdict& verdict) {
  if (!verdict.masks_sensitive_names) return {};
  std::vector<record::OdsCode> masked;
  for (const auto& line : decision.lines()) {
    const decide::Organisation* source = policy.Find(line.source);
    if (source == nullptr || source->labels.empty() || verdict.organisation == line.source)
      continue;
    if (masked.empty() || masked.back() != line.source) masked.push_back(line.source);
  }
  return decide::SourceNames(std::move(masked));
}

Explanation::Class ClassOf(const decide::Decision& decision,
                           const decide::Decision::DecidedClass& decided,
                           const decide::SourceNames& names) {
  Explanation::Class told{.section = decided.entry_class.section,
                          .verdict = std::string(KeyOf(decided.verdict.outcome)),
                          .reason = std::string(KeyOf(decided.verdict.reason)),
                          .masked = NamesOf(decided.verdict.mask)};
  if (names.Masks(decided.entry_class.source)) return told;
  told.source = decided.entry_class.source.text();
  if (names.TellsLabels()) told.labels = decided.entry_class.labels;
  const std::string& rule = decision.RuleText(decided.verdict);
  if (names.TellsRule(decided.entry_class.source, rule)) told.rule = rule;
  return told;
}

Explanation ExplanationOf(const decide::Decision& decision, const store::Segment& segment,
                          decide::Tells tells, const decide::SourceNames& names) {
  Explanation explained{.permitted = decision.permitted(),
                        .reason = std::string(KeyOf(decision.reason())),
                        .rule = decision.rule(),
                        .policy_version = decision.policy_version(),
                        .text = decide::Explain(decision, tells, names)};
  std::vector<std::uint32_t> entries(segment.classes.size());
  for (const auto& item : segment.items) ++entries.at(item.entry_class);
  for (std::size_t index = 0; index < decision.classes().size(); ++index) {
    const auto& decided = decision.classes()[index];
    if (!decide::IsTold(decision, decided.verdict, tells)) continue;
    explained.classes.push_back(ClassOf(decision, decided, names));
    explained.classes.back().entries = entries.at(index);
  }
  for (const auto& duty : decision.duties()) {
    explained.duties.push_back(std::string(KeyOf(duty.kind)) + " (" + duty.cause + ")");
  }
  return explained;
}

// The entries whose classes are not hidden, with how many there are of each. Nothing else of a
// segment is read here.
std::shared_ptr<const store::Segment> WithoutHidden(const store::Segment& segment,
                                                    const decide::Hiding& hiding) {
  auto left = std::make_shared<store::Segment>();
  std::vector<std::optional<record::ClassIndex>> places;
  for (const record::EntryClass& each : segment.classes) {
    const bool hidden = hiding.Covers(each);
    const auto place = static_cast<record::ClassIndex>(left->classes.size());
    places.push_back(hidden ? std::nullopt : std::optional(place));
    if (!hidden) left->classes.push_back(each);
  }
  for (store::SegmentItem item : segment.items) {
    const auto place = places.at(item.entry_class);
    if (!place) continue;
    item.entry_class = *place;
    left->items.push_back(item);
  }
  return left;
}

bool HasOf(const store::Segment& segment, const record::OdsCode& source) {
  return std::any_of(segment.classes.begin(), segment.classes.end(),
                     [&](const auto& each) { return each.source == source; });
}

// What is held of the person, as if there were nothing of what any purpose hides from the
// organisation: a source of which all is hidden never knew them.
disclose::Held WithoutHidden(const disclose::Held& held, const decide::Policy& policy,
                             const record::OdsCode& organisation, base::Instant now) {
  const decide::Hiding hiding(policy, held.facts, organisation, now);
  disclose::Held left = held;
  left.segment = WithoutHidden(*held.segment, hiding);
  const auto is_gone = [&](const record::OdsCode& source) {
    return hiding.Covers(source) || (HasOf(*held.segment, source) && !HasOf(*left.segment, source));
  };
  std::erase_if(left.sources, [&](const auto& each) { return is_gone(each.first); });
  std::erase_if(left.found.identities, [&](const auto& each) { return is_gone(each.source); });
  std::erase_if(left.facts.untraced_sources, is_gone);
  std::erase_if(left.facts.consents, decide::Hiding::LeavesNoLine);
  return left;
}

// Whether anybody of the organisation was shown the person.
base::Result<bool> WasShown(store::Snapshot& snapshot, const identify::Details& details,
                            const record::OdsCode& organisation) {
  bool shown = false;
  for (const audit::Kind kind : {audit::Kind::kView, audit::Kind::kEmergency}) {
    const auto rows = snapshot.trail().Search({.nhs_number = details.nhs_number.digits(),
                                               .organisation = organisation.text(),
                                               .kind = std::string(NameOf(kind)),
                                               .limit = 1});
    if (!rows) return rows.error();
    shown = shown || !rows->empty();
  }
  return shown;
}

// Whether an officer of one organisation has anything to do with the person. The same work whoever
// it is.
base::Result<bool> Reaches(store::Snapshot& snapshot, const identify::Details& details,
                           const identify::Found& found, const record::OdsCode& organisation) {
  const auto shown = WasShown(snapshot, details, organisation);
  if (!shown || !found.matched()) return shown ? base::Result<bool>(false) : shown;
  return *shown ||
         std::any_of(found.identities.begin(), found.identities.end(),
                     [&](const auto& identity) { return identity.source == organisation; });
}

base::Error NotTheirs(bool was_left) {
  if (was_left) {
    return {base::ErrorId::kNotFound, "person",
            "check the details; your organisation holds nothing of such a person and was shown "
            "nothing"};
  }
  return {base::ErrorId::kNotPermitted, "explain",
          "you asked too often for people with whom your organisation has nothing to do: wait, or "
          "ask the system's officer"};
}

std::string Describe(const disclose::ViewRequest& asked, const Explanation& explained) {
  boost::json::object what;
  what["for_organisation"] =
      asked.requester.organisation ? asked.requester.organisation->text() : "";
  what["for_user"] = asked.requester.user;
  what["for_roles"] =
      boost::json::array(asked.requester.roles.begin(), asked.requester.roles.end());
  what["for_purpose"] = KeyOf(asked.purpose);
  what["permitted"] = explained.permitted;
  what["reason"] = explained.reason;
  what["rule"] = explained.rule;
  return boost::json::serialize(what);
}

}  // namespace

base::Result<Explanation> Explain::Decide(const disclose::Held& held,
                                          const disclose::ViewRequest& asked,
                                          const decide::ActionVerdict& verdict) const {
  decide::Request request{.requester = asked.requester,
                          .purpose = asked.purpose,
                          .reason_code = asked.reason_code,
                          .case_reference = asked.case_reference,
                          .sections = asked.sections};
  if (!asked.declared_relationship.empty()) {
    request.self_declaration = decide::SelfDeclaration{asked.declared_relationship};
  }
  const auto decider = parts_.policy.Get();
  const base::Instant now = parts_.clock.Now();
  const bool all = verdict.scope == decide::Scope::kAll;
  const disclose::Held told =
      all ? held : WithoutHidden(held, decider->policy(), *verdict.organisation, now);
  const auto decision = DecideOn(*decider, std::move(request), told, manifest_sources_, now);
  if (!decision) return decision.error();
  return ExplanationOf(*decision, *told.segment,
                       all ? decide::Tells::kAll : decide::Tells::kNothingHidden,
                       NamesFor(*decision, decider->policy(), verdict));
}

void Explain::Answer(const record::Requester& officer, const disclose::ViewRequest& asked,
                     const std::string& case_reference, Done done) {
  const auto details = identify::ReadDetails(asked.person);
  if (!details) return done(details.error());
  auto snapshot = parts_.store.Read();
  if (!snapshot) return done(snapshot.error());
  auto held = disclose::LoadHeld(**snapshot, *details);
  if (!held) return done(held.error());
  const Act act(parts_, {.requester = officer,
                         .action = decide::Action::kExplain,
                         .case_reference = case_reference,
                         .nhs_number = details->nhs_number,
                         .facts = &held->facts});
  const bool all = act.verdict().scope == decide::Scope::kAll;
  // An organisation's officer has its own people's accesses explained (safety.md 21).
  const bool own = asked.requester.organisation == officer.organisation;
  if (!act.permitted() || (!all && !own)) return act.Refuse(std::move(done));
  if (!all) {
    const auto reached = Reaches(**snapshot, *details, held->found, *officer.organisation);
    if (!reached) return act.Fail(audit::Kind::kExplain, reached.error(), {}, std::move(done));
    if (!*reached) {
      const base::Error error = NotTheirs(guesses_.Spend(officer));
      return act.Fail(audit::Kind::kExplain, error, {}, std::move(done));
    }
  }
  auto explained = Decide(*held, asked, act.verdict());
  if (!explained) return act.Fail(audit::Kind::kExplain, explained.error(), {}, std::move(done));
  const std::string what = Describe(asked, *explained);
  act.Answer(audit::Kind::kExplain, what, std::move(*explained), std::move(done));
}

}  // namespace milecastle::govern
