// Any bytes as the tables of a service directory: no service of a refuge has a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kit/tables.h"
#include "open_referral/tables.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto page = milecastle::open_referral::ReadTables(milecastle::kit::TablesOf(text));
  if (!page) return 0;
  for (const auto& service : page->services) {
    if (service.id.empty() || service.name.empty()) std::abort();
    if (service.address_kept_back && !service.locations.empty()) std::abort();
  }
  return 0;
}
