#include "govern/act.h"

#include <boost/json.hpp>

namespace milecastle::govern {

std::string NameOf(const record::Requester& requester) {
  return requester.issuer + " " + requester.user;
}

Act::Act(Parts parts, Acting acting)
    : parts_(parts),
      acting_(std::move(acting)),
      decider_(parts.policy.Get()),
      verdict_(DecideAction(decider_->policy(),
                            {.requester = acting_.requester,
                             .action = acting_.action,
                             .case_reference = acting_.case_reference,
                             .nhs_number = acting_.nhs_number,
                             .facts = acting_.facts,
                             .consent = acting_.consent,
                             .done_by = acting_.done_by},
                            parts.clock.Now())) {
  // For the decision alone: an act may outlive them.
  acting_.facts = nullptr;
  acting_.consent = nullptr;
}

audit::Entry Act::EntryOf(audit::Kind kind, std::string_view outcome,
                          const Account& account) const {
  audit::Headline headline{.organisation = acting_.requester.organisation->text(),
                           .user = NameOf(acting_.requester),
                           .purpose = std::string(KeyOf(acting_.action)),
                           .outcome = std::string(outcome)};
  if (acting_.nhs_number) headline.nhs_number = acting_.nhs_number->digits();
  if (account.person) headline.person = account.person->ToString();
  boost::json::object of_decision;
  of_decision["rule"] = verdict_.rule;
  if (!verdict_.permitted()) of_decision["refused_for"] = KeyOf(verdict_.reason);
  of_decision["policy_version"] = decider_->policy().version();
  std::string described = boost::json::serialize(of_decision);
  described.pop_back();
  described += ",\"detail\":";
  described += account.what.empty() ? std::string_view("{}") : account.what;
  described += '}';
  return {.event_id = base::Uuid::New(parts_.clock.Now()),
          .kind = kind,
          .payload = MakePayload(headline, described)};
}

audit::Entry Act::FailureOf(audit::Kind kind, const base::Error& error,
                            std::string_view asked) const {
  const bool not_found = error.id == base::ErrorId::kNotFound;
  boost::json::object what;
  what["error"] = base::LineOf(error.id).name;
  std::string described = boost::json::serialize(what);
  described.pop_back();
  described += ",\"asked\":";
  described += asked.empty() ? std::string_view("{}") : asked;
  described += '}';
  return EntryOf(kind, not_found ? "not_found" : "failed", Account{std::move(described), {}});
}

base::Error Act::RefusalError() const {
  return {base::ErrorId::kNotPermitted, std::string(KeyOf(acting_.action)),
          verdict_.permitted() ? "your role does not reach so far; ask the system's officer"
                               : std::string(PlainEnglishOf(verdict_.reason))};
}

void Act::CommitWithOutbox(std::function<base::Result<audit::Entry>(store::Transaction&)> work,
                           OnLeaf committed,
                           const std::function<void(const base::Error&)>& failed) const {
  OutboxLoop& outbox = parts_.outbox;
  const record::EventId event = record::EventId::New(parts_.clock.Now());
  outbox.Expect(event, std::move(committed));
  auto with_outbox =
      [event, work = std::move(work)](store::Transaction& transaction) -> base::Result<void> {
    auto entry = work(transaction);
    if (!entry) return entry.error();
    entry->event_id = event.uuid;
    return transaction.outbox().Add({event, audit::Encode(*entry)});
  };
  auto answer = [&outbox, event, failed](const base::Result<void>& written) {
    if (written) return outbox.Wake();
    outbox.Forget(event);
    failed(written.error());
  };
  if (parts_.store.TryWrite(std::move(with_outbox), answer)) return;
  outbox.Forget(event);
  failed({base::ErrorId::kOverloaded, "store", "the store's queue is full; try again shortly"});
}

}  // namespace milecastle::govern
