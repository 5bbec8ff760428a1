// HTTP/2 frames made by hand (RFC 9113 section 4.1), for those who test what reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace milecastle::kit {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

inline std::string Big(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// Of a payload that says it is `length` long.
inline std::string FrameHeader(int type, int flags, std::uint32_t stream, std::size_t length) {
  return Big(static_cast<std::uint32_t>(length), 3) + Big(static_cast<std::uint32_t>(type), 1) +
         Big(static_cast<std::uint32_t>(flags), 1) + Big(stream, 4);
}

inline std::string FrameOf(int type, int flags, std::uint32_t stream,
                           std::string_view payload = {}) {
  return FrameHeader(type, flags, stream, payload.size()).append(payload);
}

}  // namespace milecastle::kit
