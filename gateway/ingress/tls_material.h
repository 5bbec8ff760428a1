// Everything that mutual TLS needs of an operator: our certificate and key, the authorities that we
// trust for clients, and their revocation lists. Loaded and checked all together or not at all;
// never changed afterwards, so that a reload is one exchange of a pointer.
//
// Policy (NCSC and NHS guidance): TLS 1.2 and 1.3; AEAD suites with ephemeral keys only; no session
// resumption, because a resumed session would not be verified again. A client certificate needs an
// unbroken chain to an authority, extendedKeyUsage clientAuth, 112-bit security or more, an
// identity as record/peer.h describes it, and a current list, from every issuer in its chain, that
// does not hold it. No list: closed. A list past its next update: an alarm, and closed after
// `revocation_grace` (safety.md 3).
//
// Thread-safety: immutable; any thread. Failure: Load names the file and what to put there.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace milecastle::ingress {

struct TlsOptions {
  std::filesystem::path certificate;                      // PEM, ours first, then its issuers
  std::filesystem::path key;                              // PEM, not encrypted
  std::vector<std::filesystem::path> client_authorities;  // PEM, one or more each
  std::vector<std::filesystem::path> revocation_lists;    // PEM or DER, complete lists
  std::chrono::seconds revocation_grace = std::chrono::hours(24);
};

// What an operator must hear about.
struct TlsAlarm {
  enum class Kind { kCertificateExpiring, kRevocationListStale };
  Kind kind = Kind::kCertificateExpiring;
  std::string place;  // the file
  std::chrono::seconds remaining{
      0};  // to the certificate's end or the list's next update; past: negative
};

// A certificate in use, and when it ends.
struct CertificateEnd {
  enum class Use { kServer, kClientAuthority };
  Use use = Use::kServer;
  std::string place;  // the file; a chain has several
  base::Instant not_after{};
};

class TlsMaterial {
 public:
  // `clock` must outlive the material.
  static base::Result<std::shared_ptr<const TlsMaterial>> Load(const TlsOptions& options,
                                                               const base::Clock& clock);
  ~TlsMaterial();

  // Whether this may take the place of `before`: no list of it is older. Names the file that is.
  base::Result<void> MayFollow(const TlsMaterial& before) const;

  // Our certificates and authorities that end within 30 days, and lists past their next update.
  std::vector<TlsAlarm> Alarms() const;
  const std::vector<CertificateEnd>& Ends() const;

  struct Inside;  // OpenSSL's side of it
  const Inside& inside() const { return *inside_; }

 private:
  explicit TlsMaterial(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::ingress
