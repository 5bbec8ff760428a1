// Any bytes as a CDA document, alone or in its envelopes.
#include "community/adapter.h"
#include "read_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::community::MakeAdapter();
  return ReadTwice(*adapter, data, size);
}
