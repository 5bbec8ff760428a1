#include "base/clock_jump.h"

#include <gtest/gtest.h>

namespace milecastle::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A clock whose wall can be set.
class SettableClock final : public Clock {
 public:
  Instant Now() const override { return Instant(seconds(1'790'000'000) + since_ + set_); }
  std::chrono::nanoseconds Monotonic() const override { return since_; }
  void Pass(milliseconds time) { since_ += time; }
  void Set(milliseconds by) { set_ += by; }

 private:
  milliseconds since_{0};
  milliseconds set_{0};
};

TEST(ClockJump, IsNoneHoweverMuchTimePasses) {
  SettableClock clock;
  ClockJump jump(clock);
  for (const seconds time : {seconds(1), seconds(3600), seconds(86'400)}) {
    clock.Pass(time);
    EXPECT_FALSE(jump.Look());
  }
}

TEST(ClockJump, IsToldOnceWithItsLengthAndDirection) {
  SettableClock clock;
  ClockJump jump(clock);
  for (const milliseconds by : {milliseconds(1000), milliseconds(-86'400'000)}) {
    clock.Pass(seconds(1));
    clock.Set(by);
    EXPECT_EQ(jump.Look(), by);
    EXPECT_FALSE(jump.Look());
  }
}

TEST(ClockJump, LeavesSmallCorrectionsAlone) {
  SettableClock clock;
  ClockJump jump(clock);
  for (int i = 0; i < 10; ++i) {
    clock.Set(milliseconds(999));
    EXPECT_FALSE(jump.Look());
  }
}

}  // namespace
}  // namespace milecastle::base
