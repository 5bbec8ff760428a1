#include "base/text.h"

#include "base/crypto.h"

namespace milecastle::base {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

std::string LettersAndDigits(std::string_view text) {
  std::string plain;
  for (const char each : text) {
    const char c = Lower(each);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

std::string DigestName(std::string_view said, std::size_t digits) {
  return ToHex(AsBytes(Sha256(said))).substr(0, digits);
}

std::string NameOfParts(const std::vector<std::string>& parts, std::size_t digits) {
  std::string joined;
  for (const std::string& part : parts) joined += part + '\x1F';
  return DigestName(joined, digits);
}

std::string NameOfBytes(std::string_view message) {
  return "sha256:" + ToHex(AsBytes(Sha256(message)));
}

}  // namespace milecastle::base
