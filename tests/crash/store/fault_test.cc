// R2, R3, R16: what the store says and keeps when the disk fails under it.
#include <gtest/gtest.h>

#include <cstdio>
#include <future>

#include "fault_vfs.h"
#include "kit/folder.h"
#include "work.h"

namespace milecastle::store {
namespace {

using kit::Fault;
using kit::ThePlan;

constexpr int kBatch = 5;  // works that are committed together

bool IsFatal(Fault fault) { return fault != Fault::kDiskFull; }

// A store on the failing disk, with one message acknowledged before anything fails.
class Failing {
 public:
  explicit Failing(int wal_autocheckpoint = 20000) {
    kit::RegisterFaultVfs();
    sqlite::Options options = OptionsFor(folder_.path());
    options.vfs = kit::kFaultVfs;
    options.wal_autocheckpoint = wal_autocheckpoint;
    options.on_fatal = [this](const base::Error&) { ++fatal_; };
    kit::Arm(Fault::kNone);
    store_ = OpenOrDie(std::move(options));
    EXPECT_TRUE(SaveThePerson(*store_));
    EXPECT_TRUE(Acknowledged(1));
  }

  // Submits works that are committed together, after `before` has run on the writer's thread
  // within the work of that number. Whether all were acknowledged; some is a failure.
  bool Acknowledged(int works, int armed_in = -1, const std::function<void()>& arm = {}) {
    // Holds the writer, so that what follows waits and is one batch; a store that is finished runs
    // no work, and says so at once.
    std::promise<void> held;
    std::promise<void> go;
    auto waiting = go.get_future();
    EXPECT_TRUE(store_->TryWrite(
        [&](Transaction&) -> base::Result<void> {
          held.set_value();
          waiting.wait();
          return {};
        },
        [&](base::Result<void> said) {
          if (!said) held.set_value();
        }));
    held.get_future().wait();
    std::vector<std::promise<base::Result<void>>> outcomes(works);
    std::vector<record::MessageId> ids;
    for (int i = 0; i < works; ++i) {
      ids.push_back(record::MessageId::New(Then()));
      EXPECT_TRUE(store_->TryWrite(
          [&, i, work = Ingest(ids.back())](Transaction& in) {
            if (i == armed_in) arm();
            return work(in);
          },
          [&, i](base::Result<void> said) { outcomes[i].set_value(std::move(said)); }));
    }
    go.set_value();
    int yes = 0;
    for (int i = 0; i < works; ++i) {
      const auto said = outcomes[i].get_future().get();
      if (!said) {
        EXPECT_EQ(said.error().id, base::ErrorId::kStoreUnavailable);
        refused_.insert(ids[i].ToString());
        continue;
      }
      ++yes;
      acknowledged_.insert(ids[i].ToString());
    }
    EXPECT_TRUE(yes == 0 || yes == works) << "a batch is durable whole or not at all";
    return yes == works;
  }

  // Opens the file again on a sound disk and compares.
  void ExpectNothingLost(bool refused_may_be_there) {
    store_.reset();
    EXPECT_EQ(ThePlan().syncs_since_struck, 0) << "a failed sync was tried again";
    ReopenAndCompare(refused_may_be_there);
  }
  void ReopenAndCompare(bool refused_may_be_there) {
    store_.reset();
    kit::Disarm();
    auto sound = OpenOrDie(OptionsFor(folder_.path()));
    ASSERT_NE(sound, nullptr);
    const auto there = WholeMessages(*sound);
    for (const auto& id : acknowledged_) EXPECT_TRUE(there.contains(id)) << "acknowledged, lost";
    std::size_t unacknowledged = 0;
    for (const auto& id : refused_) unacknowledged += there.contains(id) ? 1 : 0;
    EXPECT_TRUE(unacknowledged == 0 || (refused_may_be_there && unacknowledged % kBatch == 0))
        << "part of a batch was kept";
  }

  sqlite::Database& store() { return *store_; }
  int fatal() const { return fatal_; }

 private:
  kit::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Database> store_;
  std::atomic<int> fatal_ = 0;
  std::set<std::string> acknowledged_;
  std::set<std::string> refused_;
};

struct Case {
  const char* name;
  Fault fault;
  int work;  // of the batch, in which the fault is armed: it strikes at the next such operation
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class StoreFault : public testing::TestWithParam<Case> {};

TEST_P(StoreFault, NothingIsAcknowledgedThatIsNotDurable) {
  const auto [name, fault, work] = GetParam();
  Failing failing;
  EXPECT_FALSE(failing.Acknowledged(kBatch, work, [fault = fault] { kit::Arm(fault); }));
  EXPECT_TRUE(ThePlan().struck);
  if (IsFatal(fault)) {
    EXPECT_EQ(failing.fatal(), 1);
    kit::Disarm();
    EXPECT_FALSE(failing.Acknowledged(kBatch)) << "finished for ever, even on a disk that is well";
    const auto read = failing.store().Read();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().id, base::ErrorId::kStoreUnavailable);
    EXPECT_EQ(failing.fatal(), 1);
    failing.ExpectNothingLost(fault == Fault::kSyncFailsAfterAll);
  } else {
    EXPECT_FALSE(failing.Acknowledged(kBatch)) << "still full";
    EXPECT_TRUE(failing.store().Read()) << "what is there can be read";
    const auto tried = failing.store().LastWrite();
    ASSERT_TRUE(tried.failed) << "and whoever asks is told that nothing is written";
    EXPECT_NE(tried.failed->advice.find("full"), std::string::npos) << tried.failed->advice;
    kit::Disarm();
    EXPECT_TRUE(failing.Acknowledged(kBatch)) << "goes on when space returns, without a restart";
    EXPECT_FALSE(failing.store().LastWrite().failed);
    EXPECT_GE(failing.store().LastWrite().at, tried.at);
    EXPECT_EQ(failing.fatal(), 0);
    failing.ReopenAndCompare(false);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, StoreFault,
    testing::Values(Case{"WriteFailsInFirst", Fault::kWriteFails, 0},
                    Case{"WriteFailsInMiddle", Fault::kWriteFails, kBatch / 2},
                    Case{"WriteFailsInLast", Fault::kWriteFails, kBatch - 1},
                    Case{"SyncFailsInFirst", Fault::kSyncFails, 0},
                    Case{"SyncFailsInMiddle", Fault::kSyncFails, kBatch / 2},
                    Case{"SyncFailsInLast", Fault::kSyncFails, kBatch - 1},
                    Case{"DiskFullInFirst", Fault::kDiskFull, 0},
                    Case{"DiskFullInMiddle", Fault::kDiskFull, kBatch / 2},
                    Case{"DiskFullInLast", Fault::kDiskFull, kBatch - 1},
                    Case{"SyncFailsAfterAllInFirst", Fault::kSyncFailsAfterAll, 0},
                    Case{"SyncFailsAfterAllInMiddle", Fault::kSyncFailsAfterAll, kBatch / 2},
                    Case{"SyncFailsAfterAllInLast", Fault::kSyncFailsAfterAll, kBatch - 1}),
    NameOf);

// Fails the n-th operation of a batch, for every n until the batch gets through.
class StoreEveryFault : public testing::TestWithParam<Case> {};

TEST_P(StoreEveryFault, EveryOperationOfABatchMayFail) {
  const Fault fault = GetParam().fault;
  int points = 0;
  for (bool struck = true; struck; ++points) {
    Failing failing;
    const bool yes = failing.Acknowledged(kBatch, 0, [&] { kit::Arm(fault, points); });
    struck = ThePlan().struck;
    EXPECT_EQ(yes, !struck) << "operation " << points;
    EXPECT_EQ(failing.fatal(), struck && IsFatal(fault) ? 1 : 0);
    failing.ReopenAndCompare(fault == Fault::kSyncFailsAfterAll);
    if (HasFailure()) return;
  }
  std::printf("%s: %d points of failure\n", GetParam().name, points - 1);
  EXPECT_GT(points, 1);
}

INSTANTIATE_TEST_SUITE_P(Table, StoreEveryFault,
                         testing::Values(Case{"Write", Fault::kWriteFails, 0},
                                         Case{"Sync", Fault::kSyncFails, 0},
                                         Case{"DiskFull", Fault::kDiskFull, 0},
                                         Case{"SyncAfterAll", Fault::kSyncFailsAfterAll, 0}),
                         NameOf);

// SQLite's automatic checkpoint would pass over the failure and sync again later: what the log
// held, and the failed sync lost from the main file, would be gone.
TEST(StoreCheckpoint, SyncThatFailsInACheckpointIsFatalAndLosesNothing) {
  Failing failing(1);  // a checkpoint after every commit
  EXPECT_TRUE(failing.Acknowledged(kBatch));
  kit::Arm(Fault::kMainSyncFails);
  // A checkpoint follows the acknowledgement of its commit, so the fault shows with a later one.
  for (int i = 0; i < 5 && failing.Acknowledged(kBatch); ++i) continue;
  EXPECT_TRUE(ThePlan().struck);
  EXPECT_EQ(failing.fatal(), 1);
  EXPECT_FALSE(failing.Acknowledged(kBatch));
  failing.ExpectNothingLost(false);
}

}  // namespace
}  // namespace milecastle::store
