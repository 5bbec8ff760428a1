#include "record/last_moment.h"

#include <chrono>

namespace milecastle::record {
namespace {

constexpr std::chrono::microseconds kAMoment{1};

}  // namespace

base::Instant LastMomentOf(const When& when) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(when.at));
  switch (when.precision) {
    case Precision::kYear:
      return sys_days((date.year() + years(1)) / January / 1) - kAMoment;
    case Precision::kMonth:
      return sys_days((date.year() / date.month() + months(1)) / 1) - kAMoment;
    case Precision::kDay:
      return when.at + days(1) - kAMoment;
    case Precision::kHour:
      return when.at + hours(1) - kAMoment;
    case Precision::kMinute:
      return when.at + minutes(1) - kAMoment;
    case Precision::kSecond:
      return when.at + seconds(1) - kAMoment;
    case Precision::kFraction:
      break;
  }
  return when.at;
}

}  // namespace milecastle::record
