#include "detail/fault.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>

namespace milecastle::fhir {
namespace {

namespace json = boost::json;

// Keeps nothing: the names and types are the parser's.
// NOLINTBEGIN(readability-identifier-naming)
struct Handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  using Code = json::error_code;
  using Text = json::string_view;
  static bool on_document_begin(Code&) { return true; }
  static bool on_document_end(Code&) { return true; }
  static bool on_array_begin(Code&) { return true; }
  static bool on_array_end(std::size_t, Code&) { return true; }
  static bool on_object_begin(Code&) { return true; }
  static bool on_object_end(std::size_t, Code&) { return true; }
  static bool on_string_part(Text, std::size_t, Code&) { return true; }
  static bool on_string(Text, std::size_t, Code&) { return true; }
  static bool on_key_part(Text, std::size_t, Code&) { return true; }
  static bool on_key(Text, std::size_t, Code&) { return true; }
  static bool on_number_part(Text, Code&) { return true; }
  static bool on_int64(std::int64_t, Text, Code&) { return true; }
  static bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  static bool on_double(double, Text, Code&) { return true; }
  static bool on_bool(bool, Code&) { return true; }
  static bool on_null(Code&) { return true; }
  static bool on_comment_part(Text, Code&) { return true; }
  static bool on_comment(Text, Code&) { return true; }
};
// NOLINTEND(readability-identifier-naming)

}  // namespace

std::string PlaceOfFault(std::string_view text, std::size_t depth) {
  json::parse_options options;
  options.max_depth = depth;
  json::basic_parser<Handler> parser(options);
  json::error_code code;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
  if (!code && read == text.size()) return "";

  const std::string_view before = text.substr(0, read);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(read - line_start + 1);
}

}  // namespace milecastle::fhir
