#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "detail/fault.h"
#include "detail/readers.h"

namespace milecastle::fhir {
namespace {

namespace dom = simdjson::dom;
using base::Error;
using base::ErrorId;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool HasDuplicate(std::span<Name> names) {
  constexpr std::size_t kFew = 12;  // for whom comparing each with each is quicker than sorting
  if (names.size() <= kFew) {
    for (std::size_t one = 0; one < names.size(); ++one) {
      for (std::size_t other = 0; other < one; ++other) {
        if (names[one] == names[other]) return true;
      }
    }
    return false;
  }
  std::sort(names.begin(), names.end(), [](const Name& left, const Name& right) {
    if (left.mark() != right.mark()) return left.mark() < right.mark();
    return left.text() < right.text();
  });
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

// Finds the numbers of a text that is known to be JSON, of which all strings are passed in order.
class NumberScan {
 public:
  explicit NumberScan(std::string_view json) : json_(json) {}

  std::string_view Next() {
    while (at_ < json_.size() && !IsNumberStart(json_[at_])) ++at_;
    const std::size_t start = at_;
    while (at_ < json_.size() && IsNumberPart(json_[at_])) ++at_;
    return json_.substr(start, at_ - start);
  }

  // The next string, of which this is the text without escapes.
  void Pass(std::string_view text) {
    while (at_ < json_.size() && json_[at_] != '"') ++at_;
    const std::size_t end = at_ + 1 + text.size();
    const bool has_no_escape = end < json_.size() && json_[end] == '"' && json_[end - 1] != '\\';
    if (!has_no_escape) return PassLonger();
    at_ = end + 1;
  }

 private:
  static bool IsNumberStart(char c) { return c == '-' || (c >= '0' && c <= '9'); }
  static bool IsNumberPart(char c) {
    return IsNumberStart(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
  }
  void PassLonger() {
    for (++at_;; ++at_) {
      const std::size_t start = at_;
      at_ = std::min(json_.find('"', start), json_.size());
      std::size_t escapes = 0;
      while (at_ - escapes > start && json_[at_ - escapes - 1] == '\\') ++escapes;
      if (escapes % 2 == 0 || at_ == json_.size()) break;
    }
    ++at_;
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

// Copies simdjson's document into nodes. Depth is bounded by the parser.
class Builder {
 public:
  Builder(std::string_view json, const Limits& limits, Tree* tree)
      : numbers_(json), limits_(limits), tree_(*tree) {}

  base::Result<void> Build(const dom::element& root) {
    if (HasRoom(kNoNode)) Fill(root, tree_.AddItem(kNoNode, 0));
    if (fault_) return std::move(*fault_);
    return {};
  }

 private:
  bool HasRoom(std::uint32_t parent) {
    if (tree_.nodes.size() < limits_.values) return true;
    Fail(ErrorId::kMessageTooLarge, parent, "the document has too many values");
    return false;
  }

  void Fill(const dom::element& value, std::uint32_t node) {
    if (!value.is_string()) return FillOther(value, node);
    const std::string_view text = value.get_string().value_unsafe();
    numbers_.Pass(text);
    tree_.SetText(node, NodeKind::kString, text);
  }

  void FillOther(const dom::element& value, std::uint32_t node) {
    switch (value.type()) {
      case dom::element_type::OBJECT:
        tree_.SetObject(node);
        return AddMembers(value.get_object().value_unsafe(), node);
      case dom::element_type::ARRAY:
        tree_.nodes[node].kind = NodeKind::kArray;
        return AddItems(value.get_array().value_unsafe(), node);
      case dom::element_type::BOOL:
        return tree_.SetText(node, NodeKind::kOther,
                             value.get_bool().value_unsafe() ? "true" : "false");
      case dom::element_type::NULL_VALUE:
        return;
      default:
        tree_.SetText(node, NodeKind::kOther, numbers_.Next());
    }
  }

  void AddMembers(const dom::object& object, std::uint32_t node) {
    std::size_t count = 0;
    bool may_repeat = false;
    for (auto member = object.begin(); member != object.end(); ++member) {
      if (fault_) return;
      if (++count > limits_.members) {
        return Fail(ErrorId::kMessageTooLarge, node, "an object has too many members");
      }
      const Name name(member.key());
      numbers_.Pass(name.text());
      may_repeat |= tree_.nodes[node].members.MayHold(name);
      if (HasRoom(node)) Fill(member.value(), tree_.AddMember(node, name));
    }
    tree_.Close(node);
    if (may_repeat && RepeatsAName(node)) {
      Fail(ErrorId::kMessageUnparseable, node, "a name stands twice in one object; send it once");
    }
  }

  bool RepeatsAName(std::uint32_t object) {
    names_.clear();
    const std::vector<Node>& nodes = tree_.nodes;
    for (std::uint32_t at = object + 1; at < nodes[object].end; at = nodes[at].end) {
      names_.push_back(nodes[at].Name());
    }
    return HasDuplicate(names_);
  }

  void AddItems(const dom::array& array, std::uint32_t node) {
    const std::size_t most = tree_.nodes[node].Name() == "entry" ? limits_.entries : limits_.items;
    std::uint32_t count = 0;
    for (const dom::element value : array) {
      if (fault_) return;
      if (count >= most) {
        return Fail(ErrorId::kMessageTooLarge, node, "the list has too many items; send fewer");
      }
      if (HasRoom(node)) Fill(value, tree_.AddItem(node, count++));
    }
    tree_.Close(node);
  }

  void Fail(ErrorId id, std::uint32_t node, std::string advice) {
    if (fault_) return;
    fault_ = Error{id, node == kNoNode ? "" : PlaceOf(tree_.nodes, node), std::move(advice)};
  }

  NumberScan numbers_;
  const Limits& limits_;
  Tree& tree_;
  std::vector<Name> names_;  // of one object
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

base::Result<std::unique_ptr<Tree>> ReadTree(std::string_view json, const Limits& limits) {
  if (json.size() > limits.bytes) {
    return Error{ErrorId::kMessageTooLarge, "", "the document is too large; send less at a time"};
  }
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());

  auto tree = std::make_unique<Tree>();
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
  Builder builder(tree->json, limits, tree.get());
  if (auto built = builder.Build(root); !built) return built.error();
  return tree;
}

}  // namespace milecastle::fhir
