// Where somebody is, told in words: a postcode, a telephone number, an e-mail address, a street
// with its number, or what is known of the person's own addresses and numbers, in the midst of any
// text.
//
// For people whose location is protected (safety.md 12). It finds shapes and not meanings: a place
// that is named alone ("the refuge by the river") is not found.
//
// Thread-safety: pure; KnownPlaces is a value. Failure: none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record/entry.h"

namespace milecastle::record {

// The person's own. Compared without regard to capitals.
class KnownPlaces {
 public:
  void Add(const Address& address);
  void Add(const Telecom& telecom);
  const std::vector<std::string>& words() const { return words_; }

 private:
  void AddWords(std::string_view words);
  std::vector<std::string> words_;  // small letters
};

struct PlaceSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const PlaceSpan&) const = default;
};
// In their order; none begins before the end of another.
std::vector<PlaceSpan> PlacesIn(std::string_view text, const KnownPlaces& known);

// The same text with "[masked]" for each.
std::string WithoutPlaces(std::string_view text, const std::vector<PlaceSpan>& places);

}  // namespace milecastle::record
