#include "disclose/ranges.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace milecastle::disclose {
namespace {

// In order, each once. Entries' numbers are mostly near each other, and then a mark for each costs
// less than comparing them.
std::vector<std::uint64_t> Distinct(std::vector<std::uint64_t> numbers) {
  constexpr std::size_t kWord = 64;
  constexpr std::size_t kWordsForEach = 8;
  if (numbers.empty()) return numbers;
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  const std::uint64_t first = *least;
  const std::uint64_t words = (*most - first) / kWord + 1;
  if (words > numbers.size() * kWordsForEach) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
  }
  std::vector<std::uint64_t> marks(words);
  for (const std::uint64_t number : numbers) {
    marks[(number - first) / kWord] |= std::uint64_t{1} << ((number - first) % kWord);
  }
  numbers.clear();
  for (std::size_t word = 0; word < marks.size(); ++word) {
    for (std::uint64_t left = marks[word]; left != 0; left &= left - 1) {
      numbers.push_back(first + word * kWord + static_cast<std::uint64_t>(std::countr_zero(left)));
    }
  }
  return numbers;
}

}  // namespace

std::string RangesOf(std::vector<std::uint64_t> all) {
  const std::vector<std::uint64_t> numbers = Distinct(std::move(all));
  std::string text;
  for (std::size_t first = 0; first < numbers.size();) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(numbers[first]);
    if (last > first) text += '-' + std::to_string(numbers[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace milecastle::disclose
