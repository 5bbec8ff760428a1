#include "inside/jose.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/config.h"
#include "inside/json.h"

namespace milecastle::authenticate {
namespace {

constexpr std::size_t kCoordinate = 32;  // bytes of P-256
using Coordinate = std::array<std::uint8_t, kCoordinate>;

struct FreeJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
struct FreeHeader {
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using JwsPtr = std::unique_ptr<cjose_jws_t, FreeJws>;
using HeaderPtr = std::unique_ptr<cjose_header_t, FreeHeader>;
using BioPtr = std::unique_ptr<BIO, FreeBio>;

base::Error Refused(std::string place, std::string advice) {
  return {base::ErrorId::kCertificateInvalid, std::move(place), std::move(advice)};
}

BioPtr Input(std::string_view bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

bool IsP256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

std::optional<Coordinate> Parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return std::nullopt;
  Coordinate bytes{};
  const bool fits =
      BN_bn2binpad(number, bytes.data(), kCoordinate) == static_cast<int>(kCoordinate);
  BN_clear_free(number);
  return fits ? std::optional(bytes) : std::nullopt;
}

JwkPtr ToJwk(const EVP_PKEY* key, bool with_private) {
  if (!IsP256(key)) return nullptr;
  auto x = Parameter(key, OSSL_PKEY_PARAM_EC_PUB_X);
  auto y = Parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  auto d = with_private ? Parameter(key, OSSL_PKEY_PARAM_PRIV_KEY) : std::nullopt;
  if (!x || !y || with_private != d.has_value()) return nullptr;
  cjose_jwk_ec_keyspec parts{};
  parts.crv = CJOSE_JWK_EC_P_256;
  parts.x = x->data();
  parts.xlen = kCoordinate;
  parts.y = y->data();
  parts.ylen = kCoordinate;
  if (d) {
    parts.d = d->data();
    parts.dlen = kCoordinate;
  }
  cjose_err fault{};
  return JwkPtr(cjose_jwk_create_EC_spec(&parts, &fault));
}

base::Result<JwkPtr> FromPem(const std::string& bytes, const std::string& place) {
  const KeyPtr key(PEM_read_bio_PUBKEY(Input(bytes).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  JwkPtr jwk = ToJwk(key.get(), false);
  if (!jwk) return Refused(place, "holds no EC P-256 public key in PEM");
  return jwk;
}

base::Result<JwkPtr> FromJwk(const std::string& bytes, const std::string& place,
                             std::string_view key_id) {
  const auto object = ParseObject(bytes);
  if (!object || TextOf(*object, "kty") != "EC" || TextOf(*object, "crv") != "P-256") {
    return Refused(place, "is not one JWK of kty EC and crv P-256");
  }
  if (object->contains("d")) return Refused(place, "holds a private key: keep only the public one");
  if (object->contains("kid") && TextOf(*object, "kid") != key_id) {
    return Refused(place, "the key's own `kid` differs from the configured id");
  }
  cjose_err fault{};
  JwkPtr jwk(cjose_jwk_import(bytes.data(), bytes.size(), &fault));
  ERR_clear_error();
  if (!jwk) return Refused(place, "its coordinates are no point of P-256");
  return jwk;
}

}  // namespace

base::Result<JwkPtr> ReadPublicKey(const std::filesystem::path& file, std::string_view key_id) {
  const auto bytes = base::ReadFile(file);
  if (!bytes)
    return Refused(file.string(), "put the issuer's public key here, or correct the path");
  const auto first = bytes->find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (*bytes)[first] == '{';
  return json ? FromJwk(*bytes, file.string(), key_id) : FromPem(*bytes, file.string());
}

base::Result<JwkPtr> PrivateKeyFromPem(std::string_view pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const KeyPtr key(PEM_read_bio_PrivateKey(Input(pem).get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  JwkPtr jwk = ToJwk(key.get(), true);
  if (!jwk) return Refused("private key", "give an EC P-256 private key in PEM, not encrypted");
  return jwk;
}

bool Verify(const cjose_jwk_t& key, std::string_view token, std::string_view payload) {
  cjose_err fault{};
  const JwsPtr jws(cjose_jws_import(token.data(), token.size(), &fault));
  const bool good = jws && cjose_jws_verify(jws.get(), &key, &fault);
  ERR_clear_error();
  if (!good) return false;
  std::uint8_t* signed_bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &signed_bytes, &size, &fault)) return false;
  return payload == std::string_view(reinterpret_cast<const char*>(signed_bytes), size);
}

base::Result<std::string> Sign(const cjose_jwk_t& key, std::string_view key_id,
                               std::string_view type, std::string_view payload) {
  cjose_err fault{};
  const HeaderPtr header(cjose_header_new(&fault));
  const auto set = [&](const char* name, std::string_view value) {
    return cjose_header_set(header.get(), name, std::string(value).c_str(), &fault);
  };
  const char* compact = nullptr;
  JwsPtr jws;
  if (header && set(CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256) && set("typ", type) &&
      set(CJOSE_HDR_KID, key_id)) {
    jws.reset(cjose_jws_sign(&key, header.get(),
                             reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(),
                             &fault));
  }
  ERR_clear_error();
  if (!jws || !cjose_jws_export(jws.get(), &compact, &fault)) {
    return base::Error{base::ErrorId::kInternal, "token", "signing failed"};
  }
  return std::string(compact);  // `compact` is the jws's own
}

}  // namespace milecastle::authenticate
