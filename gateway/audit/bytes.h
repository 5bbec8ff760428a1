// Big-endian integers in byte strings, and the CRC that frames them.
//
// Thread-safety: pure functions and values. Failure: a Reader past its end gives zeros and says so.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace milecastle::audit {

template <class Integer>
void PutInteger(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof(Integer) - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer Get() {
    std::uint64_t value = 0;
    for (const char c : Take(sizeof(Integer))) value = (value << 8) | static_cast<std::uint8_t>(c);
    return static_cast<Integer>(value);
  }

  std::string_view Take(std::size_t length) {
    if (length > bytes_.size()) {
      whole_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return taken;
  }

  template <class Array>
  Array TakeArray() {
    Array array{};
    const std::string_view taken = Take(array.size());
    if (!taken.empty()) std::memcpy(array.data(), taken.data(), array.size());
    return array;
  }

  bool whole() const { return whole_; }  // nothing was asked for that was not there
  bool AtEnd() const { return whole_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool whole_ = true;
};

// CRC-32C (Castagnoli, reflected; RFC 3720 appendix B.4).
std::uint32_t Crc32c(std::string_view bytes);

bool AllZero(std::string_view bytes);

}  // namespace milecastle::audit
