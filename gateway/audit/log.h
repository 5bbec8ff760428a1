// An audit log in one folder (FORMAT.md): append-only, provable, durable before it answers.
//
// One thread commits: it takes all entries that wait, writes them with one write and one fdatasync,
// and then runs their on_durable. There is no artificial delay. A second thread signs checkpoints
// and writes what is derived (tree hashes, segment indexes); a third keeps a zeroed segment ready.
// After a failed write or sync, or where the file that it writes was cut, overwritten or deleted by
// another hand, the log is sealed: what waits and what comes is refused with kAuditUnavailable,
// nothing is retried, reading goes on; the next Open recovers the folder.
//
// Thread-safety: every function may be called from any thread; on_durable runs on the committing
// thread and MUST NOT block it. Lifetime: the destructor finishes every Append that was taken, then
// signs and syncs a last checkpoint; the clock and disk outlive the log.
// Failure: Open gives kConflict where another process has the folder, kConfigInvalid where the
// folder is the log of another key, kAuditCorrupt where acknowledged data is damaged or missing,
// naming file and position. Reading gives kNotFound past the end, kAuditCorrupt where the bytes do
// not match.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "audit/appender.h"
#include "audit/checkpoint.h"
#include "audit/disk.h"
#include "audit/key.h"
#include "audit/proof.h"
#include "audit/record.h"
#include "base/clock.h"

namespace milecastle::audit {

struct LogOptions {
  std::filesystem::path folder;  // made if it is not there
  // Zeroed in advance, one ahead: a full disk is known before it hurts. Start-up reads one segment.
  std::uint64_t segment_bytes = std::uint64_t{16} << 20;
  // A checkpoint is signed no later than this after a group became durable; 0: after every group.
  std::chrono::milliseconds checkpoint_period{1000};
  std::size_t max_waiting_entries = 65536;
  std::size_t max_waiting_bytes = std::size_t{64} << 20;
  // A file, best of another disk, that keeps the newest signed checkpoint too, so that a folder
  // that was cut or put back with its own checkpoint is found out. Where it cannot be written a
  // warning sounds and the log goes on. Empty: none.
  std::filesystem::path witness;
  // How often a log that nobody appends to looks whether its file is still whole.
  std::chrono::milliseconds look_period{1000};
};

class Log final : public Appender {
 public:
  // The key's name is the log's origin.
  static base::Result<std::unique_ptr<Log>> Open(const LogOptions& options, SigningKey key,
                                                 const base::Clock& clock,
                                                 Disk& disk = PosixDisk());
  ~Log() override;
  // Whether there is one, begun and perhaps damaged: its key is not to be made anew.
  static bool HasBegun(const std::filesystem::path& folder);

  // Safe to call again with the same event: gives the first one's receipt (Appender).
  void Append(Entry entry, OnDurable on_durable) override;
  void AppendAtOnce(Entry entry, OnDurable on_durable) override;
  bool Available() const override;  // false once sealed

  const std::string& origin() const;
  const VerifierKey& verifier() const;
  Head DurableHead() const;
  // Whether this log is the tree of that head, or holds it unchanged and more.
  base::Result<bool> GoesOnFrom(const Head& earlier) const;

  // Signed over the durable head of this moment, or the latest one where it is unchanged.
  base::Result<std::string> Checkpoint() const;

  base::Result<Proof> ProveInclusion(std::uint64_t index, std::uint64_t size) const;
  base::Result<Proof> ProveConsistency(std::uint64_t from, std::uint64_t to) const;

  base::Result<Record> Read(std::uint64_t index) const;
  base::Result<std::uint64_t> FindLeaf(const base::Digest& leaf_hash) const;
  base::Result<std::uint64_t> FindEvent(const EventId& event_id) const;
  // Gives every record from `from` on, in order, until the durable end or until `visit` says false.
  base::Result<void> Scan(std::uint64_t from,
                          const std::function<bool(const Record&)>& visit) const;

  // Erases salt and payload for ever and leaves a signed tombstone; leaf and proofs stay as they
  // were. Dual control, schedule and legal hold are the caller's. `order` is the reference under
  // which it was ordered: printable, at most 200 bytes, no personal data. Doing it again changes
  // nothing.
  base::Result<void> Dispose(std::uint64_t index, std::string_view order);

  // `count` hashes of a tile level from `first` on, one after another, for whoever makes tiles.
  base::Result<std::string> TileHashes(unsigned level, std::uint64_t first,
                                       std::uint64_t count) const;

 private:
  class Parts;
  explicit Log(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace milecastle::audit
