// One FHIR document, of JSON or of XML, as a read-only tree that knows what was read of it.
//
// Serves STU3 and R4 alike: it knows JSON and FHIR's habits (extensions, references, codings), no
// profile and no sector. Each value remembers whether it was read, so that what an adapter did not
// carry can be listed at the end instead of being dropped in silence.
//
// Refused as a whole: what is not JSON, a name that stands twice in one object (readers differ over
// which one counts), lone surrogates, numbers beyond a double, whole ones beyond 64 bits, and
// anything past the limits.
// Numbers keep their own characters: `1.50` is not `1.5` in a dose.
//
// Thread-safety: one thread per Document (reading marks). Elements live no longer than their
// Document. Failure: Parse returns an Error with line or path and never a value; an absent element
// is an empty Element, not an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/name.h"
#include "fhir/tree.h"

namespace milecastle::fhir {

struct Limits {
  std::size_t bytes = 32U << 20U;
  std::size_t depth = 64;          // objects and arrays within each other
  std::size_t values = 1'000'000;  // members and array items, all together
  std::size_t entries = 50'000;    // of a Bundle or a List
  std::size_t items = 5'000;       // of any other array
  std::size_t members = 1'000;     // of one object
};

class Elements;

class Element {
 public:
  Element() = default;

  bool exists() const { return tree_ != nullptr; }
  explicit operator bool() const { return exists(); }
  bool IsObject() const { return exists() && node().kind == NodeKind::kObject; }
  bool IsArray() const { return exists() && node().kind == NodeKind::kArray; }
  // A string, not a number or a flag.
  bool IsText() const { return exists() && node().kind == NodeKind::kString; }

  // The member of that name; empty where there is none or this is no object.
  Element operator[](const Name& name) const {
    return IsObject() && node().members.MayHold(name) ? Find(name) : Element();
  }
  // An array's items; an object or a value counts as an array of one, as FHIR servers mix both up;
  // absent: none.
  Elements items() const;
  Element first() const;  // of items()

  // A string, or the characters of a number or a flag as sent; empty for everything else. Marks the
  // value as read.
  std::string_view text() const {
    if (!exists()) return {};
    MarkRead();
    return peek();
  }
  // The same without marking, for looking before taking.
  std::string_view peek() const { return exists() ? node().Text() : std::string_view(); }
  bool IsTrue() const { return text() == "true"; }

  std::uint32_t number() const { return node_; }  // tells a document's elements apart
  // Whether another stands in this one, or is it.
  bool Holds(const Element& other) const {
    return exists() && tree_ == other.tree_ && other.node_ >= node_ && other.node_ < node().end;
  }
  // The member's name; empty for an array's item.
  std::string_view name() const { return exists() ? node().Name() : std::string_view(); }
  Elements members() const;
  std::string Place()
      const;  // "entry[3].resource.code"; names that are not FHIR's are shown as "?"
  // The names on the way here from one that it stands in, without positions: "code.coding". From
  // nowhere: from the root.
  std::string Way(const Element& from) const;
  Element parent() const {
    return exists() && node().parent != kNoNode ? At(node().parent) : Element();
  }
  // Whether any member of the whole document may have that name; false is sure.
  bool DocumentMayName(const Name& name) const { return exists() && tree_->names.MayHold(name); }

  // Marks this and all below it as read.
  void Take() const;
  // The outermost elements at and below this one of which nothing was read; an element that was
  // read in part is entered.
  std::vector<Element> Unread() const;

  // The same JSON value, names in any order.
  bool SameAs(const Element& other) const;
  bool operator==(const Element& other) const = default;

 private:
  friend class Document;
  friend class Elements;
  Element(Tree* tree, std::uint32_t node) : tree_(tree), node_(node) {}
  Element At(std::uint32_t node) const { return {tree_, node}; }
  Node& node() const { return tree_->nodes[node_]; }
  Element Find(const Name& name) const;  // of an object
  void MarkRead() const;

  Tree* tree_ = nullptr;
  std::uint32_t node_ = 0;
};

// An object's members or an array's items, in their order; walked, never copied.
class Elements {
 public:
  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Element operator*() const { return at_; }
    Iterator& operator++() {
      if (!at_.exists()) return *this;  // the end stays the end
      const std::uint32_t next = at_.node().end;
      at_ = next < stop_ ? at_.At(next) : Element();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class Elements;
    Iterator(Element at, std::uint32_t stop) : at_(at), stop_(stop) {}
    Element at_;  // empty at the end
    std::uint32_t stop_ = 0;
  };

  Iterator begin() const { return {first_, stop_}; }
  Iterator end() const { return {}; }
  bool empty() const { return !first_.exists(); }
  std::size_t size() const;
  Element operator[](std::size_t index) const;  // empty past the end

 private:
  friend class Element;
  Elements() = default;
  Elements(Element first, std::uint32_t stop) : first_(first), stop_(stop) {}
  Element first_;
  // The first node behind them. Of a value that stands for an array of one none: what follows it is
  // not its item.
  std::uint32_t stop_ = 0;
};

inline Elements Element::members() const {
  if (!exists() || node().end == node_ + 1) return {};
  return {At(node_ + 1), node().end};
}

inline Elements Element::items() const {
  if (!exists()) return {};
  return IsArray() ? members() : Elements(*this, 0);
}

inline Element Element::first() const {
  if (!IsArray()) return *this;
  return node().end == node_ + 1 ? Element() : At(node_ + 1);
}

// What holds something that was read was read in part.
inline void Element::MarkRead() const {
  for (std::uint32_t at = node_; at != kNoNode && !tree_->nodes[at].read;) {
    tree_->nodes[at].read = true;
    at = tree_->nodes[at].parent;
  }
}

class Document {
 public:
  static base::Result<Document> Parse(std::string_view json, const Limits& limits = {});
  // FHIR XML into the tree that its JSON would give: elements that repeat are arrays, a resource
  // within another says its type as resourceType, a narrative is the text of its markup. An element
  // that stands once is no array: items() takes both for the same.
  static base::Result<Document> ParseXml(std::string_view xml, const Limits& limits = {});

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  Element root() const;

 private:
  explicit Document(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

}  // namespace milecastle::fhir
