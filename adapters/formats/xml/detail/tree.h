// The nodes behind Document; seen by document.cc and tree.cc alone.
//
// Thread-safety: as Document. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/document.h"

namespace milecastle::xml {

enum class Kind : std::uint8_t { kElement, kAttribute, kText };

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

struct Stored {
  std::string_view name;
  std::string_view text;
  std::size_t inner_begin = 0;
  std::size_t inner_end = 0;
  std::uint32_t space = 0;
  std::uint32_t parent = kNone;
  std::uint32_t first_attribute = kNone;
  std::uint32_t first_child = kNone;
  std::uint32_t next = kNone;
  std::uint32_t position = 0;  // from 1 among those of its name; 0 for the only one
  Kind kind = Kind::kElement;
  bool read = false;
};

// A node stands before its attributes, they before its children, and all before what follows it.
struct Node::Tree {
  std::vector<Stored> nodes;
  std::vector<std::string> spaces;  // the first is "no namespace"
  std::string text;                 // the document in UTF-8
  std::deque<std::string> joined;   // texts that a comment or a CDATA section had cut
  std::shared_ptr<void> parsed;     // owns all other names and texts
  std::size_t instructions = 0;
  IsName is_name = LooksLikeAName;
};

base::Result<std::unique_ptr<Node::Tree>> ReadTree(std::string_view bytes, const Limits& limits);

}  // namespace milecastle::xml
