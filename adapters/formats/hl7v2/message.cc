#include "hl7v2/message.h"

namespace milecastle::hl7v2 {
namespace {

bool IsHeader(std::string_view name) { return name == "MSH"; }

}  // namespace

std::string Piece::text() const {
  if (message_ == nullptr) return {};
  return Unescape(raw_, message_->delimiters(), message_->charset());
}

Presence Piece::presence() const {
  if (raw_.empty()) return Presence::kEmpty;
  return raw_ == "\"\"" ? Presence::kNull : Presence::kPresent;
}

Component::Component(const Message* message, std::size_t index)
    : Piece(message, message->Range(message->components_[index].begin,
                                    message->components_[index + 1].begin - 1)),
      index_(index),
      first_(message->components_[index].first),
      last_(message->components_[index + 1].first) {}

Subcomponent Component::subcomponent(std::size_t number) const {
  if (number == 0 || number > size()) return {};
  const std::size_t index = first_ + number - 1;
  return {message_, message_->Range(message_->values_[index], message_->values_[index + 1] - 1)};
}

Repetition::Repetition(const Message* message, std::size_t index)
    : Piece(message, message->Range(message->repetitions_[index].begin,
                                    message->repetitions_[index + 1].begin - 1)),
      first_(message->repetitions_[index].first),
      last_(message->repetitions_[index + 1].first) {}

Component Repetition::component(std::size_t number) const {
  if (number == 0 || number > size()) return {};
  return {message_, first_ + number - 1};
}

Field::Field(const Message* message, std::size_t index)
    : Piece(message,
            message->Range(message->fields_[index].begin, message->fields_[index + 1].begin - 1)),
      first_(message->fields_[index].first),
      last_(message->fields_[index + 1].first) {}

Repetition Field::repetition(std::size_t index) const {
  if (index >= size()) return {};
  return {message_, first_ + index};
}

Component Field::component(std::size_t number) const { return repetition(0).component(number); }

std::string_view Segment::name() const { return raw().substr(0, 3); }

std::string_view Segment::raw() const {
  if (message_ == nullptr) return {};
  const auto& slot = message_->segments_[index_];
  return message_->Range(slot.begin, slot.end);
}

std::size_t Segment::occurrence() const {
  return message_ == nullptr ? 0 : message_->segments_[index_].occurrence;
}

std::size_t Segment::fields() const {
  if (message_ == nullptr) return 0;
  const auto& segments = message_->segments_;
  const std::size_t end =
      index_ + 1 < segments.size() ? segments[index_ + 1].first : message_->fields_.size();
  // Of the slots, one is the segment's name and one the closing slot; MSH-1 has none.
  const std::size_t numbered = end - segments[index_].first - 2;
  return IsHeader(name()) ? numbered + 1 : numbered;
}

Field Segment::field(std::size_t number) const {
  if (number == 0 || number > fields()) return {};
  const bool header = IsHeader(name());
  if (header && number == 1) return {};
  return {message_, message_->segments_[index_].first + (header ? number - 1 : number)};
}

std::string Segment::place(std::size_t field_number) const {
  std::string place(name());
  if (occurrence() > 1) place += "[" + std::to_string(occurrence()) + "]";
  if (field_number > 0) place += "-" + std::to_string(field_number);
  return place;
}

Segment Message::segment(std::string_view name, std::size_t index) const {
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (segments_[i].occurrence == index + 1 && at(i).name() == name) return at(i);
  }
  return {};
}

}  // namespace milecastle::hl7v2
