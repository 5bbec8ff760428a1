#include "record/doubtful_version.h"

namespace milecastle::record {
namespace {

// Of one thing; a server that numbers by the clock has times too.
constexpr std::uint64_t kMostChanges = 1'000'000;

Version WithoutNumber(Version version) {
  version.number = 0;
  return version;
}

}  // namespace

bool IsDoubtfullyOlder(const Version& came, const Version& other) {
  if (came.number == 0 || came.number >= other.number) return false;
  const Order by_time = OrderOf(WithoutNumber(came), WithoutNumber(other));
  if (by_time == Order::kUnknown) return other.number - came.number > kMostChanges;
  return by_time == Order::kNewer;
}

}  // namespace milecastle::record
