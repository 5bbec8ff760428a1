#include "inside/segment_cache.h"

namespace milecastle::store::sqlite {
namespace {

std::size_t SizeOf(const Segment& segment) {
  return sizeof(Segment) + segment.bytes.capacity() +
         segment.items.capacity() * sizeof(SegmentItem) +
         segment.links.capacity() * sizeof(SegmentLink) +
         segment.classes.capacity() * sizeof(record::EntryClass);
}

}  // namespace

std::shared_ptr<const Segment> SegmentCache::Find(record::PersonId person, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  const auto found = by_person_.find(person);
  if (found == by_person_.end() || found->second->segment->record_version != version)
    return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->segment;
}

void SegmentCache::Keep(record::PersonId person, std::shared_ptr<const Segment> segment) {
  const std::size_t bytes = SizeOf(*segment);
  const std::lock_guard lock(mutex_);
  if (const auto found = by_person_.find(person); found != by_person_.end()) {
    // A reader of an older snapshot must not push out what is newer.
    if (found->second->segment->record_version >= segment->record_version) return;
    Drop(found->second);
  }
  if (bytes > limit_) return;
  by_use_.push_front({person, std::move(segment), bytes});
  by_person_[person] = by_use_.begin();
  bytes_ += bytes;
  while (bytes_ > limit_) Drop(std::prev(by_use_.end()));
}

void SegmentCache::Drop(std::list<Held>::iterator held) {
  bytes_ -= held->bytes;
  by_person_.erase(held->person);
  by_use_.erase(held);
}

}  // namespace milecastle::store::sqlite
