// One direction's bytes on their way: a buffer of fixed size between a source and a sink.
//
// Thread-safety: one thread at a time. Failure: none.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace milecastle::ingress {

struct Flow {
  enum class Source { kOpen, kEnded, kBroken };

  bool empty() const { return begin == end; }
  bool full() const { return end == bytes.size(); }
  void Clear() { begin = end = 0; }
  std::span<char> Space() { return std::span(bytes).subspan(end); }
  std::span<const char> Content() const { return std::span(bytes).subspan(begin, end - begin); }

  std::array<char, std::size_t{32} * 1024>
      bytes;  // deliberately not cleared: read only when written
  std::size_t begin = 0;
  std::size_t end = 0;
  Source source = Source::kOpen;
  bool sink_closed = false;  // the sink takes no more: bytes are read and dropped
  bool finished = false;     // the sink has been told that there will be no more
};

}  // namespace milecastle::ingress
