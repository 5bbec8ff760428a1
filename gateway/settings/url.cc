#include "inside/url.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace milecastle::settings {
namespace {

std::optional<std::uint16_t> PortOf(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (fault != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

bool IsPlain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '.' || each == '_' || each == ':' ||
           each == '/';
  });
}

std::optional<Url> UrlOf(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  Url url;
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view place = text.substr(0, slash);
  url.path = text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (!url.path.empty() && !IsPlain(url.path)) return std::nullopt;
  const bool bracketed = place.starts_with('[');
  const std::size_t host_end =
      bracketed ? place.find(']') : std::min(place.find(':'), place.size());
  if (host_end == std::string_view::npos) return std::nullopt;
  url.host = bracketed ? place.substr(1, host_end - 1) : place.substr(0, host_end);
  place.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (!IsPlain(url.host) || url.host.find('/') != std::string::npos) return std::nullopt;
  if (place.empty()) return url;
  const auto port = place.starts_with(':') ? PortOf(place.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  url.port = *port;
  return url;
}

}  // namespace milecastle::settings
