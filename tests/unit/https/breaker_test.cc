// When a source that fails is given time, and how it is tried again.
#include "https/breaker.h"

#include <gtest/gtest.h>

namespace milecastle::https {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Tried {
  double random = 0.5;
  Breaker breaker{{.failures = 3, .pause = seconds(5)}, [this] { return random; }};

  void Fail(int times, Breaker::Moment at = {}) {
    for (int i = 0; i < times; ++i) breaker.Failed(at);
  }
};

TEST(Breaker, OpensAfterSoManyFailuresInARow) {
  Tried tried;
  tried.Fail(2);
  EXPECT_TRUE(tried.breaker.TryEnter({}));
  tried.breaker.Succeeded();
  tried.Fail(2);
  EXPECT_EQ(tried.breaker.state(), Breaker::State::kClosed) << "not in a row";
  EXPECT_TRUE(tried.breaker.Failed({}));
  EXPECT_EQ(tried.breaker.state(), Breaker::State::kOpen);
  EXPECT_FALSE(tried.breaker.TryEnter(seconds(4)));
  EXPECT_EQ(tried.breaker.times_opened(), 1U);
}

TEST(Breaker, LetsOneQuestionTryAfterThePauseAndClosesWhenItIsWell) {
  Tried tried;
  tried.Fail(3);
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(5)));
  EXPECT_EQ(tried.breaker.state(), Breaker::State::kHalfOpen);
  EXPECT_FALSE(tried.breaker.TryEnter(seconds(5))) << "one at a time";
  EXPECT_TRUE(tried.breaker.Succeeded());
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(5)));
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(5)));
}

TEST(Breaker, ATryThatFailsOpensItAgain) {
  Tried tried;
  tried.Fail(3);
  ASSERT_TRUE(tried.breaker.TryEnter(seconds(5)));
  EXPECT_TRUE(tried.breaker.Failed(seconds(6)));
  EXPECT_FALSE(tried.breaker.TryEnter(seconds(10)));
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(11)));
}

TEST(Breaker, ATryThatIsGivenUpLetsTheNextOneTry) {
  Tried tried;
  tried.Fail(3);
  ASSERT_TRUE(tried.breaker.TryEnter(seconds(5)));
  tried.breaker.Left();
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(5)));
}

TEST(Breaker, ATryOfWhichNothingIsHeardShutsNobodyOutForEver) {
  Tried tried;
  tried.Fail(3);
  ASSERT_TRUE(tried.breaker.TryEnter(seconds(5)));
  EXPECT_FALSE(tried.breaker.TryEnter(seconds(9)));
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(10)));
}

TEST(Breaker, WhatFailsWhileItIsOpenIsOfBeforeAndMakesItNoLonger) {
  Tried tried;
  tried.Fail(3);
  EXPECT_FALSE(tried.breaker.Failed(seconds(4)));
  EXPECT_TRUE(tried.breaker.TryEnter(seconds(5)));
}

TEST(Breaker, ThePauseIsAFifthLongerOrShorter) {
  Tried shorter{.random = 0};
  shorter.Fail(3);
  EXPECT_FALSE(shorter.breaker.TryEnter(milliseconds(3999)));
  EXPECT_TRUE(shorter.breaker.TryEnter(milliseconds(4000)));
  Tried longer{.random = 1};
  longer.Fail(3);
  EXPECT_FALSE(longer.breaker.TryEnter(milliseconds(5999)));
  EXPECT_TRUE(longer.breaker.TryEnter(milliseconds(6000)));
}

}  // namespace
}  // namespace milecastle::https
