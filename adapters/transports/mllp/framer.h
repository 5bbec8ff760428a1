// MLLP framing: 0x0B, the message, 0x1C 0x0D (HL7 Transport Specification: MLLP release 1).
//
// A stream of bytes becomes messages and faults, in order; every byte that is not white space
// between frames is in one of them, so that nothing vanishes. A fault says whether the sender waits
// for an answer, and whether the stream can be trusted further. A frame that ends in 0x1C without
// 0x0D is a fault, because a message that was cut there must not pass for whole. Each fault is
// journalled and answered, which costs far more than the byte that it may take: a sender whose
// frames are faults one after the other is cut, and starts again.
//
// Thread-safety: one thread. Failure: faults.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace milecastle::mllp {

inline constexpr char kStart = '\x0B';
inline constexpr char kEnd = '\x1C';
inline constexpr char kReturn = '\x0D';

std::string Frame(std::string_view message);

struct Fault {
  base::Error error;
  bool answer = true;  // the sender believes that it has sent a message
  bool close = false;  // what follows cannot be read any more
};

struct Arrival {
  std::string bytes;  // the message, or the beginning of what was not one
  std::optional<Fault> fault;
};

class Framer {
 public:
  explicit Framer(std::size_t message_limit) : limit_(message_limit) {}

  // Reads up to and including the end of the next arrival and returns it; takes what it read off
  // `bytes`. Nothing: all bytes are read and the frame, if any, is not yet whole.
  std::optional<Arrival> Next(std::string_view& bytes);
  // What the stream's end makes of an unfinished frame.
  std::optional<Arrival> End();
  // The same for a sender that has stopped in the middle of a frame, or one that there is no room
  // for.
  Arrival Abandon(base::Error why);

  bool in_frame() const { return state_ != State::kOutside || !held_.empty(); }
  std::size_t held() const { return held_.size(); }

 private:
  enum class State { kOutside, kInside, kAfterEnd };

  std::optional<Arrival> Outside(std::string_view& bytes);
  std::optional<Arrival> Inside(std::string_view& bytes);
  std::optional<Arrival> AfterEnd(std::string_view& bytes);
  Arrival Take(std::optional<Fault> fault);

  std::size_t limit_;
  State state_ = State::kOutside;
  std::size_t faults_ = 0;  // since the last message
  std::string held_;
};

}  // namespace milecastle::mllp
