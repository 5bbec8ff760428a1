#include "mllp/framer.h"

#include <algorithm>

namespace milecastle::mllp {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::size_t kMostStray = 4096;    // bytes outside frames, before the stream is given up
constexpr std::size_t kHeadOfFault = 4096;  // kept of what was no message
constexpr std::size_t kMostFaults = 16;     // after one another, before the stream is given up

Fault Unframed(std::string advice, bool answer, bool close) {
  return {{ErrorId::kMessageUnparseable, "frame", std::move(advice)}, answer, close};
}

void DropBlanks(std::string_view& bytes) {
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
}

// Where the first of MLLP's own bytes stands, or the end: a frame is searched at the pace of
// memchr, and no further than where the next one begins.
std::size_t MarkIn(std::string_view bytes) {
  const std::string_view before = bytes.substr(0, bytes.find(kStart));
  return std::min(before.find(kEnd), before.size());
}

}  // namespace

std::string Frame(std::string_view message) {
  std::string frame;
  frame.reserve(message.size() + 3);
  frame += kStart;
  frame += message;
  frame += kEnd;
  frame += kReturn;
  return frame;
}

Arrival Framer::Take(std::optional<Fault> fault) {
  Arrival arrival{std::move(held_), std::move(fault)};
  if (arrival.fault) {
    arrival.bytes.resize(std::min(arrival.bytes.size(), kHeadOfFault));
    arrival.bytes.shrink_to_fit();
    if (++faults_ >= kMostFaults) arrival.fault->close = true;
  } else {
    faults_ = 0;
  }
  held_.clear();
  state_ = State::kOutside;
  return arrival;
}

std::optional<Arrival> Framer::Next(std::string_view& bytes) {
  while (!bytes.empty()) {
    std::optional<Arrival> arrival = state_ == State::kOutside  ? Outside(bytes)
                                     : state_ == State::kInside ? Inside(bytes)
                                                                : AfterEnd(bytes);
    if (arrival) return arrival;
  }
  return std::nullopt;
}

std::optional<Arrival> Framer::Outside(std::string_view& bytes) {
  if (held_.empty()) DropBlanks(bytes);
  const std::size_t mark = MarkIn(bytes);
  held_.append(bytes.substr(0, mark));
  bytes.remove_prefix(mark);
  if (held_.size() > kMostStray) {
    return Take(Unframed("begin each message with 0x0B", true, true));
  }
  if (bytes.empty()) return std::nullopt;
  const char byte = bytes.front();
  bytes.remove_prefix(1);
  if (byte == kStart) {
    std::optional<Arrival> stray;
    if (!held_.empty()) stray = Take(Unframed("send nothing between two frames", false, false));
    state_ = State::kInside;
    return stray;
  }
  return Take(Unframed("begin each message with 0x0B", true, false));
}

std::optional<Arrival> Framer::Inside(std::string_view& bytes) {
  const std::size_t mark = MarkIn(bytes);
  if (held_.size() + mark > limit_) {
    held_.append(bytes.substr(0, limit_ - held_.size()));
    bytes = {};
    return Take(Fault{{ErrorId::kMessageTooLarge, "frame", "send shorter messages"}, true, true});
  }
  held_.append(bytes.substr(0, mark));
  bytes.remove_prefix(mark);
  if (bytes.empty()) return std::nullopt;
  const char byte = bytes.front();
  bytes.remove_prefix(1);
  if (byte == kEnd) {
    state_ = State::kAfterEnd;
    return std::nullopt;
  }
  Arrival cut =
      Take(Unframed("end each message with 0x1C 0x0D before the next begins", true, false));
  state_ = State::kInside;
  return cut;
}

std::optional<Arrival> Framer::AfterEnd(std::string_view& bytes) {
  if (bytes.front() != kReturn)
    return Take(Unframed("end each message with 0x1C 0x0D", true, false));
  bytes.remove_prefix(1);
  return Take(std::nullopt);
}

std::optional<Arrival> Framer::End() {
  if (!in_frame()) return std::nullopt;
  return Take(Unframed("the connection ended inside a message: send it again", false, true));
}

Arrival Framer::Abandon(Error why) { return Take(Fault{std::move(why), true, true}); }

}  // namespace milecastle::mllp
