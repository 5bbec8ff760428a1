// An authenticator, a connection's certificate, and an issuer that signs whatever a test asks for:
// with OpenSSL alone, so that a mistake shared by a signer and a verifier would show.
#pragma once

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "authenticate/authenticator.h"
#include "authenticate/issue.h"
#include "base/config.h"
#include "base/crypto.h"
#include "kit/authority.h"
#include "kit/clock.h"
#include "kit/folder.h"

namespace milecastle::authenticate {

using boost::json::object;

inline constexpr std::int64_t kNow = 1764000000;
inline constexpr const char* kIssuer = "https://identity.rxx.example";
inline constexpr const char* kAudience = "milecastle";

inline std::string PublicPem(const kit::Key& key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(out, key.get());
  return kit::Issued::Taken(out);
}

inline std::string EncodedParts(std::string_view header, std::string_view payload) {
  return base::ToBase64Url(header) + "." + base::ToBase64Url(payload);
}

inline std::string DigestSigned(EVP_PKEY* key, std::string_view input, bool pss) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* rules = nullptr;
  EVP_DigestSignInit(context, &rules, EVP_sha256(), nullptr, key);
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(rules, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(rules, RSA_PSS_SALTLEN_DIGEST);
  }
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
  EVP_DigestSign(context, nullptr, &size, bytes, input.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                 input.size());
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return signature;
}

// r ‖ s, as RFC 7518 section 3.4 has it.
inline std::string Es256(const kit::Key& key, std::string_view input) {
  const std::string der = DigestSigned(key.get(), input, false);
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

inline std::string Hs256(std::string_view secret, std::string_view input) {
  unsigned char mac[32];
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), mac, nullptr);
  return {reinterpret_cast<const char*>(mac), sizeof(mac)};
}

inline boost::json::value Text(const std::string& text) { return boost::json::string(text); }

class Tokens : public ::testing::Test {
 protected:
  Tokens()
      : clock_(base::Instant(std::chrono::seconds(kNow))),
        peer_{*record::OdsCode::Parse("RXX"), "epr", base::Sha256("a certificate"), "01", {}} {
    folder_.Write("issuer.pem", PublicPem(key_));
    options_.audience = kAudience;
    options_.issuers = {Rxx()};
    Load();
  }

  Issuer Rxx() const {
    return {.name = kIssuer,
            .keys = {{"k1", folder_.path() / "issuer.pem"}},
            .organisations = {*record::OdsCode::Parse("RXX")},
            .systems = {"epr"}};
  }

  void Load() {
    auto loaded = Authenticator::Load(options_, clock_);
    ASSERT_TRUE(loaded.has_value()) << base::Describe(loaded.error());
    authenticator_ = std::move(*loaded);
  }

  object Claims() const {
    return {{"iss", kIssuer},
            {"aud", kAudience},
            {"sub", "user-17"},
            {"jti", "token-1"},
            {"iat", kNow - 60},
            {"exp", kNow + 1740},
            {"organisation", "RXX"},
            {"roles", {"R8000", "B0083"}},
            {"team", "respiratory"},
            {"assurance", 3},
            {"name", "A. Clinician"},
            {"cnf", {{"x5t#S256", base::ToBase64Url(base::AsBytes(peer_.thumbprint))}}}};
  }
  static object Header() { return {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", "k1"}}; }

  std::string SignedText(std::string_view header, std::string_view payload) const {
    const std::string input = EncodedParts(header, payload);
    return input + "." + base::ToBase64Url(Es256(key_, input));
  }
  std::string Signed(const object& header, const object& claims) const {
    return SignedText(boost::json::serialize(header), boost::json::serialize(claims));
  }
  std::string With(std::string_view claim, const boost::json::value& value) const {
    object claims = Claims();
    claims[claim] = value;
    return Signed(Header(), claims);
  }
  std::string Without(std::string_view claim) const {
    object claims = Claims();
    claims.erase(claim);
    return Signed(Header(), claims);
  }
  std::string WithHeader(std::string_view name, const boost::json::value& value) const {
    object header = Header();
    header[name] = value;
    return Signed(header, Claims());
  }

  bool Accepts(std::string_view token) {
    return authenticator_->Authenticate(peer_, token).has_value();
  }
  std::string PlaceOfRefusal(std::string_view token) {
    const auto answer = authenticator_->Authenticate(peer_, token);
    return answer ? "accepted" : answer.error().place;
  }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_;
  kit::Key key_ = kit::NewKey();
  record::PeerCertificate peer_;
  AuthenticatorOptions options_;
  std::unique_ptr<Authenticator> authenticator_;
};

}  // namespace milecastle::authenticate
