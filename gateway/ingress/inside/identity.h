// Reads the holder's identity out of a certificate, as record/peer.h describes it.
//
// Thread-safety: any thread. Failure: nothing, for a certificate that names no organisation or
// system, names one twice, or contradicts itself: it MUST NOT be guessed.
#pragma once

#include <optional>

#include "openssl.h"
#include "record/peer.h"

namespace milecastle::ingress {

std::optional<record::PeerCertificate> IdentityOf(X509* certificate);

}  // namespace milecastle::ingress
