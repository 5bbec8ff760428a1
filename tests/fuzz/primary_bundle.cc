// Any bytes as a GP Connect bundle.
#include "primary/adapter.h"
#include "read_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::primary::MakeAdapter();
  return ReadTwice(*adapter, data, size);
}
