// What is kept of a source's key where its digest is enough.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstddef>
#include <string>

#include "base/crypto.h"

namespace milecastle::store::sqlite {

inline constexpr std::size_t kVersionBytes = 16;
// Two keys of one patient that share them hold a replayed entry back, and no more.
inline constexpr std::size_t kSaidAgainBytes = 8;

inline std::string KeyDigest(const std::string& key, std::size_t bytes) {
  const base::Digest digest = base::Sha256(key);
  return std::string(base::AsBytes(digest).substr(0, bytes));
}

}  // namespace milecastle::store::sqlite
