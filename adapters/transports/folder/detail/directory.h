// The files of one folder, by descriptor: nothing here follows a link or leaves the folder.
//
// Thread-safety: one thread. Failure: as each function says; errno is not part of the interface.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::folder {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int Release();

 private:
  int fd_;
};

// What tells one state of a file from any other.
struct Stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const Stamp&) const = default;
};

struct FileBytes {
  std::string bytes;  // no more than the limit
  Stamp stamp;
  bool cut = false;
};

class Directory {
 public:
  static base::Result<Directory> Open(const std::filesystem::path& path);

  // Regular files with one name only.
  std::vector<std::string> Names() const;
  std::optional<Stamp> StampOf(const std::string& name) const;
  // Nothing: not a plain file, not readable, or changed while it was read.
  std::optional<FileBytes> Read(const std::string& name, std::size_t limit) const;

  enum class Box : std::uint8_t { kAccepted, kRefused };
  enum class MoveResult : std::uint8_t { kMoved, kChanged, kFailed };
  // Moves the file if it is still the one of the stamp; never over another file. `reason` is
  // written beside it first.
  MoveResult Move(const std::string& name, const Stamp& stamp, Box box,
                  std::string_view reason) const;

 private:
  Directory() = default;
  Descriptor folder_;
  Descriptor accepted_;
  Descriptor refused_;
};

// Names of files that are still being written, and of folders and hidden files.
bool IsUnfinishedName(std::string_view name);

}  // namespace milecastle::folder
