#include "base/utf8.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace milecastle::base {

// NOLINTBEGIN(readability-function-cognitive-complexity,readability-simplify-subscript-expr): ICU's
// macro is most of it.
std::size_t Utf8Length(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  const auto size = static_cast<std::int32_t>(std::min(text.size(), kLongest));
  if (size == 0) return 0;
  std::int32_t end = 0;
  UChar32 point = 0;
  U8_NEXT(text.data(), end, size, point);
  return point < 0 ? 0 : static_cast<std::size_t>(end);
}
// NOLINTEND(readability-function-cognitive-complexity,readability-simplify-subscript-expr)

}  // namespace milecastle::base
