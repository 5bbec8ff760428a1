// A token taken apart, before anything in it is believed (RFC 7515 section 3.1).
//
// Thread-safety: any thread. Failure: kUnauthenticated, naming what is wrong and never a value.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace milecastle::authenticate {

inline constexpr std::size_t kLargestToken = 8192;
inline constexpr std::string_view kTokenType = "at+jwt";  // RFC 9068 section 2.1

struct Token {
  std::string compact;
  std::string key_id;
  std::string payload;         // the bytes that were signed over
  boost::json::object claims;  // the same, parsed
};

// Checks size, form, canonical base64url, and that the header is exactly alg, typ and kid with the
// only values that are understood. The signature is not checked here.
base::Result<Token> TakeApart(std::string_view compact);

base::Error Unauthenticated(std::string_view place, std::string_view advice);

}  // namespace milecastle::authenticate
