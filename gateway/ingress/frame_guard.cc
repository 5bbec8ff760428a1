#include "ingress/frame_guard.h"

#include <algorithm>
#include <array>

namespace milecastle::ingress {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";  // RFC 9113 section 3.4
constexpr std::uint32_t kSmallestLargestFrame = 16'384;                    // section 4.2
constexpr std::uint16_t kMaxFrameSize = 5;                                 // section 6.5.2

// What no client does, but one that does it once is no flood: ten or twenty of them are.
constexpr std::uint32_t kOffence = 40;

enum class On : std::uint8_t { kConnection, kStream, kEither, kNowhere };

// Where a frame of each type belongs, and how long it is (sections 6.1 to 6.10); -1: any length.
struct Shape {
  On on;
  int length;
};
constexpr std::array<Shape, 10> kShapes = {{{On::kStream, -1},      // DATA
                                            {On::kStream, -1},      // HEADERS
                                            {On::kStream, 5},       // PRIORITY
                                            {On::kStream, 4},       // RST_STREAM
                                            {On::kConnection, -1},  // SETTINGS
                                            {On::kNowhere, -1},     // PUSH_PROMISE: a server's
                                            {On::kConnection, 8},   // PING
                                            {On::kConnection, -1},  // GOAWAY
                                            {On::kEither, 4},       // WINDOW_UPDATE
                                            {On::kStream, -1}}};    // CONTINUATION

bool WellShaped(const Frame& frame) {
  const auto type = static_cast<std::size_t>(frame.type);
  if (type >= kShapes.size()) return true;
  const Shape shape = kShapes.at(type);
  if (shape.length >= 0 && frame.length != static_cast<std::uint32_t>(shape.length)) return false;
  const bool of_client = frame.stream % 2 == 1;
  if (shape.on == On::kConnection) return frame.stream == 0;
  if (shape.on == On::kEither) return frame.stream == 0 || of_client;
  return shape.on == On::kStream && of_client;
}

std::uint32_t NumberAt(const Frame& frame, std::size_t from, std::size_t bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = from; i < from + bytes; ++i) number = number << 8 | frame.payload[i];
  return number;
}

// In the order of Breach.
constexpr std::array<std::string_view, static_cast<std::size_t>(Breach::kLast) + 1> kNames = {
    "none",       "protocol",    "frame_size",  "header_block",   "open_streams",
    "resets",     "settings",    "pings",       "window_updates", "priorities",
    "empty_data", "late_frames", "other_frames"};

}  // namespace

std::string_view NameOf(Breach breach) { return kNames.at(static_cast<std::size_t>(breach)); }

bool TokenBucket::Take(Milliseconds now, std::uint32_t tokens) {
  // Full after a second's rest or a year's: the product cannot overflow.
  const std::int64_t passed = std::clamp<std::int64_t>(now - filled_, 0, full_);
  level_ = std::min(full_, level_ + passed * filling_);
  filled_ = std::max(filled_, now);
  if (level_ < std::int64_t{tokens} * kToken) return false;
  level_ -= std::int64_t{tokens} * kToken;
  return true;
}

void TokenBucket::Give(std::uint32_t tokens) {
  level_ = std::min(full_, level_ + std::int64_t{tokens} * kToken);
}

FrameGuard::FrameGuard(const FrameLimits& limits)
    : limits_(limits),
      largest_frame_(kSmallestLargestFrame),
      resets_(limits.resets),
      settings_(limits.settings),
      pings_(limits.pings),
      window_updates_(limits.window_updates),
      priorities_(limits.priorities),
      empty_data_(limits.empty_data),
      late_frames_(limits.late_frames),
      other_frames_(limits.other_frames) {}

void FrameGuard::SetTime(Time now) {
  now_ = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
}

Breach FrameGuard::Spend(TokenBucket& bucket, Breach breach, std::uint32_t tokens) {
  return bucket.Take(now_, tokens) ? Breach::kNone : breach;
}

std::span<const char> FrameGuard::SkipPreface(std::span<const char> bytes) {
  while (preface_ < kPreface.size() && !bytes.empty()) {
    if (bytes.front() != kPreface[preface_]) {
      breach_ = Breach::kProtocol;
      return {};
    }
    ++preface_;
    bytes = bytes.subspan(1);
  }
  return bytes;
}

Breach FrameGuard::FromClient(std::span<const char> bytes, Time now) {
  if (breach_ != Breach::kNone) return breach_;
  SetTime(now);
  client_.Read(SkipPreface(bytes), [this](const Frame& frame) {
    breach_ = OfClient(frame);
    return breach_ == Breach::kNone;
  });
  return breach_;
}

Breach FrameGuard::FromServer(std::span<const char> bytes, Time now) {
  if (breach_ != Breach::kNone) return breach_;
  SetTime(now);
  server_.Read(bytes, [this](const Frame& frame) {
    breach_ = OfServer(frame);
    return breach_ == Breach::kNone;
  });
  return breach_;
}

Breach FrameGuard::OfClient(const Frame& frame) {
  if (frame.length > largest_frame_) return Breach::kFrameSize;
  const bool settings = frame.type == FrameType::kSettings;
  if (!began_ && (!settings || frame.Has(kFlagAck))) return Breach::kProtocol;
  began_ = true;
  const bool continues = frame.type == FrameType::kContinuation && frame.stream == block_stream_;
  if (block_stream_ != 0 && !continues) return Breach::kProtocol;
  if (!WellShaped(frame)) return Breach::kProtocol;
  switch (frame.type) {
    case FrameType::kData:
      return AtData(frame);
    case FrameType::kHeaders:
      return AtHeaders(frame);
    case FrameType::kContinuation:
      return AtContinuation(frame);
    case FrameType::kRstStream:
      return AtReset(frame);
    case FrameType::kWindowUpdate:
      return AtWindowUpdate(frame);
    case FrameType::kPriority:
      return Spend(priorities_, Breach::kPriorities);
    case FrameType::kSettings:
      if (frame.length % 6 != 0) return Breach::kProtocol;
      return Spend(settings_, Breach::kSettings);
    case FrameType::kPing:
      return Spend(pings_, Breach::kPings);
    default:
      return Spend(other_frames_, Breach::kOtherFrames);
  }
}

Breach FrameGuard::AtOverStream(State state) {
  if (state == State::kIdle) return Breach::kProtocol;  // section 5.1
  const std::uint32_t tokens = state == State::kEnded ? kOffence : 1;
  return Spend(late_frames_, Breach::kLateFrames, tokens);
}

Breach FrameGuard::AtData(const Frame& frame) {
  const State state = streams_.Find(frame.stream);
  if (state != State::kOpen) return AtOverStream(state);
  if (frame.Has(kFlagEndStream)) {
    streams_.EndByClient(frame.stream);
    return Breach::kNone;
  }
  // One byte says how long the padding is; up to 255 of them may be all that there is.
  const bool empty = frame.length == 0 || (frame.Has(kFlagPadded) && frame.length <= 256);
  return empty ? Spend(empty_data_, Breach::kEmptyData) : Breach::kNone;
}

Breach FrameGuard::AtHeaders(const Frame& frame) {
  block_bytes_ = 0;
  block_continuations_ = 0;
  if (const Breach breach = GrowBlock(frame); breach != Breach::kNone) return breach;
  const State state = streams_.Find(frame.stream);
  if (state == State::kEnded || state == State::kUnknown) return AtOverStream(state);
  // Trailers end the stream (section 8.1); header fields between do not exist.
  if (state == State::kOpen && !frame.Has(kFlagEndStream)) return Breach::kProtocol;
  if (state == State::kIdle &&
      (streams_.open() >= limits_.open_streams || !streams_.Open(frame.stream))) {
    return Breach::kOpenStreams;
  }
  if (frame.Has(kFlagEndStream)) streams_.EndByClient(frame.stream);
  return Breach::kNone;
}

Breach FrameGuard::AtContinuation(const Frame& frame) {
  if (block_stream_ == 0) return Breach::kProtocol;
  if (++block_continuations_ > limits_.continuations) return Breach::kHeaderBlock;
  return GrowBlock(frame);
}

Breach FrameGuard::GrowBlock(const Frame& frame) {
  block_stream_ = frame.Has(kFlagEndHeaders) ? 0 : frame.stream;
  block_bytes_ += frame.length;
  return block_bytes_ > limits_.header_block_bytes ? Breach::kHeaderBlock : Breach::kNone;
}

Breach FrameGuard::AtReset(const Frame& frame) {
  // Of an idle stream it is wrong (section 5.1), and what gRPC's own clients send where a call runs
  // out of time before its header did leave: a reset like any other.
  if (streams_.Find(frame.stream) != State::kIdle) {
    streams_.Erase(frame.stream);
    streams_.Remember(frame.stream);
  }
  return Spend(resets_, Breach::kResets);
}

Breach FrameGuard::AtWindowUpdate(const Frame& frame) {
  const bool idle = frame.stream != 0 && streams_.Find(frame.stream) == State::kIdle;
  if (idle) return Breach::kProtocol;
  const bool nothing = (NumberAt(frame, 0, 4) & 0x7FFF'FFFF) == 0;  // an error: section 6.9
  return Spend(window_updates_, Breach::kWindowUpdates, nothing ? kOffence : 1);
}

Breach FrameGuard::OfServer(const Frame& frame) {
  switch (frame.type) {
    case FrameType::kData:
    case FrameType::kHeaders:
      return AtAnswer(frame);
    case FrameType::kRstStream: {
      streams_.Erase(frame.stream);
      // gRPC says NO_ERROR where it answered before the client had finished: no offence.
      const bool offence = frame.payload.size() == 4 && NumberAt(frame, 0, 4) != 0;
      return offence ? Spend(resets_, Breach::kResets) : Breach::kNone;
    }
    case FrameType::kSettings:
      LearnSettings(frame);
      return Breach::kNone;
    case FrameType::kPing:
      pings_.Give(1);
      return Breach::kNone;
    default:
      return Breach::kNone;
  }
}

Breach FrameGuard::AtAnswer(const Frame& frame) {
  pings_.Give(1);           // clients measure their path with a ping when data comes
  window_updates_.Give(2);  // one for the stream, one for the connection
  if (frame.Has(kFlagEndStream)) streams_.Erase(frame.stream);
  return Breach::kNone;
}

// What was once allowed stays so: the client may not have heard yet that it is less.
void FrameGuard::LearnSettings(const Frame& frame) {
  for (std::size_t at = 0; at + 6 <= frame.payload.size(); at += 6) {
    if (NumberAt(frame, at, 2) != kMaxFrameSize) continue;
    largest_frame_ = std::max(largest_frame_, NumberAt(frame, at + 2, 4));
  }
}

}  // namespace milecastle::ingress
