// The file operations of a log, as a port: so that tests can fail any write or sync, by number.
//
// Thread-safety: Disk from any thread; a File from one thread at a time, except ReadAt and WriteAt
// of ranges that do not overlap. Failure: kFileUnavailable with the path and the system's words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace milecastle::audit {

class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;

  // All the bytes or an error; after an error any part of them may be on disk.
  virtual base::Result<void> WriteAt(std::uint64_t offset, std::string_view bytes) = 0;
  virtual base::Result<void> Sync() = 0;  // fdatasync
  // As many bytes as there are, up to `length`: fewer only at the end of the file.
  virtual base::Result<std::string> ReadAt(std::uint64_t offset, std::size_t length) const = 0;
  virtual base::Result<std::uint64_t> Size() const = 0;  // an error where it was deleted
};

enum class OpenMode : std::uint8_t {
  kRead,    // must be there
  kUpdate,  // must be there; read and write
  kMake,    // made if it is not there; read and write; owner only
  // As kMake, past the page cache where the file system can: what is written once, and read by
  // nobody before it is written again. Bytes, their length and their place MUST be multiples of
  // kDirectBytes.
  kMakeDirect,
};

inline constexpr std::size_t kDirectBytes = 4096;

enum class Durability : std::uint8_t { kWhenItSuits, kNow };

class Disk {
 public:
  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  virtual base::Result<std::unique_ptr<File>> Open(const std::filesystem::path& path,
                                                   OpenMode mode) = 0;
  // The whole file or none of it, through a temporary name.
  virtual base::Result<void> Replace(const std::filesystem::path& path, std::string_view bytes,
                                     Durability durability) = 0;
  // Durable when it returns.
  virtual base::Result<void> Rename(const std::filesystem::path& from,
                                    const std::filesystem::path& to) = 0;
};

Disk& PosixDisk();

// The whole of a file, for small ones.
base::Result<std::string> ReadAll(Disk& disk, const std::filesystem::path& path);

}  // namespace milecastle::audit
