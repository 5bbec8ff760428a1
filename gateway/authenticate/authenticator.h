// Certificate and user token → record::Requester.
//
// A token is a JWT (RFC 7519) in compact JWS form, signed with ES256 by an issuer that is
// configured for the calling system, and bound to the connection's certificate (`cnf.x5t#S256`,
// RFC 8705 section 3.1). The best current practice (RFC 8725) is kept: `alg` is compared with the
// key's before anything is verified, `typ` is explicit, and headers that bring or point to keys
// (`jku`, `jwk`, `x5u`, `x5c`, `crit`, …) are refused, as is every header and claim that occurs
// twice.
//
//   header  {"alg": "ES256", "typ": "at+jwt" (RFC 9068), "kid": …} and nothing else
//   claims  iss, aud, sub (user), jti, iat, exp, nbf?, organisation (ODS code), roles [text],
//           team?, assurance 0..3, name?, cnf {"x5t#S256"}, launch? {"nhs_number", "at"}
//           Times are whole seconds since 1970 (RFC 7519 NumericDate). Others are passed over.
//
// Verified tokens are kept, by their digest and the certificate's, until they expire or are
// revoked, in a bounded cache.
//
// Thread-safety: any thread. Failure: kUnauthenticated, naming the header or claim that is wrong
// and never a value; without a token, or with one that is not understood, nobody is authenticated.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "record/peer.h"
#include "record/requester.h"

namespace milecastle::authenticate {

// A public key of an issuer: PEM (`BEGIN PUBLIC KEY`) or one JWK, by what the file holds.
struct KeyFile {
  std::string id;  // `kid`
  std::filesystem::path file;
};

// An identity provider, and which calling systems may bring its tokens.
struct Issuer {
  std::string name;  // `iss`, compared exactly
  std::vector<KeyFile> keys;
  std::vector<record::OdsCode> organisations;  // whose people it vouches for; empty: nobody's
  std::vector<std::string> systems;  // system names; empty: every one of those organisations
};

struct AuthenticatorOptions {
  std::string audience;  // ours, `aud`, compared exactly
  std::vector<Issuer> issuers;
  // TOML: `tokens = ["jti", …]`, `[[users]]` with `issuer` and `user`, `[[keys]]` with `issuer` and
  // `key`. Empty: nothing is revoked. A file that is named must be there.
  std::filesystem::path revocations;
  std::chrono::seconds leeway = std::chrono::seconds(30);        // at most 60 s
  std::chrono::seconds max_lifetime = std::chrono::minutes(60);  // exp - iat
  std::size_t cache_entries = 4096;
};

struct AuthenticatorCounts {
  std::uint64_t verified = 0;  // signatures checked and found good
  std::uint64_t cached = 0;    // answered from the cache
  std::uint64_t refused = 0;
};

class Authenticator {
 public:
  // `clock` must outlive the authenticator. A reload is a new Authenticator in place of the old.
  static base::Result<std::unique_ptr<Authenticator>> Load(const AuthenticatorOptions& options,
                                                           const base::Clock& clock);
  ~Authenticator();

  // `bearer` is the token alone, or an `authorization` header's value with its `Bearer ` before it.
  base::Result<record::Requester> Authenticate(const record::PeerCertificate& peer,
                                               std::string_view bearer);

  AuthenticatorCounts Counts() const;

  struct Inside;

 private:
  explicit Authenticator(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::authenticate
