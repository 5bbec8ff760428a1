// The trail: an index of the audit logs for searching, and how far each was read. Derived from the
// logs, and rebuilt from them where it is lost.
//
// Thread-safety and failure: as journal.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
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

// One row of the trail. Two logs number their leaves alike: an index alone names nothing.
struct TrailPlace {
  std::string origin;
  std::uint64_t leaf = 0;
  bool operator==(const TrailPlace&) const = default;
};

// The tree of a log, as it was read from it when it was durable there.
struct NotedHead {
  std::string origin;
  std::uint64_t size = 0;
  base::Digest root{};
  base::Instant at;  // when it was noted
  bool operator==(const NotedHead&) const = default;
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
  std::optional<TrailPlace> after;  // for paging: the last row of the page before
  std::size_t limit = 100;
};

class ReadTrail {
 public:
  virtual ~ReadTrail() = default;
  // Newest first, over all logs: by time, then origin and leaf.
  virtual base::Result<std::vector<TrailRow>> Search(const TrailQuery& query) = 0;
  virtual base::Result<std::uint64_t> NextLeaf(
      const std::string& origin) = 0;  // first leaf not yet indexed
  virtual base::Result<std::optional<NotedHead>> HeadOf(const std::string& origin) = 0;
};

class Trail : public virtual ReadTrail {
 public:
  virtual base::Result<void> Put(
      const TrailRow& row) = 0;  // again for the same leaf: nothing happens
  // Over the one noted before; one that is smaller than it changes nothing.
  virtual base::Result<void> NoteHead(const NotedHead& head) = 0;
};

}  // namespace milecastle::store
