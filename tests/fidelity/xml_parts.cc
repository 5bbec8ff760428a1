#include <pugixml.hpp>
#include <sstream>

#include "parts.h"

namespace milecastle::fidelity {
namespace {

std::string LocalName(std::string_view name) {
  return std::string(name.substr(name.find(':') + 1));  // npos + 1 = 0
}

// "component[2]" where several of the name stand side by side.
std::string Step(const pugi::xml_node& element) {
  const std::string name = LocalName(element.name());
  int position = 0;
  int count = 0;
  for (const auto& sibling : element.parent().children()) {
    if (LocalName(sibling.name()) != name) continue;
    ++count;
    if (sibling == element) position = count;
  }
  return count > 1 ? name + "[" + std::to_string(position) + "]" : name;
}

// Where a walk stands.
struct Spot {
  std::string group;
  Path path;
  std::string owner;
  std::string place;
};

// What a document is built of says nothing of itself: a section is one at any depth, and so is an
// entry of a kind. Within a narrative all is its text.
Spot Below(const Spot& above, const std::string& name, const std::string& step) {
  Spot spot = above;
  spot.place += (above.place.empty() ? "" : "/") + step;
  const bool is_part_of_narrative =
      above.group == "section" && !above.path.empty() && above.path.front() == "text";
  if (is_part_of_narrative || name == "component" || name == "structuredBody") return spot;
  const bool is_group = name == "ClinicalDocument" || name == "section" || above.group.empty() ||
                        (above.group == "ClinicalDocument" && above.path.empty());
  const bool is_entry = above.group == "section" && above.path == Path{"entry"};
  if (is_group || is_entry) {
    spot = {is_entry ? "entry: " + name : name, {}, spot.place, spot.place};
  } else {
    spot.path.push_back(name);
  }
  return spot;
}

class Walk {
 public:
  Walk(pugi::xml_document& document, const OnPart& on_part)
      : document_(document), whole_(Written()), on_part_(on_part) {}

  void Element(pugi::xml_node element, const Spot& above) {
    const Spot spot = Below(above, LocalName(element.name()), Step(element));
    for (pugi::xml_attribute attribute : element.attributes()) {
      if (!std::string_view(attribute.name()).starts_with("xmlns")) Attribute(attribute, spot);
    }
    for (pugi::xml_node child : element.children()) {
      if (child.type() == pugi::node_element) Element(child, spot);
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) Text(child, spot);
    }
  }

 private:
  std::string Written() const {
    std::ostringstream out;
    document_.save(out, "", pugi::format_raw);
    return out.str();
  }

  // What stands at a spot is put back once the message was written.
  template <class Node>
  std::string With(Node spot, std::string_view by) const {
    const std::string before = spot.value();
    spot.set_value(std::string(by).c_str());
    std::string message = Written();
    spot.set_value(before.c_str());
    return message;
  }

  void Attribute(pugi::xml_attribute attribute, Spot spot) {
    const std::string name = "@" + LocalName(attribute.name());
    spot.path.push_back(name);
    spot.place += "/" + name;
    Take(attribute, spot);
  }

  void Text(pugi::xml_node text, const Spot& spot) {
    const bool is_blank =
        std::string_view(text.value()).find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!is_blank) Take(text, spot);
  }

  template <class Node>
  void Take(Node node, const Spot& spot) {
    on_part_({whole_,
              spot.group,
              spot.path,
              spot.owner,
              node.value(),
              {spot.place},
              false,
              [&](std::string_view by) { return With(node, by); }});
  }

  pugi::xml_document& document_;
  std::string whole_;
  const OnPart& on_part_;
};

}  // namespace

void EachNode(const std::string& message, const OnPart& on_part) {
  pugi::xml_document document;
  constexpr auto kOptions = pugi::parse_default | pugi::parse_ws_pcdata;
  if (!document.load_buffer(message.data(), message.size(), kOptions)) return;
  Walk(document, on_part).Element(document.document_element(), {});
}

}  // namespace milecastle::fidelity
