// The nodes behind Document; seen by document.cc and its two readers alone.
//
// Thread-safety: as Document. Failure: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/document.h"

namespace milecastle::fhir {

enum class NodeKind : std::uint8_t { kObject, kArray, kString, kOther, kNull };

inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;

struct Node {
  std::string_view name;
  std::string_view text;
  std::uint32_t parent = kNoNode;
  std::uint32_t first_child = kNoNode;
  std::uint32_t next = kNoNode;
  std::uint32_t position = 0;  // among its parent's children
  NodeKind kind = NodeKind::kNull;
  bool read = false;
};

// The strings live in what the parser left behind (`strings`) and in the message's own copy
// (`json`). A node stands before all that is below it, and that before its next sibling.
struct Element::Tree {
  std::vector<Node> nodes;
  std::string json;
  std::shared_ptr<void> strings;
};

base::Result<std::unique_ptr<Element::Tree>> ReadTree(std::string_view json, const Limits& limits);
base::Result<std::unique_ptr<Element::Tree>> ReadXmlTree(std::string_view xml,
                                                         const Limits& limits);
std::string PlaceOf(const std::vector<Node>& nodes, std::uint32_t node);

}  // namespace milecastle::fhir
