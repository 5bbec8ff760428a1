// Revocation lists (RFC 5280 section 5), checked here because OpenSSL's own check neither reloads
// nor knows a grace.
//
// Only complete, direct lists are understood: a delta, indirect or partial list, or any other
// critical extension, is refused at load, since passing over it could pass over a revocation.
//
// Thread-safety: immutable once filled. Failure: Add names the file; a fault at a check is one of
// OpenSSL's X509_V_ERR_… codes, X509_V_OK being none.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/text_map.h"
#include "openssl.h"

namespace milecastle::ingress {

class Revocations {
 public:
  explicit Revocations(std::chrono::seconds grace) : grace_(grace) {}

  // Every list in the file, each signed by one of `authorities`. Of two by one authority the newer
  // counts.
  base::Result<void> Add(const std::filesystem::path& file, const Certificates& authorities,
                         base::Instant now);
  bool HasListOf(X509* authority) const;
  // An error that names the file of a list that is older than the same authority's was before: who
  // was revoked since would be let in again.
  base::Result<void> CheckNoneIsOlder(const Revocations& before) const;

  // X509_V_OK, _ERR_CERT_REVOKED, _ERR_UNABLE_TO_GET_CRL (no list of this issuer), or
  // _ERR_CRL_HAS_EXPIRED (past its next update and the grace).
  int FaultOf(X509* certificate, X509* issuer, base::Instant now) const;

  struct Staleness {
    std::string place;
    base::Instant next_update;
  };
  std::vector<Staleness> StaleAt(base::Instant now) const;

 private:
  struct List {
    std::string place;
    base::Instant this_update;
    base::Instant next_update;
    base::TextSet<std::string> revoked;  // serial numbers, as their content bytes
  };

  base::Result<void> AddOne(X509_CRL* list, const std::string& place,
                            const Certificates& authorities, base::Instant now);

  std::chrono::seconds grace_;
  std::map<base::Digest, List> lists_;  // by the digest of the issuer's public key
};

}  // namespace milecastle::ingress
