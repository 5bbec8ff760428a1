// A file layer for SQLite that fails, or ends the process, at the operation that a test names.
//
// One stands for the process, under the name kFaultVfs. It passes everything on to SQLite's own
// layer and remembers, for each file, what was written since its last sync: a disk that loses a
// sync loses exactly that.
#pragma once

#include <atomic>
#include <functional>

namespace milecastle::kit {

inline constexpr const char* kFaultVfs = "milecastle-fault";

enum class Fault {
  kNone,
  kWriteFails,
  kDiskFull,   // every write from there on, until disarmed
  kSyncFails,  // what was not synced is lost, as a kernel drops pages that it could not write
  kSyncFailsAfterAll,  // it says so, and the bytes are there nevertheless
  kMainSyncFails,      // likewise, of the main file alone: only a checkpoint syncs that
  kKill,               // the process ends in the middle of the operation
};

struct FaultPlan {
  std::atomic<Fault> fault = Fault::kNone;
  std::atomic<int> after = 0;  // operations of its kind that still pass
  // Counted since the last Arm.
  std::atomic<int> operations = 0;  // writes, syncs, truncations, deletions
  std::atomic<bool> struck = false;
  std::atomic<int> syncs_since_struck = 0;
  // Called at the beginning of each sync of a log; set while there is none.
  std::function<void()> during_sync;
};

FaultPlan& ThePlan();
void Arm(Fault fault, int after = 0);
inline void Disarm() { ThePlan().fault = Fault::kNone; }
void RegisterFaultVfs();

}  // namespace milecastle::kit
