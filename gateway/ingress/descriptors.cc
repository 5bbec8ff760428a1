#include "inside/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace milecastle::ingress {
namespace {

// Store, log, listeners, exports and gRPC's own: about fifty at rest.
constexpr std::size_t kForTheRest = 128;

std::size_t MostForConnections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kForTheRest;
  const std::size_t all = limit.rlim_cur;
  return all - std::min(kForTheRest, all / 2);
}

}  // namespace

Descriptors::Descriptors() : most_(MostForConnections()) {}

bool Descriptors::Take(std::size_t count, Share& share) {
  if (taken_.fetch_add(count) + count > most_) {
    taken_.fetch_sub(count);
    return false;
  }
  share.of_ = this;
  share.count_ += count;
  return true;
}

Descriptors::Share::Share(Share&& other) noexcept
    : of_(std::exchange(other.of_, nullptr)), count_(std::exchange(other.count_, 0)) {}

Descriptors::Share::~Share() {
  if (of_ != nullptr) of_->taken_.fetch_sub(count_);
}

}  // namespace milecastle::ingress
