// R1, R15: kill -9 while the store writes and while it migrates.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

}  // namespace
}  // namespace milecastle::store
