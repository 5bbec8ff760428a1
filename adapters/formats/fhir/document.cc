#include "fhir/document.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "detail/tree.h"

namespace milecastle::fhir {
namespace {

// FHIR element names are camel case and short. Anything else is the sender's own text, and a place
// must not repeat it.
bool IsElementName(std::string_view name) {
  if (!name.empty() && name.front() == '_') name.remove_prefix(1);
  if (name.empty() || name.size() > 40 || name.front() < 'a' || name.front() > 'z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

// The first node behind all that stand below this one: a tree is written parent before child.
std::uint32_t EndOf(const std::vector<Node>& nodes, std::uint32_t node) {
  for (std::uint32_t at = node; at != kNoNode; at = nodes[at].parent) {
    if (nodes[at].next != kNoNode) return nodes[at].next;
  }
  return static_cast<std::uint32_t>(nodes.size());
}

}  // namespace

std::string PlaceOf(const std::vector<Node>& nodes, std::uint32_t node) {
  std::vector<std::uint32_t> way;
  for (; nodes[node].parent != kNoNode; node = nodes[node].parent) way.push_back(node);
  std::string place;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    const Node& at = nodes[*step];
    if (nodes[at.parent].kind == NodeKind::kArray) {
      place += "[" + std::to_string(at.position) + "]";
      continue;
    }
    if (!place.empty()) place += ".";
    place += IsElementName(at.name) ? at.name : "?";
  }
  return place;
}

bool Element::IsObject() const { return exists() && tree_->nodes[node_].kind == NodeKind::kObject; }
bool Element::IsArray() const { return exists() && tree_->nodes[node_].kind == NodeKind::kArray; }
bool Element::IsText() const { return exists() && tree_->nodes[node_].kind == NodeKind::kString; }

Element Element::operator[](std::string_view name) const {
  if (!IsObject()) return {};
  const Node* const nodes = tree_->nodes.data();
  for (std::uint32_t child = nodes[node_].first_child; child != kNoNode;
       child = nodes[child].next) {
    const std::string_view each = nodes[child].name;
    // Most differ in length or first letter, and are then not compared at all.
    if (each.size() != name.size()) continue;
    if (name.empty() || (each.front() == name.front() && each == name)) return At(child);
  }
  return {};
}

Elements Element::members() const {
  if (!exists()) return {};
  const std::uint32_t child = tree_->nodes[node_].first_child;
  return {child == kNoNode ? Element() : At(child), false};
}

Elements Element::items() const {
  if (!exists()) return {};
  if (IsArray()) return members();
  return {*this, true};
}

Elements::Iterator& Elements::Iterator::operator++() {
  if (!at_.exists()) return *this;  // the end stays the end
  const std::uint32_t next = alone_ ? kNoNode : at_.tree_->nodes[at_.node_].next;
  at_ = next == kNoNode ? Element() : at_.At(next);
  return *this;
}

std::size_t Elements::size() const {
  return static_cast<std::size_t>(std::distance(begin(), end()));
}

Element Elements::operator[](std::size_t index) const {
  auto at = begin();
  for (; index > 0 && at != end(); --index) ++at;
  return *at;
}

Element Element::first() const {
  if (!IsArray()) return *this;
  const std::uint32_t child = tree_->nodes[node_].first_child;
  return child == kNoNode ? Element() : At(child);
}

std::string_view Element::peek() const {
  if (!exists()) return {};
  const Node& node = tree_->nodes[node_];
  const bool is_value = node.kind == NodeKind::kString || node.kind == NodeKind::kOther;
  return is_value ? node.text : std::string_view();
}

std::string_view Element::text() const {
  if (exists()) tree_->nodes[node_].read = true;
  return peek();
}

std::string_view Element::name() const {
  return exists() ? tree_->nodes[node_].name : std::string_view();
}

std::string Element::Place() const { return exists() ? PlaceOf(tree_->nodes, node_) : ""; }

Element Element::parent() const {
  if (!exists() || tree_->nodes[node_].parent == kNoNode) return {};
  return At(tree_->nodes[node_].parent);
}

void Element::Take() const {
  if (!exists()) return;
  const std::uint32_t end = EndOf(tree_->nodes, node_);
  for (std::uint32_t at = node_; at < end; ++at) tree_->nodes[at].read = true;
}

std::vector<Element> Element::Unread() const {
  std::vector<Element> out;
  if (!exists()) return out;
  const std::vector<Node>& nodes = tree_->nodes;
  const std::uint32_t end = EndOf(nodes, node_);
  // Children stand behind their parents: one way back tells each parent.
  std::vector<char> any_read(end - node_, 0);
  for (std::uint32_t at = end; at-- > node_;) {
    if (nodes[at].read) any_read[at - node_] = 1;
    if (any_read[at - node_] != 0 && at > node_) any_read[nodes[at].parent - node_] = 1;
  }
  for (std::uint32_t at = node_; at < end;) {
    const bool is_value = nodes[at].kind == NodeKind::kString || nodes[at].kind == NodeKind::kOther;
    const bool holds = is_value || nodes[at].first_child != kNoNode;
    if (holds && any_read[at - node_] == 0) {
      out.push_back(At(at));
      at = EndOf(nodes, at);
    } else {
      ++at;
    }
  }
  return out;
}

bool Element::SameAs(const Element& other) const {
  if (!exists() || !other.exists()) return exists() == other.exists();
  const Node& mine = tree_->nodes[node_];
  const Node& theirs = other.tree_->nodes[other.node_];
  if (mine.kind != theirs.kind || mine.text != theirs.text) return false;
  if (members().size() != other.members().size()) return false;
  auto right = other.members().begin();
  for (const Element& left : members()) {
    const Element match = mine.kind == NodeKind::kObject ? other[left.name()] : *right;
    if (!match.exists() || !left.SameAs(match)) return false;
    ++right;
  }
  return true;
}

Document::Document(std::unique_ptr<Element::Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

base::Result<Document> Document::Parse(std::string_view json, const Limits& limits) {
  auto tree = ReadTree(json, limits);
  if (!tree) return tree.error();
  return Document(std::move(tree).value());
}

base::Result<Document> Document::ParseXml(std::string_view xml, const Limits& limits) {
  auto tree = ReadXmlTree(xml, limits);
  if (!tree) return tree.error();
  return Document(std::move(tree).value());
}

Element Document::root() const { return {tree_.get(), 0}; }

}  // namespace milecastle::fhir
