// A value on its way into a statement: a view of memory that outlives the call it is passed to.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/crypto.h"
#include "record/identifiers.h"

namespace milecastle::store::sqlite {

struct Blob {
  std::string_view bytes;
};

struct Value {
  std::variant<std::monostate, std::int64_t, std::string_view, Blob> held;

  Value() = default;  // NULL
  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>)
      Value(T number)  // NOLINT(google-explicit-constructor)
      : held(static_cast<std::int64_t>(number)) {}
  Value(std::string_view text) : held(text) {}               // NOLINT(google-explicit-constructor)
  Value(const char* text) : held(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const std::string& text) : held(std::string_view(text)) {}  // NOLINT
  Value(Blob blob) : held(blob) {}  // NOLINT(google-explicit-constructor)
  Value(const base::Digest& digest) : held(Blob{base::AsBytes(digest)}) {}  // NOLINT
  Value(base::Instant at)  // NOLINT(google-explicit-constructor)
      : held(static_cast<std::int64_t>(at.time_since_epoch().count())) {}
  Value(const record::OdsCode& code) : held(std::string_view(code.text())) {}          // NOLINT
  Value(const record::NhsNumber& number) : held(std::string_view(number.digits())) {}  // NOLINT
  template <class Kind>
  Value(const base::Id<Kind>& id) : held(Blob{id.uuid.AsBytes()}) {}  // NOLINT
  template <class T>
  Value(const std::optional<T>& maybe)  // NOLINT(google-explicit-constructor)
      : held(maybe ? Value(*maybe).held : decltype(held)()) {}
};

}  // namespace milecastle::store::sqlite
