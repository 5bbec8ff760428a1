#include "ingress/frame_reader.h"

namespace milecastle::ingress {
namespace {

bool KeepsPayload(FrameType type) {
  return type == FrameType::kSettings || type == FrameType::kRstStream ||
         type == FrameType::kWindowUpdate;
}

}  // namespace

// RFC 9113 section 4.1: length (24), type (8), flags (8), reserved (1), stream (31).
void FrameReader::ParseHeader() {
  const auto at = [this](std::size_t i) { return std::uint32_t{held_.at(i)}; };
  frame_.length = at(0) << 16 | at(1) << 8 | at(2);
  frame_.type = static_cast<FrameType>(held_[3]);
  frame_.flags = held_[4];
  frame_.stream = (at(5) & 0x7F) << 24 | at(6) << 16 | at(7) << 8 | at(8);
}

bool FrameReader::Complete() {
  if (have_ < wanted_) return false;
  if (wanted_ == kHeader) {
    ParseHeader();
    if (KeepsPayload(frame_.type)) wanted_ += std::min<std::size_t>(frame_.length, kKept);
    if (have_ < wanted_) return false;
  }
  frame_.payload = std::span(held_).subspan(kHeader, wanted_ - kHeader);
  skip_ = frame_.length - static_cast<std::uint32_t>(frame_.payload.size());
  have_ = 0;
  wanted_ = kHeader;
  return true;
}

}  // namespace milecastle::ingress
