// What a subcommand writes to, how it fails, and how text from elsewhere is made safe to print.
//
// Thread-safety: one thread. Failure: Report gives the exit code to return.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace milecastle::command {

enum Exit : int { kDone = 0, kNotAll = 1, kMisuse = 2, kRefused = 3, kUnavailable = 4 };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool progress = false;
  bool json = false;
  std::string command;  // "consent record"
};

// An error as people want it: what, where, why, what to do.
struct Trouble {
  Exit exit = kUnavailable;
  std::string what;
  std::string where;
  std::string why;
  std::string advice;
};

// A value, or why there is none.
template <class T>
using Answer = std::variant<T, Trouble>;

Trouble MisuseOf(std::string where, std::string why, std::string advice);
// `what` says what could not be done.
Trouble TroubleOf(const base::Error& error, std::string what, Exit exit);

int Report(Terminal& terminal, const Trouble& trouble);
int Report(Terminal& terminal, const std::vector<Trouble>& troubles);  // the first one's exit code

// Control characters, which could drive a terminal, become visible; line ends become spaces.
std::string Printable(std::string_view text);
// Invalid UTF-8 becomes U+FFFD, as JSON demands.
std::string ValidUtf8(std::string_view text);

// "2026-11-22 09:30:00 GMT", in London time.
std::string LondonTime(const google::protobuf::Timestamp& at);
// "2026-11-22 09:30:00".
std::string UtcTime(const google::protobuf::Timestamp& at);
// YYYY-MM-DD or an ISO time with zone.
std::optional<google::protobuf::Timestamp> TimestampOf(std::string_view text);

std::string Listed(const std::vector<std::string>& words);  // "a, b, c"

// "12 messages", "1 message".
std::string Count(std::uint64_t number, std::string_view thing);

// ", 40 %, 310/s, 2:05 left": how far something is after so long; nothing where nothing is known.
struct HowFar {
  std::uint64_t done = 0;   // things
  std::uint64_t bytes = 0;  // of them
  std::uint64_t whole = 0;  // bytes in all
  std::chrono::milliseconds took{0};
};
std::string HowFarText(const HowFar& far);

// A counter on standard error while something long runs; nothing where that is no terminal. Where
// it is known how much there is in all: "1,200 messages, 40 %, 310/s, 2:05 left".
class Progress {
 public:
  struct Whole {
    std::uint64_t bytes = 0;  // 0: not known
  };
  Progress(Terminal& terminal, std::string thing) : Progress(terminal, std::move(thing), Whole()) {}
  Progress(Terminal& terminal, std::string thing, Whole whole);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void Advance(std::uint64_t bytes = 0);

 private:
  Terminal& terminal_;
  std::string thing_;
  Whole whole_;
  std::uint64_t done_ = 0;
  std::uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point shown_;
  bool visible_ = false;
};

}  // namespace milecastle::command
