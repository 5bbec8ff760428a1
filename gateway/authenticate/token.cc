#include "inside/token.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/crypto.h"
#include "inside/json.h"

namespace milecastle::authenticate {
namespace {

constexpr std::size_t kSignatureBytes = 64;  // ES256: two 32-byte numbers (RFC 7518 section 3.4)

// Nothing, unless `text` is the one form of its bytes: two texts of one token would be two entries
// of a revocation list.
std::optional<std::string> Decode(std::string_view text) {
  if (text.empty() || text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return base::FromBase64(padded);
}

std::optional<std::array<std::string_view, 3>> Split(std::string_view compact) {
  const auto first = compact.find('.');
  const auto second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (compact.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return std::array{compact.substr(0, first), compact.substr(first + 1, second - first - 1),
                    compact.substr(second + 1)};
}

// What is not understood is refused, not passed over: `crit` says so itself, and `jku`, `jwk`,
// `x5u` and `x5c` would let the token choose its own key.
base::Result<std::string> CheckHeader(std::string_view json) {
  const auto header = ParseObject(json);
  if (!header) return Unauthenticated("token header", "write one JSON object, no member twice");
  if (TextOf(*header, "alg") != "ES256") {
    return Unauthenticated("token header alg", "sign with ES256");
  }
  if (TextOf(*header, "typ") != kTokenType) {
    return Unauthenticated("token header typ", "write at+jwt");
  }
  const auto key_id = TextOf(*header, "kid");
  if (!key_id || key_id->empty()) {
    return Unauthenticated("token header kid", "name the issuer's key");
  }
  if (header->size() != 3) {
    return Unauthenticated("token header", "only alg, typ and kid are understood");
  }
  return std::string(*key_id);
}

}  // namespace

base::Error Unauthenticated(std::string_view place, std::string_view advice) {
  return {base::ErrorId::kUnauthenticated, std::string(place), std::string(advice)};
}

base::Result<Token> TakeApart(std::string_view compact) {
  if (compact.size() > kLargestToken) return Unauthenticated("token", "at most 8,192 characters");
  const auto parts = Split(compact);
  if (!parts) return Unauthenticated("token", "a compact JWS has three parts");
  const auto header = Decode((*parts)[0]);
  auto payload = Decode((*parts)[1]);
  const auto signature = Decode((*parts)[2]);
  if (!header || !payload || !signature) {
    return Unauthenticated("token", "each part is base64url without padding");
  }
  auto key_id = CheckHeader(*header);
  if (!key_id) return key_id.error();
  if (signature->size() != kSignatureBytes) {
    return Unauthenticated("token signature", "an ES256 signature has 64 bytes");
  }
  auto claims = ParseObject(*payload);
  if (!claims) return Unauthenticated("token claims", "write one JSON object, no member twice");
  return Token{std::string(compact), std::move(*key_id), std::move(*payload), std::move(*claims)};
}

}  // namespace milecastle::authenticate
