// cjose and OpenSSL's keys behind a small door: P-256 keys, ES256 signatures, nothing else.
//
// Thread-safety: a key may be used by any number of threads that verify. Failure: Results name the
// file; Verify is false for any signature that is not good, whatever is wrong with it.
#pragma once

#include <cjose/cjose.h>
#include <openssl/evp.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace milecastle::authenticate {

struct ReleaseJwk {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using JwkPtr = std::unique_ptr<cjose_jwk_t, ReleaseJwk>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

// A P-256 public key from PEM or JWK. `key_id` must be the JWK's own `kid`, where it has one.
base::Result<JwkPtr> ReadPublicKey(const std::filesystem::path& file, std::string_view key_id);
// A P-256 private key from PEM.
base::Result<JwkPtr> PrivateKeyFromPem(std::string_view pem);

// Whether `token` is a compact JWS over `payload`, signed by this key. The caller MUST have checked
// that its header says ES256: cjose goes by the header.
bool Verify(const cjose_jwk_t& key, std::string_view token, std::string_view payload);
base::Result<std::string> Sign(const cjose_jwk_t& key, std::string_view key_id,
                               std::string_view type, std::string_view payload);

}  // namespace milecastle::authenticate
