// A watched folder: whoever may write files into it sends messages by doing so.
//
// Life of a file:
//   1. It appears. Complete is a file that was renamed into the folder, or whose size and time have
//   not changed for
//      `settle`. Names that start with a dot or end in .part, .tmp or .filepart are still being
//      written and left alone.
//   2. It is read and handed to port::Inbound, in the order of names, with at most `in_flight`
//   outstanding. A full queue
//      stops the reading.
//   3. The outcome comes, and is durable by then. Taken in any way (accepted, duplicate,
//   quarantined, awaiting
//      identity): the file goes to accepted/. Rejected: to refused/, beside a NAME.reason.txt that
//      says place and advice and no value. Accepted with a part that could not be read (a row
//      of a table): beside it stands a NAME.reason.txt too. Failed: it stays, and is tried again
//      after `retry`.
//   A crash before the move hands the same bytes in again, which is a duplicate; it never loses a
//   file. A file that was replaced or written to in the meantime is a new one.
//
// Only regular files of the folder itself are read: no links (of either kind), devices, pipes or
// sub-folders; accepted/ and refused/ must be real folders. File names can be personal data: they
// reach no log line.
//
// Thread-safety: Start and Stop from one thread; the object owns a thread of its own. Failure:
// Start returns an Error where the folder cannot be used; later faults are logged and tried again.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "port/inbound.h"

namespace milecastle::folder {

struct Options {
  std::filesystem::path path;
  std::chrono::milliseconds settle{2000};
  std::chrono::milliseconds rescan{
      30'000};  // for changes that the kernel did not report (network file systems)
  std::chrono::milliseconds retry{5000};
  std::size_t in_flight = 4;            // files
  std::size_t file_limit = 64U << 20U;  // bytes of one file
  // The messages of one file; empty: the file is one message.
  std::function<std::vector<std::string>(std::string_view)> split;
};

class WatchedFolder {
 public:
  // `inbound` must outlive the object.
  static base::Result<std::unique_ptr<WatchedFolder>> Start(Options options,
                                                            std::shared_ptr<const port::Feed> feed,
                                                            port::Inbound& inbound);
  virtual ~WatchedFolder() = default;  // stops

  // Takes no further file, waits for the outcomes of those handed in, and moves them.
  virtual void Stop() = 0;
};

}  // namespace milecastle::folder
