#include "hl7v2/message.h"

namespace milecastle::hl7v2 {

std::string Piece::text() const {
  if (message_ == nullptr) return {};
  return Unescape(raw_, message_->delimiters(), message_->charset());
}

std::size_t Segment::occurrence() const {
  return message_ == nullptr ? 0 : message_->segments_[index_].occurrence;
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
