// Files of messages: which adapter splits them, and one message of them after the other.
//
// Thread-safety: one thread. Failure: a file that cannot be read is a Trouble; it ends the walk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command/command.h"
#include "terminal.h"

namespace milecastle::command {

const port::Adapter* AdapterNamed(const Parts& parts, std::string_view name);  // null: none
std::vector<std::string> AdapterNames(const Parts& parts);
Trouble NoSuchAdapter(const Parts& parts);

struct MessageAt {
  std::string file;
  std::size_t index = 0;  // in the file, from 0
  std::uint64_t bytes = 0;
};

// Every message of some files, in order, one file in memory at a time.
class MessageWalk {
 public:
  // Without an adapter each file is one message.
  MessageWalk(std::vector<std::string> files, const port::Adapter* adapter)
      : files_(std::move(files)), adapter_(adapter) {}

  struct Message {
    MessageAt at;
    std::string_view bytes;  // until the next call
  };
  std::optional<Message> Next();
  const std::optional<Trouble>& trouble() const { return trouble_; }

 private:
  bool Open();

  std::vector<std::string> files_;
  const port::Adapter* adapter_;
  std::size_t file_ = 0;               // one past the open one
  std::vector<std::string> messages_;  // of the open one
  std::size_t next_ = 0;
  std::optional<Trouble> trouble_;
};

}  // namespace milecastle::command
