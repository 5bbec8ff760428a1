// Opens a log's folder: finds where it ends, drops a torn tail that nobody was answered for, and
// refuses where anything that was acknowledged is damaged or missing (FORMAT.md, "Opening").
//
// Thread-safety: none needed; it runs before the log's threads. Failure: kAuditCorrupt naming file
// and position, kConfigInvalid for the folder of another log, else as the disk fails.
#pragma once

#include <filesystem>

#include "audit/committer.h"
#include "audit/disk.h"
#include "audit/history.h"
#include "audit/key.h"
#include "audit/tree_files.h"

namespace milecastle::audit {

struct Recovering {
  Disk& disk;
  const std::filesystem::path& folder;
  const std::filesystem::path& witness;  // LogOptions
  const VerifierKey& key;
  History& history;
  TreeFiles& tree;
};

base::Result<WritePosition> Recover(const Recovering& recovering);

// The first indexes of the segments in a folder, in order.
std::vector<std::uint64_t> ListSegments(const std::filesystem::path& folder);

// SHA-256 of the vkey: which log a segment belongs to.
base::Digest LogId(const VerifierKey& key);

}  // namespace milecastle::audit
