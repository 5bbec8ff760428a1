// Whom a connection belongs to: what ingress/ read from a client certificate after it had verified
// it, and what authenticate/ binds a user's token to.
//
// A certificate names its holder in its subject: `O` is the organisation's ODS code and `CN` the
// name of its system, each exactly once. A URI `urn:milecastle:ods:CODE` among the alternative
// names is optional; when present it must name the same organisation.
//
// Thread-safety: values. Failure: none; holding one means that the certificate was good when the
// connection was made. Ingress cuts the connection when it no longer is.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/crypto.h"
#include "record/identifiers.h"

namespace milecastle::record {

struct PeerCertificate {
  OdsCode organisation;
  std::string system;         // printable, 1 to 64 characters
  base::Digest thumbprint{};  // SHA-256 of the DER form: RFC 8705's x5t#S256
  std::string serial;         // lower-case hexadecimal
  base::Instant not_after{};

  bool operator==(const PeerCertificate&) const = default;
};

}  // namespace milecastle::record
