// Segments that readers built, shared between them: the newest version of each person's, the least
// recently used dropped first.
//
// Thread-safety: every method may be called from any thread. Failure: none; a miss is built anew.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "store/records.h"

namespace milecastle::store::sqlite {

class SegmentCache {
 public:
  explicit SegmentCache(std::size_t limit_bytes) : limit_(limit_bytes) {}

  // Nothing where there is none of exactly this version.
  std::shared_ptr<const Segment> Find(record::PersonId person, std::uint64_t version);
  void Keep(record::PersonId person, std::shared_ptr<const Segment> segment);

 private:
  struct Held {
    record::PersonId person;
    std::shared_ptr<const Segment> segment;
    std::size_t bytes = 0;
  };
  void Drop(std::list<Held>::iterator held);

  const std::size_t limit_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Held> by_use_;  // most recently used first
  std::unordered_map<record::PersonId, std::list<Held>::iterator> by_person_;
};

}  // namespace milecastle::store::sqlite
