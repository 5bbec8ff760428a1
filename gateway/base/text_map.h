// Maps by text that a stranger may choose: ids, names, codes and serial numbers of what is sent.
//
// Their hash begins with a number that the process drew, so that nobody can send keys that all fall
// into one bucket and make a message cost the square of its length (tests/README.md, T41). Text is
// looked up without a copy. tests/boundary/includes_test.py keeps text out of the standard
// library's own maps by hash, whose seed everybody knows.
//
// Encoding: the keys are compared by their bytes. Thread-safety: as the standard's containers.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace milecastle::base {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const;
};

// `Key` is std::string, or std::string_view of what outlives the map.
template <class Key, class Value>
using TextMap = std::unordered_map<Key, Value, TextHash, std::equal_to<>>;
template <class Key>
using TextSet = std::unordered_set<Key, TextHash, std::equal_to<>>;

}  // namespace milecastle::base
