#include "record/version.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace milecastle::record {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

// How long the longest period of a precision lasts; in their order, from kYear.
constexpr std::array<microseconds, 7> kLongest = {hours(24 * 366),
                                                  hours(24 * 31),
                                                  hours(25),
                                                  hours(1),
                                                  std::chrono::minutes(1),
                                                  std::chrono::seconds(1),
                                                  std::chrono::milliseconds(1)};

Order OrderOf(const Span& came, const Span& other) {
  if (came.latest < other.earliest) return Order::kOlder;
  return came.earliest > other.latest ? Order::kNewer : Order::kUnknown;
}

void Bound(std::optional<Span>* span, base::Instant received) {
  if (!*span) return;
  if ((*span)->earliest > received) return span->reset();
  (*span)->latest = std::min((*span)->latest, received);
}

}  // namespace

Span Span::Of(const When& when) {
  auto lasts = kLongest.at(static_cast<std::size_t>(when.precision) - 1) - microseconds(1);
  if (when.zone == Zone::kAmbiguous) lasts += hours(1);
  return {when.at, when.at + lasts};
}

std::uint64_t VersionNumberOf(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? number : 0;
}

Version NotAfter(Version version, base::Instant received) {
  Bound(&version.made, received);
  Bound(&version.sent, received);
  return version;
}

Order OrderOf(const Version& came, const Version& other) {
  if (came.number != 0 && other.number != 0 && came.number != other.number) {
    return came.number < other.number ? Order::kOlder : Order::kNewer;
  }
  if (came.made && other.made) return OrderOf(*came.made, *other.made);
  if (came.sent && other.sent) return OrderOf(*came.sent, *other.sent);
  return Order::kUnknown;
}

}  // namespace milecastle::record
