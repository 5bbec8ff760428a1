// R1 and T35 for the log alone: a process that appends is killed at any moment; whatever it was
// answered for is there after the next start, at the same index, with the same leaf.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

#include "audit/fsck.h"
#include "audit/log.h"
#include "kit/folder.h"

namespace milecastle::audit {
namespace {

constexpr int kKills = 20;
constexpr int kThreads = 4;

// What the child says of each receipt; small enough for a pipe to take it whole.
struct Acknowledged {
  std::uint64_t event;
  std::uint64_t index;
  base::Digest leaf_hash;
};

// The same number is the same event in every process, as a row of an outbox would be.
EventId IdOf(std::uint64_t event) {
  base::Uuid id = base::Uuid::New(base::Instant(std::chrono::seconds(1'760'000'000 + event / 100)));
  const base::Digest digest = base::Sha256("event " + std::to_string(event));
  std::copy_n(digest.begin(), 8, id.bytes.begin() + 8);
  id.bytes[6] = 0x70;
  id.bytes[7] = static_cast<std::uint8_t>(event);
  return id;
}

std::string PayloadOf(std::uint64_t event) {
  std::string payload = "payload of event " + std::to_string(event) + " ";
  payload.resize(payload.size() + event * 977 % 6000, '.');
  return payload;
}

class AuditLogCrash : public testing::Test {
 protected:
  base::Result<std::unique_ptr<Log>> Open() {
    auto key = SigningKey::LoadOrGenerate(home_.path() / "key.pem", "milecastle.example/crash");
    EXPECT_TRUE(key);
    LogOptions options{home_.path() / "log", 256 * 1024, std::chrono::milliseconds(1)};
    return Log::Open(options, *std::move(key), clock_);
  }

  // Appends from `first` on until it is killed, and reports each receipt.
  [[noreturn]] void Child(std::uint64_t first, int pipe) {
    auto log = Open();
    if (!log) ::_exit(3);
    std::counting_semaphore<64> room(64);
    const auto append = [&](std::uint64_t event) {
      room.acquire();
      (*log)->Append({IdOf(event), Kind::kIngest, PayloadOf(event)},
                     [&room, pipe, event](base::Result<Receipt> receipt) {
                       if (!receipt) ::_exit(4);
                       const Acknowledged said{event, receipt->index(), receipt->leaf_hash()};
                       if (::write(pipe, &said, sizeof(said)) != sizeof(said)) ::_exit(5);
                       room.release();
                     });
    };
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&append, first, t] {
        for (std::uint64_t event = first + t;; event += kThreads) append(event);
      });
    }
    for (std::thread& thread : threads) thread.join();
    ::_exit(6);
  }

  // Kills a child when it has reported `patience` receipts; every receipt that got out is kept.
  void RunAndKill(std::uint64_t first, int patience) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) Child(first, pipe[1]);
    ::close(pipe[1]);
    Acknowledged said{};
    while (::read(pipe[0], &said, sizeof(said)) == sizeof(said)) {
      Keep(said);
      if (--patience == 0) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
  }

  // An event that is acknowledged twice was drained twice: it must be the same leaf.
  void Keep(const Acknowledged& said) {
    const auto [before, fresh] = acknowledged_.try_emplace(said.event, said);
    if (!fresh) ++again_;
    EXPECT_EQ(before->second.index, said.index) << "event " << said.event;
    EXPECT_EQ(before->second.leaf_hash, said.leaf_hash);
  }

  void CheckEverythingAcknowledged() {
    auto log = Open();
    ASSERT_TRUE(log) << base::Describe(log.error());
    const Head head = (*log)->DurableHead();
    for (const auto& [event, said] : acknowledged_) {
      const auto record = (*log)->Read(said.index);
      ASSERT_TRUE(record) << base::Describe(record.error());
      ASSERT_EQ(record->leaf_hash, said.leaf_hash);
      ASSERT_EQ(record->leaf.event_id, IdOf(event));
      ASSERT_EQ(record->body->payload, PayloadOf(event));
    }
    if (head_.size > 0) {
      EXPECT_TRUE(VerifyConsistency(head_, head, *(*log)->ProveConsistency(head_.size, head.size)));
    }
    head_ = head;
  }

  kit::TemporaryFolder home_;
  base::SystemClock clock_;
  std::map<std::uint64_t, Acknowledged> acknowledged_;
  int again_ = 0;
  Head head_;
};

TEST_F(AuditLogCrash, LosesNothingThatWasAcknowledgedAndNothingTwice) {
  std::mt19937 random(20);
  for (int kill = 0; kill < kKills; ++kill) {
    // The next process drains again what may not have been answered, and a little more.
    const std::uint64_t last = acknowledged_.empty() ? 0 : acknowledged_.rbegin()->first;
    RunAndKill(last - std::min<std::uint64_t>(last, 100), 1 + static_cast<int>(random() % 500));
    CheckEverythingAcknowledged();
    if (HasFatalFailure()) return;
  }
  const auto key = SigningKey::Load(home_.path() / "key.pem", "milecastle.example/crash");
  const auto report = Fsck(home_.path() / "log", key->verifier());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->Clean()) << report->problems.front().file << " "
                               << report->problems.front().what;
  EXPECT_GT(again_, 0);
  std::printf("%d kills, %zu acknowledged, 0 lost, %d drained again\n", kKills,
              acknowledged_.size(), again_);
}

}  // namespace
}  // namespace milecastle::audit
