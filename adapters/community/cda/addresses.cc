#include "cda/addresses.h"

namespace milecastle::cda {

std::string OdsOfAddress(std::string_view uri) {
  constexpr std::string_view kPrefix = "urn:nhs-uk:addressing:ods:";
  if (!uri.starts_with(kPrefix)) return "";
  uri.remove_prefix(kPrefix.size());
  return std::string(uri.substr(0, uri.find(':')));
}

}  // namespace milecastle::cda
