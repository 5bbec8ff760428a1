#include "detail/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace milecastle::folder {
namespace {

using base::Error;
using base::ErrorId;

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::optional<Stamp> StampFrom(const struct stat& status) {
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1) return std::nullopt;
  return Stamp{status.st_dev, status.st_ino, status.st_size,
               status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec};
}

std::optional<Stamp> StampAt(int folder, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return StampFrom(status);
}

bool Exists(int folder, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

Descriptor OpenBox(int folder, const char* name) {
  ::mkdirat(folder, name, 0750);
  return Descriptor(::openat(folder, name, kFolderFlags));
}

// "a.json", or "a.json~2" where that is taken.
std::string FreeName(int box, const std::string& name) {
  std::string free = name;
  for (int number = 2; Exists(box, free); ++number) free = name + "~" + std::to_string(number);
  return free;
}

bool WriteWhole(int box, const std::string& name, std::string_view text) {
  const Descriptor file(
      ::openat(box, name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.valid()) return false;
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file.get()) == 0;
}

bool RenameNew(int from, const std::string& name, int to, const std::string& target) {
  return ::renameat2(from, name.c_str(), to, target.c_str(), RENAME_NOREPLACE) == 0;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}
int Descriptor::Release() { return std::exchange(fd_, -1); }

bool IsUnfinishedName(std::string_view name) {
  if (name.starts_with('.')) return true;
  constexpr std::array<std::string_view, 3> kEndings = {".part", ".tmp", ".filepart"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
    if (name.size() < ending.size()) return false;
    const std::string_view end = name.substr(name.size() - ending.size());
    return std::equal(end.begin(), end.end(), ending.begin(), ending.end(),
                      [](char left, char right) { return (left | 0x20) == (right | 0x20); });
  });
}

base::Result<Directory> Directory::Open(const std::filesystem::path& path) {
  Directory directory;
  directory.folder_ = Descriptor(::open(path.c_str(), kFolderFlags));
  if (!directory.folder_.valid()) {
    return Error{ErrorId::kFileUnavailable, path.string(),
                 "make it a folder (not a link) that this service may read and write"};
  }
  directory.accepted_ = OpenBox(directory.folder_.get(), "accepted");
  directory.refused_ = OpenBox(directory.folder_.get(), "refused");
  if (!directory.accepted_.valid() || !directory.refused_.valid()) {
    return Error{ErrorId::kFileUnavailable, path.string(),
                 "`accepted` and `refused` in it must be folders that this service may write"};
  }
  return directory;
}

std::vector<std::string> Directory::Names() const {
  std::vector<std::string> names;
  DIR* const listing = ::fdopendir(::openat(folder_.get(), ".", kFolderFlags));
  if (listing == nullptr) return names;
  // The stream is ours alone. NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* entry = ::readdir(listing)) {
    const std::string name = entry->d_name;
    if (!IsUnfinishedName(name) && StampOf(name)) names.push_back(name);
  }
  ::closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<Stamp> Directory::StampOf(const std::string& name) const {
  return StampAt(folder_.get(), name);
}

std::optional<FileBytes> Directory::Read(const std::string& name, std::size_t limit) const {
  // O_NONBLOCK: a pipe that took the file's place must not hold us up.
  const Descriptor file(
      ::openat(folder_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return std::nullopt;
  const auto stamp = StampFrom(status);
  if (!stamp) return std::nullopt;

  const auto size = static_cast<std::size_t>(stamp->size);
  FileBytes read{
      .bytes = std::string(std::min(size, limit), '\0'), .stamp = *stamp, .cut = size > limit};
  std::size_t at = 0;
  while (at < read.bytes.size()) {
    const ssize_t count = ::read(file.get(), read.bytes.data() + at, read.bytes.size() - at);
    if (count <= 0) return std::nullopt;
    at += static_cast<std::size_t>(count);
  }
  if (::fstat(file.get(), &status) != 0 || StampFrom(status) != stamp) return std::nullopt;
  return read;
}

Directory::MoveResult Directory::Move(const std::string& name, const Stamp& stamp, Box box,
                                      std::string_view reason) const {
  if (StampOf(name) != stamp) return MoveResult::kChanged;
  const int target_box = box == Box::kAccepted ? accepted_.get() : refused_.get();
  const std::string target = FreeName(target_box, name);
  if (!reason.empty() && !WriteWhole(target_box, target + ".reason.txt", reason)) {
    return MoveResult::kFailed;
  }
  if (!RenameNew(folder_.get(), name, target_box, target)) return MoveResult::kFailed;
  // What was moved may be a newer file that took the name just now: nobody has read that one.
  if (StampAt(target_box, target) != stamp) {
    RenameNew(target_box, target, folder_.get(), FreeName(folder_.get(), name));
    return MoveResult::kChanged;
  }
  ::fsync(target_box);
  ::fsync(folder_.get());
  return MoveResult::kMoved;
}

}  // namespace milecastle::folder
