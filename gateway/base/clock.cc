#include "base/clock.h"

namespace milecastle::base {
namespace {

// Digit by digit: a decision holds several times, and a format string is read anew for each. Years
// have four: what is read and kept lies between 1 and 9999.
void Put(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
  for (std::size_t place = at + digits; place-- > at; value /= 10) {
    text[place] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

Instant SystemClock::Now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::chrono::nanoseconds SystemClock::Monotonic() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

std::string DayText(std::chrono::year_month_day day) {
  std::string text = "0000-00-00";
  Put(text, 0, 4, static_cast<int>(day.year()));
  Put(text, 5, 2, static_cast<unsigned>(day.month()));
  Put(text, 8, 2, static_cast<unsigned>(day.day()));
  return text;
}

std::string ToRfc3339(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time(instant - days);
  std::string text = DayText(days) + "T00:00:00.000000Z";
  Put(text, 11, 2, time.hours().count());
  Put(text, 14, 2, time.minutes().count());
  Put(text, 17, 2, time.seconds().count());
  Put(text, 20, 6, time.subseconds().count());
  return text;
}

}  // namespace milecastle::base
