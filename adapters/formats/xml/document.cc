#include "xml/document.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "detail/tree.h"

namespace milecastle::xml {
namespace {

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// The first node behind all that stand below this one.
std::uint32_t EndOf(const std::vector<Stored>& nodes, std::uint32_t node) {
  const bool is_attribute = nodes[node].kind == Kind::kAttribute;
  if (is_attribute) return node + 1;
  for (std::uint32_t at = node; at != kNone; at = nodes[at].parent) {
    if (nodes[at].next != kNone) return nodes[at].next;
  }
  return static_cast<std::uint32_t>(nodes.size());
}

bool Holds(const Stored& node) {
  if (node.kind == Kind::kText) return !IsBlank(node.text);
  return node.kind == Kind::kAttribute;
}

struct Found {
  bool holds = false;
  bool read = false;
};

// Of each node from `root` to `end`: whether it or anything below it holds a value, and whether one
// was read. What stands below a node stands behind it: one way back tells each parent.
std::vector<Found> FindBelow(const std::vector<Stored>& nodes, std::uint32_t root,
                             std::uint32_t end) {
  std::vector<Found> found(end - root);
  for (std::uint32_t at = end; at-- > root;) {
    Found& here = found[at - root];
    if (Holds(nodes[at])) here = {true, nodes[at].read};
    if (at == root) break;
    Found& parent = found[nodes[at].parent - root];
    parent.holds = parent.holds || here.holds;
    parent.read = parent.read || here.read;
  }
  return found;
}

std::string StepOf(const Node::Tree& tree, const Stored& node) {
  const bool known = tree.is_name(tree.spaces[node.space], node.name);
  std::string step = node.kind == Kind::kAttribute ? "@" : "";
  step += known ? node.name : "?";
  if (node.position > 0) step += "[" + std::to_string(node.position) + "]";
  return step;
}

}  // namespace

bool LooksLikeAName(std::string_view /*space*/, std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

Node Node::At(std::uint32_t node) const { return node == kNone ? Node() : Node(tree_, node); }

bool Node::IsElement() const { return exists() && tree_->nodes[node_].kind == Kind::kElement; }
bool Node::IsText() const { return exists() && tree_->nodes[node_].kind == Kind::kText; }

bool Node::Is(std::string_view space, std::string_view name) const {
  return IsElement() && this->name() == name && this->space() == space;
}

std::string_view Node::name() const {
  return exists() ? tree_->nodes[node_].name : std::string_view();
}
std::string_view Node::space() const {
  return exists() ? std::string_view(tree_->spaces[tree_->nodes[node_].space]) : "";
}

Node Node::operator[](std::string_view name) const { return *All(name).begin(); }

Node Node::Child(std::string_view space, std::string_view name) const {
  for (const Node& child : children()) {
    if (child.name() == name && child.space() == space) return child;
  }
  return {};
}

Nodes Node::content() const {
  Nodes nodes;
  if (exists()) nodes.first_ = At(tree_->nodes[node_].first_child);
  return nodes;
}

Nodes Node::children() const {
  Nodes nodes = content();
  nodes.choice_ = Nodes::Choice::kElements;
  return nodes;
}

Nodes Node::All(std::string_view name) const {
  Nodes nodes = content();
  nodes.choice_ = Nodes::Choice::kNamed;
  nodes.name_ = name;
  if (exists()) nodes.space_ = tree_->nodes[node_].space;
  return nodes;
}

Nodes Node::attributes() const {
  Nodes nodes;
  if (exists()) nodes.first_ = At(tree_->nodes[node_].first_attribute);
  return nodes;
}

Node Node::attribute(std::string_view name) const { return attribute("", name); }

Node Node::attribute(std::string_view space, std::string_view name) const {
  for (const Node& each : attributes()) {
    if (each.name() == name && each.space() == space) return each;
  }
  return {};
}

std::string_view Node::value(std::string_view name) const { return attribute(name).text(); }

std::string_view Node::peek() const {
  if (!exists()) return {};
  if (!IsElement()) return tree_->nodes[node_].text;
  const Nodes inside = content();
  const Node only = *inside.begin();
  return only.IsText() && tree_->nodes[only.node_].next == kNone ? only.peek() : std::string_view();
}

std::string_view Node::text() const {
  if (!exists()) return {};
  const std::string_view text = peek();
  if (!IsElement()) {
    tree_->nodes[node_].read = true;
  } else if (!text.empty()) {
    tree_->nodes[tree_->nodes[node_].first_child].read = true;
  }
  return text;
}

std::string_view Node::Inner() const {
  if (!IsElement()) return {};
  const Stored& node = tree_->nodes[node_];
  return std::string_view(tree_->text).substr(node.inner_begin, node.inner_end - node.inner_begin);
}

std::string Node::Place() const {
  if (!exists()) return "";
  std::vector<std::uint32_t> way;
  for (std::uint32_t at = node_; at != kNone; at = tree_->nodes[at].parent) {
    if (tree_->nodes[at].kind != Kind::kText) way.push_back(at);
  }
  std::string place;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    if (!place.empty()) place += "/";
    place += StepOf(*tree_, tree_->nodes[*step]);
  }
  return place;
}

Node Node::parent() const { return exists() ? At(tree_->nodes[node_].parent) : Node(); }

void Node::Take() const {
  if (!exists()) return;
  const std::uint32_t end = EndOf(tree_->nodes, node_);
  for (std::uint32_t at = node_; at < end; ++at) tree_->nodes[at].read = true;
}

std::vector<Node> Node::Unread() const {
  std::vector<Node> out;
  if (!exists()) return out;
  const std::uint32_t end = EndOf(tree_->nodes, node_);
  const std::vector<Found> found = FindBelow(tree_->nodes, node_, end);
  for (std::uint32_t at = node_; at < end;) {
    const Found& here = found[at - node_];
    if (here.holds && !here.read) {
      out.push_back(At(at));
      at = EndOf(tree_->nodes, at);
    } else {
      ++at;
    }
  }
  return out;
}

bool Nodes::Chooses(const Node& node) const {
  if (choice_ == Choice::kAll) return true;
  const Stored& stored = node.tree_->nodes[node.node_];
  if (stored.kind != Kind::kElement) return false;
  return choice_ == Choice::kElements || (stored.space == space_ && stored.name == name_);
}

Node Nodes::From(Node node) const {
  while (node.exists() && !Chooses(node)) node = node.At(node.tree_->nodes[node.node_].next);
  return node;
}

Nodes::Iterator Nodes::begin() const {
  Iterator first;
  first.at_ = From(first_);
  first.of_ = this;
  return first;
}

Nodes::Iterator& Nodes::Iterator::operator++() {
  if (at_.exists()) at_ = of_->From(at_.At(at_.tree_->nodes[at_.node_].next));
  return *this;
}

std::size_t Nodes::size() const { return static_cast<std::size_t>(std::distance(begin(), end())); }

Node Nodes::operator[](std::size_t index) const {
  auto at = begin();
  for (; index > 0 && at != end(); --index) ++at;
  return *at;
}

Document::Document(std::unique_ptr<Node::Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

bool IsXml(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t start = bytes.find_first_not_of(" \t\r\n");
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
         (start != std::string_view::npos && bytes[start] == '<');
}

base::Result<Document> Document::Parse(std::string_view bytes, const Limits& limits,
                                       IsName is_name) {
  auto tree = ReadTree(bytes, limits);
  if (!tree) return tree.error();
  (*tree)->is_name = is_name;
  return Document(std::move(tree).value());
}

Node Document::root() const { return {tree_.get(), 0}; }
std::size_t Document::instructions() const { return tree_->instructions; }

}  // namespace milecastle::xml
