// One act of one requester that is not a view: decided by role, done, audited, and only then
// answered. Refusals are audited and answered in the same way, and so is what could not be done or
// is not there: an answer without an entry would let anybody search unseen.
//
// Thread-safety: an Act belongs to one request. Failure: kNotPermitted for what the role does not
// allow, after the refusal is in the log; the log's errors, and then nothing is answered.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "audit/payload.h"
#include "decide/action.h"
#include "govern/parts.h"

namespace milecastle::govern {

struct Acting {
  record::Requester requester;
  decide::Action action = decide::Action::kExplain;
  std::string case_reference;
  std::optional<record::NhsNumber> nhs_number;
  const record::PatientFacts* facts = nullptr;        // where the act is about one person
  const record::Consent* consent = nullptr;           // that it records or withdraws
  decide::DoneBy done_by = decide::DoneBy::kUnknown;  // what it looks at, where it does
};

// What an entry says of an act, beside who acted and by which rule.
struct Account {
  std::string what;  // JSON of the kind's own; empty: nothing
  std::optional<record::PersonId> person;
};

// What an act changes, inside the transaction that also takes its entry. `account` comes as it was
// asked; what is known only in the transaction is written into it there.
template <class T>
using Change = std::function<base::Result<T>(store::Transaction&, Account& account)>;

class Act {
 public:
  Act(Parts parts, Acting acting);

  bool permitted() const { return verdict_.permitted(); }
  const decide::ActionVerdict& verdict() const { return verdict_; }
  const record::Requester& requester() const { return acting_.requester; }
  const decide::Policy& policy() const { return decider_->policy(); }

  // Writes the refusal, then answers kNotPermitted.
  template <class T>
  void Refuse(std::function<void(base::Result<T>)> done) const {
    parts_.log.Append(
        EntryOf(audit::Kind::kRefusal, "refused", Account{}),
        [done = std::move(done), error = RefusalError()](base::Result<audit::Receipt> receipt) {
          done(receipt ? error : receipt.error());
        });
  }

  // Writes that it failed ("not_found" or "failed"), then answers with the error. `asked` is JSON.
  template <class T>
  void Fail(audit::Kind kind, const base::Error& error, std::string_view asked,
            std::function<void(base::Result<T>)> done) const {
    parts_.log.Append(FailureOf(kind, error, asked),
                      [done = std::move(done), error](base::Result<audit::Receipt> receipt) {
                        done(receipt ? error : receipt.error());
                      });
  }

  // Writes the entry, then answers with the value.
  template <class T>
  void Answer(audit::Kind kind, std::string_view what, T value,
              std::function<void(base::Result<Audited<T>>)> done) const {
    parts_.log.Append(EntryOf(kind, "permitted", Account{std::string(what), {}}),
                      [done = std::move(done), value = std::make_shared<T>(std::move(value))](
                          base::Result<audit::Receipt> receipt) {
                        if (!receipt) return done(receipt.error());
                        done(Audited<T>(std::move(*value), *receipt));
                      });
  }

  // Commits the change together with its entry, then answers when its leaf is durable; or fails
  // with what kept it from being committed, and `asked` is what the log keeps of that.
  template <class T>
  void Commit(audit::Kind kind, Account asked, Change<T> change,
              std::function<void(base::Result<Audited<T>>)> done) const {
    struct Pending {
      Account account;
      std::optional<T> value;
      std::function<void(base::Result<Audited<T>>)> done;
    };
    std::string said = asked.what;
    auto pending = std::make_shared<Pending>(Pending{std::move(asked), {}, std::move(done)});
    CommitWithOutbox(
        [pending, act = *this, kind, change = std::move(change)](
            store::Transaction& transaction) -> base::Result<audit::Entry> {
          auto value = change(transaction, pending->account);
          if (!value) return value.error();
          pending->value = std::move(*value);
          return act.EntryOf(kind, "permitted", pending->account);
        },
        [pending](base::Result<LeafPlace> leaf) {
          if (!leaf) return pending->done(leaf.error());
          pending->done(Audited<T>(std::move(*pending->value), std::move(*leaf)));
        },
        [pending, act = *this, kind, said = std::move(said)](const base::Error& error) {
          act.Fail(kind, error, said, pending->done);
        });
  }

 private:
  base::Error RefusalError() const;
  audit::Entry EntryOf(audit::Kind kind, std::string_view outcome, const Account& account) const;
  audit::Entry FailureOf(audit::Kind kind, const base::Error& error, std::string_view asked) const;
  void CommitWithOutbox(std::function<base::Result<audit::Entry>(store::Transaction&)> work,
                        OnLeaf committed,
                        const std::function<void(const base::Error&)>& failed) const;

  Parts parts_;
  Acting acting_;
  std::shared_ptr<const decide::Decider> decider_;  // one policy decides, and is named in the entry
  decide::ActionVerdict verdict_;
};

// Issuer and user, as written into history and audit.
std::string NameOf(const record::Requester& requester);

}  // namespace milecastle::govern
