// Any bytes as an HL7 v2 message: an outcome for each, and the same one twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "acute/adapter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace milecastle;  // NOLINT(google-build-using-namespace)
  static const auto adapter = acute::MakeAdapter();
  static const port::Feed feed;
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const port::Reading first = adapter->Read(message, feed);
  const port::Reading second = adapter->Read(message, feed);
  if (first.patients.size() != second.patients.size()) std::abort();
  for (std::size_t i = 0; i < first.patients.size(); ++i) {
    const auto& one = first.patients[i];
    const auto& other = second.patients[i];
    if (one.has_value() != other.has_value()) std::abort();
    if (one && !(*one == *other)) std::abort();
  }
  return 0;
}
