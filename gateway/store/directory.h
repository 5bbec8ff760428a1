// The directories of services that were read, by source: public data, of no patient.
//
// A port beside Store, not of it: what is here can be read again from its source, so it needs no
// part in the transactions and seals of history of patients' records, and a directory of ten
// thousand services that takes the place of another must not hold up the one writer of theirs. What
// is wrong with it keeps nobody from a record (directory/sheltered.h). Services that were imported
// by hand are here alone: a backup may hold them (deploy/backup).
//
// A source's services are replaced as a whole or not at all. One that the newer reading does not
// hold is marked gone, and of it no more is kept than its id, name and organisation: why it was
// taken away is not known, and it may be that its place must not be known any more. One that the
// newer reading holds, and that could not be read, stays as it was, with the time it is of.
//
// Thread-safety: any thread. Failure: kStoreUnavailable; kStoreCorrupt where a row does not match
// its digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "record/directory.h"

namespace milecastle::store {

// All services of one source, read at one time.
struct DirectoryReading {
  std::string source;
  base::Instant began;  // when the reading did: the services are as of then, or later
  std::vector<record::DirectoryService> services;  // of different ids
  std::vector<std::string> unread;                 // ids that it holds and that could not be read
  std::uint64_t refused = 0;  // parts that could not be read, with or without id
  // How many of a hundred kept services may be gone with it.
  std::uint32_t may_lose_percent = 100;
};

struct DirectoryChange {
  std::uint64_t services = 0;  // that are kept now
  std::uint64_t added = 0;     // that were not there, or were gone
  std::uint64_t changed = 0;
  std::uint64_t gone = 0;
  std::uint64_t unread = 0;  // kept as they were
};

struct DirectorySource {
  std::string name;
  base::Instant began;         // of the reading that stands
  std::uint64_t services = 0;  // not gone
  std::uint64_t gone = 0;
  std::uint64_t refused = 0;
};

struct HeldService {
  std::string source;
  record::DirectoryService service;
  base::Instant read;                 // as of when it is so
  std::optional<base::Instant> gone;  // since when it was missing
};

// Where a page of a search ended: by name, source and id.
struct ServicePlace {
  std::string name;  // record::FoldedName
  std::string source;
  std::string id;
};

struct DirectorySearch {
  record::ServiceQuery query;
  std::string source;  // empty: all
  std::size_t limit = 20;
  std::optional<ServicePlace> after;
};

struct FoundServices {
  std::vector<HeldService> services;  // by name; none that is gone
  std::optional<ServicePlace> next;   // where there are more
};

class ServiceDirectory {
 public:
  virtual ~ServiceDirectory() = default;
  // kConflict where more would be gone than the reading may lose.
  virtual base::Result<DirectoryChange> Replace(const DirectoryReading& reading) = 0;
  virtual base::Result<FoundServices> Search(const DirectorySearch& search) = 0;
  // Of every source that holds the id, by source; with those that are gone.
  virtual base::Result<std::vector<HeldService>> Find(const std::string& id) = 0;
  virtual base::Result<std::vector<DirectorySource>> Sources() = 0;
};

}  // namespace milecastle::store
