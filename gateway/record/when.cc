#include "record/when.h"

#include <date/tz.h>

#include <array>

namespace milecastle::record {
namespace {

using std::chrono::microseconds;

// Reads a text from left to right; every method leaves the place alone where it fails.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return place_ == text_.size(); }
  bool Next(char c) {
    if (AtEnd() || text_[place_] != c) return false;
    ++place_;
    return true;
  }
  std::optional<int> Digits(std::size_t count) {
    if (place_ + count > text_.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = place_; i < place_ + count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    place_ += count;
    return value;
  }
  // A fraction of a second, of any length; what is finer than a microsecond is dropped.
  std::optional<microseconds> Fraction() {
    std::int64_t value = 0;
    int digits = 0;
    for (; !AtEnd() && text_[place_] >= '0' && text_[place_] <= '9'; ++place_, ++digits) {
      if (digits < 6) value = value * 10 + (text_[place_] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits) value *= 10;
    return microseconds(value);
  }
  char Peek() const { return AtEnd() ? '\0' : text_[place_]; }

 private:
  std::string_view text_;
  std::size_t place_ = 0;
};

struct Parts {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  microseconds fraction{0};
  Precision precision = Precision::kYear;
  std::optional<std::chrono::minutes> offset;
};

bool Exists(const Parts& parts) {
  const date::year_month_day day{date::year(parts.year),
                                 date::month(static_cast<unsigned>(parts.month)),
                                 date::day(static_cast<unsigned>(parts.day))};
  return day.ok() && parts.year > 0 && parts.hour < 24 && parts.minute < 60 && parts.second <= 60;
}

const date::time_zone& London() {
  static const date::time_zone* const london = date::locate_zone("Europe/London");
  return *london;
}

When InLondon(const Parts& parts, date::local_time<microseconds> local) {
  When when{.at = {}, .precision = parts.precision, .zone = Zone::kAssumedLondon, .original = {}};
  const date::local_info info = London().get_info(local);
  if (info.result == date::local_info::ambiguous) when.zone = Zone::kAmbiguous;
  if (info.result == date::local_info::nonexistent) when.zone = Zone::kSkipped;
  when.at = base::Instant(local.time_since_epoch() - info.first.offset);
  return when;
}

std::optional<When> Build(const Parts& parts, std::string_view original) {
  if (!Exists(parts)) return std::nullopt;
  const date::local_days day(date::year(parts.year) / parts.month / parts.day);
  const date::local_time<microseconds> local = day + std::chrono::hours(parts.hour) +
                                               std::chrono::minutes(parts.minute) +
                                               std::chrono::seconds(parts.second) + parts.fraction;
  When when{.at = {}, .precision = parts.precision, .zone = Zone::kNone, .original = {}};
  if (parts.offset) {
    when.at = base::Instant(local.time_since_epoch() - *parts.offset);
    when.zone = parts.precision > Precision::kDay ? Zone::kStated : Zone::kNone;
  } else if (parts.precision > Precision::kDay) {
    when = InLondon(parts, local);
  } else {
    when.at = base::Instant(local.time_since_epoch());
  }
  when.original = original;
  return when;
}

bool ReadOffset(Reader& reader, bool colon, Parts& parts) {
  const char sign = reader.Peek();
  if (colon && reader.Next('Z')) {
    parts.offset = std::chrono::minutes(0);
    return true;
  }
  if (!reader.Next('+') && !reader.Next('-')) return true;
  const auto hours = reader.Digits(2);
  if (!hours || (colon && !reader.Next(':'))) return false;
  const auto minutes = reader.Digits(2);
  if (!minutes || *hours > 14 || *minutes > 59) return false;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  parts.offset = sign == '-' ? -offset : offset;
  return true;
}

// One part of a date or time: where it is written, what it means to have it.
struct Step {
  int Parts::*part;
  Precision precision;
  char iso_before;  // the character that stands before it in ISO 8601
};
constexpr std::array kSteps = {
    Step{&Parts::month, Precision::kMonth, '-'},   Step{&Parts::day, Precision::kDay, '-'},
    Step{&Parts::hour, Precision::kHour, 'T'},     Step{&Parts::minute, Precision::kMinute, ':'},
    Step{&Parts::second, Precision::kSecond, ':'},
};

bool ReadFraction(Reader& reader, Parts& parts) {
  if (parts.precision != Precision::kSecond || !reader.Next('.')) return true;
  const auto fraction = reader.Fraction();
  if (!fraction) return false;
  parts.fraction = *fraction;
  parts.precision = Precision::kFraction;
  return true;
}

}  // namespace

std::optional<When> When::ParseHl7(std::string_view text) {
  Reader reader(text);
  Parts parts;
  const auto year = reader.Digits(4);
  if (!year) return std::nullopt;
  parts.year = *year;
  for (const Step& step : kSteps) {
    const auto value = reader.Digits(2);
    if (!value) break;
    parts.*step.part = *value;
    parts.precision = step.precision;
  }
  if (!ReadFraction(reader, parts) || !ReadOffset(reader, false, parts) || !reader.AtEnd())
    return std::nullopt;
  return Build(parts, text);
}

std::optional<When> When::ParseIso(std::string_view text) {
  Reader reader(text);
  Parts parts;
  const auto year = reader.Digits(4);
  if (!year) return std::nullopt;
  parts.year = *year;
  for (const Step& step : kSteps) {
    if (parts.precision == Precision::kDay && reader.Peek() != 'T') break;
    if (!reader.Next(step.iso_before)) break;
    const auto value = reader.Digits(2);
    if (!value) return std::nullopt;
    parts.*step.part = *value;
    parts.precision = step.precision;
  }
  // An hour alone is no ISO time in FHIR or XML Schema.
  if (parts.precision == Precision::kHour) return std::nullopt;
  if (!ReadFraction(reader, parts) || !ReadOffset(reader, true, parts) || !reader.AtEnd())
    return std::nullopt;
  return Build(parts, text);
}

std::optional<BirthDate> BirthDate::From(const When& when) {
  if (when.precision < Precision::kDay) return std::nullopt;
  return Parse(when.original);
}

std::optional<BirthDate> BirthDate::Parse(std::string_view text) {
  const bool iso = text.size() >= 10 && text[4] == '-';
  const auto when = iso ? When::ParseIso(text) : When::ParseHl7(text);
  if (!when || when->precision < Precision::kDay) return std::nullopt;
  // The civil date as written, whatever the zone of a time behind it.
  Reader reader(text);
  const int year = *reader.Digits(4);
  reader.Next('-');
  const int month = *reader.Digits(2);
  reader.Next('-');
  const int day = *reader.Digits(2);
  return BirthDate{std::chrono::year(year) / month / day};
}

std::string BirthDate::ToString() const { return base::DayText(date); }

}  // namespace milecastle::record
