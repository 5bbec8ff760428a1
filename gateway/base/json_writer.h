// JSON written as it comes, member by member, into one text: for what is written at every view and
// not read back there, where a tree of values would cost more than all that it says.
//
// RFC 8259, UTF-8, no white space; members keep the order in which they are written. Whoever calls
// opens and closes in pairs.
//
// Thread-safety: a value. Failure: none; text that is no UTF-8 is written as it is.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/room.h"

namespace milecastle::base {

class JsonWriter {
 public:
  // `mostly`: how long the text becomes, more or less.
  explicit JsonWriter(std::size_t mostly) : text_(mostly) {}

  // Every value leaves a comma behind it, which the end of what holds it takes back.
  JsonWriter& Open(char bracket) {
    text_.Put(bracket);
    return *this;
  }
  JsonWriter& Close(char bracket) {
    TakeBackComma();
    char* const at = text_.For(2);
    at[0] = bracket;
    at[1] = ',';
    text_.End(at + 2);
    return *this;
  }
  JsonWriter& Key(std::string_view key) {
    Word(key);
    text_.last() = ':';
    return *this;
  }
  // Of a catalogue, or of digits and letters by its type: nothing in it needs escaping.
  JsonWriter& Word(std::string_view value) {
    char* const at = text_.For(value.size() + 3);
    at[0] = '"';
    char* const end = at + 1 + value.copy(at + 1, value.size());
    end[0] = '"';
    end[1] = ',';
    text_.End(end + 2);
    return *this;
  }
  JsonWriter& Text(std::string_view value) {
    const auto must = [](char each) { return MustEscape(each); };
    if (std::none_of(value.begin(), value.end(), must)) return Word(value);
    text_.Put('"');
    for (const char each : value) PutEscaped(each);
    text_.Put("\",");
    return *this;
  }
  JsonWriter& Number(std::uint64_t value) {
    constexpr std::size_t kMostDigits = 20;
    char* const at = text_.For(kMostDigits + 1);
    char* end = at;
    if (value < 10) {
      *end++ = static_cast<char>('0' + value);
    } else {
      end = std::to_chars(at, at + kMostDigits, value).ptr;
    }
    *end++ = ',';
    text_.End(end);
    return *this;
  }
  JsonWriter& Flag(bool value) { return Json(value ? "true" : "false"); }
  JsonWriter& Time(const std::optional<Instant>& value) {
    return value ? Word(ToRfc3339(*value)) : Json("null");
  }
  template <class List>
  JsonWriter& Texts(const List& values) {
    Open('[');
    for (const auto& value : values) Text(value);
    return Close(']');
  }
  // A value that is JSON already.
  JsonWriter& Json(std::string_view value) {
    char* const at = text_.For(value.size() + 1);
    char* const end = at + value.copy(at, value.size());
    *end = ',';
    text_.End(end + 1);
    return *this;
  }
  std::string Take() && {
    TakeBackComma();
    return std::move(text_).Take();
  }

 private:
  void TakeBackComma() {
    if (!text_.written().empty() && text_.last() == ',') text_.TakeBack();
  }
  static bool MustEscape(char each) {
    return each == '"' || each == '\\' || static_cast<unsigned char>(each) < 0x20;
  }
  void PutEscaped(char each) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(each);
    if (MustEscape(each)) text_.Put('\\');
    if (byte >= 0x20) return text_.Put(each);
    for (const char hex : {'u', '0', '0', kHex[byte >> 4U], kHex[byte & 0xFU]}) text_.Put(hex);
  }

  Room text_;
};

}  // namespace milecastle::base
