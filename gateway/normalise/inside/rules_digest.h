// What rules are told from other rules by: a digest of all that they say, so that the same rules in
// another order, or in another layout of their files, are the same.
//
// Thread-safety: one thread. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"

namespace milecastle::normalise {

class RulesDigest {
 public:
  // Each with its length before it: no two lists of texts are the same bytes.
  void Add(std::string_view text) {
    Add(std::uint64_t{text.size()});
    bytes_ += text;
  }
  void Add(std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bytes_ += static_cast<char>((number >> shift) & 0xFFU);
    }
  }
  base::Digest Make() const { return base::Sha256(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace milecastle::normalise
