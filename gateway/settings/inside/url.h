// The address of something that the gateway asks over HTTPS. For settings/ alone.
//
// Thread-safety: functions of their arguments. Failure: nothing, for what is no such address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace milecastle::settings {

struct Url {
  std::string host;
  std::uint16_t port = 443;
  std::string path;  // without a slash at the end
};
// "https://host[:port]/path", or "https://[address of six]:port/path".
std::optional<Url> UrlOf(std::string_view text);

// An ASID, a name in a token, a part of a path: what goes into a request as it is.
bool IsPlain(std::string_view text);

}  // namespace milecastle::settings
