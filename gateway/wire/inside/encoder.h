// Fields of a protobuf message written at once, in the order in which they are put and by proto3's
// rules: where that is the order of their numbers, what generated code writes of the same message,
// byte for byte. For wire/ alone.
//
// Building a message of generated code first would copy every text twice, and make and unmake an
// object for each part.
//
// Thread-safety: one thread an Encoder. Failure: none; a message is at most 2 GiB.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>
#include <string_view>

#include "base/room.h"

namespace milecastle::wire {

constexpr std::size_t kMostOfAVarint = 10;
constexpr std::size_t kMostOfAHead = 2 * kMostOfAVarint;  // a tag, and a length or number

constexpr std::uint32_t LengthTag(int field) {
  return (static_cast<std::uint32_t>(field) << 3U) |
         static_cast<std::uint32_t>(
             google::protobuf::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}
constexpr std::uint32_t NumberTag(int field) {
  return (static_cast<std::uint32_t>(field) << 3U) |
         static_cast<std::uint32_t>(google::protobuf::internal::WireFormatLite::WIRETYPE_VARINT);
}

inline char* WriteVarint(char* at, std::uint64_t number) {
  using google::protobuf::io::CodedOutputStream;
  return reinterpret_cast<char*>(
      CodedOutputStream::WriteVarint64ToArray(number, reinterpret_cast<std::uint8_t*>(at)));
}
// A tag and what follows it: a length, or a number that is the field's value. Gives where it ends.
inline char* WriteHead(char* at, std::uint32_t tag, std::uint64_t number) {
  return WriteVarint(WriteVarint(at, tag), number);
}

class Encoder {
 public:
  // `out` outlives it.
  explicit Encoder(base::Room& out) : out_(out) {}

  // A number, flag or enumeration; 0 is not written.
  void Number(int field, std::uint64_t value) {
    if (value != 0) out_.End(WriteHead(out_.For(kMostOfAHead), NumberTag(field), value));
  }
  // A text or bytes; an empty one is not written.
  void Text(int field, std::string_view text) {
    if (!text.empty()) Item(field, text);
  }
  // One of several texts, which is written however empty.
  void Item(int field, std::string_view text) {
    char* const at = WriteHead(out_.For(kMostOfAHead + text.size()), LengthTag(field), text.size());
    out_.End(at + text.copy(at, text.size()));
  }
  template <class List>
  void Items(int field, const List& texts) {
    for (const auto& text : texts) Item(field, text);
  }
  // A message, of which `fill` writes the fields.
  template <class Fill>
  void Message(int field, const Fill& fill) {
    // Most are so short that one byte tells their length.
    out_.End(WriteHead(out_.For(kMostOfAHead), LengthTag(field), 0));
    const std::size_t start = out_.size();
    fill();
    PutLength(start, out_.size() - start);
  }

 private:
  // Before `length` bytes that were written from `start` on, into the byte left for it.
  void PutLength(std::size_t start, std::size_t length) {
    std::size_t more = 0;
    for (std::size_t rest = length >> 7U; rest != 0; rest >>= 7U) ++more;
    if (more != 0) out_.Widen(start, more);
    WriteVarint(out_.At(start - 1), length);
  }

  base::Room& out_;
};

}  // namespace milecastle::wire
