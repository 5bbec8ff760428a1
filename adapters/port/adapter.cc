#include "port/adapter.h"

#include <array>
#include <utility>

namespace milecastle::port {

std::string_view NameOf(Disposition disposition) {
  constexpr std::array<std::string_view, 6> kNames = {
      "accepted", "duplicate", "quarantined", "awaiting_identity", "rejected", "failed"};
  return kNames.at(static_cast<std::size_t>(disposition) - 1);
}

Reading ReadingOf(Envelope envelope, base::Result<record::Contribution> alone) {
  Reading reading{std::move(envelope), {}};
  reading.patients.push_back(std::move(alone));
  return reading;
}

}  // namespace milecastle::port
