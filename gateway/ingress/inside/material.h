// What a TlsMaterial holds, and the one function that says whether a client's certificate is good
// now: at the handshake, and again for every live connection at each reload and recheck.
//
// Thread-safety: immutable; any thread. Failure: a fault is one of OpenSSL's X509_V_ERR_… codes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingress/tls_material.h"
#include "openssl.h"
#include "revocation.h"

namespace milecastle::ingress {

struct TlsMaterial::Inside {
  Inside(std::chrono::seconds grace, const base::Clock& our_clock)
      : revocations(grace), clock(&our_clock) {}

  // Runs and completes the verification of `context`; X509_V_OK when the leaf may come in.
  int Verify(X509_STORE_CTX* context) const;
  // The same, for a connection that came in before: its leaf, and the issuers that it brought.
  int FaultOf(X509* leaf, STACK_OF(X509) * brought) const;

  SslContextPtr context;
  Revocations revocations;
  std::vector<CertificateEnd> watched;
  const base::Clock* clock;
};

// Of an X509_V_ERR_… code, in constant words.
std::string_view WordsOf(long fault);

}  // namespace milecastle::ingress
