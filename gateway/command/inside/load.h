// A load of many files: what it is of, how far it is, and how it came out.
//
// The position is kept in a file of its own: a line that says of which load it is, and after each
// durable outcome a line with how many messages have one, synced before the next. Outcomes come in
// the order of the messages, so that one number says it all: after a kill the load goes on behind
// it, and what was taken though its line was not written comes again and is a duplicate.
//
// Thread-safety: one thread. Failure: a Trouble. A position that cannot be written ends the load.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/unique_fd.h"
#include "terminal.h"

namespace milecastle::command {

// What is to be sent: files as they were named, for a folder those in it, by name (none that begins
// with a dot, and no folder in it).
struct Load {
  std::vector<std::string> files;
  std::uint64_t bytes = 0;  // of all of them
};
// `list`: a file that names one file on each line, relative to where the command runs; or empty.
std::variant<Load, Trouble> LoadOf(const std::vector<std::string>& named, const std::string& list);

// Known by the files' names and sizes and by `target`, the feed or the address.
std::string NameOf(const Load& load, std::string_view target);

class LoadPosition {
 public:
  // Made where it is not there. kMisuse where it is of another load.
  static std::variant<LoadPosition, Trouble> Open(const std::string& path, const std::string& load);

  std::uint64_t answered() const { return answered_; }  // messages with a durable outcome
  // One more. On the disk when it returns.
  std::optional<Trouble> Advance();

 private:
  LoadPosition(base::UniqueFd file, std::string path, std::uint64_t answered)
      : file_(std::move(file)), path_(std::move(path)), answered_(answered) {}

  base::UniqueFd file_;
  std::string path_;
  std::uint64_t answered_ = 0;
};

// Outcomes by their words and reasons: "accepted", "rejected, message.invalid".
class Summary {
 public:
  void Add(const std::string& outcome, const std::string& error);
  std::uint64_t messages() const { return messages_; }
  void Print(std::ostream& out) const;
  void PrintJson(std::ostream& out) const;

 private:
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
  std::uint64_t messages_ = 0;
};

}  // namespace milecastle::command
