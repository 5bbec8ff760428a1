#include "authenticate/authenticator.h"

#include <atomic>
#include <map>
#include <utility>

#include "base/log.h"
#include "inside/cache.h"
#include "inside/claims.h"
#include "inside/jose.h"
#include "inside/json.h"
#include "inside/revoked.h"
#include "inside/token.h"

namespace milecastle::authenticate {
namespace {

constexpr auto kMostLeeway = std::chrono::seconds(60);
constexpr std::string_view kScheme = "Bearer ";

base::Error Refused(std::string place, std::string advice) {
  return {base::ErrorId::kConfigInvalid, std::move(place), std::move(advice)};
}

}  // namespace

struct Authenticator::Inside {
  using KeyName = std::pair<std::string, std::string>;  // issuer, key id

  Inside(const AuthenticatorOptions& given, const base::Clock& our_clock)
      : options(given), clock(our_clock), cache(given.cache_entries) {}

  base::Result<void> LoadKeys();
  base::Result<Verified> Check(const record::PeerCertificate& peer, std::string_view token) const;
  base::Result<record::Requester> Answer(const record::PeerCertificate& peer,
                                         std::string_view token);

  const AuthenticatorOptions options;
  const base::Clock& clock;
  std::map<std::string, const Issuer*, std::less<>> issuers;
  std::map<KeyName, JwkPtr> keys;
  Revoked revoked;
  Cache cache;
  std::atomic<std::uint64_t> verified = 0;
  std::atomic<std::uint64_t> cached = 0;
  std::atomic<std::uint64_t> refused = 0;
};

base::Result<void> Authenticator::Inside::LoadKeys() {
  for (const Issuer& issuer : options.issuers) {
    if (issuer.name.empty() || !issuers.emplace(issuer.name, &issuer).second) {
      return Refused("token issuers", "give each issuer a name (`iss`) of its own");
    }
    for (const KeyFile& file : issuer.keys) {
      auto key = ReadPublicKey(file.file, file.id);
      if (!key) return key.error();
      if (file.id.empty() || !keys.emplace(KeyName(issuer.name, file.id), std::move(*key)).second) {
        return Refused(file.file.string(), "give each key of an issuer an id (`kid`) of its own");
      }
    }
  }
  return {};
}

base::Result<Verified> Authenticator::Inside::Check(const record::PeerCertificate& peer,
                                                    std::string_view compact) const {
  const auto token = TakeApart(compact);
  if (!token) return token.error();
  const std::string issuer(TextOf(token->claims, "iss").value_or(""));
  const auto known = issuers.find(issuer);
  if (known == issuers.end()) return Unauthenticated("token claim iss", "not an issuer known here");
  const KeyName name(issuer, token->key_id);
  const auto key = keys.find(name);
  if (key == keys.end() || revoked.keys.contains(name)) {
    return Unauthenticated("token header kid", "not a key of this issuer known here");
  }
  if (!Verify(*key->second, token->compact, token->payload)) {
    return Unauthenticated("token signature", "was not made by this key over this token");
  }
  auto checked = CheckClaims(token->claims, {*known->second, options.audience, peer, clock.Now(),
                                             options.leeway, options.max_lifetime});
  if (!checked) return checked;
  const record::Requester& requester = checked->requester;
  if (revoked.tokens.contains(requester.token_id) ||
      revoked.users.contains({issuer, requester.user})) {
    return Unauthenticated("token", "was revoked: ask the issuer for a new one");
  }
  return checked;
}

base::Result<record::Requester> Authenticator::Inside::Answer(const record::PeerCertificate& peer,
                                                              std::string_view token) {
  // The certificate is in the key: a token is never taken from the cache for another connection.
  const base::Digest key = base::Sha256(base::AsBytes(peer.thumbprint), token);
  if (auto found = cache.Find(key, clock.Now())) {
    ++cached;
    return std::move(*found);
  }
  auto checked = Check(peer, token);
  if (!checked) return checked.error();
  ++verified;
  cache.Keep(key, *checked);
  return std::move(checked->requester);
}

base::Result<std::unique_ptr<Authenticator>> Authenticator::Load(
    const AuthenticatorOptions& options, const base::Clock& clock) {
  if (options.audience.empty()) return Refused("token audience", "name this gateway");
  if (options.leeway < std::chrono::seconds(0) || options.leeway > kMostLeeway) {
    return Refused("token leeway", "0 to 60 seconds");
  }
  auto inside = std::make_unique<Inside>(options, clock);
  if (auto loaded = inside->LoadKeys(); !loaded) return loaded.error();
  auto revoked = Revoked::Load(options.revocations);
  if (!revoked) return revoked.error();
  inside->revoked = std::move(*revoked);
  return std::unique_ptr<Authenticator>(new Authenticator(std::move(inside)));
}

Authenticator::Authenticator(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Authenticator::~Authenticator() = default;

base::Result<record::Requester> Authenticator::Authenticate(const record::PeerCertificate& peer,
                                                            std::string_view bearer) {
  if (bearer.starts_with(kScheme)) bearer.remove_prefix(kScheme.size());
  auto answer = bearer.size() > kLargestToken ? Unauthenticated("token", "at most 8,192 characters")
                                              : inside_->Answer(peer, bearer);
  if (!answer) {
    ++inside_->refused;
    base::Log(base::LogId::kTokenRefused,
              {{"organisation", base::SafeText::Certified(peer.organisation.text())},
               {"system", base::SafeText::Certified(peer.system)},
               {"place", base::SafeText::Path(answer.error().place)},
               {"advice", base::SafeText::Catalogued(answer.error().advice)}});
  }
  return answer;
}

AuthenticatorCounts Authenticator::Counts() const {
  return {inside_->verified, inside_->cached, inside_->refused};
}

}  // namespace milecastle::authenticate
