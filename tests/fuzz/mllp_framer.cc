// Any bytes through the framer, whole and in pieces: the same arrivals, and none above the limit.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mllp/framer.h"

namespace {

using namespace milecastle::mllp;

constexpr std::size_t kLimit = 256;

struct Seen {
  std::string bytes;
  std::optional<milecastle::base::ErrorId> error;  // nothing: a message
  bool operator==(const Seen&) const = default;
};

// Reads as a session does: what cannot be read further ends it.
std::vector<Seen> Read(std::string_view stream, std::size_t piece) {
  Framer framer(kLimit);
  std::vector<Seen> all;
  const auto take = [&all](const Arrival& arrival) {
    if (!arrival.fault && arrival.bytes.size() > kLimit) std::abort();
    Seen& seen = all.emplace_back(Seen{arrival.bytes, std::nullopt});
    if (arrival.fault) seen.error = arrival.fault->error.id;
    return !arrival.fault || !arrival.fault->close;
  };
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    std::string_view bytes = stream.substr(at, std::min(piece, stream.size() - at));
    while (const auto arrival = framer.Next(bytes)) {
      if (!take(*arrival)) return all;
    }
    if (!bytes.empty()) std::abort();
  }
  if (const auto arrival = framer.End()) take(*arrival);
  return all;
}

}  // namespace

// The input's first byte says how long the pieces are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (Read(stream, std::max<std::size_t>(stream.size(), 1)) != Read(stream, 1U + data[0] % 32U)) {
    std::abort();
  }
  return 0;
}
