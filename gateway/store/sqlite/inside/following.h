// The rules that a store follows, swapped under its readers and its writer.
//
// Thread-safety: every method may be called from any thread. Failure: none.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "store/labels.h"

namespace milecastle::store::sqlite {

class Following {
 public:
  void Follow(std::shared_ptr<const Rulebook> rules) {
    const std::lock_guard lock(mutex_);
    const bool same = rules_ && rules && rules_->digest() == rules->digest();
    rules_ = std::move(rules);
    // Behind the rules: whoever sees the number has them, or newer ones.
    if (!same) generation_.fetch_add(1, std::memory_order_release);
  }
  // Null: none were ever named, and labels are as they are stored.
  std::shared_ptr<const Rulebook> rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
  }
  // Another with each other set of rules: what was derived under one is not used under the next.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Rulebook> rules_;
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace milecastle::store::sqlite
