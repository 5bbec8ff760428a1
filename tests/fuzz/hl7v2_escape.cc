// Any text through Escape and Unescape comes back the same; any bytes through Unescape have an
// answer.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hl7v2/escape.h"

using namespace milecastle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const hl7v2::Delimiters delimiters;
  const hl7v2::Charset utf8;
  hl7v2::Unescape(bytes, delimiters, utf8);
  if (hl7v2::Unescape(hl7v2::Escape(bytes, delimiters), delimiters, utf8) != bytes) std::abort();
  return 0;
}
