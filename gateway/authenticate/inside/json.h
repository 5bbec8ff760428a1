// Small JSON documents whose every byte matters: one object, no member named twice at any depth,
// nothing after it. A parser that keeps the last of two would let a signer and a verifier read
// different claims (RFC 8725 section 2.9; RFC 7515 section 4).
//
// Thread-safety: any thread. Failure: nothing.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace milecastle::authenticate {

std::optional<boost::json::object> ParseObject(std::string_view text);

// The member's text; nothing when it is absent or something else.
std::optional<std::string_view> TextOf(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> WholeNumberOf(const boost::json::object& object, std::string_view name);

}  // namespace milecastle::authenticate
