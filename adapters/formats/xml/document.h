// One XML document as a read-only tree that knows what was read of it.
//
// It knows XML 1.0 and namespaces, no vocabulary and no sector. Names are local names; the
// namespace stands beside them, so that a sender's choice of prefixes changes nothing. Each
// attribute and text remembers whether it was read, so that what an adapter did not carry can be
// listed at the end instead of being dropped in silence.
//
// Refused as a whole, before a tree is made: document types and entity declarations, entities but
// XML's five, processing instructions inside of the root, XML 1.1, characters that XML forbids,
// encodings but those of encoding.h, what is not well formed, prefixes without a namespace,
// attributes that stand twice, and anything past the limits. Comments and instructions before and
// behind the root are passed over. Nothing is ever fetched.
//
// Thread-safety: one thread per Document (reading marks). Nodes live no longer than their Document.
// Failure: Parse returns an Error with line and column and never a value; an absent node is an
// empty Node, not an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::xml {

struct Limits {
  std::size_t bytes = 32U << 20U;
  std::size_t depth = 100;                    // elements within each other
  std::size_t elements = 200'000;             // with comments and CDATA sections, all together
  std::size_t attributes = 64;                // of one element
  std::size_t attribute_length = 64U << 10U;  // bytes of one value; FHIR keeps base64 in them
  std::size_t name_length = 200;              // bytes of one name with its prefix
  std::size_t namespaces = 64;                // different ones, and declarations in force
};

// Whether bytes are XML rather than JSON, by how they begin.
bool IsXml(std::string_view bytes);

// Whether a name is the format's own, which a place may repeat; any other may be a sender's text.
using IsName = bool (*)(std::string_view space, std::string_view name);
bool LooksLikeAName(std::string_view space, std::string_view name);  // 40 letters at most

class Nodes;

// An element, an attribute or a text.
class Node {
 public:
  struct Tree;  // document.cc

  Node() = default;

  bool exists() const { return tree_ != nullptr; }
  explicit operator bool() const { return exists(); }
  bool IsElement() const;
  bool IsText() const;
  bool Is(std::string_view space, std::string_view name) const;  // an element so named

  std::string_view name() const;   // without prefix; empty for a text
  std::string_view space() const;  // the namespace; empty where there is none

  // The first child element of that name, in this element's own namespace or another; empty where
  // there is none.
  Node operator[](std::string_view name) const;
  Node Child(std::string_view space, std::string_view name) const;
  Nodes All(std::string_view name) const;  // every child element of that name in this namespace
  Nodes children() const;                  // every child element, in order
  Nodes content() const;                   // child elements and texts, in order
  Nodes attributes() const;                // in order, without namespace declarations

  // An attribute; one without a prefix is in no namespace.
  Node attribute(std::string_view name) const;
  Node attribute(std::string_view space, std::string_view name) const;
  std::string_view value(std::string_view name) const;  // attribute(name).text()

  // The value of an attribute or text, references resolved; of an element without child elements
  // its only text. Empty for everything else. Marks the value as read.
  std::string_view text() const;
  std::string_view peek() const;  // the same without marking, for looking before taking

  // What stands between an element's tags, as sent but for the encoding, which is UTF-8. Marks
  // nothing. Prefixes that it uses may be declared outside of it.
  std::string_view Inner() const;

  // "ClinicalDocument/component/structuredBody/component[3]/section/@classCode": positions count
  // from 1 where several of a name stand side by side; names that are not the format's are "?".
  std::string Place() const;
  Node parent() const;

  // Marks this and all below it as read.
  void Take() const;
  // The outermost nodes at and below this one of which nothing was read; an element that was read
  // in part is entered. Elements without attribute and text hold nothing and are no part of it.
  std::vector<Node> Unread() const;

  bool operator==(const Node& other) const = default;

 private:
  friend class Document;
  friend class Nodes;
  Node(Tree* tree, std::uint32_t node) : tree_(tree), node_(node) {}
  Node At(std::uint32_t node) const;

  Tree* tree_ = nullptr;
  std::uint32_t node_ = 0;
};

// Some of the nodes that stand side by side, in their order; walked, never copied. The names given
// to All() must outlive it.
class Nodes {
 public:
  class Iterator {
   public:
    using value_type = Node;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Node operator*() const { return at_; }
    Iterator& operator++();
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class Nodes;
    Node at_;  // empty at the end
    const Nodes* of_ = nullptr;
  };

  Iterator begin() const;
  Iterator end() const { return {}; }
  bool empty() const { return begin() == end(); }
  std::size_t size() const;
  Node operator[](std::size_t index) const;  // empty past the end

 private:
  friend class Node;
  enum class Choice : std::uint8_t { kAll, kElements, kNamed };
  Nodes() = default;
  bool Chooses(const Node& node) const;
  Node From(Node node) const;  // this or the first behind it that is chosen

  Node first_;
  Choice choice_ = Choice::kAll;
  std::string_view name_;
  std::uint32_t space_ = 0;
};

class Document {
 public:
  static base::Result<Document> Parse(std::string_view bytes, const Limits& limits = {},
                                      IsName is_name = LooksLikeAName);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  Node root() const;
  std::size_t instructions() const;  // passed over, before and behind the root

 private:
  explicit Document(std::unique_ptr<Node::Tree> tree);
  std::unique_ptr<Node::Tree> tree_;
};

}  // namespace milecastle::xml
