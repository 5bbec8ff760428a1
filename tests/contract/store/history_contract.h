// The part of the contract that is about versions of entries.
#pragma once

#include <string>
#include <vector>

#include "contract.h"
#include "record/document_key.h"

namespace milecastle::store {

class StoreHistory : public StoreContract {
 protected:
  bool PutOlder(const StoredEntry& entry) {
    bool put = false;
    Commit([&](Transaction& in) -> base::Result<void> {
      const auto done = in.records().PutOlder(entry);
      if (!done) return done.error();
      put = *done;
      return {};
    });
    return put;
  }
  EntryHistory HistoryOf(const Person& person, record::EntryId id, const HistoryLimit& limit = {}) {
    return *Read()->records().HistoryOf(person.id, id, limit);
  }
  static std::vector<std::string> BytesIn(const Segment& segment) {
    std::vector<std::string> all;
    for (const SegmentItem& item : segment.items) {
      all.push_back(segment.bytes.substr(item.offset, item.size));
    }
    return all;
  }
  void Replace(const Identity& identity, const std::string& document,
               const std::vector<std::string>& kept, int second) {
    Commit([&](Transaction& in) -> base::Result<void> {
      const auto gone = in.records().KeepOnlyBelow(identity.id, document, kept, At(second));
      return gone ? base::Result<void>() : gone.error();
    });
  }
  static StoredEntry In(StoredEntry entry, const std::string& document) {
    entry.links.push_back({std::string(record::kInDocument), document});
    return entry;
  }
  static StoredEntry Stored(StoredEntry entry, int second) {
    entry.stored = At(second);
    return entry;
  }
};

}  // namespace milecastle::store
