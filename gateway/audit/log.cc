#include "audit/log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "audit/committer.h"
#include "audit/history.h"
#include "audit/publisher.h"
#include "audit/recovery.h"
#include "audit/segment_maker.h"
#include "audit/tombstone.h"
#include "audit/tree_files.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorId;

base::Result<void> MakeFolders(const fs::path& folder) {
  for (const char* name : {"segment", "tree", "tombstone"}) {
    std::error_code failed;
    fs::create_directories(folder / name, failed);
    if (failed) return Error{ErrorId::kFileUnavailable, folder.string(), failed.message()};
  }
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, ignored);
  return {};
}

}  // namespace

// Declared in the order of construction: what runs is destroyed before what it uses.
class Log::Parts {
 public:
  Parts(const LogOptions& log_options, SigningKey signing_key, const base::Clock& log_clock,
        Disk& log_disk)
      : options(log_options),
        key(std::move(signing_key)),
        clock(log_clock),
        disk(log_disk),
        history(disk, options.folder / "segment"),
        tree(disk, options.folder / "tree") {}
  ~Parts() {
    if (lock >= 0) ::close(lock);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  base::Result<void> Lock() {
    const fs::path path = options.folder / "lock";
    lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
      return Error{ErrorId::kFileUnavailable, path.string(),
                   std::generic_category().message(errno)};
    }
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return {};
    return Error{ErrorId::kConflict, path.string(), "another process has this log open"};
  }

  void Start(WritePosition position) {
    maker = std::make_unique<SegmentMaker>(disk, options.folder / "segment", options.segment_bytes);
    publisher = std::make_unique<Publisher>(Publisher::Surroundings{
        disk, options.folder, history, tree, key, options.checkpoint_period, options.witness,
        [this](const Error& error) { committer->Seal(error); }});
    committer = std::make_unique<Committer>(
        Committer::Surroundings{key.name(), LogId(key.verifier()), options, clock, disk, history,
                                tree, *maker, [this] { publisher->GroupIsDurable(); }},
        std::move(position));
  }

  const LogOptions options;
  const SigningKey key;
  const base::Clock& clock;
  Disk& disk;
  int lock = -1;
  History history;
  TreeFiles tree;
  std::mutex disposing;
  std::unique_ptr<SegmentMaker> maker;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<Publisher> publisher;
};

Log::Log(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

bool Log::HasBegun(const std::filesystem::path& folder) {
  std::error_code failed;
  const bool named = std::filesystem::exists(folder / "identity", failed);
  return named || failed || !ListSegments(folder).empty();
}

base::Result<std::unique_ptr<Log>> Log::Open(const LogOptions& options, SigningKey key,
                                             const base::Clock& clock, Disk& disk) {
  if (options.segment_bytes < 4 * kBlockBytes || options.segment_bytes % kBlockBytes != 0) {
    return Error{ErrorId::kConfigInvalid, "segment_bytes",
                 "give a multiple of 4096, at least 16384"};
  }
  auto done = MakeFolders(options.folder);
  if (!done) return done.error();
  auto parts = std::make_unique<Parts>(options, std::move(key), clock, disk);
  done = parts->Lock();
  if (!done) return done.error();
  auto position = Recover({disk, parts->options.folder, parts->options.witness,
                           parts->key.verifier(), parts->history, parts->tree});
  if (!position) return position.error();
  parts->Start(*std::move(position));
  return std::unique_ptr<Log>(new Log(std::move(parts)));
}

Log::~Log() {
  parts_->committer->Stop();
  parts_->publisher->Stop(!parts_->committer->sealed());
}

void Log::Append(Entry entry, OnDurable on_durable) {
  parts_->committer->Append(std::move(entry), std::move(on_durable));
}

void Log::AppendAtOnce(Entry entry, OnDurable on_durable) {
  parts_->committer->AppendAtOnce(std::move(entry), std::move(on_durable));
}

bool Log::Available() const { return !parts_->committer->sealed(); }
const std::string& Log::origin() const { return parts_->key.name(); }
const VerifierKey& Log::verifier() const { return parts_->key.verifier(); }
Head Log::DurableHead() const { return parts_->history.DurableHead(); }

base::Result<bool> Log::GoesOnFrom(const Head& earlier) const {
  if (earlier.size > DurableHead().size) return false;
  const auto root = RootOf(earlier.size, [this](unsigned height, std::uint64_t at) {
    return parts_->tree.NodeHash(height, at);
  });
  if (!root) return root.error();
  return *root == earlier.root;
}

base::Result<std::string> Log::Checkpoint() const { return parts_->publisher->Checkpoint(); }

base::Result<std::string> Log::TileHashes(unsigned level, std::uint64_t first,
                                          std::uint64_t count) const {
  return parts_->tree.Hashes(level, first, count);
}

base::Result<Proof> Log::ProveInclusion(std::uint64_t index, std::uint64_t size) const {
  if (size > DurableHead().size)
    return Error{ErrorId::kNotFound, "tree size", "the log is shorter"};
  return audit::ProveInclusion(index, size, [this](unsigned height, std::uint64_t at) {
    return parts_->tree.NodeHash(height, at);
  });
}

base::Result<Proof> Log::ProveConsistency(std::uint64_t from, std::uint64_t to) const {
  if (to > DurableHead().size) return Error{ErrorId::kNotFound, "tree size", "the log is shorter"};
  return audit::ProveConsistency(from, to, [this](unsigned height, std::uint64_t at) {
    return parts_->tree.NodeHash(height, at);
  });
}

base::Result<Record> Log::Read(std::uint64_t index) const { return parts_->history.Read(index); }

base::Result<std::uint64_t> Log::FindLeaf(const base::Digest& leaf_hash) const {
  const auto found = parts_->history.FindLeaf(leaf_hash);
  if (!found) return found.error();
  if (!*found) return Error{ErrorId::kNotFound, "leaf hash", "no leaf of this log has it"};
  return **found;
}

base::Result<std::uint64_t> Log::FindEvent(const EventId& event_id) const {
  const auto found = parts_->history.FindEvent(event_id);
  if (!found) return found.error();
  if (!*found) return Error{ErrorId::kNotFound, "event id", "no leaf of this log has it"};
  return **found;
}

base::Result<void> Log::Scan(std::uint64_t from,
                             const std::function<bool(const Record&)>& visit) const {
  const std::uint64_t size = DurableHead().size;
  for (std::uint64_t index = from; index < size; ++index) {
    const auto record = Read(index);
    if (!record) return record.error();
    if (!visit(*record)) break;
  }
  return {};
}

base::Result<void> Log::Dispose(std::uint64_t index, std::string_view order) {
  const std::lock_guard lock(parts_->disposing);
  if (!Available()) return Error{ErrorId::kAuditUnavailable, "audit log", "it is sealed"};
  const auto record = Read(index);
  if (!record) return record.error();
  if (!record->tombstone.empty()) return {};
  auto note = SignTombstone({index, record->leaf_hash, parts_->clock.Now(), std::string(order)},
                            parts_->key);
  if (!note) return note.error();
  // The tombstone first: a payload that is gone must say why. Opening finishes what a crash cut.
  auto done = parts_->disk.Replace(parts_->options.folder / "tombstone" / SegmentName(index), *note,
                                   Durability::kNow);
  if (done) {
    parts_->history.AddTombstone(index, *std::move(note));
    done = parts_->history.Erase(index);
  }
  if (!done) parts_->committer->Seal(done.error());
  return done;
}

}  // namespace milecastle::audit
