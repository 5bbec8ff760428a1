// Fields of a protobuf message written by hand, where a message made for each would cost more than
// all else of a view. For wire/ alone.
//
// Thread-safety: functions without state. Failure: none.
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

// A tag and what follows it: a length, or a number that is the field's value. Gives where it ends.
inline char* WriteHead(char* at, std::uint32_t tag, std::uint64_t number) {
  using google::protobuf::io::CodedOutputStream;
  auto* end = reinterpret_cast<std::uint8_t*>(at);
  end = CodedOutputStream::WriteVarint32ToArray(tag, end);
  return reinterpret_cast<char*>(CodedOutputStream::WriteVarint64ToArray(number, end));
}

inline void PutBytes(base::Room& out, int field, std::string_view bytes) {
  char* const at = WriteHead(out.For(kMostOfAHead + bytes.size()), LengthTag(field), bytes.size());
  out.End(at + bytes.copy(at, bytes.size()));
}
// What is empty, or nought, is not written: proto3's defaults.
inline void PutText(base::Room& out, int field, std::string_view text) {
  if (!text.empty()) PutBytes(out, field, text);
}
inline void PutNumber(base::Room& out, int field, std::uint64_t number) {
  if (number != 0) out.End(WriteHead(out.For(kMostOfAHead), NumberTag(field), number));
}

}  // namespace milecastle::wire
