// R1, R15: kill -9 while the store writes and while it migrates.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <random>

#include "base/unique_fd.h"
#include "fault_vfs.h"
#include "kit/folder.h"
#include "work.h"

namespace milecastle::store {
namespace {

using Id = std::array<char, 36>;  // a message id as text: one write to the pipe, never torn

// A child process that runs `body` and whose words arrive over a pipe.
class Child {
 public:
  explicit Child(const std::function<void(int pipe)>& body) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    words_ = base::UniqueFd(ends[0]);
  }
  std::optional<std::string> Hear() {
    Id id;
    return ::read(words_.get(), id.data(), id.size()) == static_cast<ssize_t>(id.size())
               ? std::optional(std::string(id.data(), id.size()))
               : std::nullopt;
  }
  void Kill() { ::kill(pid_, SIGKILL); }
  // The signal that ended it, or 0.
  int Await() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t pid_ = -1;
  base::UniqueFd words_;
};

// Writes as fast as the store takes it, and says each id once it is acknowledged.
void IngestForEver(const std::filesystem::path& folder, int pipe) {
  sqlite::Options options = OptionsFor(folder);
  options.wal_autocheckpoint = 200;  // so that kills meet checkpoints too
  options.queue_limit = 64;
  auto store = OpenOrDie(std::move(options));
  while (true) {
    const auto message = record::MessageId::New(base::SystemClock().Now());
    const auto done = [message, pipe](base::Result<void> said) {
      const std::string id = message.ToString();
      if (said && ::write(pipe, id.data(), id.size()) < 0) ::_exit(1);
    };
    while (!store->TryWrite(Ingest(message), done)) {
      const auto room = std::make_shared<std::promise<void>>();
      store->WhenRoom([room] { room->set_value(); });
      room->get_future().wait();
    }
  }
}

TEST(StoreKill, EveryAcknowledgedMessageIsThereWholeAfterAKill) {
  constexpr int kKills = 15;
  kit::TemporaryFolder folder;
  ASSERT_TRUE(SaveThePerson(*OpenOrDie(OptionsFor(folder.path()))));
  std::mt19937 random(7);
  std::set<std::string> acknowledged;
  std::size_t there = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    Child child([&](int pipe) { IngestForEver(folder.path(), pipe); });
    for (int left = std::uniform_int_distribution(1, 400)(random); left > 0; --left) {
      const auto id = child.Hear();
      ASSERT_TRUE(id);
      acknowledged.insert(*id);
    }
    child.Kill();
    while (const auto id = child.Hear()) acknowledged.insert(*id);
    EXPECT_EQ(child.Await(), SIGKILL);
    const auto whole = WholeMessages(*OpenOrDie(OptionsFor(folder.path())));
    for (const auto& id : acknowledged) ASSERT_TRUE(whole.contains(id)) << "acknowledged, lost";
    there = whole.size();
  }
  std::printf("%d kills, %zu acknowledged, %zu there, 0 lost\n", kKills, acknowledged.size(),
              there);
}

TEST(StoreKill, KillAtAnyOperationOfAMigrationLeavesTheOldOrTheNew) {
  kit::RegisterFaultVfs();
  int kills = 0;
  int operation = 0;
  // Every operation of the first, where the file and its log are made, then every third.
  for (bool killed = true; killed; operation += operation < 20 ? 1 : 3) {
    kit::TemporaryFolder folder;
    Child child([&](int) {
      sqlite::Options options = OptionsFor(folder.path());
      options.vfs = kit::kFaultVfs;
      kit::Arm(kit::Fault::kKill, operation);
      OpenOrDie(std::move(options)).reset();
    });
    killed = child.Await() == SIGKILL;
    kills += killed ? 1 : 0;
    auto store = OpenOrDie(OptionsFor(folder.path()));
    ASSERT_NE(store, nullptr) << "killed at operation " << operation;
    ASSERT_TRUE(SaveThePerson(*store));
    ASSERT_TRUE(WriteAndWait(*store, Ingest(record::MessageId::New(Then()))));
    ASSERT_EQ(WholeMessages(*store).size(), 1U);
  }
  std::printf("%d kills in a migration of %d operations\n", kills, operation);
  EXPECT_GT(kills, 20);
}

// Rules by which everything has one label.
class OneLabel final : public Rulebook {
 public:
  explicit OneLabel(std::string label) : label_(std::move(label)), digest_(base::Sha256(label_)) {}
  const base::Digest& digest() const override { return digest_; }
  Labelled Label(const ToLabel& /*entry*/) const override { return {.labels = {label_}}; }
  bool WouldLabel(const record::SectionStatement& /*statement*/) const override { return true; }

 private:
  std::string label_;
  base::Digest digest_;
};

// The next piece of what is due, of one entry; whether there was one.
bool LookAtOne(Store& store, const Rulebook& rules) {
  bool ended = false;
  EXPECT_TRUE(WriteAndWait(store, [&](Transaction& in) -> base::Result<void> {
    Labelling labelling = *in.labels().Begin(rules.digest(), Then());
    ended = labelling.ended.has_value();
    if (ended) return {};
    const auto due = in.labels().Due(labelling, {.entries = 1});
    const StoredEntry& entry = due->entries.at(0);
    const auto now = rules.Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
    if (auto changed = in.labels().Relabel(entry.number, now); !changed) return changed;
    ++labelling.looked_at;
    ++labelling.gained;
    labelling.looked_to = due->looked_to;
    if (labelling.looked_to == labelling.upto) labelling.ended = Then();
    return in.labels().Note(labelling);
  }));
  return !ended;
}

TEST(StoreKill, KillAtAnyOperationOfARelabellingLeavesEachPieceWholeOrUndone) {
  kit::RegisterFaultVfs();
  constexpr std::uint64_t kEntries = 6;
  const auto rules = std::make_shared<const OneLabel>("hiv");
  int kills = 0;
  int operation = 0;
  for (bool killed = true; killed; operation += 2) {
    kit::TemporaryFolder folder;
    {
      auto store = OpenOrDie(OptionsFor(folder.path()));
      ASSERT_TRUE(SaveThePerson(*store));
      for (std::uint64_t i = 0; i < kEntries; i += 2) {
        ASSERT_TRUE(WriteAndWait(*store, Ingest(record::MessageId::New(Then()))));
      }
    }
    Child child([&](int) {
      sqlite::Options options = OptionsFor(folder.path());
      options.vfs = kit::kFaultVfs;
      kit::Arm(kit::Fault::kKill, operation);
      auto store = OpenOrDie(std::move(options));
      store->Follow(rules);
      while (LookAtOne(*store, *rules)) continue;
      store.reset();
    });
    killed = child.Await() == SIGKILL;
    kills += killed ? 1 : 0;
    auto store = OpenOrDie(OptionsFor(folder.path()));
    store->Follow(rules);
    const auto half = *(*store->Read())->labels().Newest();
    if (half) {
      std::uint64_t changed = 0;
      const auto stored = *(*store->Read())->labels().EntriesOf(ThePerson());
      for (const StoredEntry& entry : stored) changed += entry.entry_class.labels.size();
      ASSERT_EQ(changed, half->looked_at) << "killed at operation " << operation;
    }
    const auto segment = *(*store->Read())->records().SegmentOf(ThePerson());
    for (const auto& entry_class : segment->classes) {
      const auto& labels = entry_class.labels;
      ASSERT_EQ(std::count(labels.begin(), labels.end(), "hiv"), 1) << "at " << operation;
    }
    while (LookAtOne(*store, *rules)) continue;
    ASSERT_EQ((*(*store->Read())->labels().Newest())->looked_at, kEntries);
    ASSERT_TRUE(store->Fsck({})->mismatches.empty()) << "killed at operation " << operation;
  }
  std::printf("%d kills in a relabelling of %d operations\n", kills, operation);
  EXPECT_GT(kills, 10);
}

}  // namespace
}  // namespace milecastle::store
