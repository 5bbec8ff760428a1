// Bytes that are written once, from front to back: room is made for many pieces at a time, since to
// ask a string for it piece by piece costs more than the copying.
//
// Thread-safety: a value. Failure: none; it grows where the guess was too small.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace milecastle::base {

class Room {
 public:
  // `mostly`: how much is written, more or less.
  explicit Room(std::size_t mostly) : bytes_(mostly, '\0') {}
  // What was moved from holds nothing and has no room.
  Room(Room&& other) noexcept
      : bytes_(std::exchange(other.bytes_, {})), used_(std::exchange(other.used_, 0)) {}
  Room& operator=(Room&& other) noexcept {
    bytes_ = std::exchange(other.bytes_, {});
    used_ = std::exchange(other.used_, 0);
    return *this;
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() = default;

  // Where to write up to so many bytes; End then says where they ended.
  char* For(std::size_t most) {
    if (bytes_.size() - used_ < most) bytes_.resize(2 * bytes_.size() + most);
    return bytes_.data() + used_;
  }
  void End(const char* end) { used_ = static_cast<std::size_t>(end - bytes_.data()); }

  void Put(std::string_view bytes) {
    char* const at = For(bytes.size());
    End(at + bytes.copy(at, bytes.size()));
  }
  void Put(char byte) {
    char* const at = For(1);
    *at = byte;
    End(at + 1);
  }

  // Begins anew in the same memory.
  void Clear() { used_ = 0; }

  std::size_t size() const { return used_; }
  // What was written there.
  char* At(std::size_t place) { return bytes_.data() + place; }
  // Moves all that was written from `place` on, to leave so many bytes before it.
  void Widen(std::size_t place, std::size_t by) {
    For(by);
    std::memmove(At(place + by), At(place), used_ - place);
    used_ += by;
  }

  std::string_view written() const { return {bytes_.data(), used_}; }
  // What was written last; there is something.
  char& last() { return bytes_[used_ - 1]; }
  void TakeBack() { --used_; }

  std::string Take() && {
    bytes_.resize(std::exchange(used_, 0));
    return std::exchange(bytes_, {});
  }

 private:
  std::string bytes_;
  std::size_t used_ = 0;  // the rest is room
};

}  // namespace milecastle::base
