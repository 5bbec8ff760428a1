#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "workers/pool.h"
#include "workers/strands.h"

namespace milecastle::workers {
namespace {

// Holds a worker until it is opened.
class Gate {
 public:
  std::function<void()> Job() {
    return [this] {
      entered_.count_down();
      opened_.wait();
    };
  }
  void AwaitEntered() { entered_.wait(); }
  void Open() { opened_.count_down(); }

 private:
  std::latch entered_{1};
  std::latch opened_{1};
};

TEST(Pool, RefusesWhatDoesNotFitAndCountsIt) {
  Pool pool({"views", 1, 2});
  Gate gate;
  ASSERT_TRUE(pool.TryPost(gate.Job()));
  gate.AwaitEntered();
  EXPECT_TRUE(pool.TryPost([] {}));
  EXPECT_TRUE(pool.TryPost([] {}));
  EXPECT_FALSE(pool.TryPost([] { FAIL() << "refused work must not run"; }));
  EXPECT_EQ(pool.Counts().queued, 2U);
  EXPECT_EQ(pool.Counts().running, 1U);
  EXPECT_EQ(pool.Counts().refused, 1U);
  gate.Open();
  pool.Drain();
  EXPECT_EQ(pool.Counts().done, 3U);
}

TEST(Pool, TakesWorkAgainAfterTheQueueEmptied) {
  Pool pool({"views", 1, 1});
  Gate gate;
  ASSERT_TRUE(pool.TryPost(gate.Job()));
  gate.AwaitEntered();
  std::promise<void> ran;
  ASSERT_TRUE(pool.TryPost([&] { ran.set_value(); }));
  EXPECT_FALSE(pool.TryPost([] {}));
  gate.Open();
  ran.get_future().wait();
  std::promise<void> again;
  EXPECT_TRUE(pool.TryPost([&] { again.set_value(); }));
  again.get_future().wait();
}

TEST(Pool, DrainRunsWhatWaitsAndRefusesWhatComesLater) {
  Pool pool({"views", 2, 100});
  std::atomic<int> ran = 0;
  for (int i = 0; i < 100; ++i) pool.TryPost([&] { ++ran; });
  const auto accepted = 100 - static_cast<int>(pool.Counts().refused);
  pool.Drain();
  EXPECT_EQ(ran, accepted);
  EXPECT_FALSE(pool.TryPost([] {}));
}

TEST(Pool, NeverQueuesBeyondItsLimitUnderManyPosters) {
  Pool pool({"views", 1, 8});
  Gate gate;
  ASSERT_TRUE(pool.TryPost(gate.Job()));
  gate.AwaitEntered();
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> posters;
    for (int t = 0; t < 4; ++t) {
      posters.emplace_back([&] {
        for (int i = 0; i < 500; ++i) taken += pool.TryPost([] {}) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(taken, 8);
  gate.Open();
}

TEST(Strands, RunsTheJobsOfOneKeyInTheOrderOfPosting) {
  Strands strands({"sources", 4, 10000, 10000});
  std::mutex mutex;
  std::map<std::string, std::vector<int>> seen;
  for (int i = 0; i < 1000; ++i) {
    for (const char* key : {"RXX", "RYY", "A81001"}) {
      ASSERT_TRUE(strands.TryPost(key, [&, key, i] {
        const std::lock_guard lock(mutex);
        seen[key].push_back(i);
      }));
    }
  }
  strands.Drain();
  ASSERT_EQ(seen.size(), 3U);
  for (const auto& [key, order] : seen) {
    EXPECT_EQ(order.size(), 1000U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end())) << key;
  }
}

TEST(Strands, NeverRunsTwoJobsOfOneKeyAtOnce) {
  Strands strands({"sources", 4, 10000, 10000});
  std::atomic<int> inside = 0;
  std::atomic<int> overlaps = 0;
  for (int i = 0; i < 2000; ++i) {
    strands.TryPost("RXX", [&] {
      if (inside.fetch_add(1) != 0) ++overlaps;
      --inside;
    });
  }
  strands.Drain();
  EXPECT_EQ(overlaps, 0);
  EXPECT_EQ(strands.Counts().done, 2000U);
}

TEST(Strands, ABlockedKeyDoesNotHoldUpAnother) {
  Strands strands({"sources", 2, 100, 100});
  Gate gate;
  ASSERT_TRUE(strands.TryPost("RXX", gate.Job()));
  gate.AwaitEntered();
  std::promise<void> ran;
  ASSERT_TRUE(strands.TryPost("RYY", [&] { ran.set_value(); }));
  ran.get_future().wait();
  gate.Open();
}

TEST(Strands, ABusyKeyLeavesRoomForOthersUntilTheWholeQueueIsFull) {
  Strands strands({"sources", 1, 3, 2});
  Gate gate;
  ASSERT_TRUE(strands.TryPost("RXX", gate.Job()));
  gate.AwaitEntered();
  EXPECT_TRUE(strands.TryPost("RXX", [] {}));
  EXPECT_TRUE(strands.TryPost("RXX", [] {}));
  EXPECT_FALSE(strands.TryPost("RXX", [] {}));
  EXPECT_TRUE(strands.TryPost("RYY", [] {}));
  EXPECT_FALSE(strands.TryPost("RZZ", [] {}));
  EXPECT_EQ(strands.Counts().refused, 2U);
  gate.Open();
  strands.Drain();
  EXPECT_FALSE(strands.TryPost("RXX", [] {}));
}

}  // namespace
}  // namespace milecastle::workers
