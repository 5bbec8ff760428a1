#include "inside/claims.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "inside/json.h"
#include "inside/token.h"

namespace milecastle::authenticate {
namespace {

using boost::json::object;
using Check = base::Result<void>;

constexpr std::size_t kLongestText = 128;
constexpr std::size_t kMostRoles = 32;
constexpr std::int64_t kHighestAssurance = 3;
constexpr std::int64_t kLatestSecond = 253402300799;  // the end of the year 9999

// Text that may be shown in a log or on a screen as what it is: no control characters.
bool IsPlain(std::string_view text) {
  return !text.empty() && text.size() <= kLongestText &&
         std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::optional<std::string> PlainText(const object& claims, std::string_view name) {
  const auto text = TextOf(claims, name);
  if (!text || !IsPlain(*text)) return std::nullopt;
  return std::string(*text);
}

std::optional<base::Instant> TimeOf(const object& claims, std::string_view name) {
  const auto seconds = WholeNumberOf(claims, name);
  if (!seconds || *seconds < 0 || *seconds > kLatestSecond) return std::nullopt;
  return base::Instant(std::chrono::seconds(*seconds));
}

Check CheckAudience(const object& claims, std::string_view audience) {
  const boost::json::value* value = claims.if_contains("aud");
  // One audience alone: a token for several could be carried from one of them to another.
  if (value != nullptr && value->is_array() && value->get_array().size() == 1) {
    value = &value->get_array().front();
  }
  if (value == nullptr || !value->is_string() ||
      std::string_view(value->get_string().data(), value->get_string().size()) != audience) {
    return Unauthenticated("token claim aud", "ask the issuer for a token for this gateway alone");
  }
  return {};
}

Check CheckTimes(const object& claims, const Expectations& expected) {
  const auto issued = TimeOf(claims, "iat");
  const auto expires = TimeOf(claims, "exp");
  if (!issued) return Unauthenticated("token claim iat", "give whole seconds since 1970");
  if (!expires) return Unauthenticated("token claim exp", "give whole seconds since 1970");
  if (*issued > expected.now + expected.leeway) {
    return Unauthenticated("token claim iat", "lies in the future: check the clocks");
  }
  if (*expires + expected.leeway <= expected.now) {
    return Unauthenticated("token claim exp", "has passed: ask the issuer for a new token");
  }
  if (*expires <= *issued || *expires - *issued > expected.max_lifetime) {
    return Unauthenticated("token claim exp", "the token is valid for longer than is allowed");
  }
  if (!claims.contains("nbf")) return {};
  const auto begins = TimeOf(claims, "nbf");
  if (!begins || *begins > expected.now + expected.leeway) {
    return Unauthenticated("token claim nbf", "the token is not valid yet: check the clocks");
  }
  return {};
}

Check CheckBinding(const object& claims, const record::PeerCertificate& peer) {
  const boost::json::value* value = claims.if_contains("cnf");
  const std::string thumbprint = base::ToBase64Url(base::AsBytes(peer.thumbprint));
  if (value == nullptr || !value->is_object() ||
      !base::ConstantTimeEqual(TextOf(value->get_object(), "x5t#S256").value_or(""), thumbprint)) {
    return Unauthenticated("token claim cnf", "the token belongs to another client certificate");
  }
  if (TextOf(claims, "organisation") != peer.organisation.text()) {
    return Unauthenticated("token claim organisation", "differs from the client certificate's");
  }
  return {};
}

Check CheckIssuer(const Issuer& issuer, const record::PeerCertificate& peer) {
  const auto& organisations = issuer.organisations;
  const auto& systems = issuer.systems;
  const bool vouches = std::find(organisations.begin(), organisations.end(), peer.organisation) !=
                       organisations.end();
  const bool here =
      systems.empty() || std::find(systems.begin(), systems.end(), peer.system) != systems.end();
  if (vouches && here) return {};
  return Unauthenticated("token claim iss", "not an issuer for this organisation and system");
}

Check ReadRoles(const object& claims, std::vector<std::string>& roles) {
  const base::Error refusal =
      Unauthenticated("token claim roles", "give a list of at most 32 short texts");
  const boost::json::value* value = claims.if_contains("roles");
  if (value == nullptr || !value->is_array() || value->get_array().size() > kMostRoles) {
    return refusal;
  }
  for (const boost::json::value& role : value->get_array()) {
    if (!role.is_string()) return refusal;
    std::string text(role.get_string().data(), role.get_string().size());
    if (!IsPlain(text)) return refusal;
    roles.push_back(std::move(text));
  }
  return {};
}

Check ReadLaunch(const object& claims, base::Instant latest,
                 std::optional<record::AttestedLaunch>& launch) {
  const boost::json::value* value = claims.if_contains("launch");
  if (value == nullptr) return {};
  const base::Error refusal =
      Unauthenticated("token claim launch", "give nhs_number and at, in the past");
  if (!value->is_object()) return refusal;
  const auto number = TextOf(value->get_object(), "nhs_number");
  const auto at = TimeOf(value->get_object(), "at");
  if (!number || !at || *at > latest) return refusal;
  const auto parsed = record::NhsNumber::Parse(*number);
  if (!parsed) return refusal;
  launch = record::AttestedLaunch{parsed->digits(), *at};
  return {};
}

Check ReadOptionalText(const object& claims, std::string_view name, std::string& text) {
  if (!claims.contains({name.data(), name.size()})) return {};
  auto found = PlainText(claims, name);
  if (!found)
    return Unauthenticated("token claim team or name", "give a short text, or leave it out");
  text = std::move(*found);
  return {};
}

base::Result<record::Requester> ReadUser(const object& claims, const Expectations& expected) {
  record::Requester requester;
  requester.organisation = expected.peer.organisation;
  requester.system = expected.peer.system;
  requester.issuer = expected.issuer.name;
  auto user = PlainText(claims, "sub");
  if (!user) return Unauthenticated("token claim sub", "name the user in a short text");
  auto token_id = PlainText(claims, "jti");
  if (!token_id) return Unauthenticated("token claim jti", "give every token an id of its own");
  const auto assurance = WholeNumberOf(claims, "assurance");
  if (!assurance || *assurance < 0 || *assurance > kHighestAssurance) {
    return Unauthenticated("token claim assurance", "give 0 to 3");
  }
  std::string shown_name;  // checked, and not kept: the id names the user
  if (auto read = ReadRoles(claims, requester.roles); !read) return read.error();
  if (auto read = ReadOptionalText(claims, "team", requester.team); !read) return read.error();
  if (auto read = ReadOptionalText(claims, "name", shown_name); !read) return read.error();
  if (auto read = ReadLaunch(claims, expected.now + expected.leeway, requester.launch); !read) {
    return read.error();
  }
  requester.user = std::move(*user);
  requester.token_id = std::move(*token_id);
  requester.assurance = static_cast<std::uint8_t>(*assurance);
  return requester;
}

}  // namespace

base::Result<Verified> CheckClaims(const object& claims, const Expectations& expected) {
  if (auto checked = CheckIssuer(expected.issuer, expected.peer); !checked) return checked.error();
  if (auto checked = CheckAudience(claims, expected.audience); !checked) return checked.error();
  if (auto checked = CheckTimes(claims, expected); !checked) return checked.error();
  if (auto checked = CheckBinding(claims, expected.peer); !checked) return checked.error();
  auto requester = ReadUser(claims, expected);
  if (!requester) return requester.error();
  const base::Instant issued = *TimeOf(claims, "iat");
  const base::Instant begins = std::max(issued, TimeOf(claims, "nbf").value_or(issued));
  return Verified{std::move(*requester), begins - expected.leeway,
                  *TimeOf(claims, "exp") + expected.leeway};
}

}  // namespace milecastle::authenticate
