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
  struct Tree;  // document.cc

  Element() = default;

  bool exists() const { return tree_ != nullptr; }
  explicit operator bool() const { return exists(); }
  bool IsObject() const;
  bool IsArray() const;
  bool IsText() const;  // a string, not a number or a flag

  // The member of that name; empty where there is none or this is no object.
  Element operator[](std::string_view name) const;
  // An array's items; an object or a value counts as an array of one, as FHIR servers mix both up;
  // absent: none.
  Elements items() const;
  Element first() const;  // of items()

  // A string, or the characters of a number or a flag as sent; empty for everything else. Marks the
  // value as read.
  std::string_view text() const;
  std::string_view peek() const;  // the same without marking, for looking before taking
  bool IsTrue() const { return text() == "true"; }

  std::uint32_t number() const { return node_; }  // tells a document's elements apart
  std::string_view name() const;                  // the member's name; empty for an array's item
  Elements members() const;
  std::string Place()
      const;  // "entry[3].resource.code"; names that are not FHIR's are shown as "?"
  Element parent() const;

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
    Iterator& operator++();
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class Elements;
    Iterator(Element at, bool alone) : at_(at), alone_(alone) {}
    Element at_;  // empty at the end
    bool alone_ = false;
  };

  Iterator begin() const { return {first_, alone_}; }
  Iterator end() const { return {}; }
  bool empty() const { return !first_.exists(); }
  std::size_t size() const;
  Element operator[](std::size_t index) const;  // empty past the end

 private:
  friend class Element;
  Elements() = default;
  Elements(Element first, bool alone) : first_(first), alone_(alone) {}
  Element first_;
  bool alone_ = false;  // a value that stands for an array of one: what follows it is not its item
};

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
  explicit Document(std::unique_ptr<Element::Tree> tree);
  std::unique_ptr<Element::Tree> tree_;
};

}  // namespace milecastle::fhir
