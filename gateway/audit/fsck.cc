#include "audit/fsck.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "audit/checkpoint.h"
#include "audit/recovery.h"
#include "audit/segment_check.h"
#include "audit/tile.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kHashBytes = sizeof(base::Digest);

// Holds the log's lock for as long as it is being checked.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : descriptor_(::open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC)) {
    taken_ = descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool taken() const { return taken_; }

 private:
  int descriptor_;
  bool taken_ = false;
};

// One tree/L file, compared hash by hash with what the segments give, reading a stretch at a time.
class TreeFileCheck {
 public:
  TreeFileCheck(const fs::path& folder, unsigned level) : name_("tree/" + std::to_string(level)) {
    auto file = PosixDisk().Open(folder / name_, OpenMode::kRead);
    if (!file) return;
    file_ = *std::move(file);
    const auto size = file_->Size();
    held_ = size ? *size / kHashBytes : 0;
  }

  base::Digest At(std::uint64_t index) {
    const std::uint64_t at = index * kHashBytes;
    if (at < begin_ || at + kHashBytes > begin_ + stretch_.size()) {
      begin_ = at;
      auto read =
          file_ ? file_->ReadAt(at, kStretchBytes) : base::Result<std::string>(std::string());
      stretch_ = read ? *std::move(read) : std::string();
    }
    return Reader(std::string_view(stretch_).substr(at - begin_)).TakeArray<base::Digest>();
  }

  void Expect(const base::Digest& hash, Report& report) {
    if (count_ < held_ && At(count_) != hash) {
      report.Add(
          {name_, count_ * kHashBytes, kHashBytes, {}, "the hash is not that of its subtree"});
    }
    ++count_;
  }

  // `sure`: how many hashes were durable before their segment was left. Behind them the file may
  // lag, where the gateway was killed: the next start writes them from the segment.
  void Finish(std::uint64_t sure, Report& report) const {
    if (held_ < sure) {
      report.Add({name_, held_ * kHashBytes, 0, {}, "hashes of its subtrees are missing"});
    }
    if (held_ > count_) {
      report.Add({name_, count_ * kHashBytes, 0, {}, "it is longer than the tree"});
    }
  }

 private:
  static constexpr std::size_t kStretchBytes = std::size_t{1} << 18;

  std::string name_;
  std::unique_ptr<File> file_;
  std::string stretch_;
  std::uint64_t held_ = 0;  // whole hashes in the file
  std::uint64_t begin_ = 0;
  std::uint64_t count_ = 0;
};

class FolderCheck {
 public:
  FolderCheck(const fs::path& folder, const VerifierKey& key)
      : folder_(folder),
        key_(key),
        log_{key_,
             [this](const base::Digest& hash) { Push(hash); },
             frontier_,
             [this](std::uint64_t index) { return tree_.front().At(index); },
             [this](std::uint64_t index) { return TombstoneOf(index); },
             [this](const EventId& id) { return events_.insert(id).second; },
             report_} {
    for (unsigned level = 0; level < 8; ++level) tree_.emplace_back(folder, level);
    report_.origin = key.name();
  }

  base::Result<Report> Run() {
    CheckIdentity();
    ReadCheckpoint();
    const std::vector<std::uint64_t> segments = ListSegments(folder_);
    if (!segments.empty() && segments.front() != 0) {
      report_.Add({"segment/" + SegmentName(0), 0, 0, 0, "it is missing"});
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const bool last = i + 1 == segments.size();
      const auto done = CheckSegment(
          segments[i], last ? std::nullopt : std::optional<std::uint64_t>(segments[i + 1]));
      if (!done) return done.error();
    }
    for (unsigned level = 0; level < tree_.size(); ++level) {
      tree_[level].Finish(HashesAtLevel(level, indexed_), report_);
    }
    CheckTombstoneNames();
    report_.head = {frontier_.size(), frontier_.Root()};
    CompareCheckpoint();
    if (checkpoint_) {
      report_.Add(
          {"checkpoint", 0, 0, {}, "it does not fit the tree: entries are missing or changed"});
    }
    return std::move(report_);
  }

 private:
  void Push(const base::Digest& hash) {
    frontier_.Push(hash, [this](const Node& node) {
      if (node.height % kTileHeight == 0)
        tree_[node.height / kTileHeight].Expect(node.hash, report_);
    });
    CompareCheckpoint();
  }

  void CompareCheckpoint() {
    if (!checkpoint_ || checkpoint_->size != frontier_.size()) return;
    if (checkpoint_->root == frontier_.Root()) checkpoint_.reset();
  }

  void CheckIdentity() {
    const auto line = ReadAll(PosixDisk(), folder_ / "identity");
    if (!line || *line != key_.ToString() + "\n") {
      report_.Add({"identity", 0, line ? line->size() : 0, {}, "it is not the key that was given"});
    }
  }

  void ReadCheckpoint() {
    if (!fs::exists(folder_ / "checkpoint")) return;
    const auto note = ReadAll(PosixDisk(), folder_ / "checkpoint");
    const auto head = VerifyCheckpoint(note ? *note : "", key_);
    if (head) {
      checkpoint_ = *head;
    } else {
      report_.Add({"checkpoint", 0, note ? note->size() : 0, {}, "it is not signed by this log"});
    }
  }

  base::Result<void> CheckSegment(std::uint64_t first_index, std::optional<std::uint64_t> end) {
    const std::string name = "segment/" + SegmentName(first_index);
    const auto file = PosixDisk().Open(folder_ / name, OpenMode::kRead);
    if (!file) return file.error();
    SegmentCheck check(log_, **file, name);
    auto done = check.Run(first_index, end);
    if (!done) return done;
    if (end) CheckIndex(name + ".idx", *end, check.Index());
    return {};
  }

  // Of the segment that ends at leaf `end`.
  void CheckIndex(const std::string& name, std::uint64_t end,
                  const std::optional<std::string>& expected) {
    const auto found = ReadAll(PosixDisk(), folder_ / name);
    if (!found) {
      report_.Add({name, 0, 0, {}, "it is missing; opening the log makes it again"});
      return;
    }
    if (!expected || *found == *expected) {
      indexed_ = end;
      return;
    }
    const auto [at, other] =
        std::mismatch(found->begin(), found->end(), expected->begin(), expected->end());
    report_.Add({name,
                 static_cast<std::uint64_t>(at - found->begin()),
                 1,
                 {},
                 "it is not the index of its segment; remove it and open the log"});
  }

  std::optional<std::string> TombstoneOf(std::uint64_t index) const {
    const fs::path path = folder_ / "tombstone" / SegmentName(index);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::nullopt;
    auto note = ReadAll(PosixDisk(), path);
    return note ? *std::move(note) : std::string();
  }

  void CheckTombstoneNames() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_ / "tombstone", ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.size() == 20 && name < SegmentName(frontier_.size())) continue;
      report_.Add({"tombstone/" + name, 0, 0, {}, "there is no such leaf"});
    }
  }

  const fs::path& folder_;
  const VerifierKey& key_;
  Report report_;
  Frontier frontier_;
  std::vector<TreeFileCheck> tree_;
  std::uint64_t indexed_ = 0;       // leaves below it have an .idx: their hashes are durable
  std::optional<Head> checkpoint_;  // until it was found to fit
  std::unordered_set<EventId> events_;
  SegmentCheck::Log log_;
};

}  // namespace

base::Result<Report> Fsck(const fs::path& folder, const VerifierKey& key) {
  if (!fs::is_directory(folder / "segment")) {
    return base::Error{base::ErrorId::kFileUnavailable, folder.string(),
                       "it is no audit log's folder"};
  }
  const FolderLock lock(folder);
  if (!lock.taken()) {
    return base::Error{base::ErrorId::kConflict, folder.string(),
                       "a process has this log open: stop it, or check a copy"};
  }
  return FolderCheck(folder, key).Run();
}

}  // namespace milecastle::audit
