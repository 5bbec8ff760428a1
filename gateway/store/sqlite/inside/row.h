// Reads the columns of a row from left to right into the types of the record.
//
// Thread-safety: one thread. Failure: a column of another type or form marks the row as broken and
// reads as a blank; whoever reads a row asks broken() before the result is used.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "inside/seal.h"
#include "inside/statement.h"
#include "record/identifiers.h"

namespace milecastle::store::sqlite {

class Row {
 public:
  Row(const Statement& statement, int first) : statement_(statement), next_(first) {}

  bool broken() const { return broken_; }
  void Break() { broken_ = true; }
  std::int64_t seq() const { return std::get<std::int64_t>(statement_.Column(0).held); }

  std::int64_t Int() { return Take<std::int64_t>(); }
  bool Bool() { return Int() != 0; }
  std::string Text() { return std::string(Take<std::string_view>()); }
  std::string_view Bytes() { return Take<Blob>().bytes; }
  base::Instant Time() { return base::Instant(std::chrono::microseconds(Int())); }
  template <class Enum>
  Enum As() {
    return static_cast<Enum>(Int());
  }
  template <class Id>
  Id IdOf() {
    const auto uuid = base::Uuid::FromBytes(Bytes());
    if (!uuid) broken_ = true;
    return Id{uuid.value_or(base::Uuid{})};
  }
  record::OdsCode Ods();
  base::Digest Digest();

  // As the reader, where the column is not NULL.
  template <class T>
  std::optional<T> Maybe(T (Row::*read)()) {
    if (std::holds_alternative<std::monostate>(statement_.Column(next_).held)) {
      ++next_;
      return std::nullopt;
    }
    return (this->*read)();
  }
  std::optional<record::NhsNumber> MaybeNhsNumber();

 private:
  template <class T>
  T Take() {
    const Value value = statement_.Column(next_++);
    if (const auto* held = std::get_if<T>(&value.held)) return *held;
    broken_ = true;
    return {};
  }

  const Statement& statement_;
  int next_;
  bool broken_ = false;
};

}  // namespace milecastle::store::sqlite
