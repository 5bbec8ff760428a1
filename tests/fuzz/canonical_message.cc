// Any bytes as a contribution that was made outside the process.
#include "canonical/adapter.h"
#include "read_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::canonical::MakeAdapter();
  return ReadTwice(*adapter, data, size);
}
