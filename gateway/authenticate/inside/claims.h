// The claims of a token whose signature is good, checked one by one (RFC 7519 section 4.1; RFC 8705
// section 3.1), and what they say of the user.
//
// Thread-safety: any thread. Failure: kUnauthenticated, naming the claim and never a value.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string_view>

#include "authenticate/authenticator.h"
#include "base/result.h"

namespace milecastle::authenticate {

struct Expectations {
  const Issuer& issuer;
  std::string_view audience;
  const record::PeerCertificate& peer;
  base::Instant now;
  std::chrono::seconds leeway;
  std::chrono::seconds max_lifetime;
};

struct Verified {
  record::Requester requester;
  base::Instant from;  // both with the leeway in them
  base::Instant until;
};

base::Result<Verified> CheckClaims(const boost::json::object& claims, const Expectations& expected);

}  // namespace milecastle::authenticate
