// Packed columns: small values of the record as bytes, for columns that no query looks into.
//
// The first byte is the version, 1. Then the value: an integer as an LEB128 varint (signed ones
// zigzag); text as its length and bytes; a list as its count and elements; an optional as 0, or 1
// and the value; a struct as the length of its fields and the fields in the order of fields.h.
// Fields are only ever added at a struct's end: a reader skips what it does not know, and leaves
// as it was what is not there.
//
// Thread-safety: values. Failure: Unpack returns nothing for bytes that are no such value.
#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "record/identifiers.h"

namespace milecastle::store::sqlite {

inline constexpr char kPackVersion = 1;

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

// A value to read into, for types that cannot be made from nothing.
template <class T>
T Blank() {
  return T{};
}
template <>
inline record::OdsCode Blank<record::OdsCode>() {
  return *record::OdsCode::Parse("000");
}

class Packer {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (Put(values), ...);
  }
  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void Put(T number) {
    if constexpr (std::signed_integral<T>) {
      const auto wide = static_cast<std::int64_t>(number);
      Varint((static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      Varint(static_cast<std::uint64_t>(number));
    }
  }
  void Put(const std::string& text) {
    Varint(text.size());
    bytes_ += text;
  }
  void Put(base::Instant at) { Put(static_cast<std::int64_t>(at.time_since_epoch().count())); }
  void Put(const record::OdsCode& code) { Put(code.text()); }
  template <class Kind>
  void Put(const base::Id<Kind>& id) {
    bytes_ += id.uuid.AsBytes();
  }
  template <class T>
  void Put(const std::vector<T>& list) {
    Varint(list.size());
    for (const T& item : list) Put(item);
  }
  template <class T>
  void Put(const std::optional<T>& maybe) {
    bytes_ += static_cast<char>(maybe.has_value());
    if (maybe) Put(*maybe);
  }
  template <class Struct>
  requires(std::is_class_v<Struct>) void Put(const Struct& value) {
    Packer inner;
    Fields(inner, value);
    Put(inner.bytes_);
  }
  void Varint(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>(number | 0x80);
    bytes_ += static_cast<char>(number);
  }

  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (GetIfThere(values), ...);
  }
  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }

 private:
  template <class T>
  void GetIfThere(T& value) {
    if (ok_ && !rest_.empty()) Get(value);
  }
  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void Get(T& number) {
    const std::uint64_t raw = Varint();
    if constexpr (std::signed_integral<T>) {
      number =
          static_cast<T>(static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1));
    } else {
      number = static_cast<T>(raw);
    }
  }
  void Get(std::string& text) { text = Bytes(Varint()); }
  void Get(base::Instant& at) {
    std::int64_t micros = 0;
    Get(micros);
    at = base::Instant(std::chrono::microseconds(micros));
  }
  void Get(record::OdsCode& code) {
    const auto parsed = record::OdsCode::Parse(Bytes(Varint()));
    if (parsed) code = *parsed;
    ok_ = ok_ && parsed.has_value();
  }
  template <class Kind>
  void Get(base::Id<Kind>& id) {
    const auto uuid = base::Uuid::FromBytes(Bytes(id.uuid.bytes.size()));
    if (uuid) id.uuid = *uuid;
    ok_ = ok_ && uuid.has_value();
  }
  template <class T>
  void Get(std::vector<T>& list) {
    list.clear();
    for (std::uint64_t left = Varint(); left > 0 && ok_; --left) {
      T item = Blank<T>();
      Get(item);
      if (ok_) list.push_back(std::move(item));
    }
  }
  template <class T>
  void Get(std::optional<T>& maybe) {
    maybe.reset();
    if (Bytes(1) != std::string_view("\1", 1)) return;
    maybe.emplace(Blank<T>());
    Get(*maybe);
  }
  template <class Struct>
  requires(std::is_class_v<Struct>) void Get(Struct& value) {
    Unpacker inner(Bytes(Varint()));
    Fields(inner, value);
    ok_ = ok_ && inner.ok_;
  }
  std::uint64_t Varint() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = Bytes(1);
      if (byte.empty()) return 0;
      number |= static_cast<std::uint64_t>(byte[0] & 0x7F) << shift;
      if ((byte[0] & 0x80) == 0) return number;
    }
    ok_ = false;
    return 0;
  }
  std::string_view Bytes(std::uint64_t count) {
    if (count > rest_.size()) ok_ = false;
    if (!ok_) return {};
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

  std::string_view rest_;
  bool ok_ = true;
};

template <class T>
std::string Pack(const T& value) {
  Packer packer;
  packer(value);
  return kPackVersion + packer.Take();
}

template <class T>
std::optional<T> Unpack(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kPackVersion) return std::nullopt;
  T value = Blank<T>();
  Unpacker unpacker(bytes.substr(1));
  unpacker(value);
  if (!unpacker.ok() || !unpacker.AtEnd()) return std::nullopt;
  return value;
}

}  // namespace milecastle::store::sqlite
