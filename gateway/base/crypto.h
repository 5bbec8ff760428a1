// Digests, randomness and the text forms of bytes. OpenSSL does the work; no other file of base
// sees it.
//
// Thread-safety: every function may be called from any thread. Failure: an OpenSSL that cannot hash
// or has no randomness ends the process: nothing that Milecastle promises holds without them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace milecastle::base {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256
using Salt = std::array<std::uint8_t, 16>;

Digest Sha256(std::string_view bytes);
Digest Sha256(std::string_view first, std::string_view second);  // of the two, one after the other

void RandomBytes(std::span<std::uint8_t> out);
Salt RandomSalt();

// In a time that depends on the lengths alone.
bool ConstantTimeEqual(std::string_view left, std::string_view right);

inline std::string_view AsBytes(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string ToHex(std::string_view bytes);  // lower case
std::optional<std::string> FromHex(std::string_view text);
std::string ToBase64(std::string_view bytes);  // RFC 4648 section 4, padded
std::optional<std::string> FromBase64(
    std::string_view text);                       // strict: canonical, padded, no white space
std::string ToBase64Url(std::string_view bytes);  // RFC 4648 section 5, no padding

}  // namespace milecastle::base
