// Writes part of a log as a folder that can be verified offline with the public key alone, by
// verify.h or by any tool that reads c2sp.org/tlog-tiles (FORMAT.md, "Export").
//
// Thread-safety: may run while the log is appended to; it shows the tree of one checkpoint.
// Failure: kArgumentInvalid for a range that is not in the log or a folder that is not empty; on
// any error the folder is left incomplete and does not verify.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "audit/log.h"

namespace milecastle::audit {

struct ExportRange {
  std::uint64_t from = 0;
  std::uint64_t to = UINT64_MAX;  // one past the last; cut at the size of the log
  // Payloads for which this says false are left out; all are included where it is empty. Leaves
  // never are.
  std::function<bool(const Record&)> include;
};

// Gives the head of the checkpoint that was exported.
base::Result<Head> Export(const Log& log, const std::filesystem::path& folder,
                          const ExportRange& range = {});

}  // namespace milecastle::audit
