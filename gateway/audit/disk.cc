#include "audit/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace milecastle::audit {
namespace {

base::Error Failed(const std::filesystem::path& path, int error) {
  return {base::ErrorId::kFileUnavailable, path.string(), std::generic_category().message(error)};
}

class PosixFile final : public File {
 public:
  PosixFile(int descriptor, std::filesystem::path path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override { ::close(descriptor_); }

  base::Result<void> WriteAt(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return Failed(path_, written == 0 ? ENOSPC : errno);
      offset += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  base::Result<void> Sync() override {
    if (::fdatasync(descriptor_) != 0) return Failed(path_, errno);
    const auto size = Size();
    return size ? base::Result<void>() : size.error();
  }

  base::Result<std::string> ReadAt(std::uint64_t offset, std::size_t length) const override {
    std::string bytes(length, '\0');
    std::size_t done = 0;
    while (done < length) {
      const ssize_t got = ::pread(descriptor_, bytes.data() + done, length - done,
                                  static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failed(path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
  }

  // A file that nobody can open again is not durable, whatever the disk says of its bytes.
  base::Result<std::uint64_t> Size() const override {
    struct ::stat status {};
    if (::fstat(descriptor_, &status) != 0) return Failed(path_, errno);
    if (status.st_nlink == 0) return Failed(path_, ENOENT);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

base::Result<void> SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed(folder, errno);
  const int synced = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (synced != 0) return Failed(folder, error);
  return {};
}

class RealDisk final : public Disk {
 public:
  base::Result<std::unique_ptr<File>> Open(const std::filesystem::path& path,
                                           OpenMode mode) override {
    int flags = O_CLOEXEC | (mode == OpenMode::kRead ? O_RDONLY : O_RDWR);
    if (mode == OpenMode::kMake || mode == OpenMode::kMakeDirect) flags |= O_CREAT;
    int descriptor = -1;
    if (mode == OpenMode::kMakeDirect) descriptor = ::open(path.c_str(), flags | O_DIRECT, 0600);
    // Not every file system knows O_DIRECT (tmpfs): there it is written as any other.
    if (descriptor < 0) descriptor = ::open(path.c_str(), flags, 0600);
    if (descriptor < 0) return Failed(path, errno);
    return std::unique_ptr<File>(std::make_unique<PosixFile>(descriptor, path));
  }

  base::Result<void> Replace(const std::filesystem::path& path, std::string_view bytes,
                             Durability durability) override {
    const std::filesystem::path temporary = path.string() + ".new";
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    auto file = Open(temporary, OpenMode::kMake);
    if (!file) return file.error();
    auto done = (*file)->WriteAt(0, bytes);
    if (done && durability == Durability::kNow) done = (*file)->Sync();
    if (!done) return done;
    if (durability == Durability::kNow) return Rename(temporary, path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return Failed(path, errno);
    return {};
  }

  base::Result<void> Rename(const std::filesystem::path& from,
                            const std::filesystem::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return Failed(to, errno);
    return SyncFolder(to.parent_path());
  }
};

}  // namespace

Disk& PosixDisk() {
  static RealDisk disk;
  return disk;
}

base::Result<std::string> ReadAll(Disk& disk, const std::filesystem::path& path) {
  auto file = disk.Open(path, OpenMode::kRead);
  if (!file) return file.error();
  const auto size = (*file)->Size();
  if (!size) return size.error();
  return (*file)->ReadAt(0, *size);
}

}  // namespace milecastle::audit
