#include "fhir/document.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "detail/readers.h"

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

void AppendWay(const Tree& tree, std::uint32_t from, std::uint32_t to, std::string* way) {
  const Node& at = tree.nodes[to];
  if (to == from || at.parent == kNoNode) return;
  AppendWay(tree, from, at.parent, way);
  if (tree.nodes[at.parent].kind == NodeKind::kArray) return;
  if (!way->empty()) way->append(".");
  way->append(IsElementName(at.Name()) ? at.Name() : "?");
}

}  // namespace

std::string PlaceOf(const std::vector<Node>& nodes, std::uint32_t node) {
  std::vector<std::uint32_t> way;
  for (; nodes[node].parent != kNoNode; node = nodes[node].parent) way.push_back(node);
  std::string place;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    const Node& at = nodes[*step];
    if (nodes[at.parent].kind == NodeKind::kArray) {
      place += "[" + std::to_string(at.mark) + "]";
      continue;
    }
    if (!place.empty()) place += ".";
    place += IsElementName(at.Name()) ? at.Name() : "?";
  }
  return place;
}

Element Element::Find(const Name& name) const {
  const Node* const nodes = tree_->nodes.data();
  const std::uint32_t end = nodes[node_].end;
  for (std::uint32_t child = node_ + 1; child < end; child = nodes[child].end) {
    if (name.Is(nodes[child].mark, nodes[child].Name())) return At(child);
  }
  return {};
}

std::size_t Elements::size() const {
  return static_cast<std::size_t>(std::distance(begin(), end()));
}

Element Elements::operator[](std::size_t index) const {
  auto at = begin();
  for (; index > 0 && at != end(); --index) ++at;
  return *at;
}

std::string Element::Place() const { return exists() ? PlaceOf(tree_->nodes, node_) : ""; }

std::string Element::Way(const Element& from) const {
  std::string way;
  if (exists()) AppendWay(*tree_, from.exists() ? from.node_ : kNoNode, node_, &way);
  return way;
}

void Element::Take() const {
  if (!exists()) return;
  MarkRead();
  for (std::uint32_t at = node_; at < node().end; ++at) tree_->nodes[at].read = true;
}

std::vector<Element> Element::Unread() const {
  std::vector<Element> out;
  if (!exists()) return out;
  const Node* const nodes = tree_->nodes.data();
  const std::uint32_t end = nodes[node_].end;
  for (std::uint32_t at = node_; at < end;) {
    const bool holds = nodes[at].IsValue() || nodes[at].end != at + 1;
    if (holds && !nodes[at].read) {
      out.push_back(At(at));
      at = nodes[at].end;
    } else {
      ++at;
    }
  }
  return out;
}

bool Element::SameAs(const Element& other) const {
  if (!exists() || !other.exists()) return exists() == other.exists();
  const Node& mine = node();
  const Node& theirs = other.node();
  if (mine.kind != theirs.kind || mine.Text() != theirs.Text()) return false;
  if (members().size() != other.members().size()) return false;
  auto right = other.members().begin();
  for (const Element& left : members()) {
    const Element match = mine.kind == NodeKind::kObject ? other[left.name()] : *right;
    if (!match.exists() || !left.SameAs(match)) return false;
    ++right;
  }
  return true;
}

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
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
