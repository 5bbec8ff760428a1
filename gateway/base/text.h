// Text as it is compared, and names made of what has none of its own.
//
// Names are kept with what they name: neither the text nor the digits that go into one may change.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::base {

// Letters of ASCII alone: the case of any other is its script's.
constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string Lower(std::string_view text);
// Small letters and digits of ASCII alone: "Plan and actions:" → "planandactions".
std::string LettersAndDigits(std::string_view text);

// The first hexadecimal digits of a SHA-256.
std::string DigestName(std::string_view said, std::size_t digits);
std::string NameOfParts(const std::vector<std::string>& parts, std::size_t digits);
// "sha256:…": by which a message without an id is known, so that its repetition is told from it.
std::string NameOfBytes(std::string_view message);

}  // namespace milecastle::base
