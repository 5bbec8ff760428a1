#include "inside/sequencer.h"

namespace milecastle::receive {

std::uint64_t Sequencer::Take() {
  const std::lock_guard lock(mutex_);
  return taken_++;
}

void Sequencer::Ready(std::uint64_t ticket, store::Store::Work work, store::Store::Done done) {
  {
    const std::lock_guard lock(mutex_);
    ready_.emplace(ticket, Write{std::move(work), std::move(done)});
    if (submitting_) return;
    submitting_ = true;
  }
  Submit();
}

// Only the one that holds `submitting_` runs here, so what it reads stays while it is unlocked.
void Sequencer::Submit() {
  std::unique_lock lock(mutex_);
  for (auto first = ready_.find(next_); first != ready_.end(); first = ready_.find(next_)) {
    lock.unlock();
    if (!store_.TryRepeatable(first->second.work, first->second.done)) {
      return store_.WhenRoom([self = shared_from_this()] { self->Submit(); });
    }
    lock.lock();
    ready_.erase(first);
    ++next_;
  }
  submitting_ = false;
}

}  // namespace milecastle::receive
