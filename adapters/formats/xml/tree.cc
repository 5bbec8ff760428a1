#include "detail/tree.h"

#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <unordered_map>
#include <utility>

#include "base/text_map.h"
#include "detail/encoding.h"
#include "detail/scan.h"

namespace milecastle::xml {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kXmlns = "http://www.w3.org/2000/xmlns/";
constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
constexpr unsigned kOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                              pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;

struct Qualified {
  std::string_view prefix;
  std::string_view local;
};
std::optional<Qualified> Split(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return Qualified{"", name};
  const Qualified parts{name.substr(0, colon), name.substr(colon + 1)};
  const bool good = !parts.prefix.empty() && !parts.local.empty() &&
                    parts.local.find(':') == std::string_view::npos;
  return good ? std::optional(parts) : std::nullopt;
}

struct Binding {
  std::string_view prefix;
  std::uint32_t space = 0;
};

class Builder {
 public:
  Builder(Node::Tree& tree, const Scan& scan, const Limits& limits)
      : tree_(tree), scan_(scan), limits_(limits) {
    tree_.spaces = {"", std::string(kXml)};
    bindings_ = {{"", 0}, {"xml", 1}};
  }

  std::optional<Error> Build(pugi::xml_node root) {
    if (!Enter(root)) return error_;
    for (pugi::xml_node at = root.first_child(); !open_.empty();) {
      if (!at) {
        const pugi::xml_node closed = open_.back().element;
        Leave();
        at = closed.next_sibling();
      } else if (at.type() == pugi::node_element) {
        if (!Enter(at)) return error_;
        at = at.first_child();
      } else {
        at = Texts(at);
      }
      if (open_.empty()) break;
    }
    if (elements_ != scan_.elements.size()) return Disagree();
    Number();
    return std::nullopt;
  }

 private:
  struct Open {
    pugi::xml_node element;
    std::uint32_t node = 0;
    std::uint32_t last = kNone;  // child
    std::size_t bindings = 0;
  };

  bool Enter(pugi::xml_node element);
  void Leave() {
    bindings_.resize(open_.back().bindings);
    open_.pop_back();
  }
  pugi::xml_node Texts(pugi::xml_node first);
  bool Declare(pugi::xml_node element);
  struct Attribute {
    std::string_view local;
    std::string_view value;
    std::uint32_t space = 0;
  };
  bool Attributes(pugi::xml_node element, std::uint32_t node);
  bool AddAttribute(std::uint32_t node, const Attribute& attribute);
  std::optional<std::uint32_t> SpaceOfAttribute(std::string_view prefix) const;
  std::optional<std::uint32_t> SpaceOf(std::string_view prefix) const;
  std::optional<std::uint32_t> Intern(std::string_view uri);
  std::uint32_t Add(Stored node);
  void Number();
  bool Fail(std::string advice, ErrorId id = ErrorId::kMessageUnparseable) {
    error_ = Error{id, Here(), std::move(advice)};
    return false;
  }
  std::string Here() const {
    const std::size_t element = elements_ == 0 ? 0 : elements_ - 1;
    return PlaceAt(tree_.text, scan_.elements[element].name);
  }
  Error Disagree() const {
    return {ErrorId::kMessageUnparseable, Here(), "two readings of the document differ"};
  }

  Node::Tree& tree_;
  const Scan& scan_;
  const Limits& limits_;
  std::vector<Binding> bindings_;
  std::vector<Open> open_;
  std::size_t elements_ = 0;
  std::optional<Error> error_;
};

std::uint32_t Builder::Add(Stored node) {
  const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
  if (!open_.empty()) {
    Open& parent = open_.back();
    node.parent = parent.node;
    (parent.last == kNone ? tree_.nodes[parent.node].first_child : tree_.nodes[parent.last].next) =
        index;
    parent.last = index;
  }
  tree_.nodes.push_back(node);
  return index;
}

bool Builder::Enter(pugi::xml_node element) {
  const std::string_view name = element.name();
  if (elements_ >= scan_.elements.size()) return error_ = Disagree(), false;
  const Span& span = scan_.elements[elements_++];
  if (std::string_view(tree_.text).substr(span.name, name.size()) != name) {
    return error_ = Disagree(), false;
  }
  const std::size_t bindings = bindings_.size();
  if (!Declare(element)) return false;
  const auto parts = Split(name);
  const auto space = parts ? SpaceOf(parts->prefix) : std::nullopt;
  if (!space) return Fail("a prefix without a namespace");
  Stored stored;
  stored.name = parts->local;
  stored.space = *space;
  stored.inner_begin = span.inner_begin;
  stored.inner_end = span.inner_end;
  const std::uint32_t node = Add(stored);
  open_.push_back({element, node, kNone, bindings});
  return Attributes(element, node);
}

bool Builder::Declare(pugi::xml_node element) {
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
    const std::string_view prefix = name == "xmlns" ? "" : name.substr(6);
    const std::string_view uri = attribute.value();
    if ((uri.empty() && name != "xmlns") || prefix.find(':') != std::string_view::npos ||
        (name != "xmlns" && prefix.empty()) || uri == kXmlns || prefix == "xmlns" ||
        (prefix == "xml") != (uri == kXml)) {
      return Fail("a namespace declaration that XML does not allow");
    }
    const auto space = Intern(uri);
    if (!space || bindings_.size() >= limits_.namespaces) {
      return Fail("more than " + std::to_string(limits_.namespaces) + " namespaces",
                  ErrorId::kMessageTooLarge);
    }
    bindings_.push_back({prefix, *space});
  }
  return true;
}

std::optional<std::uint32_t> Builder::Intern(std::string_view uri) {
  for (std::uint32_t i = 0; i < tree_.spaces.size(); ++i) {
    if (tree_.spaces[i] == uri) return i;
  }
  if (tree_.spaces.size() >= limits_.namespaces) return std::nullopt;
  tree_.spaces.emplace_back(uri);
  return static_cast<std::uint32_t>(tree_.spaces.size() - 1);
}

std::optional<std::uint32_t> Builder::SpaceOf(std::string_view prefix) const {
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    if (binding->prefix == prefix) return binding->space;
  }
  return std::nullopt;
}

bool Builder::Attributes(pugi::xml_node element, std::uint32_t node) {
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    if (name == "xmlns" || name.starts_with("xmlns:")) continue;
    const auto parts = Split(name);
    const auto space = !parts ? std::nullopt : SpaceOfAttribute(parts->prefix);
    if (!space) return Fail("a prefix without a namespace");
    if (!AddAttribute(node, {parts->local, attribute.value(), *space})) {
      return Fail("an attribute that stands twice");
    }
  }
  return true;
}

std::optional<std::uint32_t> Builder::SpaceOfAttribute(std::string_view prefix) const {
  return prefix.empty() ? std::optional(0U) : SpaceOf(prefix);
}

bool Builder::AddAttribute(std::uint32_t node, const Attribute& attribute) {
  std::uint32_t* end = &tree_.nodes[node].first_attribute;
  for (; *end != kNone; end = &tree_.nodes[*end].next) {
    const Stored& other = tree_.nodes[*end];
    if (other.name == attribute.local && other.space == attribute.space) return false;
  }
  Stored stored;
  stored.kind = Kind::kAttribute;
  stored.name = attribute.local;
  stored.text = attribute.value;
  stored.space = attribute.space;
  stored.parent = node;
  // Where a schema may be found says nothing of a patient.
  stored.read = tree_.spaces[attribute.space] == kSchemaInstance && attribute.local != "type" &&
                attribute.local != "nil";
  *end = static_cast<std::uint32_t>(tree_.nodes.size());
  tree_.nodes.push_back(stored);
  return true;
}

// A text with the texts behind it, from which only a comment or the start of CDATA parted it.
// Returns what follows.
pugi::xml_node Builder::Texts(pugi::xml_node first) {
  Stored stored;
  stored.kind = Kind::kText;
  stored.text = first.value();
  pugi::xml_node next = first.next_sibling();
  if (next && next.type() != pugi::node_element) {
    std::string& joined = tree_.joined.emplace_back(stored.text);
    for (; next && next.type() != pugi::node_element; next = next.next_sibling()) {
      joined += next.value();
    }
    stored.text = joined;
  }
  Add(stored);
  return next;
}

struct SameName {
  std::uint32_t parent = 0;
  std::uint32_t space = 0;
  std::string_view name;
  bool operator==(const SameName&) const = default;
};
struct HashOfName {
  std::size_t operator()(const SameName& key) const {
    return base::TextHash()(key.name) ^
           (static_cast<std::size_t>(key.parent) * 0x9E3779B97F4A7C15ULL) ^ key.space;
  }
};

// Counts elements of one name side by side. The first of several is told of it when the second
// comes.
void Builder::Number() {
  struct Seen {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  std::unordered_map<SameName, Seen, HashOfName> seen;
  for (std::uint32_t i = 1; i < tree_.nodes.size(); ++i) {
    Stored& node = tree_.nodes[i];
    if (node.kind != Kind::kElement) continue;
    Seen& same = seen[{node.parent, node.space, node.name}];
    if (++same.count == 1) {
      same.first = i;
      continue;
    }
    tree_.nodes[same.first].position = 1;
    node.position = same.count;
  }
}

}  // namespace

base::Result<std::unique_ptr<Node::Tree>> ReadTree(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes) {
    return Error{ErrorId::kMessageTooLarge, "document",
                 "more than " + std::to_string(limits.bytes) + " bytes"};
  }
  auto text = ToUtf8(bytes);
  if (!text) return text.error();
  auto scan = ScanText(*text, limits);
  if (!scan) return scan.error();

  auto tree = std::make_unique<Node::Tree>();
  tree->text = std::move(text).value();
  tree->instructions = scan->instructions;
  const auto parsed = std::make_shared<pugi::xml_document>();
  const pugi::xml_parse_result result =
      parsed->load_buffer(tree->text.data(), tree->text.size(), kOptions, pugi::encoding_utf8);
  tree->parsed = parsed;
  if (!result) {
    return Error{ErrorId::kMessageUnparseable,
                 PlaceAt(tree->text, static_cast<std::size_t>(result.offset)),
                 "the document is not well formed XML"};
  }
  if (auto error = Builder(*tree, *scan, limits).Build(parsed->document_element())) return *error;
  return tree;
}

}  // namespace milecastle::xml
