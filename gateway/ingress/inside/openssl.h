// OpenSSL's objects with owners, and its times as ours.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <vector>

#include "base/clock.h"

namespace milecastle::ingress {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using BioPtr = std::unique_ptr<BIO, Freed<&BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<&X509_free>>;
using RevocationListPtr = std::unique_ptr<X509_CRL, Freed<&X509_CRL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<&SSL_free>>;
using VerificationPtr = std::unique_ptr<X509_STORE_CTX, Freed<&X509_STORE_CTX_free>>;

using Certificates = std::vector<CertificatePtr>;

inline base::Instant InstantOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Instant(std::chrono::seconds(timegm(&parts)));
}

}  // namespace milecastle::ingress
