// An HL7 v2 message as a flat index over its bytes, and the views that walk it.
//
// Parse makes the whole tree (segments, fields, repetitions, components, subcomponents) in five
// flat arrays and copies no text: the bytes MUST outlive the Message, and the Message MUST NOT move
// while views of it are alive. Only a message in another character set than ASCII or UTF-8 is
// copied, once, to UTF-8; every view is therefore UTF-8.
//
// Numbering follows the standard (HL7 v2.8.2 chapter 2): fields, components and subcomponents count
// from 1; repetitions from 0. MSH-1 is no field of the index (see Message::delimiters); MSH-2 is
// one undivided value. What is absent is an empty view, so that a chain of calls never fails.
//
// A reader asks for hundreds of fields and components of every message, most of them empty: the
// steps from one level to the next are defined here, so that they cost no call.
//
// Thread-safety: a Message is read-only; any number of threads may read it. Failure: Parse returns
// an Error that names segment and field and never a value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hl7v2/charset.h"
#include "hl7v2/escape.h"

namespace milecastle::hl7v2 {

struct Limits {
  std::size_t message_bytes = 32U << 20U;
  std::size_t segments = 20'000;
  std::size_t segment_kinds = 128;
  std::size_t fields = 2'000;        // in one segment
  std::size_t repetitions = 1'000;   // of one field but OBX-5, which may hold a report line by line
  std::size_t values = 1'000'000;    // subcomponents in the whole message
  std::size_t value_bytes = 65'536;  // of one field outside OBX-5, which may hold a document
};

struct ParseOptions {
  Limits limits;
  // The set to read where MSH-18 declares none (or ASCII) and the bytes are neither ASCII nor
  // UTF-8. Empty: refuse. Latin-1 is common in the field, but a wrong guess turns a "µg" into
  // something else, so the operator says so per feed.
  std::string undeclared_charset;
  // The bytes are known to be ASCII: MSH-18 is not asked, and may name a set that nobody knows.
  bool ascii = false;
};

// HL7 v2 tells "no change" (empty) from "delete" ("") from a value (chapter 2, section 2.5.3).
enum class Presence : std::uint8_t { kEmpty, kNull, kPresent };

class Message;

// What every level of the tree can say. Text is unescaped; delimiters of lower levels stay in it as
// they stand.
class Piece {
 public:
  std::string_view raw() const { return raw_; }
  std::string text() const;
  Presence presence() const;
  bool empty() const { return raw_.empty(); }
  bool is_null() const { return presence() == Presence::kNull; }
  bool has_value() const { return presence() == Presence::kPresent; }

 protected:
  Piece() = default;
  Piece(const Message* message, std::string_view raw) : message_(message), raw_(raw) {}

  const Message* message_ = nullptr;
  std::string_view raw_;
};

class Subcomponent : public Piece {
 private:
  friend class Component;
  using Piece::Piece;
};

class Component : public Piece {
 public:
  std::size_t size() const { return last_ - first_; }
  Subcomponent subcomponent(std::size_t number) const;
  // Its position among all components of the message, below Message::components(); of one that
  // exists.
  std::size_t index() const { return index_; }

 private:
  friend class Repetition;
  Component() = default;
  Component(const Message* message, std::size_t index);
  std::size_t index_ = 0;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

class Repetition : public Piece {
 public:
  std::size_t size() const { return last_ - first_; }
  Component component(std::size_t number) const;

 private:
  friend class Field;
  Repetition() = default;
  Repetition(const Message* message, std::size_t index);
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

class Field : public Piece {
 public:
  std::size_t size() const {
    return last_ - first_;
  }  // repetitions; an empty field has one, an absent one none
  Repetition repetition(std::size_t index) const;
  Component component(std::size_t number) const;  // of the first repetition

 private:
  friend class Segment;
  Field() = default;
  Field(const Message* message, std::size_t index);
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

class Segment {
 public:
  Segment() = default;
  bool exists() const { return message_ != nullptr; }
  std::string_view name() const;   // "PID"
  std::string_view raw() const;    // without its terminator
  std::size_t occurrence() const;  // 1 for the first segment of its name
  std::size_t fields() const;      // the number of the last field
  Field field(std::size_t number) const;
  // "PID-5", "OBX[2]-5"; without a number the segment alone.
  std::string place(std::size_t field_number = 0) const;

 private:
  friend class Message;
  Segment(const Message* message, std::size_t index) : message_(message), index_(index) {}
  bool is_header() const { return index_ == 0; }  // MSH, and there is no other
  const Message* message_ = nullptr;
  std::size_t index_ = 0;
};

class Message {
 public:
  Message(Message&&) noexcept = default;
  Message& operator=(Message&&) noexcept = default;

  const Delimiters& delimiters() const { return delimiters_; }
  const Charset& charset() const { return charset_; }
  // The character set was not what MSH-18 said or left open, and was taken from the bytes or the
  // options.
  bool charset_assumed() const { return charset_assumed_; }

  std::size_t size() const { return segments_.size(); }
  std::size_t components() const { return components_.size(); }
  Segment at(std::size_t index) const { return {this, index}; }
  // The segment of that name, counting from 0; one that does not exist where there is none.
  Segment segment(std::string_view name, std::size_t index = 0) const;

 private:
  friend class Scanner;
  friend class Piece;
  friend class Component;
  friend class Repetition;
  friend class Field;
  friend class Segment;

  // `first` is the index of the first child one level down; the children end where those of the
  // next slot begin, and the bytes end one before the next slot's begin, because each level keeps a
  // closing slot per segment.
  struct Slot {
    std::uint32_t begin;
    std::uint32_t first;
  };
  struct SegmentSlot {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t first;
    std::uint32_t occurrence;
  };

  Message() = default;
  std::string_view Range(std::size_t begin, std::size_t end) const {
    return bytes_.substr(begin, end - begin);
  }

  std::string_view bytes_;
  std::unique_ptr<const std::string> converted_;
  Charset charset_;
  Delimiters delimiters_;
  bool charset_assumed_ = false;
  std::vector<SegmentSlot> segments_;
  std::vector<Slot> fields_;
  std::vector<Slot> repetitions_;
  std::vector<Slot> components_;
  std::vector<std::uint32_t> values_;
};

inline Presence Piece::presence() const {
  if (raw_.empty()) return Presence::kEmpty;
  return raw_ == "\"\"" ? Presence::kNull : Presence::kPresent;
}

inline Component::Component(const Message* message, std::size_t index)
    : Piece(message, message->Range(message->components_[index].begin,
                                    message->components_[index + 1].begin - 1)),
      index_(index),
      first_(message->components_[index].first),
      last_(message->components_[index + 1].first) {}

inline Subcomponent Component::subcomponent(std::size_t number) const {
  if (number == 0 || number > size()) return {};
  const std::size_t index = first_ + number - 1;
  return {message_, message_->Range(message_->values_[index], message_->values_[index + 1] - 1)};
}

inline Repetition::Repetition(const Message* message, std::size_t index)
    : Piece(message, message->Range(message->repetitions_[index].begin,
                                    message->repetitions_[index + 1].begin - 1)),
      first_(message->repetitions_[index].first),
      last_(message->repetitions_[index + 1].first) {}

inline Component Repetition::component(std::size_t number) const {
  if (number == 0 || number > size()) return {};
  return {message_, first_ + number - 1};
}

inline Field::Field(const Message* message, std::size_t index)
    : Piece(message,
            message->Range(message->fields_[index].begin, message->fields_[index + 1].begin - 1)),
      first_(message->fields_[index].first),
      last_(message->fields_[index + 1].first) {}

inline Repetition Field::repetition(std::size_t index) const {
  if (index >= size()) return {};
  return {message_, first_ + index};
}

inline Component Field::component(std::size_t number) const {
  return repetition(0).component(number);
}

inline std::string_view Segment::raw() const {
  if (message_ == nullptr) return {};
  const auto& slot = message_->segments_[index_];
  return message_->Range(slot.begin, slot.end);
}

inline std::string_view Segment::name() const { return raw().substr(0, 3); }

inline std::size_t Segment::fields() const {
  if (message_ == nullptr) return 0;
  const auto& segments = message_->segments_;
  const std::size_t end =
      index_ + 1 < segments.size() ? segments[index_ + 1].first : message_->fields_.size();
  // Of the slots, one is the segment's name and one the closing slot; MSH-1 has none.
  const std::size_t numbered = end - segments[index_].first - 2;
  return is_header() ? numbered + 1 : numbered;
}

inline Field Segment::field(std::size_t number) const {
  if (number == 0 || number > fields()) return {};
  if (is_header() && number == 1) return {};
  return {message_, message_->segments_[index_].first + (is_header() ? number - 1 : number)};
}

// One message: MSH first, segments ended by CR, LF or CRLF (one style in one message; a lone LF
// among CRs is text). A byte-order mark and blank lines before MSH are skipped.
base::Result<Message> Parse(std::string_view bytes, const ParseOptions& options = {});

}  // namespace milecastle::hl7v2
