#include "govern/quarantine.h"

#include <boost/json.hpp>
#include <iterator>

namespace milecastle::govern {
namespace {

using decide::Action;
using store::JournalRow;

base::Error NotFound() {
  return {base::ErrorId::kNotFound, "message_id", "there is none of that id that you may work"};
}
base::Error DoneBefore() {
  return {base::ErrorId::kConflict, "message_id", "somebody is done with it: look again"};
}

base::Result<bool> NamesProtected(store::ReadQueues& queues, const JournalRow& row) {
  const auto items = queues.OfMessage(row.id);
  if (!items) return items.error();
  return store::NamesProtected(*items);
}

base::Result<void> CheckCode(const decide::Policy& policy, const std::string& code) {
  constexpr auto kUse = decide::ReasonUse::kMendMessage;
  if (policy.FindReason(kUse, code) != nullptr) return {};
  std::string advice = "write one of:";
  for (const std::string& listed : policy.CodesOf(kUse)) advice += " " + listed;
  return base::Error{base::ErrorId::kArgumentInvalid, "reason_code", advice};
}

boost::json::object Asked(std::string_view act, record::MessageId id) {
  boost::json::object what;
  what["act"] = act;
  what["message"] = id.ToString();
  return what;
}

std::string DigestOf(std::string_view bytes) {
  const base::Digest digest = base::Sha256(bytes);
  return base::ToHex(base::AsBytes(digest));
}

// Closes what was asked of people about the message, but for whose record it is.
base::Result<void> CloseItems(store::Transaction& transaction, record::MessageId id,
                              const std::string& why, const MendedBy& by) {
  const auto items = transaction.queues().OfMessage(id);
  if (!items) return items.error();
  for (const store::QueueItem& item : *items) {
    if (item.closed || !item.IsOfItsMessageAlone()) continue;
    auto closed = transaction.queues().Close(item.id, why, by.user, by.at);
    if (!closed) return closed;
  }
  return {};
}

base::Result<void> SetDone(store::Transaction& transaction, record::MessageId id,
                           base::Instant at) {
  auto row = transaction.journal().Find(id);
  if (!row) return row.error();
  if (!*row) return NotFound();
  (*row)->done = at;
  return transaction.journal().SetRead(**row);
}

}  // namespace

// One of what a person may do about a message.
struct QuarantineDesk::Mending {
  std::string_view act;   // for the log
  std::string_view kept;  // for the journal
  JournalRow wrong;
  Mend mend;
  std::string why;
};

// A message that was refused before its organisation was known is that of its feed's only one.
bool QuarantineDesk::Reaches(const Act& act, const JournalRow& row) const {
  if (act.verdict().scope == decide::Scope::kAll) return true;
  if (!act.verdict().organisation) return false;
  const record::OdsCode& own = *act.verdict().organisation;
  if (!row.organisation.empty()) return row.organisation == own.text();
  const auto organisations = quarantine_.organisations_of(row.feed);
  return organisations.size() == 1 && organisations.front() == own;
}

base::Result<HeldAtDesk> QuarantineDesk::HeldFor(const Act& act, record::MessageId id) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto row = (*snapshot)->journal().Find(id);
  if (!row) return row.error();
  if (!*row || !Reaches(act, **row)) return NotFound();
  const auto is_protected = NamesProtected((*snapshot)->queues(), **row);
  if (!is_protected) return is_protected.error();
  if (*is_protected) return NotFound();
  auto mendings = (*snapshot)->journal().MendingsOf(id);
  if (!mendings) return mendings.error();
  // A message that was taken is nobody's to look at here.
  if (!IsOpen(**row) && mendings->empty()) return NotFound();
  return HeldAtDesk{std::move(**row), std::move(*mendings)};
}

base::Result<std::vector<JournalRow>> QuarantineDesk::Held(const Act& act,
                                                           const HeldQuery& query) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  std::vector<JournalRow> held;
  auto after = query.after;
  for (bool more = true; more && held.size() < query.limit;) {
    auto page = (*snapshot)->journal().Open(query.limit, after);
    if (!page) return page.error();
    more = page->size() == query.limit;
    if (more) after = page->back().id;
    for (JournalRow& row : *page) {
      if ((!query.feed.empty() && row.feed != query.feed) || !Reaches(act, row)) continue;
      const auto is_protected = NamesProtected((*snapshot)->queues(), row);
      if (!is_protected) return is_protected.error();
      if (!*is_protected && held.size() < query.limit) held.push_back(std::move(row));
    }
  }
  return held;
}

void QuarantineDesk::List(const record::Requester& officer, const HeldQuery& query,
                          const Done<std::vector<JournalRow>>& done) const {
  const Act act(parts_, {.requester = officer, .action = Action::kQuarantineWork});
  if (!act.permitted()) return act.Refuse(done);
  auto held = Held(act, query);
  if (!held) return act.Fail(audit::Kind::kIdentity, held.error(), {}, done);
  const std::string what = "{\"act\":\"list\",\"listed\":" + std::to_string(held->size()) + "}";
  act.Answer(audit::Kind::kIdentity, what, std::move(*held), done);
}

void QuarantineDesk::Show(const record::Requester& officer, record::MessageId id,
                          const Done<HeldAtDesk>& done) const {
  const Act act(parts_, {.requester = officer, .action = Action::kQuarantineShow});
  if (!act.permitted()) return act.Refuse(done);
  boost::json::object what = Asked("show", id);
  auto shown = HeldFor(act, id);
  if (!shown) {
    return act.Fail(audit::Kind::kIdentity, shown.error(), boost::json::serialize(what), done);
  }
  what["disclosed"] = DigestOf(shown->row.bytes);
  what["bytes"] = shown->row.bytes.size();
  act.Answer(audit::Kind::kIdentity, boost::json::serialize(what), std::move(*shown), done);
}

// In one transaction: what is mended, who did it and why, and the entry of the log.
void QuarantineDesk::Do(const Act& act, Mending mending, const Done<MendedMessage>& done) const {
  const MendedBy by{NameOf(act.requester()), parts_.clock.Now()};
  boost::json::object asked = Asked(mending.act, mending.wrong.id);
  asked["reason"] = mending.why;
  const std::string said = boost::json::serialize(asked);
  act.Commit<MendedMessage>(
      audit::Kind::kIdentity, Account{said, {}},
      [mending = std::move(mending), by, asked = std::move(asked)](
          store::Transaction& transaction, Account& account) -> base::Result<MendedMessage> {
        auto mended = mending.mend(transaction, by);
        if (!mended || !mended->changed) return mended;
        const bool corrected = mended->row.id != mending.wrong.id;
        store::Mending kept{.message = mending.wrong.id,
                            .act = std::string(mending.kept),
                            .by = by.user,
                            .reason = mending.why,
                            .error = mending.wrong.error_name,
                            .at = by.at};
        if (corrected) kept.correction = mended->row.id;
        if (auto added = transaction.journal().AddMending(kept); !added) return added.error();
        if (corrected) {
          if (auto set = SetDone(transaction, mending.wrong.id, by.at); !set) return set.error();
        }
        boost::json::object what = asked;
        what["outcome"] = mended->row.disposition;
        what["entries"] = mended->row.entries;
        what["held_back"] = mended->held_back;
        if (corrected) what["correction"] = mended->row.id.ToString();
        account.what = boost::json::serialize(what);
        return mended;
      },
      done);
}

void QuarantineDesk::Replay(const record::Requester& officer, record::MessageId id,
                            const std::string& why, const Done<MendedMessage>& done) const {
  const Act act(parts_, {.requester = officer, .action = Action::kQuarantineWork});
  if (!act.permitted()) return act.Refuse(done);
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kIdentity, error, boost::json::serialize(Asked("replay", id)), done);
  };
  if (auto code = CheckCode(act.policy(), why); !code) return fail(code.error());
  auto held = HeldFor(act, id);
  if (!held) return fail(held.error());
  auto mend = quarantine_.prepare(held->row, std::nullopt);
  if (!mend) return fail(mend.error());
  Do(act, {"replay", "replayed", std::move(held->row), std::move(*mend), why}, done);
}

void QuarantineDesk::Correct(const record::Requester& officer, record::MessageId id,
                             Correction correction, const Done<MendedMessage>& done) const {
  const Act act(parts_, {.requester = officer, .action = Action::kQuarantineCorrect});
  if (!act.permitted()) return act.Refuse(done);
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kIdentity, error, boost::json::serialize(Asked("correct", id)), done);
  };
  if (auto code = CheckCode(act.policy(), correction.why); !code) return fail(code.error());
  auto held = HeldFor(act, id);
  if (!held) return fail(held.error());
  auto mend = quarantine_.prepare(held->row, std::move(correction.bytes));
  if (!mend) return fail(mend.error());
  // What is corrected for an organisation that nobody knew is the officer's own, or any for who
  // works all.
  const auto organisation = act.verdict().organisation;
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  Mend within = [mend = std::move(*mend), organisation, over_all](
                    store::Transaction& transaction,
                    const MendedBy& by) -> base::Result<MendedMessage> {
    auto mended = mend(transaction, by);
    if (!mended || over_all || mended->row.organisation == organisation->text()) return mended;
    return NotFound();
  };
  Do(act, {"correct", "corrected", std::move(held->row), std::move(within), correction.why}, done);
}

void QuarantineDesk::Close(const record::Requester& officer, record::MessageId id,
                           const std::string& why, const Done<JournalRow>& done) const {
  const Act act(parts_, {.requester = officer, .action = Action::kQuarantineWork});
  if (!act.permitted()) return act.Refuse(done);
  boost::json::object asked = Asked("close", id);
  asked["reason"] = why;
  const std::string said = boost::json::serialize(asked);
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kIdentity, error, boost::json::serialize(Asked("close", id)), done);
  };
  if (auto code = CheckCode(act.policy(), why); !code) return fail(code.error());
  if (auto held = HeldFor(act, id); !held) return fail(held.error());
  const MendedBy by{NameOf(officer), parts_.clock.Now()};
  act.Commit<JournalRow>(
      audit::Kind::kIdentity, Account{said, {}},
      [id, why, by](store::Transaction& transaction, Account&) -> base::Result<JournalRow> {
        auto row = transaction.journal().Find(id);
        if (!row) return row.error();
        if (!*row || !IsOpen(**row)) return DoneBefore();
        if (auto closed = CloseItems(transaction, id, why, by); !closed) return closed.error();
        const store::Mending kept{id, "closed", by.user, why, (*row)->error_name, by.at};
        if (auto added = transaction.journal().AddMending(kept); !added) return added.error();
        if (auto set = SetDone(transaction, id, by.at); !set) return set.error();
        return std::move(**row);
      },
      done);
}

}  // namespace milecastle::govern
