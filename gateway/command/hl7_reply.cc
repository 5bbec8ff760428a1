#include "inside/hl7_reply.h"

namespace milecastle::command {
namespace {

// The field of that number of a segment whose separator stands after its name.
std::string_view Field(std::string_view segment, int number) {
  const char separator = segment[3];
  for (; number > 0; --number) {
    const std::size_t at = segment.find(separator);
    if (at == std::string_view::npos) return {};
    segment.remove_prefix(at + 1);
  }
  return segment.substr(0, segment.find(separator));
}

}  // namespace

Hl7Reply ReadHl7Reply(std::string_view reply) {
  while (!reply.empty()) {
    const std::size_t end = reply.find_first_of("\r\n");
    const std::string_view segment = reply.substr(0, end);
    if (segment.size() > 4 && segment.starts_with("MSA")) {
      return {std::string(Field(segment, 1)), std::string(Field(segment, 3))};
    }
    if (end == std::string_view::npos) break;
    reply.remove_prefix(end + 1);
  }
  return {"none", "the reply holds no MSA segment"};
}

}  // namespace milecastle::command
