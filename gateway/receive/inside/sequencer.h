// Hands writes to the store in the order of their tickets, however they become ready.
//
// Thread-safety: any thread. Lifetime: the store outlives it; shared, because the store calls it
// when there is room again. Failure: none; a store that never has room again holds all.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "store/store.h"

namespace milecastle::receive {

class Sequencer : public std::enable_shared_from_this<Sequencer> {
 public:
  explicit Sequencer(store::Store& store) : store_(store) {}

  std::uint64_t Take();

  // Each ticket exactly once. The store may run the work more than once.
  void Ready(std::uint64_t ticket, store::Store::Work work, store::Store::Done done);

 private:
  struct Write {
    store::Store::Work work;
    store::Store::Done done;
  };
  void Submit();

  store::Store& store_;
  std::mutex mutex_;
  std::uint64_t taken_ = 0;
  std::uint64_t next_ = 0;   // the next to be submitted
  bool submitting_ = false;  // by a thread, or when the store calls
  std::map<std::uint64_t, Write> ready_;
};

}  // namespace milecastle::receive
