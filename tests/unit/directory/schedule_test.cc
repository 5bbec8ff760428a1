// When a source is read: after its time, or when somebody says so.
#include "directory/schedule.h"

#include <gtest/gtest.h>

#include <future>

namespace milecastle::directory {
namespace {

using std::chrono::seconds;

TEST(Schedule, OneThatIsWokenReadsAtOnceAndThenWaitsAgain) {
  int readings = 0;
  std::promise<void> first;
  std::promise<void> second;
  Schedule schedule({.first = seconds(0), .interval = seconds(3600), .retry = seconds(3600)}, [&] {
    ++readings;
    (readings == 1 ? first : second).set_value();
    return true;
  });
  first.get_future().wait();
  schedule.Wake();
  second.get_future().wait();
  schedule.Stop();
  EXPECT_EQ(readings, 2);
}

TEST(Schedule, OneThatCeasesIsNotWoken) {
  int readings = 0;
  Schedule schedule({.first = seconds(3600), .interval = seconds(3600), .retry = seconds(3600)},
                    [&] {
                      ++readings;
                      return true;
                    });
  schedule.Cease();
  schedule.Wake();
  schedule.Stop();
  EXPECT_EQ(readings, 0);
}

}  // namespace
}  // namespace milecastle::directory
