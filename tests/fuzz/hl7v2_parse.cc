// Any bytes through splitting, parsing, every view and the acknowledgement: no crash, no view
// outside the bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hl7v2/ack.h"
#include "hl7v2/message.h"
#include "hl7v2/split.h"

namespace {

using namespace milecastle;

void Walk(const hl7v2::Field& field) {
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    for (std::size_t c = 1; c <= repetition.size(); ++c) {
      const auto component = repetition.component(c);
      for (std::size_t s = 1; s <= component.size(); ++s) {
        const auto value = component.subcomponent(s);
        if (value.raw().size() > field.raw().size()) std::abort();
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string_view slice : hl7v2::SplitMessages(bytes).messages) {
    const auto message = hl7v2::Parse(slice);
    if (!message) {
      hl7v2::ScanHeader(slice);
      continue;
    }
    for (std::size_t i = 0; i < message->size(); ++i) {
      const auto segment = message->at(i);
      for (std::size_t f = 1; f <= segment.fields(); ++f) Walk(segment.field(f));
      (void)segment.place(1);
    }
    hl7v2::BuildAck(hl7v2::ReadHeader(*message), base::AckCode::kAccept, "", nullptr, {});
  }
  return 0;
}
