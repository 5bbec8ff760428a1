// FHIR XML (R4, section 2.6.1) into the nodes that its JSON would give.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text_map.h"
#include "detail/readers.h"
#include "xml/document.h"

namespace milecastle::fhir {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::string_view kFhir = "http://hl7.org/fhir";
constexpr std::string_view kXhtml = "http://www.w3.org/1999/xhtml";
constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

// What the nodes' strings live in.
struct Source {
  xml::Document document;
  std::deque<std::string> made;
};

bool IsResource(const xml::Node& element) {
  const std::string_view name = element.name();
  return element.space() == kFhir && !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What FHIR's JSON always has as an array, where our readers look for its items' places.
bool IsAlwaysArray(std::string_view name) { return name == "entry" || name == "contained"; }

// One member of an object: all elements of a name, in order.
struct Group {
  std::string_view name;
  std::vector<xml::Node> elements;
};

class Builder {
 public:
  Builder(Source& source, const Limits& limits, Tree* tree)
      : source_(source), limits_(limits), tree_(*tree) {}

  base::Result<void> Build() {
    const xml::Node root = source_.document.root();
    if (!IsResource(root)) {
      return Error{ErrorId::kMessageUnparseable, root.Place(),
                   "the document is XML but no FHIR resource"};
    }
    AddObject(root, {}, {});
    if (fault_) return *fault_;
    return {};
  }

 private:
  struct Chain {
    std::uint32_t parent = kNoNode;
    std::uint32_t count = 0;
    std::size_t depth = 0;
  };

  std::uint32_t Add(std::string_view name, NodeKind kind, Chain* chain) {
    if (tree_.nodes.size() >= limits_.values) {
      Fail(ErrorId::kMessageTooLarge, "the document has too many values");
    }
    const std::uint32_t parent = chain == nullptr ? kNoNode : chain->parent;
    const std::uint32_t position = chain == nullptr ? 0 : chain->count++;
    const bool is_member = chain != nullptr && tree_.nodes[parent].kind == NodeKind::kObject;
    const std::uint32_t node =
        is_member ? tree_.AddMember(parent, name) : tree_.AddItem(parent, position);
    tree_.nodes[node].kind = kind;
    if (kind == NodeKind::kObject) tree_.SetObject(node);
    return node;
  }

  void AddText(std::string_view name, std::string_view text, Chain* chain) {
    tree_.SetText(Add(name, NodeKind::kString, chain), NodeKind::kString, text);
  }

  // A resource says what it is; every other object is its attributes and elements.
  void AddObject(const xml::Node& element, std::string_view name, std::optional<Chain*> chain) {
    const std::size_t depth = chain ? (*chain)->depth + 1 : 1;
    if (depth > limits_.depth) {
      return Fail(ErrorId::kMessageTooLarge, "elements are nested too deeply");
    }
    const std::uint32_t node = Add(name, NodeKind::kObject, chain.value_or(nullptr));
    Chain own{.parent = node, .depth = depth};
    if (IsResource(element)) AddText("resourceType", element.name(), &own);
    AddAttributes(element, &own);
    AddMembers(element, &own);
    tree_.Close(node);
  }

  void AddAttributes(const xml::Node& element, Chain* own) {
    for (const xml::Node& attribute : element.attributes()) {
      if (attribute.space() == kSchemaInstance) continue;
      AddText(attribute.name(), attribute.peek(), own);
    }
  }

  void AddMembers(const xml::Node& element, Chain* own) {
    for (const Group& group : GroupsOf(element)) {
      if (fault_) return;
      AddGroup(group, own);
    }
    if (own->count > limits_.members) {
      Fail(ErrorId::kMessageTooLarge, "an element has too many members");
    }
  }

  std::vector<Group> GroupsOf(const xml::Node& element) {
    std::vector<Group> groups;
    base::TextMap<std::string_view, std::size_t> places;
    for (const xml::Node& child : element.content()) {
      if (child.IsText()) {
        if (!IsBlank(child.peek())) Fail(ErrorId::kMessageUnparseable, "text where FHIR has none");
        continue;
      }
      const bool is_narrative = child.Is(kXhtml, "div");
      if (child.space() != kFhir && !is_narrative) {
        Fail(ErrorId::kMessageUnparseable, "an element that is not of FHIR");
      }
      const auto [place, is_new] = places.emplace(child.name(), groups.size());
      if (is_new) groups.push_back({child.name(), {}});
      groups[place->second].elements.push_back(child);
    }
    return groups;
  }

  void AddGroup(const Group& group, Chain* own) {
    const std::size_t most = group.name == "entry" ? limits_.entries : limits_.items;
    if (group.elements.size() > most) {
      return Fail(ErrorId::kMessageTooLarge, "the list has too many items; send fewer");
    }
    if (group.elements.size() == 1 && !IsAlwaysArray(group.name)) {
      AddValue(group.elements.front(), group.name, own);
    } else {
      const std::uint32_t node = Add(group.name, NodeKind::kArray, own);
      Chain items{.parent = node, .depth = own->depth + 1};
      for (const xml::Node& element : group.elements) {
        if (fault_) return;
        AddValue(element, {}, &items);
      }
      tree_.Close(node);
    }
    AddShadow(group, own);
  }

  // A primitive is its value; a narrative its markup; a holder of one resource that resource.
  void AddValue(const xml::Node& element, std::string_view name, Chain* chain) {
    if (element.Is(kXhtml, "div")) {
      source_.made.push_back("<div>" + std::string(element.Inner()) + "</div>");
      return AddText(name, source_.made.back(), chain);
    }
    if (element.attribute("value").exists()) {
      return AddText(name, element.attribute("value").peek(), chain);
    }
    const xml::Nodes children = element.children();
    const xml::Node only = children.empty() ? xml::Node() : *children.begin();
    if (only && IsResource(only)) {
      if (children.size() > 1) {
        return Fail(ErrorId::kMessageUnparseable, "several resources where one stands");
      }
      return AddObject(only, name, chain);
    }
    AddObject(element, name, chain);
  }

  static bool HasShadow(const xml::Node& element) {
    if (!element.attribute("value").exists()) return false;
    return element.attribute("id").exists() || !element.children().empty();
  }

  // What JSON says of a primitive beside its value, as "_name".
  void AddShadow(const Group& group, Chain* own) {
    for (const xml::Node& element : group.elements) {
      if (!HasShadow(element)) continue;
      source_.made.push_back("_" + std::string(group.name));
      const std::uint32_t node = Add(source_.made.back(), NodeKind::kObject, own);
      Chain inside{.parent = node, .depth = own->depth + 1};
      AddMembers(element, &inside);
      AddText("id", element.attribute("id").peek(), &inside);
      tree_.Close(node);
      return;  // of several the first: it is listed, and says that there is more than a value
    }
  }

  void Fail(ErrorId id, std::string advice) {
    if (!fault_) fault_ = Error{id, "", std::move(advice)};
  }

  Source& source_;
  const Limits& limits_;
  Tree& tree_;
  std::optional<Error> fault_;
};

}  // namespace

base::Result<std::unique_ptr<Tree>> ReadXmlTree(std::string_view xml, const Limits& limits) {
  xml::Limits of_xml;
  of_xml.bytes = limits.bytes;
  of_xml.elements = limits.values;
  of_xml.attribute_length = limits.bytes;  // base64 stands in them
  auto document = xml::Document::Parse(xml, of_xml);
  if (!document) return document.error();
  auto source = std::make_shared<Source>(Source{*std::move(document), {}});
  auto tree = std::make_unique<Tree>();
  Builder builder(*source, limits, tree.get());
  tree->strings = source;
  if (auto built = builder.Build(); !built) return built.error();
  return tree;
}

}  // namespace milecastle::fhir
