// Brings what is stored under the rules of today, behind intake and views.
//
// From Follow on the store gives every reader the labels of the new rules at least, and labels what
// comes by them (store/labels.h); nobody waits for what is done here. A thread of its own
// looks at a piece of the entries after another: it reads and labels them over a snapshot, and
// hands what changed to the store's writer as one short work, behind all that waits there; the next
// piece waits until that is durable. How far it is is written with what changed: after a stop or a
// kill it goes on from there. The same entry looked at twice changes nothing the second time.
//
// Thread-safety: every method may be called from any thread. Lifetime: the store outlives it.
// Failure: none to callers. Where the store fails it is tried again, and meanwhile readers label
// what they read.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "store/store.h"

namespace milecastle::receive {

struct RelabellingParts {
  store::Store& store;
  const base::Clock& clock;
  // Of rules under which something was stored already: when all of it was looked at. On its thread.
  std::function<void(const store::Labelling&)> ended = {};
  // First of all on its thread: puts it behind all others of the process.
  std::function<void()> go_last = {};
  store::DueLimits piece = {};
  std::chrono::milliseconds retry{1000};  // after the store refused
};

class Relabelling {
 public:
  explicit Relabelling(RelabellingParts parts);
  ~Relabelling();  // as Stop

  void Stop();  // after the piece that is under way

  void Follow(std::shared_ptr<const store::Rulebook> rules);

  // How far the newest rules are; nothing: that is not noted yet.
  std::optional<store::Labelling> Progress() const;
  // Returns when all is under the rules that were followed last, or it stops.
  void AwaitEnd();

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::receive
