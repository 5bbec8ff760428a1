// The addresses of ITK messages: "urn:nhs-uk:addressing:ods:RXX" and what may follow, such as
// ":SYSTEM".
//
// Thread-safety: pure. Failure: empty where it is no such address.
#pragma once

#include <string>
#include <string_view>

namespace milecastle::cda {

std::string OdsOfAddress(std::string_view uri);

}  // namespace milecastle::cda
