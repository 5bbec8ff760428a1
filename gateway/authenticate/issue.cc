#include "authenticate/issue.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "base/uuid.h"
#include "inside/jose.h"
#include "inside/token.h"

namespace milecastle::authenticate {
namespace {

std::int64_t Seconds(base::Instant instant) {
  return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

boost::json::object ClaimsOf(const TrialClaims& claims) {
  boost::json::object json = {
      {"iss", claims.issuer},
      {"aud", claims.audience},
      {"sub", claims.user},
      {"jti", base::Uuid::New(claims.issued).ToString()},
      {"iat", Seconds(claims.issued)},
      {"exp", Seconds(claims.issued + claims.lifetime)},
      {"organisation", claims.organisation},
      {"roles", boost::json::array(claims.roles.begin(), claims.roles.end())},
      {"assurance", claims.assurance},
      {"cnf", {{"x5t#S256", base::ToBase64Url(base::AsBytes(claims.certificate))}}},
  };
  if (!claims.name.empty()) json["name"] = claims.name;
  if (!claims.team.empty()) json["team"] = claims.team;
  if (claims.launch) {
    json["launch"] = {{"nhs_number", claims.launch->nhs_number},
                      {"at", Seconds(claims.launch->at)}};
  }
  return json;
}

}  // namespace

base::Result<std::string> IssueTrialToken(std::string_view private_key_pem,
                                          const TrialClaims& claims) {
  const auto key = PrivateKeyFromPem(private_key_pem);
  if (!key) return key.error();
  return Sign(**key, claims.key_id, kTokenType, boost::json::serialize(ClaimsOf(claims)));
}

base::Result<base::Digest> ThumbprintOfPem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> input(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr), &X509_free);
  ERR_clear_error();
  base::Digest digest{};
  unsigned int size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) {
    return base::Error{base::ErrorId::kCertificateInvalid, "client certificate",
                       "give a certificate in PEM"};
  }
  return digest;
}

}  // namespace milecastle::authenticate
