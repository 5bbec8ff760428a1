// Any bytes as a page of a service directory: no service of a refuge has a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "open_referral/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto page = milecastle::open_referral::Read(json);
  if (!page) return 0;
  for (const auto& service : page->services) {
    if (service.id.empty() || service.name.empty()) std::abort();
    if (service.address_kept_back && !service.locations.empty()) std::abort();
  }
  return 0;
}
