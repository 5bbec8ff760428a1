#include <openssl/x509v3.h>

#include "inside/identity.h"
#include "inside/material.h"

namespace milecastle::ingress {
namespace {

// NIST SP 800-57: at least 112 bits. Refuses RSA under 2,048 bits and SHA-1.
constexpr int kSecurityLevel = 2;

int FaultOfLeaf(X509* leaf) {
  if (X509_check_ca(leaf) != 0) return X509_V_ERR_INVALID_PURPOSE;
  // OpenSSL takes an absent extension for every purpose; here it must be there and say clientAuth.
  const bool stated = (X509_get_extension_flags(leaf) & EXFLAG_XKUSAGE) != 0;
  if (!stated || (X509_get_extended_key_usage(leaf) & XKU_SSL_CLIENT) == 0) {
    return X509_V_ERR_INVALID_PURPOSE;
  }
  return IdentityOf(leaf) ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION;
}

}  // namespace

int TlsMaterial::Inside::Verify(X509_STORE_CTX* verification) const {
  const base::Instant now = clock->Now();
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(verification);
  X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(now));
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  if (X509_verify_cert(verification) != 1) {
    const int fault = X509_STORE_CTX_get_error(verification);
    return fault == X509_V_OK ? X509_V_ERR_UNSPECIFIED : fault;
  }
  STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(verification);
  const int length = sk_X509_num(chain);
  // A chain of one is an authority's own certificate, or a trusted leaf: nobody's client.
  if (length < 2) return X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
  if (const int fault = FaultOfLeaf(sk_X509_value(chain, 0)); fault != X509_V_OK) return fault;
  for (int i = 0; i + 1 < length; ++i) {
    const int fault =
        revocations.FaultOf(sk_X509_value(chain, i), sk_X509_value(chain, i + 1), now);
    if (fault != X509_V_OK) return fault;
  }
  return X509_V_OK;
}

int TlsMaterial::Inside::FaultOf(X509* leaf, STACK_OF(X509) * brought) const {
  const VerificationPtr verification(X509_STORE_CTX_new());
  if (!verification ||
      X509_STORE_CTX_init(verification.get(), SSL_CTX_get_cert_store(context.get()), leaf,
                          brought) != 1 ||
      X509_STORE_CTX_set_default(verification.get(), "ssl_client") != 1) {
    return X509_V_ERR_OUT_OF_MEM;
  }
  return Verify(verification.get());
}

std::string_view WordsOf(long fault) {
  if (fault == X509_V_ERR_APPLICATION_VERIFICATION) {
    return "the subject does not name one organisation (O, an ODS code) and one system (CN)";
  }
  return X509_verify_cert_error_string(fault);
}

}  // namespace milecastle::ingress
