// Fields of a protobuf message written at once, in the order of their numbers and by proto3's
// rules: what generated code writes of the same message, byte for byte. For wire/ alone.
//
// Building a message of generated code first would copy every text twice, and make and unmake an
// object for each part.
//
// Thread-safety: one thread an Encoder. Failure: none; a message is at most 2 GiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace milecastle::wire {

class Encoder {
 public:
  // A number, flag or enumeration; 0 is not written.
  void Number(int field, std::uint64_t value) {
    if (value == 0) return;
    Reserve(2 * kMostVarint);
    PutVarint(Tag(field, kVarint));
    PutVarint(value);
  }
  // A text or bytes; an empty one is not written.
  void Text(int field, std::string_view text) {
    if (!text.empty()) Item(field, text);
  }
  // One of several texts, which is written however empty.
  void Item(int field, std::string_view text) {
    Reserve(2 * kMostVarint + text.size());
    PutVarint(Tag(field, kBytes));
    PutVarint(text.size());
    if (!text.empty()) std::memcpy(buffer_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  // A message, of which `fill` writes the fields.
  template <class Fill>
  void Message(int field, const Fill& fill) {
    Reserve(2 * kMostVarint);
    PutVarint(Tag(field, kBytes));
    const std::size_t start = ++size_;  // most are so short that one byte tells their length
    fill();
    PutLength(start);
  }

  std::string_view bytes() const { return {buffer_.get(), size_}; }
  // Begins anew, and keeps no more memory than a usual message takes.
  void Clear() {
    size_ = 0;
    if (room_ > kUsual) *this = Encoder();
  }

 private:
  static constexpr std::size_t kMostVarint = 10;
  static constexpr std::size_t kUsual = 64U << 10U;
  static constexpr std::uint32_t kVarint = 0;  // wire types
  static constexpr std::uint32_t kBytes = 2;

  static constexpr std::uint32_t Tag(int field, std::uint32_t type) {
    return static_cast<std::uint32_t>(field) << 3U | type;
  }

  void Reserve(std::size_t more) {
    if (size_ + more > room_) Grow(more);
  }
  void Grow(std::size_t more) {
    std::size_t room = room_ == 0 ? 1024 : room_;
    while (room < size_ + more) room *= 2;
    std::unique_ptr<char[]> buffer(new char[room]);
    if (size_ != 0) std::memcpy(buffer.get(), buffer_.get(), size_);
    buffer_ = std::move(buffer);
    room_ = room;
  }
  void PutVarint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) {
      buffer_[size_++] = static_cast<char>(static_cast<std::uint8_t>(value | 0x80U));
    }
    buffer_[size_++] = static_cast<char>(value);
  }
  // Of what was written from `start` on, before which one byte is left for it.
  void PutLength(std::size_t start) {
    const std::size_t length = size_ - start;
    std::size_t more = 0;
    for (std::size_t rest = length >> 7U; rest != 0; rest >>= 7U) ++more;
    if (more != 0) {
      Reserve(more);
      std::memmove(buffer_.get() + start + more, buffer_.get() + start, length);
    }
    size_ = start - 1;
    PutVarint(length);
    size_ += length;
  }

  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace milecastle::wire
