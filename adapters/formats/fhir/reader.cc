#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "detail/fault.h"
#include "detail/tree.h"

namespace milecastle::fhir {
namespace {

namespace dom = simdjson::dom;
using base::Error;
using base::ErrorId;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

using Names = std::vector<std::string_view>;

bool HasDuplicate(Names::iterator begin, Names::iterator end) {
  constexpr std::ptrdiff_t kFew = 12;  // for whom comparing each with each is quicker than sorting
  if (end - begin <= kFew) {
    for (auto one = begin; one != end; ++one) {
      if (std::find_if(begin, one, [one](std::string_view other) {
            return other.size() == one->size() && other == *one;
          }) != one) {
        return true;
      }
    }
    return false;
  }
  std::sort(begin, end);
  return std::adjacent_find(begin, end) != end;
}

// Finds the numbers of a text that is known to be JSON, in order.
class NumberScan {
 public:
  explicit NumberScan(std::string_view json) : json_(json) {}

  std::string_view Next() {
    while (at_ < json_.size() && !IsNumberStart(json_[at_])) {
      if (json_[at_] == '"') SkipString();
      ++at_;
    }
    const std::size_t start = at_;
    while (at_ < json_.size() && IsNumberPart(json_[at_])) ++at_;
    return json_.substr(start, at_ - start);
  }

 private:
  static bool IsNumberStart(char c) { return c == '-' || (c >= '0' && c <= '9'); }
  static bool IsNumberPart(char c) {
    return IsNumberStart(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
  }
  void SkipString() {  // from the opening to the closing quotation mark
    for (++at_;; ++at_) {
      const std::size_t start = at_;
      at_ = std::min(json_.find('"', start), json_.size());
      std::size_t escapes = 0;
      while (at_ - escapes > start && json_[at_ - escapes - 1] == '\\') ++escapes;
      if (escapes % 2 == 0 || at_ == json_.size()) return;
    }
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

// Copies simdjson's document into nodes. Depth is bounded by the parser.
class Builder {
 public:
  Builder(std::string_view json, const Limits& limits, std::vector<Node>* nodes)
      : numbers_(json), limits_(limits), nodes_(*nodes) {}

  base::Result<void> Build(const dom::element& root) {
    Add(root, {}, kNoNode, 0);
    if (fault_) return std::move(*fault_);
    return {};
  }

 private:
  std::uint32_t Add(const dom::element& value, std::string_view name, std::uint32_t parent,
                    std::uint32_t position) {
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    if (nodes_.size() >= limits_.values) {
      Fail(ErrorId::kMessageTooLarge, parent, "the document has too many values");
      return node;
    }
    Node& added = nodes_.emplace_back();
    added.name = name;
    added.parent = parent;
    added.position = position;
    Fill(value, node);
    return node;
  }

  void Fill(const dom::element& value, std::uint32_t node) {
    switch (value.type()) {
      case dom::element_type::OBJECT:
        nodes_[node].kind = NodeKind::kObject;
        AddMembers(dom::object(value), node);
        return;
      case dom::element_type::ARRAY:
        nodes_[node].kind = NodeKind::kArray;
        AddItems(dom::array(value), node);
        return;
      case dom::element_type::STRING:
        nodes_[node].kind = NodeKind::kString;
        nodes_[node].text = std::string_view(value);
        return;
      case dom::element_type::BOOL:
        nodes_[node].kind = NodeKind::kOther;
        nodes_[node].text = bool(value) ? "true" : "false";
        return;
      case dom::element_type::NULL_VALUE:
        return;
      default:
        nodes_[node].kind = NodeKind::kOther;
        nodes_[node].text = numbers_.Next();
    }
  }

  void AddMembers(const dom::object& object, std::uint32_t node) {
    const std::size_t first = names_.size();
    Chain chain{node};
    for (const auto& [name, value] : object) {
      if (fault_) return;
      names_.push_back(name);
      if (names_.size() - first > limits_.members) {
        Fail(ErrorId::kMessageTooLarge, node, "an object has too many members");
        return;
      }
      Link(&chain, Add(value, name, node, chain.count));
    }
    if (HasDuplicate(names_.begin() + static_cast<std::ptrdiff_t>(first), names_.end())) {
      Fail(ErrorId::kMessageUnparseable, node, "a name stands twice in one object; send it once");
    }
    names_.resize(first);
  }

  void AddItems(const dom::array& array, std::uint32_t node) {
    Chain chain{node};
    const std::size_t most = nodes_[node].name == "entry" ? limits_.entries : limits_.items;
    for (const dom::element& value : array) {
      if (fault_) return;
      if (chain.count >= most) {
        Fail(ErrorId::kMessageTooLarge, node, "the list has too many items; send fewer");
        return;
      }
      Link(&chain, Add(value, {}, node, chain.count));
    }
  }

  struct Chain {
    std::uint32_t parent;
    std::uint32_t last = kNoNode;
    std::uint32_t count = 0;
  };
  void Link(Chain* chain, std::uint32_t child) {
    if (chain->last == kNoNode) {
      nodes_[chain->parent].first_child = child;
    } else {
      nodes_[chain->last].next = child;
    }
    chain->last = child;
    ++chain->count;
  }

  void Fail(ErrorId id, std::uint32_t node, std::string advice) {
    if (fault_) return;
    fault_ = Error{id, node == kNoNode ? "" : PlaceOf(nodes_, node), std::move(advice)};
  }

  NumberScan numbers_;
  const Limits& limits_;
  std::vector<Node>& nodes_;
  Names names_;  // of the objects that are open, the innermost last
  std::optional<Error> fault_;
};

Error Explain(simdjson::error_code code, std::string_view json, const Limits& limits) {
  const std::string place = PlaceOfFault(json, limits.depth);
  switch (code) {
    case simdjson::DEPTH_ERROR:
      return {ErrorId::kMessageTooLarge, place, "objects and arrays are nested too deeply"};
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return {ErrorId::kMessageTooLarge, "", "the document is too large; send less at a time"};
    case simdjson::EMPTY:
      return {ErrorId::kMessageUnparseable, "", "the document is empty; send a FHIR resource"};
    case simdjson::UTF8_ERROR:
      return {ErrorId::kCharacterSetUnsupported, place, "FHIR JSON must be UTF-8"};
    case simdjson::NUMBER_ERROR:
      return {ErrorId::kMessageUnparseable, place, "a number is malformed or out of range"};
    default:
      return {ErrorId::kMessageUnparseable, place, "the document is not JSON from here on"};
  }
}

}  // namespace

base::Result<std::unique_ptr<Element::Tree>> ReadTree(std::string_view json, const Limits& limits) {
  if (json.size() > limits.bytes) {
    return Error{ErrorId::kMessageTooLarge, "", "the document is too large; send less at a time"};
  }
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());

  auto tree = std::make_unique<Element::Tree>();
  tree->json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  tree->json = json;
  auto parser = std::make_shared<dom::parser>();
  tree->strings = parser;
  if (const auto code = parser->allocate(json.size(), limits.depth)) {
    return Explain(code, json, limits);
  }
  dom::element root;
  if (const auto code = parser->parse(tree->json.data(), tree->json.size(), false).get(root)) {
    return Explain(code, json, limits);
  }
  // A value with its name takes some twenty bytes; growing would copy all that is there.
  constexpr std::size_t kBytesPerValue = 20;
  tree->nodes.reserve(std::min(json.size() / kBytesPerValue + 1, limits.values));
  Builder builder(tree->json, limits, &tree->nodes);
  if (auto built = builder.Build(root); !built) return built.error();
  return tree;
}

}  // namespace milecastle::fhir
