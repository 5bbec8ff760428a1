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

namespace milecastle::base {

class JsonWriter {
 public:
  // `mostly`: how long the text becomes, more or less.
  explicit JsonWriter(std::size_t mostly) : text_(mostly, '\0') {}

  // Every value leaves a comma behind it, which the end of what holds it takes back.
  JsonWriter& Open(char bracket) {
    Put(bracket);
    return *this;
  }
  JsonWriter& Close(char bracket) {
    TakeBackComma();
    char* const at = Room(2);
    at[0] = bracket;
    at[1] = ',';
    used_ += 2;
    return *this;
  }
  JsonWriter& Key(std::string_view key) {
    Word(key);
    text_[used_ - 1] = ':';
    return *this;
  }
  // Of a catalogue, or of digits and letters by its type: nothing in it needs escaping.
  JsonWriter& Word(std::string_view value) {
    char* const at = Room(value.size() + 3);
    at[0] = '"';
    value.copy(at + 1, value.size());
    at[value.size() + 1] = '"';
    at[value.size() + 2] = ',';
    used_ += value.size() + 3;
    return *this;
  }
  JsonWriter& Text(std::string_view value) {
    const auto must = [](char each) { return MustEscape(each); };
    if (std::none_of(value.begin(), value.end(), must)) return Word(value);
    Put('"');
    for (const char each : value) PutEscaped(each);
    Put('"');
    Put(',');
    return *this;
  }
  JsonWriter& Number(std::uint64_t value) {
    constexpr std::size_t kMostDigits = 20;
    char* const at = Room(kMostDigits + 1);
    char* end = at;
    if (value < 10) {
      *end++ = static_cast<char>('0' + value);
    } else {
      end = std::to_chars(at, at + kMostDigits, value).ptr;
    }
    *end++ = ',';
    used_ += static_cast<std::size_t>(end - at);
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
    char* const at = Room(value.size() + 1);
    value.copy(at, value.size());
    at[value.size()] = ',';
    used_ += value.size() + 1;
    return *this;
  }
  std::string Take() && {
    TakeBackComma();
    text_.resize(used_);
    return std::move(text_);
  }

 private:
  // For so many more bytes.
  char* Room(std::size_t size) {
    if (text_.size() - used_ < size) text_.resize(2 * text_.size() + size);
    return text_.data() + used_;
  }
  void Put(char byte) {
    *Room(1) = byte;
    ++used_;
  }
  void TakeBackComma() {
    if (used_ > 0 && text_[used_ - 1] == ',') --used_;
  }
  static bool MustEscape(char each) {
    return each == '"' || each == '\\' || static_cast<unsigned char>(each) < 0x20;
  }
  void PutEscaped(char each) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(each);
    if (MustEscape(each)) Put('\\');
    if (byte >= 0x20) return Put(each);
    for (const char hex : {'u', '0', '0', kHex[byte >> 4U], kHex[byte & 0xFU]}) Put(hex);
  }

  std::string text_;
  std::size_t used_ = 0;  // of the text; the rest is room
};

}  // namespace milecastle::base
