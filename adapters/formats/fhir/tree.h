// The nodes behind Document, in one array: each stands before all that is below it, and that before
// its next sibling.
//
// Seen by document.h, for its short functions, and by the two readers that make it; for nobody
// else. Thread-safety: as Document. Failure: none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/name.h"

namespace milecastle::fhir {

enum class NodeKind : std::uint8_t { kObject, kArray, kString, kOther, kNull };

inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;

struct Node {
  const char* name = nullptr;  // of a member; none: an item of an array, or the root
  union {
    const char* text = nullptr;  // of a value
    FewNames members;            // of an object: the names of its members
  };
  std::uint64_t mark = 0;  // of its name; of an item its position
  std::uint32_t name_size = 0;
  std::uint32_t text_size = 0;
  std::uint32_t parent = kNoNode;
  std::uint32_t end = 0;  // the first node behind all that are below this one
  NodeKind kind = NodeKind::kNull;
  bool read = false;  // itself, or something below it

  std::string_view Name() const { return {name, name_size}; }
  std::string_view Text() const {  // empty where it is no value
    return IsValue() ? std::string_view(text, text_size) : std::string_view();
  }
  bool IsValue() const { return kind == NodeKind::kString || kind == NodeKind::kOther; }
};

// The strings live in what the parser left behind (`strings`) and in the message's own copy
// (`json`).
struct Tree {
  std::vector<Node> nodes;
  ManyNames names{};  // of all members
  std::string json;
  std::shared_ptr<void> strings;

  // Behind all that are there: of a member of an object, and of an item of an array or the root.
  std::uint32_t AddMember(std::uint32_t parent, const Name& name);
  std::uint32_t AddItem(std::uint32_t parent, std::uint64_t position);
  void SetObject(std::uint32_t node);
  // Once all below it are there.
  void Close(std::uint32_t node) { nodes[node].end = static_cast<std::uint32_t>(nodes.size()); }
  void SetText(std::uint32_t node, NodeKind kind, std::string_view text);
};

inline std::uint32_t Tree::AddMember(std::uint32_t parent, const Name& name) {
  const std::uint32_t node = AddItem(parent, name.mark());
  nodes[node].name = name.text().data();
  nodes[node].name_size = static_cast<std::uint32_t>(name.text().size());
  nodes[parent].members.Add(name);
  names.Add(name);
  return node;
}

inline std::uint32_t Tree::AddItem(std::uint32_t parent, std::uint64_t position) {
  const auto node = static_cast<std::uint32_t>(nodes.size());
  Node& added = nodes.emplace_back();
  added.mark = position;
  added.parent = parent;
  added.end = node + 1;
  return node;
}

inline void Tree::SetObject(std::uint32_t node) {
  nodes[node].kind = NodeKind::kObject;
  nodes[node].members = FewNames{};
}

inline void Tree::SetText(std::uint32_t node, NodeKind kind, std::string_view text) {
  nodes[node].kind = kind;
  nodes[node].text = text.data();
  nodes[node].text_size = static_cast<std::uint32_t>(text.size());
}

}  // namespace milecastle::fhir
