#include "inside/files.h"

#include <algorithm>

#include "base/config.h"

namespace milecastle::command {

const port::Adapter* AdapterNamed(const Parts& parts, std::string_view name) {
  const auto found =
      std::find_if(parts.adapters.begin(), parts.adapters.end(),
                   [name](const port::Adapter* adapter) { return adapter->name() == name; });
  return found == parts.adapters.end() ? nullptr : *found;
}

std::vector<std::string> AdapterNames(const Parts& parts) {
  std::vector<std::string> names;
  for (const port::Adapter* adapter : parts.adapters) names.emplace_back(adapter->name());
  return names;
}

Trouble NoSuchAdapter(const Parts& parts) {
  return MisuseOf("--adapter", "there is no such adapter",
                  "write one of: " + Listed(AdapterNames(parts)));
}

bool MessageWalk::Open() {
  auto bytes = base::ReadFile(files_[file_]);
  ++file_;
  if (!bytes) {
    trouble_ = TroubleOf(bytes.error(), "a file could not be read", kMisuse);
    return false;
  }
  messages_ = adapter_ == nullptr ? std::vector<std::string>{} : adapter_->Split(*bytes, {});
  // Without an adapter it is one message; an empty file is refused like any other message.
  if (messages_.empty()) messages_.push_back(std::move(*bytes));
  next_ = 0;
  return true;
}

std::optional<MessageWalk::Message> MessageWalk::Next() {
  if (next_ == messages_.size()) {
    if (trouble_ || file_ == files_.size() || !Open()) return std::nullopt;
  }
  const std::size_t index = next_++;
  return Message{{files_[file_ - 1], index, messages_[index].size()}, messages_[index]};
}

}  // namespace milecastle::command
