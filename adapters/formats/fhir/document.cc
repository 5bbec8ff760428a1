#include "fhir/document.h"

#include <algorithm>
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
  for (std::uint32_t child = tree_->nodes[node_].first_child; child != kNoNode;
       child = tree_->nodes[child].next) {
    if (tree_->nodes[child].name == name) return At(child);
  }
  return {};
}

std::vector<Element> Element::members() const {
  std::vector<Element> found;
  if (!exists()) return found;
  for (std::uint32_t child = tree_->nodes[node_].first_child; child != kNoNode;
       child = tree_->nodes[child].next) {
    found.push_back(At(child));
  }
  return found;
}

std::vector<Element> Element::items() const {
  if (!exists()) return {};
  if (IsArray()) return members();
  return {*this};
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
  tree_->nodes[node_].read = true;
  for (const Element& member : members()) member.Take();
}

bool Element::AnyRead() const {
  if (tree_->nodes[node_].read) return true;
  const auto children = members();
  return std::any_of(children.begin(), children.end(),
                     [](const Element& child) { return child.AnyRead(); });
}

std::vector<Element> Element::Unread() const {
  std::vector<Element> out;
  if (exists()) CollectUnread(&out);
  return out;
}

void Element::CollectUnread(std::vector<Element>* out) const {
  const Node& node = tree_->nodes[node_];
  const bool is_value = node.kind == NodeKind::kString || node.kind == NodeKind::kOther;
  if (is_value ? !node.read : (node.first_child != kNoNode && !AnyRead())) {
    out->push_back(*this);
    return;
  }
  for (const Element& member : members()) member.CollectUnread(out);
}

bool Element::SameAs(const Element& other) const {
  if (!exists() || !other.exists()) return exists() == other.exists();
  const Node& mine = tree_->nodes[node_];
  const Node& theirs = other.tree_->nodes[other.node_];
  if (mine.kind != theirs.kind || mine.text != theirs.text) return false;
  const auto left = members();
  const auto right = other.members();
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Element match = mine.kind == NodeKind::kObject ? other[left[i].name()] : right[i];
    if (!match.exists() || !left[i].SameAs(match)) return false;
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

Element Document::root() const { return {tree_.get(), 0}; }

}  // namespace milecastle::fhir
