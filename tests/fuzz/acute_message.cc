// Any bytes as an HL7 v2 message.
#include "acute/adapter.h"
#include "read_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::acute::MakeAdapter();
  return ReadTwice(*adapter, data, size);
}
