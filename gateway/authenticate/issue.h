// Signs user tokens for trials and tests, in place of an identity provider. A running gateway never
// calls it: it holds no private key of an issuer.
//
// Thread-safety: any thread. Failure: kCertificateInvalid when the key is not an EC P-256 private
// key in PEM; kInternal when signing fails.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"

namespace milecastle::authenticate {

struct TrialLaunch {
  std::string nhs_number;
  base::Instant at{};
};

struct TrialClaims {
  std::string issuer;
  std::string key_id;
  std::string audience;
  std::string user;
  std::string name;  // empty: left out
  std::string organisation;
  std::vector<std::string> roles;
  std::string team;  // empty: left out
  int assurance = 3;
  base::Digest certificate{};  // the client certificate's thumbprint
  std::optional<TrialLaunch> launch;
  base::Instant issued{};
  std::chrono::seconds lifetime = std::chrono::minutes(30);
};

base::Result<std::string> IssueTrialToken(std::string_view private_key_pem,
                                          const TrialClaims& claims);

// The thumbprint of the first certificate in a PEM file, for TrialClaims::certificate.
base::Result<base::Digest> ThumbprintOfPem(std::string_view pem);

}  // namespace milecastle::authenticate
