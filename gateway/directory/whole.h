// The pages of one directory, put together: a reading that is whole, or the reason why it is not.
//
// What a directory says of itself is held against what it gives. Pages come from 1 on, all say the
// same totals, none before the last is empty, no service comes twice, and there are as many items
// as were told: where one of these does not hold it changed while it was read, or does not tell the
// truth, and the reading is refused whole. A service that cannot be read, or is too large, is
// refused by itself.
//
// Thread-safety: one thread. Failure: kMessageInvalid for what does not fit together, kConflict for
// what seems to have changed meanwhile, kMessageTooLarge past a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "record/directory.h"
#include "store/directory.h"

namespace milecastle::directory {

struct Limits {
  std::uint64_t pages = 2000;
  std::uint64_t services = 20'000;
  std::size_t bytes = std::size_t{256} << 20;         // of all that one reading fetches
  std::size_t service_bytes = std::size_t{64} << 10;  // of the texts of one service
  std::uint32_t may_lose_percent = 50;
};

class Whole {
 public:
  Whole(std::string source, base::Instant began, const Limits& limits);

  // The next page.
  base::Result<void> Add(record::DirectoryPage page);
  // Whether that was the last; what comes after it is refused.
  bool complete() const { return total_ && next_ > *total_; }
  std::uint64_t next() const { return next_; }
  // Once it is complete.
  base::Result<store::DirectoryReading> Take();

 private:
  base::Result<void> CheckPlace(const record::DirectoryPage& page) const;
  base::Result<void> AddServices(record::DirectoryPage& page);

  const Limits limits_;
  store::DirectoryReading reading_;
  std::set<std::string> ids_;
  std::uint64_t next_ = 1;
  std::optional<std::uint64_t> total_;  // pages
  std::optional<std::uint64_t> items_;  // of all pages, as the first says
  std::uint64_t seen_ = 0;              // items
};

// Of files that hold all of a directory: its pages, in any order, or files that are whole by
// themselves (a list, a service) as one.
base::Result<store::DirectoryReading> Assemble(std::string source, base::Instant began,
                                               const Limits& limits,
                                               std::vector<record::DirectoryPage> pages);

// Whether a service can be kept: an id and a name of a sensible length, and not too much text.
bool Fits(const record::DirectoryService& service, const Limits& limits);

}  // namespace milecastle::directory
