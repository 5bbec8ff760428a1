// A FHIR bundle with its entries in another order, by its text: what order must not change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace milecastle::kit {

// The items of a JSON array's text, up to its end.
inline std::vector<std::string> Items(std::string_view text, std::size_t* end) {
  std::vector<std::string> items;
  int depth = 0;
  bool in_string = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if ((c == ',' && depth == 0) || depth < 0) {
      items.emplace_back(text.substr(start, i - start));
      start = i + 1;
    }
    if (depth < 0) {
      *end = i;
      break;
    }
  }
  return items;
}

// The same bundle with its entries from last to first; the text of each stays as it is.
inline std::string Reversed(const std::string& message) {
  constexpr std::string_view kEntries = "\n \"entry\": [";
  const std::size_t found = message.find(kEntries);
  if (found == std::string::npos) return message;
  const std::size_t start = found + kEntries.size();
  std::size_t length = 0;
  const auto items = Items(std::string_view(message).substr(start), &length);
  std::string reversed = message.substr(0, start);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (item != items.rbegin()) reversed += ",";
    reversed += *item;
  }
  return reversed + message.substr(start + length);
}

}  // namespace milecastle::kit
