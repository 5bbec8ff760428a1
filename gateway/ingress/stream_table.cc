#include "ingress/stream_table.h"

namespace milecastle::ingress {

// A client's streams are the odd numbers, in order: neighbours stand side by side.
std::size_t StreamTable::Home(std::uint32_t slot) { return (slot & ~kEndedBit) / 2 % kSlots; }

std::size_t StreamTable::Seek(std::uint32_t stream) const {
  std::size_t i = Home(stream);
  while (slots_.at(i) != 0 && (slots_.at(i) & ~kEndedBit) != stream) i = (i + 1) % kSlots;
  return i;
}

StreamTable::State StreamTable::Find(std::uint32_t stream) const {
  if (stream > highest_) return State::kIdle;
  const std::uint32_t slot = slots_.at(Seek(stream));
  if (slot != 0) return (slot & kEndedBit) != 0 ? State::kEnded : State::kOpen;
  return last_.at(stream / 2 % last_.size()) == stream ? State::kEnded : State::kUnknown;
}

bool StreamTable::Open(std::uint32_t stream) {
  highest_ = stream;
  if (open_ == kMost) return false;
  ++open_;
  slots_.at(Seek(stream)) = stream;
  return true;
}

void StreamTable::EndByClient(std::uint32_t stream) {
  std::uint32_t& slot = slots_.at(Seek(stream));
  if (slot != 0) slot |= kEndedBit;
}

void StreamTable::Remember(std::uint32_t stream) { last_.at(stream / 2 % last_.size()) = stream; }

void StreamTable::Erase(std::uint32_t stream) {
  std::size_t gap = Seek(stream);
  if (slots_.at(gap) == 0) return;
  if ((slots_.at(gap) & kEndedBit) != 0) Remember(stream);
  --open_;
  // Those behind move up where the gap would cut them off from their home.
  for (std::size_t i = (gap + 1) % kSlots; slots_.at(i) != 0; i = (i + 1) % kSlots) {
    const std::size_t from_home = (i - Home(slots_.at(i))) % kSlots;
    if (from_home < (i - gap) % kSlots) continue;
    slots_.at(gap) = slots_.at(i);
    gap = i;
  }
  slots_.at(gap) = 0;
}

}  // namespace milecastle::ingress
