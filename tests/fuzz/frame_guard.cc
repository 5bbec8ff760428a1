// Any bytes from a client and from a server through the frame guard, cut as the input says: no
// crash, and the verdict of the client's bytes alone is the same whole and in pieces.
#include "ingress/frame_guard.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace milecastle::ingress;

FrameLimits Tight() {
  FrameLimits tight;
  tight.resets = tight.settings = tight.pings = tight.window_updates = {16, 1};
  tight.priorities = tight.empty_data = tight.late_frames = tight.other_frames = {16, 1};
  tight.header_block_bytes = 1024;
  tight.open_streams = 8;
  return tight;
}

// The input's first byte says how long the pieces are; odd ones come from the server.
void MixBoth(std::span<const char> bytes, std::size_t piece) {
  FrameGuard guard(Tight());
  FrameGuard::Time now{};
  for (std::size_t at = 0, i = 0; at < bytes.size(); at += piece, ++i) {
    const auto part = bytes.subspan(at, std::min(piece, bytes.size() - at));
    i % 2 == 0 ? guard.FromClient(part, now) : guard.FromServer(part, now);
    now += std::chrono::milliseconds(1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1U + data[0] % 64U;
  const std::span<const char> bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  MixBoth(bytes, piece);
  FrameGuard whole(Tight());
  const Breach verdict = whole.FromClient(bytes, {});
  FrameGuard pieces(Tight());
  Breach last = Breach::kNone;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    last = pieces.FromClient(bytes.subspan(at, std::min(piece, bytes.size() - at)), {});
  }
  if (last != verdict) std::abort();
  return 0;
}
