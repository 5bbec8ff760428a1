// Counts the frames of one HTTP/2 connection on their way to gRPC, and says when a client sends
// what no client needs to: rapid resets (CVE-2023-44487), header blocks without end
// (CVE-2023-33953), floods of SETTINGS, PING, PRIORITY, WINDOW_UPDATE or empty frames, frames on
// streams that it ended itself.
//
// It reads frame headers alone and never decodes HPACK. It also sees what the server sends, for
// that says which streams are over, which of them the server had to reset, and how many frames the
// client has reason to answer. Frames that a client may send at any time are limited by token
// buckets, which answers fill: steady work at any rate passes, a flood does not.
//
// Thread-safety: one thread at a time. Failure: a Breach; the connection MUST be closed, and what
// was read with it MUST NOT be passed on. Nothing is allocated.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "ingress/frame_reader.h"
#include "ingress/stream_table.h"

namespace milecastle::ingress {

// So many at once, and so many a second from then on.
struct FrameRate {
  std::uint32_t burst = 0;
  std::uint32_t per_second = 0;
};

// Of one connection. The defaults let through what gRPC's own clients do, many times over.
struct FrameLimits {
  // Bytes and frames of one header block. gRPC takes 16 KiB once decoded (serve/server.cc).
  std::uint32_t header_block_bytes = std::uint32_t{32} << 10;
  std::uint32_t continuations = 16;
  // At once: twice what the server allows. At most StreamTable::kMost.
  std::uint32_t open_streams = 256;
  // Streams that the client reset, or that the server had to reset for what the client did. The
  // burst lets every call of a connection run out of its deadline at one moment.
  FrameRate resets = {200, 50};
  FrameRate settings = {100, 20};
  FrameRate pings = {200, 20};  // and one more for each frame of an answer, or ping of the server
  FrameRate window_updates = {400, 100};  // and two more for each frame of an answer
  FrameRate priorities = {100, 10};
  FrameRate empty_data = {100, 10};    // without END_STREAM
  FrameRate late_frames = {800, 200};  // on streams that are over; the server may have ended them
  FrameRate other_frames = {100, 10};  // GOAWAY, and types of extensions
};

enum class Breach : std::uint8_t {
  kNone,
  kProtocol,   // no HTTP/2, or a frame that RFC 9113 calls a connection error
  kFrameSize,  // longer than the server said that it takes
  kHeaderBlock,
  kOpenStreams,
  kResets,
  kSettings,
  kPings,
  kWindowUpdates,
  kPriorities,
  kEmptyData,
  kLateFrames,
  kOtherFrames,
  kLast = kOtherFrames,
};
std::string_view NameOf(Breach breach);  // for metrics and logs: "header_block"

class TokenBucket {
 public:
  using Milliseconds = std::int64_t;

  explicit TokenBucket(FrameRate rate)
      : full_(std::int64_t{rate.burst} * kToken), filling_(rate.per_second), level_(full_) {}
  bool Take(Milliseconds now, std::uint32_t tokens = 1);
  void Give(std::uint32_t tokens);

 private:
  static constexpr std::int64_t kToken = 1000;  // one a second is one thousandth a millisecond

  std::int64_t full_;
  std::int64_t filling_;
  std::int64_t level_;
  Milliseconds filled_ = 0;
};

class FrameGuard {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit FrameGuard(const FrameLimits& limits);

  Breach FromClient(std::span<const char> bytes, Time now);
  Breach FromServer(std::span<const char> bytes, Time now);

 private:
  using State = StreamTable::State;

  void SetTime(Time now);
  std::span<const char> SkipPreface(std::span<const char> bytes);
  Breach OfClient(const Frame& frame);
  Breach OfServer(const Frame& frame);

  Breach AtData(const Frame& frame);
  Breach AtHeaders(const Frame& frame);
  Breach AtContinuation(const Frame& frame);
  Breach AtReset(const Frame& frame);
  Breach AtWindowUpdate(const Frame& frame);
  Breach AtAnswer(const Frame& frame);
  Breach GrowBlock(const Frame& frame);
  Breach AtOverStream(State state);
  Breach Spend(TokenBucket& bucket, Breach breach, std::uint32_t tokens = 1);
  void LearnSettings(const Frame& frame);

  const FrameLimits limits_;
  Breach breach_ = Breach::kNone;  // lasts
  FrameReader client_;
  FrameReader server_;
  StreamTable streams_;
  std::size_t preface_ = 0;  // bytes of it that have come
  bool began_ = false;       // the client's first SETTINGS have come
  std::uint32_t largest_frame_;
  std::uint32_t block_stream_ = 0;  // whose header block is unfinished
  std::uint32_t block_bytes_ = 0;
  std::uint32_t block_continuations_ = 0;

  TokenBucket::Milliseconds now_ = 0;
  TokenBucket resets_;
  TokenBucket settings_;
  TokenBucket pings_;
  TokenBucket window_updates_;
  TokenBucket priorities_;
  TokenBucket empty_data_;
  TokenBucket late_frames_;
  TokenBucket other_frames_;
};

}  // namespace milecastle::ingress
