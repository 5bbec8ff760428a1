// Any bytes as an XML document: read whole or refused, and every node within reach.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xml/document.h"

namespace {

using milecastle::xml::Node;

std::size_t Visit(const Node& node) {
  std::size_t values = node.IsElement() ? 0 : 1;
  if (node.IsElement() && node.Inner().size() > std::size_t{1} << 40U) std::abort();
  for (const Node& attribute : node.attributes()) {
    if (!(attribute.parent() == node)) std::abort();
    values += Visit(attribute);
  }
  for (const Node& child : node.content()) values += Visit(child);
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using milecastle::xml::Document;
  const auto document = Document::Parse({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  const std::size_t values = Visit(document->root());
  const auto unread = document->root().Unread();
  if (unread.size() > values) std::abort();
  for (const Node& node : unread) {
    if (node.Place().empty()) std::abort();
  }
  document->root().Take();
  if (!document->root().Unread().empty()) std::abort();
  return 0;
}
