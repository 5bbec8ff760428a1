// Tokens, users and issuers' keys that are no longer accepted, whatever their tokens still say.
//
// Thread-safety: immutable; any thread. Failure: Load names file and line.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"

namespace milecastle::authenticate {

struct Revoked {
  static base::Result<Revoked> Load(const std::filesystem::path& file);  // empty path: nothing

  std::set<std::string> tokens;                         // jti
  std::set<std::pair<std::string, std::string>> users;  // issuer, user
  std::set<std::pair<std::string, std::string>> keys;   // issuer, key id
};

}  // namespace milecastle::authenticate
