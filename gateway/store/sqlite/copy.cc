#include <fcntl.h>
#include <sys/stat.h>

#include "base/unique_fd.h"
#include "inside/check.h"

namespace milecastle::store::sqlite {
namespace {

base::Error CannotWrite(std::string advice) {
  return {base::ErrorId::kStoreUnavailable, "the backup's file", std::move(advice)};
}

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

base::Result<void> CopyPages(Connection& from, Connection& to) {
  std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(to.raw(), "main", from.raw(), "main"));
  if (!backup) return ErrorOf(sqlite3_errcode(to.raw()));
  const int code = sqlite3_backup_step(backup.get(), -1);
  if (code != SQLITE_DONE) return ErrorOf(code);
  const int finished = sqlite3_backup_finish(backup.release());
  if (finished != SQLITE_OK) return ErrorOf(finished);
  return {};
}

bool SyncFolder(const std::filesystem::path& folder) {
  const base::UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY));
  return fd && ::fsync(fd.get()) == 0;
}

}  // namespace

// Copied under another name first: a file of the final name is whole.
base::Result<void> CopyTo(Connection& connection, const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::exists(path, failed)) return CannotWrite("it exists: name another");
  const std::filesystem::path partial = path.string() + ".partial";
  std::filesystem::remove(partial, failed);
  {
    const base::UniqueFd made(
        ::open(partial.c_str(), O_CREAT | O_EXCL | O_RDWR, S_IRUSR | S_IWUSR));
    if (!made) return CannotWrite("it cannot be made there");
    auto to = Connection::Open(partial, Access::kReadWrite, {});
    if (!to) return to.error();
    if (auto set = (*to)->Execute("PRAGMA synchronous = FULL"); !set) return set;
    if (auto copied = CopyPages(connection, **to); !copied) return copied;
    to->reset();
    if (::fsync(made.get()) != 0) return CannotWrite("it could not be synced");
  }
  std::filesystem::rename(partial, path, failed);
  if (failed || !SyncFolder(path.parent_path())) return CannotWrite("it could not be named");
  return {};
}

}  // namespace milecastle::store::sqlite
