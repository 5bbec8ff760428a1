// The trail: an index of the audit log for searching. Derived from the log, and rebuilt from it
// where it is lost.
//
// Thread-safety and failure: as journal.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/identifiers.h"

namespace milecastle::store {

struct TrailRow {
  std::string origin;      // which log
  std::uint64_t leaf = 0;  // index in it
  record::EventId event;
  std::string kind;  // "view", "refusal" …
  base::Instant at;
  std::string organisation;  // of the requester, or of the feed
  std::string user;
  std::string nhs_number;  // asked for; empty where none
  std::string purpose;
  std::string outcome;
  std::vector<std::string> sources;  // organisations whose data was decided on
};

struct TrailQuery {
  std::string nhs_number;  // empty: any; likewise below
  std::string user;
  std::string organisation;  // of the requester
  std::string source;        // contributing
  std::string kind;
  std::optional<base::Instant> from;
  std::optional<base::Instant> until;
  // What the searcher may see: rows of this requesting organisation or with this source; empty:
  // all.
  std::string visible_to;
  std::optional<std::uint64_t> before_leaf;  // for paging: newest first
  std::size_t limit = 100;
};

class ReadTrail {
 public:
  virtual ~ReadTrail() = default;
  virtual base::Result<std::vector<TrailRow>> Search(const TrailQuery& query) = 0;
  virtual base::Result<std::uint64_t> NextLeaf(
      const std::string& origin) = 0;  // first leaf not yet indexed
};

class Trail : public virtual ReadTrail {
 public:
  virtual base::Result<void> Put(
      const TrailRow& row) = 0;  // again for the same leaf: nothing happens
};

}  // namespace milecastle::store
