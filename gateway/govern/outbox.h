// The one loop that carries audit entries from the store's outbox to the log.
//
// An entry is committed with its effect, then appended, and removed from the outbox once its leaf
// is durable. A crash in between appends it again: the log knows the event and gives the first
// leaf. Order is that of the commits. While the log does not take entries they stay, the backlog
// grows and is logged, and the loop tries again.
//
// Thread-safety: every method may be called from any thread. Lifetime: store and log outlive it.
// Failure: none to callers; Backlog and the log lines tell.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "audit/appender.h"
#include "base/result.h"
#include "record/identifiers.h"
#include "store/store.h"

namespace milecastle::govern {

// Where an entry came to stand in the log.
struct LeafPlace {
  std::string origin;
  std::uint64_t index = 0;
  base::Digest leaf_hash{};
};
using OnLeaf = std::function<void(base::Result<LeafPlace>)>;

struct OutboxOptions {
  std::size_t batch = 256;
  // Between two rounds, so that many entries share one: each costs the store a commit and the log a
  // group, for which messages wait. Nobody waits for it who called Expect or Drain.
  std::chrono::milliseconds gather{10};
  std::chrono::milliseconds retry{500};  // after the log or the store refused
};

class OutboxLoop {
 public:
  OutboxLoop(store::Store& store, audit::Appender& log, OutboxOptions options = {});
  ~OutboxLoop();  // stops; what is left stays in the store for the next start

  void Wake();  // after a commit that added to the outbox

  // For replies that wait for their leaf (consent, identity, policy). Call Expect before the commit
  // and Forget if it fails. `then` runs once, on a thread of the log, and must return soon; with
  // the log's error where it was refused, while the entry stays in the outbox.
  void Expect(const record::EventId& event, OnLeaf then);
  void Forget(const record::EventId& event);

  // Returns when the outbox has been seen empty, or the log refuses: for shutdown.
  void Drain();

  std::uint64_t Backlog() const;  // as last seen

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::govern
