// What is kept of each source of services, how old it is, and what kept it from being newer.
//
// Readings come from pulls, folders and people; each takes the place of what is kept of its source,
// or leaves it as it is and says why. A reason is logged once, until it is another or none.
//
// Thread-safety: any thread. Lifetime: the store and the clock outlive the keeper. Failure: as
// whole.h and store/directory.h; kNotFound for a source that is not configured.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/pull.h"
#include "directory/whole.h"
#include "store/directory.h"

namespace milecastle::directory {

struct Source {
  std::string name;
  std::chrono::seconds interval{0};  // in which it is to be read; 0: whenever somebody brings it
  Limits limits;
};

struct SourceState {
  std::string name;
  std::chrono::seconds interval{0};
  std::optional<store::DirectorySource> kept;  // nothing yet: none
  bool known = true;                           // false: the store could not say
  std::optional<base::Instant> tried;          // since the start
  std::optional<base::Error> failed;           // why the last try left all as it was
  std::uint64_t taken = 0;                     // readings, since the start
  std::uint64_t failures = 0;
  // Older than three of its intervals, or never read.
  bool IsStale(base::Instant now) const;
};

// Bytes that somebody brings for a source: all files of its directory.
struct Brought {
  std::string source;
  std::vector<std::string> files;
  bool accept_loss = false;
  std::vector<std::string> names = {};  // of files that are tables, one each; empty: they are pages
};

using ParseTables = std::function<base::Result<record::DirectoryPage>(
    const std::vector<record::DirectoryTable>& tables)>;
struct Readers {
  Parse page;
  ParseTables tables;
};

class Keeper {
 public:
  Keeper(store::ServiceDirectory& store, const base::Clock& clock, Readers readers,
         std::vector<Source> sources);

  // As Brought, read and put together; nothing is kept yet.
  base::Result<store::DirectoryReading> Read(const Brought& brought) const;
  // Puts it in the place of what is kept; a failure of either kind is noted.
  base::Result<store::DirectoryChange> Keep(const base::Result<store::DirectoryReading>& reading,
                                            const std::string& source);

  std::optional<base::Instant> LastRead(const std::string& source) const;
  // As configured; where the store cannot be read, without what is kept, and saying why.
  std::vector<SourceState> States() const;
  store::ServiceDirectory& store() const { return store_; }

 private:
  const Source* Find(std::string_view name) const;
  base::Result<std::vector<record::DirectoryPage>> PagesOf(const Brought& brought) const;
  void NoteTaken(const std::string& source, const store::DirectoryChange& change);
  void NoteFailed(const std::string& source, const base::Error& error);

  store::ServiceDirectory& store_;
  const base::Clock& clock_;
  const Readers readers_;
  const std::vector<Source> sources_;
  mutable std::mutex mutex_;
  std::map<std::string, SourceState> states_;  // without what the store knows
};

}  // namespace milecastle::directory
