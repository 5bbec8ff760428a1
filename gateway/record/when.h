// A moment as a source stated it: with its precision, and with what is known of its zone.
//
// Sources mostly write local time without a zone. It is taken as Europe/London and says so; the
// hour that comes twice in autumn is flagged ambiguous, and the one that does not exist in spring
// as skipped. Nothing is ever rounded up.
//
// Thread-safety: values. Failure: Parse returns nothing for what is no moment (month 13, 30
// February).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace milecastle::record {

enum class Precision : std::uint8_t { kYear = 1, kMonth, kDay, kHour, kMinute, kSecond, kFraction };
enum class Zone : std::uint8_t {
  kNone = 1,       // a date: no zone applies
  kStated,         // the source gave an offset
  kAssumedLondon,  // no offset was given: Europe/London
  kAmbiguous,      // Europe/London, in the hour that comes twice; the earlier is taken
  kSkipped,        // Europe/London, in the hour that does not exist; moved on by an hour
};

struct When {
  base::Instant at;  // the start of the period that the precision names, in UTC
  Precision precision = Precision::kDay;
  Zone zone = Zone::kNone;
  std::string original;  // as sent

  bool operator==(const When&) const = default;

  // HL7 v2 TS: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ].
  static std::optional<When> ParseHl7(std::string_view text);
  // FHIR date, dateTime, instant; XML Schema dates: YYYY[-MM[-DD[Thh:mm[:ss[.s…]][Z|±hh:mm]]]].
  static std::optional<When> ParseIso(std::string_view text);
};

// A birth date: a civil date of day precision, without zone.
struct BirthDate {
  std::chrono::year_month_day date{};

  auto operator<=>(const BirthDate&) const = default;
  static std::optional<BirthDate> Parse(
      std::string_view text);  // YYYYMMDD… or YYYY-MM-DD…; anything less precise: nothing
  static std::optional<BirthDate> From(const When& when);
  std::string ToString() const;  // YYYY-MM-DD
};

}  // namespace milecastle::record
