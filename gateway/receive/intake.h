// The gateway's way in: bytes and their feed → journal, record and reply, in one transaction.
//
// The life of a message:
//   1. TryReceive takes it, with a ticket, if the budget of bytes and messages allows.
//   2. On a worker it is digested, read by its adapter, its sender is checked, and its entries are
//      normalised. This runs side by side for many messages.
//   3. In the order of the tickets it is handed to the store, whose one writer keeps that order: so
//      messages of one patient are applied in the order of their taking, whatever connection they
//      came by. A slow message holds back those behind it, never those before.
//   4. One transaction: duplicate or conflict, and for each patient whom it speaks of, one after
//   the
//      other, whose it is, entries, facts, reviews, audit outbox row; then its one journal row. One
//      patient who waits or is quarantined stops no other; a failure undoes all.
//   5. After the durable commit its callback runs with the reply: AA accepted, duplicate,
//      quarantined or awaiting identity; AR rejected, journalled; AE where nothing was committed.
//      Of whose it is, and whether it waits, the reply says nothing (port/told.h).
//
// Duplicates are told by (feed, control id, digest) within the feed's window. A message without a
// control id is never a duplicate: applying it again changes nothing that is the same. A message
// that was rejected may be sent again, and is read again. One that was quarantined, or the patients
// of it who were, may be sent again once nobody is asked of it any more, and is settled anew.
//
// Thread-safety: every method may be called from any thread. `done` runs on the store's writer
// thread or a worker, never inside TryReceive or Refuse. Lifetime: the store, clock and adapters
// outlive the intake, and Drain comes before its end.
// Failure: inside the outcome. A job that the worker pool refuses is done by the caller's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "port/adapter.h"
#include "port/inbound.h"
#include "receive/mended.h"
#include "store/store.h"

namespace milecastle::normalise {
class Normaliser;
}
namespace milecastle::identify {
class Tracer;
}

namespace milecastle::receive {

struct IntakeLimits {
  std::size_t messages = 1024;                 // taken and not yet answered
  std::size_t bytes = std::size_t{256} << 20;  // of them; one alone may exceed it
};

struct IntakeParts {
  store::Store& store;
  const base::Clock& clock;
  std::map<std::string, std::shared_ptr<const port::Adapter>> adapters;  // by Feed::adapter
  std::shared_ptr<const normalise::Normaliser> normaliser;
  // Best a pool of the intake's own, whose queue takes `limits.messages` jobs. False: it is full.
  std::function<bool(std::function<void()>)> post;
  std::function<void()> committed;  // after every commit that added to the outbox
  IntakeLimits limits;
  std::shared_ptr<const identify::Tracer> tracer = {};  // none: nobody is traced
};

struct IntakeCounts {
  std::size_t messages = 0;  // taken and not yet answered
  std::size_t bytes = 0;
  std::map<std::string, std::size_t> by_feed = {};  // the messages; nothing where there is none
  // Patients of messages taken since the start who waited, or were kept apart, for what was said of
  // whose they are, by feed and organisation. It never falls.
  std::map<std::pair<std::string, std::string>, std::uint64_t> unsettled = {};
};

class Intake final : public port::Inbound {
 public:
  explicit Intake(IntakeParts parts);
  ~Intake() override;

  bool TryReceive(std::shared_ptr<const port::Feed> feed, std::string& message,
                  port::OnReceived done) override;
  void WhenRoom(std::function<void()> again) override;
  void Refuse(std::shared_ptr<const port::Feed> feed, std::string head, base::Error why,
              port::OnReceived done) override;

  // For what is taken from now on.
  void Use(std::shared_ptr<const normalise::Normaliser> normaliser);

  // Takes nothing more, and returns when everything taken is answered.
  void Drain();

  IntakeCounts Counts() const;

  // A message that waits, or the patient of it who does (store::QueueItem::patient), read again
  // from the journal, ready to be applied to the identity that an officer chose; the work does
  // nothing where it no longer waits. It settles the journal row; the queue item is its caller's.
  // The feed's limits of size are not asked again: it was taken.
  // `feed` must be configured still: kNotFound. kConflict where the message is read as speaking of
  // others than when it came.
  using Replay = std::function<base::Result<void>(
      store::Transaction&, const std::optional<record::IdentityId>&, const record::PersonId&)>;
  base::Result<Replay> PrepareReplay(const store::JournalRow& row, std::uint32_t patient,
                                     const port::Feed& feed) const;

  // A message that was rejected or quarantined, read again by today's adapter and mappings; or a
  // person's correction of it, kept beside it under an id of its own (mend.h says in which order
  // either takes effect). Read here, settled by the work. The feed's limits of size are asked.
  using Mend = std::function<base::Result<Mended>(store::Transaction&, const MendedBy&)>;
  Mend PrepareMending(const store::JournalRow& row, const port::Feed& feed) const;
  Mend PrepareCorrection(const store::JournalRow& wrong, std::string bytes,
                         const port::Feed& feed) const;

 private:
  class Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace milecastle::receive
