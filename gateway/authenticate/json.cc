#include "inside/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string>
#include <vector>

namespace milecastle::authenticate {
namespace {

constexpr std::size_t kDeepest = 8;

// Listens to a parse for the names of members alone.
struct NameWatch {
  // NOLINTBEGIN(readability-identifier-naming): the parser asks for these names.
  static constexpr std::size_t max_object_size = 256;
  static constexpr std::size_t max_array_size = 256;
  static constexpr std::size_t max_key_size = 256;
  static constexpr std::size_t max_string_size = 8192;
  // NOLINTEND(readability-identifier-naming)
  using Fault = boost::json::error_code;
  using Text = boost::json::string_view;

  bool on_document_begin(Fault&) { return true; }
  bool on_document_end(Fault&) { return true; }
  bool on_object_begin(Fault&) {
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Fault&) {
    names.pop_back();
    return true;
  }
  bool on_array_begin(Fault&) { return true; }
  bool on_array_end(std::size_t, Fault&) { return true; }
  bool on_key_part(Text part, std::size_t, Fault&) {
    name.append(part.data(), part.size());
    return true;
  }
  bool on_key(Text part, std::size_t, Fault& fault) {
    name.append(part.data(), part.size());
    const bool fresh = names.back().insert(std::move(name)).second;
    name.clear();
    if (!fresh) fault = boost::json::error::exception;
    return fresh;
  }
  bool on_string_part(Text, std::size_t, Fault&) { return true; }
  bool on_string(Text, std::size_t, Fault&) { return true; }
  bool on_number_part(Text, Fault&) { return true; }
  bool on_int64(std::int64_t, Text, Fault&) { return true; }
  bool on_uint64(std::uint64_t, Text, Fault&) { return true; }
  bool on_double(double, Text, Fault&) { return true; }
  bool on_bool(bool, Fault&) { return true; }
  bool on_null(Fault&) { return true; }
  bool on_comment_part(Text, Fault&) { return true; }
  bool on_comment(Text, Fault&) { return true; }

  std::vector<std::set<std::string>> names;
  std::string name;
};

}  // namespace

std::optional<boost::json::object> ParseObject(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDeepest;
  boost::json::basic_parser<NameWatch> watch(options);
  boost::json::error_code fault;
  const std::size_t read = watch.write_some(false, text.data(), text.size(), fault);
  if (fault || read != text.size()) return std::nullopt;
  boost::json::value value =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), fault, {}, options);
  if (fault || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<std::string_view> TextOf(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string().data(), value->get_string().size());
}

std::optional<std::int64_t> WholeNumberOf(const boost::json::object& object,
                                          std::string_view name) {
  const boost::json::value* value = object.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

}  // namespace milecastle::authenticate
