// The streams of one HTTP/2 connection that are open, and those that the client ended last: what a
// guard must know of a stream to say that a frame has no business on it.
//
// Thread-safety: one thread at a time. Failure: Open gives false when it is full. Nothing is
// allocated; what was ended long ago is forgotten, which errs on the client's side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace milecastle::ingress {

class StreamTable {
 public:
  enum class State : std::uint8_t {
    kIdle,     // never opened
    kOpen,     // the client may still send on it
    kEnded,    // the client said that it sends no more on it
    kUnknown,  // over: the server ended it, or it was ended long ago
  };
  static constexpr std::size_t kMost = 384;

  State Find(std::uint32_t stream) const;
  // `stream` MUST be idle.
  bool Open(std::uint32_t stream);
  void EndByClient(std::uint32_t stream);  // END_STREAM: it waits for the answer
  void Erase(std::uint32_t stream);        // both sides are done with it
  void Remember(std::uint32_t stream);     // as ended by the client
  std::size_t open() const { return open_; }

 private:
  static constexpr std::size_t kSlots = 512;  // a power of two
  static constexpr std::uint32_t kEndedBit = 0x8000'0000;

  static std::size_t Home(std::uint32_t slot);
  std::size_t Seek(std::uint32_t stream) const;  // its slot, or the free one where it would stand

  std::array<std::uint32_t, kSlots> slots_{};     // 0: free; ids are of 31 bits
  std::array<std::uint32_t, kSlots / 2> last_{};  // ended by the client, by the id's low bits
  std::uint32_t highest_ = 0;
  std::size_t open_ = 0;
};

}  // namespace milecastle::ingress
