#include "audit/recovery.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "audit/checkpoint.h"
#include "audit/tombstone.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorId;

Error Corrupt(const fs::path& file, std::uint64_t offset, std::string_view what) {
  return {ErrorId::kAuditCorrupt, file.string() + " offset " + std::to_string(offset),
          std::string(what) + ": keep the disk, run audit fsck, restore from a copy"};
}

std::optional<std::uint64_t> ParseName(const fs::path& path) {
  const std::string name = path.filename().string();
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return SegmentName(index) == name ? std::optional(index) : std::nullopt;
}

std::vector<std::uint64_t> ListNumbered(const fs::path& folder) {
  std::vector<std::uint64_t> indexes;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (const auto index = ParseName(entry.path())) indexes.push_back(*index);
  }
  std::sort(indexes.begin(), indexes.end());
  return indexes;
}

// Reads the groups of one segment into history and tree, one behind, because the last group of the
// log counts only once its payloads were checked too.
class Replay {
 public:
  Replay(const Recovering& around, fs::path path, std::shared_ptr<File> file, SegmentHeader segment)
      : around_(around), path_(std::move(path)) {
    position_ = {std::move(file), std::move(segment), kBlockBytes, {}};
    position_.frontier = position_.segment.frontier;
  }

  base::Result<void> ReadGroups(bool last_segment) {
    for (std::uint64_t at = kBlockBytes;;) {
      auto group = ReadGroup(*position_.file, position_.segment, at);
      if (!group) return group.error();
      if (!*group || !Continues(**group)) break;
      Keep();
      pending_ = *std::move(*group);
      at = pending_->end();
    }
    if (last_segment && pending_ && !PayloadsFit(*pending_)) pending_.reset();
    Keep();
    return {};
  }

  // Behind the last whole group: nothing, or a torn group that is now overwritten with zeros.
  base::Result<void> DropTornTail() {
    const auto tail = InspectTail(*position_.file, position_.segment, position_.offset);
    if (!tail) return tail.error();
    if (tail->later_group) {
      return Corrupt(path_, position_.offset, "an acknowledged group is damaged");
    }
    if (tail->all_zero) return {};
    for (std::uint64_t at = position_.offset; at < tail->nonzero_end; at += kBlockBytes) {
      auto zeroed = position_.file->WriteAt(at, std::string(kBlockBytes, '\0'));
      if (!zeroed) return zeroed;
    }
    return position_.file->Sync();
  }

  // No later group proves that the last one's sync succeeded, and after a failed sync the kernel
  // may show bytes that the disk does not have: only writing them again makes them sure.
  base::Result<void> MakeLastGroupSure() {
    if (last_.empty()) return {};
    auto written = position_.file->WriteAt(position_.offset - last_.size(), last_);
    if (!written) return written;
    return position_.file->Sync();
  }

  WritePosition& position() { return position_; }

 private:
  // The tree after this group, when the group is the one that comes next.
  bool Continues(const Group& group) {
    Frontier after = pending_ ? pending_frontier_ : position_.frontier;
    if (group.header.first_index != after.size()) return false;
    std::vector<Node> nodes;
    std::vector<IndexedRecord> records;
    for (std::size_t i = 0; i < group.records.size(); ++i) {
      const auto leaf = DecodeLeaf(group.records[i].leaf);
      if (!leaf) return false;
      const base::Digest hash = HashLeaf(group.records[i].leaf);
      records.push_back({leaf->event_id, hash, group.offsets[i]});
      after.Push(hash, [&](const Node& node) { nodes.push_back(node); });
    }
    if (after.Root() != group.header.root) return false;
    next_frontier_ = std::move(after);
    next_nodes_ = std::move(nodes);
    next_records_ = std::move(records);
    return true;
  }

  // What was pending is followed by a whole group, or was checked: it is in the log. What Continues
  // accepted last becomes pending.
  void Keep() {
    if (pending_) {
      around_.tree.Add(pending_nodes_);
      around_.history.Extend(pending_records_, {pending_frontier_.size(), pending_->header.root});
      position_.frontier = pending_frontier_;
      position_.offset = pending_->end();
      last_ = std::move(pending_->bytes);
      pending_.reset();
    }
    pending_frontier_ = std::move(next_frontier_);
    pending_nodes_ = std::move(next_nodes_);
    pending_records_ = std::move(next_records_);
  }

  bool PayloadsFit(const Group& group) const {
    std::uint64_t index = group.header.first_index;
    return std::all_of(group.records.begin(), group.records.end(), [&](const RecordBytes& record) {
      return !around_.history.TombstoneOf(index++).empty() || FitsLeaf(record);
    });
  }

  const Recovering& around_;
  fs::path path_;
  WritePosition position_;
  std::string last_;  // bytes of the last group that is in the log
  std::optional<Group> pending_;
  Frontier pending_frontier_, next_frontier_;
  std::vector<Node> pending_nodes_, next_nodes_;
  std::vector<IndexedRecord> pending_records_, next_records_;
};

base::Result<void> CheckIdentity(const Recovering& around) {
  const fs::path path = around.folder / "identity";
  const std::string line = around.key.ToString() + "\n";
  if (!fs::exists(path)) {
    if (!ListSegments(around.folder).empty()) return Corrupt(path, 0, "it is missing");
    return around.disk.Replace(path, line, Durability::kNow);
  }
  const auto found = ReadAll(around.disk, path);
  if (!found) return found.error();
  if (*found == line) return {};
  return Error{ErrorId::kConfigInvalid, path.string(),
               "this folder is the log of another key or origin: give each log its own folder"};
}

base::Result<void> LoadTombstones(const Recovering& around) {
  const fs::path folder = around.folder / "tombstone";
  for (const std::uint64_t index : ListNumbered(folder)) {
    auto note = ReadAll(around.disk, folder / SegmentName(index));
    if (!note) return note.error();
    around.history.AddTombstone(index, *std::move(note));
  }
  return {};
}

// A tombstone counts only if it is signed for this leaf: else it would hide a damaged payload.
base::Result<void> FinishDisposals(const Recovering& around) {
  for (const std::uint64_t index : around.history.Tombstones()) {
    const fs::path path = around.folder / "tombstone" / SegmentName(index);
    const auto record = around.history.Read(index);
    if (!record) return Corrupt(path, 0, "its leaf cannot be read");
    if (!VerifyTombstone(record->tombstone, index, record->leaf_hash, around.key)) {
      return Corrupt(path, 0, "it is not a tombstone of its leaf");
    }
    auto erased = around.history.Erase(index);
    if (!erased) return erased;
  }
  return {};
}

base::Result<Replay> OpenSegment(const Recovering& around, std::uint64_t first_index,
                                 OpenMode mode) {
  const fs::path path = around.history.PathOf(first_index);
  auto file = around.disk.Open(path, mode);
  if (!file) return file.error();
  const auto block = (*file)->ReadAt(0, kBlockBytes);
  if (!block) return block.error();
  auto header = DecodeSegmentHeader(*block);
  const auto size = (*file)->Size();
  if (!size) return size.error();
  const bool sound = header && header->first_index() == first_index &&
                     header->log == LogId(around.key) && header->length == *size;
  if (!sound) return Corrupt(path, 0, "the segment's header or length is damaged");
  return Replay(around, path, *std::move(file), *std::move(header));
}

// Segments from the beginning on that need not be read: their .idx is sound and another follows.
std::size_t UseIndexes(const Recovering& around, const std::vector<std::uint64_t>& segments) {
  std::size_t count = 0;
  while (count + 1 < segments.size()) {
    auto index =
        SealedIndex::Open(around.disk, around.history.PathOf(segments[count]).string() + ".idx");
    const bool fits = index && (*index)->first_index() == segments[count] &&
                      segments[count] + (*index)->size() == segments[count + 1];
    if (!fits) break;
    around.history.AddSealed(*std::move(index));
    ++count;
  }
  return count;
}

base::Result<void> CheckAgainst(const Recovering& around, const fs::path& path, const Head& head) {
  const Head now = around.history.DurableHead();
  if (head.size > now.size) {
    return Corrupt(path, 0,
                   "the log is shorter than what it signed: acknowledged entries are missing");
  }
  const auto root = RootOf(head.size, [&](unsigned height, std::uint64_t index) {
    return around.tree.NodeHash(height, index);
  });
  if (!root) return root.error();
  if (*root != head.root) return Corrupt(path, 0, "the log is not the one that was signed");
  return {};
}

// One checkpoint that this log signed. A witness that cannot be read, or that another key signed,
// speaks of another log, which stood here before.
base::Result<void> CheckAgainstCheckpoint(const Recovering& around, const fs::path& path) {
  std::error_code ignored;
  if (path.empty() || !fs::exists(path, ignored)) return {};
  const bool witness = path == around.witness;
  const auto note = ReadAll(around.disk, path);
  if (!note) return witness ? base::Result<void>() : note.error();
  const auto head = VerifyCheckpoint(*note, around.key);
  if (head) return CheckAgainst(around, path, *head);
  return witness ? base::Result<void>() : Corrupt(path, 0, "it is not signed by this log");
}

// What this log signed, in its own folder and beside the other log.
base::Result<void> CheckAgainstCheckpoints(const Recovering& around) {
  auto done = CheckAgainstCheckpoint(around, around.folder / "checkpoint");
  return done ? CheckAgainstCheckpoint(around, around.witness) : done;
}

// Reads what has no index; gives the last segment, to be written on.
base::Result<Replay> ReadSegments(const Recovering& around,
                                  const std::vector<std::uint64_t>& segments) {
  const std::size_t first = UseIndexes(around, segments);
  around.tree.StartAt(segments[first]);
  for (std::size_t i = first;; ++i) {
    const bool last = i + 1 == segments.size();
    auto replay = OpenSegment(around, segments[i], OpenMode::kUpdate);
    if (!replay) return replay;
    const WritePosition& position = replay->position();
    around.history.BeginSegment(segments[i]);
    around.history.SetHead({segments[i], position.frontier.Root()});
    const auto read = replay->ReadGroups(last);
    if (!read) return read.error();
    if (last) return replay;
    if (position.frontier.size() != segments[i + 1]) {
      return Corrupt(around.history.PathOf(segments[i]), position.offset,
                     "the groups do not lead to the next segment");
    }
  }
}

}  // namespace

std::vector<std::uint64_t> ListSegments(const fs::path& folder) {
  return ListNumbered(folder / "segment");
}

base::Digest LogId(const VerifierKey& key) { return base::Sha256(key.ToString()); }

base::Result<WritePosition> Recover(const Recovering& around) {
  auto done = CheckIdentity(around);
  if (done) done = LoadTombstones(around);
  if (!done) return done.error();
  const std::vector<std::uint64_t> segments = ListSegments(around.folder);
  if (segments.empty()) {
    done = CheckAgainstCheckpoints(around);
    return done ? base::Result<WritePosition>(WritePosition{}) : done.error();
  }
  if (segments.front() != 0) {
    return Corrupt(around.history.PathOf(0), 0, "the first segment is missing");
  }
  auto last = ReadSegments(around, segments);
  if (!last) return last.error();
  // Nothing is written before it is known that nothing acknowledged is missing.
  done = CheckAgainstCheckpoints(around);
  if (done) done = last->DropTornTail();
  if (done) done = last->MakeLastGroupSure();
  if (done) done = FinishDisposals(around);
  if (!done) return done.error();
  return std::move(last->position());
}

}  // namespace milecastle::audit
