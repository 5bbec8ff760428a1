// What goes on while a commit is synced: readers, and the next works.

#include <gtest/gtest.h>

#include <future>

#include "fault_vfs.h"
#include "kit/folder.h"
#include "work.h"

namespace milecastle::store {
namespace {

using kit::Fault;
using kit::ThePlan;

class StoreOverlap : public testing::Test {
 protected:
  StoreOverlap() {
    kit::RegisterFaultVfs();
    sqlite::Options options = OptionsFor(folder_.path());
    options.vfs = kit::kFaultVfs;
    options.on_fatal = [](const base::Error&) {};
    kit::Arm(Fault::kNone);
    store_ = OpenOrDie(std::move(options));
    EXPECT_TRUE(SaveThePerson(*store_));
  }
  ~StoreOverlap() override {
    store_.reset();
    kit::Disarm();
  }

  kit::TemporaryFolder folder_;
  std::unique_ptr<sqlite::Database> store_;
};

TEST_F(StoreOverlap, NobodyReadsWhatIsNotSyncedYet) {
  const auto id = record::MessageId::New(Then());
  std::atomic<bool> synced = false;
  std::future<bool> reading;
  ThePlan().during_sync = [&] {
    reading = std::async(std::launch::async, [&] {
      const auto snapshot = store_->Read();
      const bool was_synced = synced;
      return was_synced || !(*snapshot)->journal().Find(id)->has_value();
    });
    // One that does not wait for the sync comes back at once.
    reading.wait_for(std::chrono::milliseconds(200));
    synced = true;
  };
  EXPECT_TRUE(WriteAndWait(*store_, Ingest(id)));
  EXPECT_TRUE(reading.get());
  ThePlan().during_sync = nullptr;
}

TEST_F(StoreOverlap, WorkThatRanDuringASyncThatFailedIsNotAcknowledged) {
  const auto first = record::MessageId::New(Then());
  const auto second = record::MessageId::New(Then());
  std::promise<void> ran;
  std::promise<base::Result<void>> said;
  ThePlan().during_sync = [&] {
    const auto work = [&ran, ingest = Ingest(second)](Transaction& in) {
      auto done_well = ingest(in);
      ran.set_value();
      return done_well;
    };
    EXPECT_TRUE(store_->TryWrite(
        work, [&](base::Result<void> outcome) { said.set_value(std::move(outcome)); }));
    EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  };
  kit::Arm(Fault::kSyncFails);
  EXPECT_FALSE(WriteAndWait(*store_, Ingest(first)));
  EXPECT_FALSE(said.get_future().get());
  ThePlan().during_sync = nullptr;
  EXPECT_FALSE(store_->Read());
  store_.reset();
  EXPECT_EQ(ThePlan().syncs_since_struck, 0) << "a failed sync was tried again";
  kit::Disarm();
  EXPECT_TRUE(WholeMessages(*OpenOrDie(OptionsFor(folder_.path()))).empty());
}

}  // namespace
}  // namespace milecastle::store
