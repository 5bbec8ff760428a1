// Finds the frames in one direction of an HTTP/2 connection (RFC 9113 section 4.1): their headers,
// and the payload of those few whose meaning is a number. Every other payload is skipped by its
// length and never touched; header blocks are not decoded.
//
// Thread-safety: one thread at a time. Failure: none; what a frame means is its reader's business.
// Nothing is allocated.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace milecastle::ingress {

enum class FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kRstStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

// The flags of RFC 9113 section 6 that matter here; ACK and END_STREAM share a bit.
constexpr std::uint8_t kFlagAck = 0x1;
constexpr std::uint8_t kFlagEndStream = 0x1;
constexpr std::uint8_t kFlagEndHeaders = 0x4;
constexpr std::uint8_t kFlagPadded = 0x8;

struct Frame {
  std::uint32_t length = 0;
  FrameType type = FrameType::kData;  // or any other byte: types may be extended
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  // The payload's first bytes, of SETTINGS, RST_STREAM and WINDOW_UPDATE alone; else empty.
  std::span<const std::uint8_t> payload;

  bool Has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

class FrameReader {
 public:
  // Calls `see` with each frame as soon as its header and kept payload have come, wherever the
  // bytes were cut. Stops, for good, where it gives false.
  template <class See>
  void Read(std::span<const char> bytes, See see) {
    while (!bytes.empty() && !stopped_) {
      if (skip_ > 0) {
        const std::size_t skipped = std::min<std::size_t>(skip_, bytes.size());
        skip_ -= static_cast<std::uint32_t>(skipped);
        bytes = bytes.subspan(skipped);
        continue;
      }
      const std::size_t taken = std::min(wanted_ - have_, bytes.size());
      std::copy_n(bytes.begin(), taken, held_.begin() + static_cast<std::ptrdiff_t>(have_));
      have_ += taken;
      bytes = bytes.subspan(taken);
      if (Complete()) stopped_ = !see(frame_);
    }
  }

 private:
  static constexpr std::size_t kHeader = 9;
  static constexpr std::size_t kKept = 96;  // sixteen settings: more than there are

  bool Complete();
  void ParseHeader();

  std::array<std::uint8_t, kHeader + kKept> held_{};
  std::size_t have_ = 0;
  std::size_t wanted_ = kHeader;
  std::uint32_t skip_ = 0;
  Frame frame_;
  bool stopped_ = false;
};

}  // namespace milecastle::ingress
