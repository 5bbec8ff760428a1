// Where a UTF-8 sequence ends, and whether it is one (RFC 3629: no overlong forms, no surrogates,
// nothing above U+10FFFF).
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstddef>
#include <string_view>

namespace milecastle::base {

// Bytes of the sequence at the start of `text`; 0 where there is none, or `text` is empty.
std::size_t Utf8Length(std::string_view text);

}  // namespace milecastle::base
