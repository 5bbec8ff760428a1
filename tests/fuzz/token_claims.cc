// Any bytes as a token, and as the claims of one whose signature is good: nobody becomes another
// organisation's, and nothing lives longer than it may.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "authenticate/inside/claims.h"
#include "authenticate/inside/json.h"
#include "authenticate/inside/token.h"

namespace {

using namespace milecastle;
using authenticate::Issuer;

const base::Instant kNow{std::chrono::seconds(1'767'225'600)};

const Issuer& Quayside() {
  static const Issuer issuer{.name = "https://idp.quayside.example",
                             .keys = {},
                             .organisations = {*record::OdsCode::Parse("ZT1")},
                             .systems = {}};
  return issuer;
}

const record::PeerCertificate& Peer() {
  static const record::PeerCertificate peer{.organisation = *record::OdsCode::Parse("ZT1"),
                                            .system = "quayside-epr",
                                            .thumbprint = {},
                                            .serial = "01",
                                            .not_after = kNow + std::chrono::hours(1)};
  return peer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)authenticate::TakeApart(bytes);
  const auto claims = authenticate::ParseObject(bytes);
  if (!claims) return 0;
  constexpr std::chrono::seconds kLeeway(30);
  constexpr std::chrono::minutes kLifetime(60);
  const auto verified = authenticate::CheckClaims(
      *claims, {Quayside(), "milecastle", Peer(), kNow, kLeeway, kLifetime});
  if (!verified) return 0;
  if (verified->until <= kNow || verified->until > kNow + kLifetime + 2 * kLeeway) std::abort();
  if (verified->requester.organisation != Peer().organisation) std::abort();
  return 0;
}
