// JSON written as it comes, member by member, into one text: for what is written at every view and
// never read back there, where a tree of values would cost more than all that it says.
//
// RFC 8259, UTF-8, no white space. Members keep the order in which they are written. The caller
// closes what it opens.
//
// Thread-safety: a value. Failure: none; text that is no UTF-8 is written as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace milecastle::base {

class JsonWriter {
 public:
  explicit JsonWriter(std::size_t expected_bytes) { text_.reserve(expected_bytes); }

  JsonWriter& Open(char bracket) {
    Separate();
    text_ += bracket;
    first_ = true;
    return *this;
  }
  JsonWriter& Close(char bracket) {
    text_ += bracket;
    first_ = false;
    return *this;
  }
  JsonWriter& Key(std::string_view key) {
    Word(key);
    text_ += ':';
    first_ = true;
    return *this;
  }
  // Of a catalogue, or of digits and letters by its type: nothing in it needs escaping.
  JsonWriter& Word(std::string_view value) {
    Separate();
    text_ += '"';
    text_ += value;
    text_ += '"';
    return *this;
  }
  JsonWriter& Text(std::string_view value);
  JsonWriter& Number(std::uint64_t value);
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
    Separate();
    text_ += value;
    return *this;
  }

  std::string Take() && { return std::move(text_); }

 private:
  void Separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }
  void Escape(char each);

  std::string text_;
  bool first_ = true;
};

}  // namespace milecastle::base
