// Any bytes as a social-care file, in its parts.
#include "read_twice.h"
#include "social_care/adapter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::social_care::MakeAdapter();
  static const milecastle::port::Feed feed;
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  for (const std::string& part : adapter->Split(file, feed)) {
    ReadTwice(*adapter, reinterpret_cast<const std::uint8_t*>(part.data()), part.size());
  }
  return 0;
}
