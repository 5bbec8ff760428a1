// Verified tokens, the least recently used of which makes room for a new one.
//
// Thread-safety: any thread. Failure: none; what is not here is verified again.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/crypto.h"
#include "claims.h"

namespace milecastle::authenticate {

class Cache {
 public:
  explicit Cache(std::size_t capacity) : capacity_(capacity) {}

  std::optional<record::Requester> Find(const base::Digest& key, base::Instant now) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    // A clock that was set back makes a token wait again, cached or not.
    if (found->second->verified.until <= now || now < found->second->verified.from) {
      lines_.erase(found->second);
      index_.erase(found);
      return std::nullopt;
    }
    lines_.splice(lines_.begin(), lines_, found->second);
    return found->second->verified.requester;
  }

  void Keep(const base::Digest& key, const Verified& verified) {
    const std::lock_guard lock(mutex_);
    if (capacity_ == 0 || index_.contains(key)) return;
    if (index_.size() >= capacity_) {
      index_.erase(lines_.back().key);
      lines_.pop_back();
    }
    lines_.push_front({key, verified});
    index_.emplace(key, lines_.begin());
  }

 private:
  struct Line {
    base::Digest key;
    Verified verified;
  };

  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Line> lines_;  // the most recently used first
  std::map<base::Digest, std::list<Line>::iterator> index_;
};

}  // namespace milecastle::authenticate
