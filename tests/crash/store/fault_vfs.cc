#include "fault_vfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <new>
#include <string>
#include <vector>

namespace milecastle::kit {
namespace {

struct Unsynced {
  sqlite3_int64 offset = 0;
  std::string before;
  sqlite3_int64 size_before = 0;
};

struct File {
  sqlite3_file base{};
  sqlite3_file* real = nullptr;  // stands behind this struct in the same memory
  std::vector<Unsynced>* unsynced = nullptr;
  bool main = false;  // the database, and not its log
};

File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* RealOf(sqlite3_file* file) { return Of(file).real; }

enum class Operation { kWrite, kSync, kMainSync, kOther };

bool Concerns(Fault fault, Operation operation) {
  switch (fault) {
    case Fault::kNone:
      return false;
    case Fault::kWriteFails:
    case Fault::kDiskFull:
      return operation == Operation::kWrite;
    case Fault::kSyncFails:
    case Fault::kSyncFailsAfterAll:
      return operation == Operation::kSync || operation == Operation::kMainSync;
    case Fault::kMainSyncFails:
      return operation == Operation::kMainSync;
    case Fault::kKill:
      return true;
  }
  return false;
}

// Whether the plan strikes this operation.
bool Strikes(Operation operation) {
  FaultPlan& plan = ThePlan();
  ++plan.operations;
  const bool syncs = operation == Operation::kSync || operation == Operation::kMainSync;
  if (plan.struck && syncs) ++plan.syncs_since_struck;
  const Fault fault = plan.fault;
  if (!Concerns(fault, operation)) return false;
  const bool strikes = fault == Fault::kDiskFull ? plan.after-- <= 0 : plan.after-- == 0;
  if (strikes) plan.struck = true;
  return strikes;
}

[[noreturn]] void Kill() {
  ::kill(::getpid(), SIGKILL);
  ::_exit(1);
}

void Remember(File& file, int amount, sqlite3_int64 offset) {
  Unsynced kept{.offset = offset,
                .before = std::string(static_cast<std::size_t>(amount), '\0'),
                .size_before = 0};
  file.real->pMethods->xFileSize(file.real, &kept.size_before);
  file.real->pMethods->xRead(file.real, kept.before.data(), amount, offset);
  file.unsynced->push_back(std::move(kept));
}

void LoseUnsynced(File& file) {
  for (auto last = file.unsynced->rbegin(); last != file.unsynced->rend(); ++last) {
    file.real->pMethods->xWrite(file.real, last->before.data(),
                                static_cast<int>(last->before.size()), last->offset);
    file.real->pMethods->xTruncate(file.real, last->size_before);
  }
  file.unsynced->clear();
}

int Write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  if (Strikes(Operation::kWrite)) {
    const Fault fault = ThePlan().fault;
    if (fault == Fault::kDiskFull) return SQLITE_FULL;
    // A write that fails, or is cut by the end of the process, may have got half-way.
    RealOf(file)->pMethods->xWrite(RealOf(file), bytes, amount / 2, offset);
    if (fault == Fault::kKill) Kill();
    return SQLITE_IOERR_WRITE;
  }
  Remember(Of(file), amount, offset);
  return RealOf(file)->pMethods->xWrite(RealOf(file), bytes, amount, offset);
}

int Sync(sqlite3_file* file, int flags) {
  if (!Of(file).main && ThePlan().during_sync) ThePlan().during_sync();
  if (Strikes(Of(file).main ? Operation::kMainSync : Operation::kSync)) {
    if (ThePlan().fault == Fault::kKill) Kill();
    if (ThePlan().fault != Fault::kSyncFailsAfterAll) LoseUnsynced(Of(file));
    return SQLITE_IOERR_FSYNC;
  }
  Of(file).unsynced->clear();
  return RealOf(file)->pMethods->xSync(RealOf(file), flags);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Strikes(Operation::kOther)) Kill();
  return RealOf(file)->pMethods->xTruncate(RealOf(file), size);
}

int Close(sqlite3_file* file) {
  delete Of(file).unsynced;
  const int code = RealOf(file)->pMethods->xClose(RealOf(file));
  Of(file).~File();
  return code;
}

// The rest is passed on.
int Read(sqlite3_file* f, void* to, int amount, sqlite3_int64 offset) {
  return RealOf(f)->pMethods->xRead(RealOf(f), to, amount, offset);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return RealOf(f)->pMethods->xFileSize(RealOf(f), size);
}
int Lock(sqlite3_file* f, int level) { return RealOf(f)->pMethods->xLock(RealOf(f), level); }
int Unlock(sqlite3_file* f, int level) { return RealOf(f)->pMethods->xUnlock(RealOf(f), level); }
int CheckLock(sqlite3_file* f, int* out) {
  return RealOf(f)->pMethods->xCheckReservedLock(RealOf(f), out);
}
int Control(sqlite3_file* f, int op, void* arg) {
  return RealOf(f)->pMethods->xFileControl(RealOf(f), op, arg);
}
int SectorSize(sqlite3_file* f) { return RealOf(f)->pMethods->xSectorSize(RealOf(f)); }
int Characteristics(sqlite3_file* f) {
  return RealOf(f)->pMethods->xDeviceCharacteristics(RealOf(f));
}
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** to) {
  return RealOf(f)->pMethods->xShmMap(RealOf(f), page, size, extend, to);
}
int ShmLock(sqlite3_file* f, int offset, int n, int flags) {
  return RealOf(f)->pMethods->xShmLock(RealOf(f), offset, n, flags);
}
void ShmBarrier(sqlite3_file* f) { RealOf(f)->pMethods->xShmBarrier(RealOf(f)); }
int ShmUnmap(sqlite3_file* f, int remove) {
  return RealOf(f)->pMethods->xShmUnmap(RealOf(f), remove);
}

// Version 2: with shared memory for the log, without memory mapping.
constexpr sqlite3_io_methods kMethods = {
    2,         &Close,     &Read,    &Write,      &Truncate,        &Sync,   &FileSize, &Lock,
    &Unlock,   &CheckLock, &Control, &SectorSize, &Characteristics, &ShmMap, &ShmLock,  &ShmBarrier,
    &ShmUnmap, nullptr,    nullptr};

sqlite3_vfs* Real() {
  static sqlite3_vfs* const kReal = sqlite3_vfs_find(nullptr);
  return kReal;
}

int Open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* memory, int flags, int* out) {
  File* const file = new (memory) File;
  file->real = reinterpret_cast<sqlite3_file*>(file + 1);
  const int code = Real()->xOpen(Real(), name, file->real, flags, out);
  if (file->real->pMethods == nullptr) return code;
  file->unsynced = new std::vector<Unsynced>;
  file->main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  file->base.pMethods = &kMethods;
  return code;
}

int Delete(sqlite3_vfs* /*vfs*/, const char* name, int sync) {
  if (Strikes(Operation::kOther)) Kill();
  return Real()->xDelete(Real(), name, sync);
}

}  // namespace

FaultPlan& ThePlan() {
  static FaultPlan plan;
  return plan;
}

void Arm(Fault fault, int after) {
  FaultPlan& plan = ThePlan();
  plan.after = after;
  plan.operations = 0;
  plan.struck = false;
  plan.syncs_since_struck = 0;
  plan.fault = fault;
}

void RegisterFaultVfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *Real();
    made.zName = kFaultVfs;
    made.szOsFile = static_cast<int>(sizeof(File)) + Real()->szOsFile;
    made.pNext = nullptr;
    made.xOpen = &Open;
    made.xDelete = &Delete;
    return made;
  }();
  sqlite3_vfs_register(&vfs, 0);
}

}  // namespace milecastle::kit
