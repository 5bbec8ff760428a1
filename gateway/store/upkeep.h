// What an operator does to a store as a whole: prove that it is as it was written, and see whether
// it still writes. `deploy/backup` copies it.
//
// Thread-safety: every method may be called from any thread, while the store is in use.
// Failure: kStoreUnavailable. Corruption is a finding of Fsck, not a failure of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace milecastle::store {

struct Mismatch {
  std::string table;
  std::string row;   // its number in the table; empty where the table or file as a whole is meant
  std::string what;  // from a fixed list, or a structural finding of the database: never a value
  bool operator==(const Mismatch&) const = default;
};

struct FsckReport {
  std::uint64_t rows = 0;  // looked at
  std::vector<Mismatch> mismatches;
};

struct FsckProgress {
  std::string_view table;
  std::uint64_t rows = 0;  // looked at so far, over all tables
};

// What became of the last commit that was tried. A store whose disk is full still reads.
struct WriteTried {
  base::Instant at;                   // when it ended; of the opening where none was tried yet
  std::optional<base::Error> failed;  // why nothing of it was kept
};

class Upkeep {
 public:
  virtual ~Upkeep() = default;
  // Recomputes the digest of every row and checks the structure that finds them, over one snapshot.
  virtual base::Result<FsckReport> Fsck(
      const std::function<void(const FsckProgress&)>& progress) = 0;
  virtual WriteTried LastWrite() const = 0;
};

}  // namespace milecastle::store
