#include <boost/json.hpp>

#include "parts.h"

namespace milecastle::fidelity {
namespace {

namespace json = boost::json;

// Writes a document but for one value, and what would be left empty without it, or with another
// word in that value's place.
class Writer {
 public:
  Writer(const json::value* spot, std::string_view by) : spot_(spot), by_(by) {}

  std::string Write(const json::value& root) {
    Value(root);
    return out_;
  }

 private:
  bool IsGone(const json::value& value) const {
    if (!by_.empty()) return false;
    if (&value == spot_) return true;
    if (const auto* array = value.if_array()) return array->size() == 1 && IsGone(array->front());
    const auto* object = value.if_object();
    return object != nullptr && object->size() == 1 && IsGone(object->begin()->value());
  }

  void Value(const json::value& value) {
    if (&value == spot_) {
      out_ += value.is_bool() && (by_ == "true" || by_ == "false")
                  ? std::string(by_)
                  : json::serialize(json::value(by_));
    } else if (value.is_object()) {
      Object(value.get_object());
    } else if (value.is_array()) {
      Array(value.get_array());
    } else {
      out_ += json::serialize(value);
    }
  }

  void Object(const json::object& object) {
    char separator = '{';
    for (const auto& member : object) {
      if (IsGone(member.value())) continue;
      out_ += separator + json::serialize(member.key()) + ":";
      Value(member.value());
      separator = ',';
    }
    out_ += separator == '{' ? "{}" : "}";
  }

  void Array(const json::array& array) {
    char separator = '[';
    for (const auto& item : array) {
      if (IsGone(item)) continue;
      out_ += separator;
      Value(item);
      separator = ',';
    }
    out_ += separator == '[' ? "[]" : "]";
  }

  const json::value* spot_;
  std::string_view by_;
  std::string out_;
};

std::string LastOf(std::string_view url) { return std::string(url.substr(url.rfind('/') + 1)); }

// Where a walk stands.
struct Spot {
  std::string group;
  Path path;
  std::string owner;
  std::string place;
};

// How a format's documents are walked.
struct Names {
  std::string_view between;  // in a place
  bool resources = false;    // a group is a resource, and not the first name
};

class Walk {
 public:
  Walk(const json::value& root, const Names& names, const OnPart& on_part)
      : root_(root), whole_(Writer(nullptr, {}).Write(root)), names_(names), on_part_(on_part) {}

  void Value(const json::value& value, const Spot& spot) {
    if (IsWholeElement(value, spot)) Take(value, spot);
    if (const auto* object = value.if_object()) return Object(*object, spot);
    if (const auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        Spot item = spot;
        item.place += "[" + std::to_string(i) + "]";
        Value((*array)[i], item);
      }
      return;
    }
    Take(value, spot);
  }

 private:
  // Its parts may say one thing twice, so that none of them alone has an effect.
  bool IsWholeElement(const json::value& value, const Spot& spot) const {
    if (!names_.resources || !value.is_structured() || spot.path.size() != 1) return false;
    const std::string& name = spot.path.front();
    return name != "contained" && name != "entry" && !name.ends_with("xtension");
  }

  void Take(const json::value& value, const Spot& spot) {
    const bool is_whole = value.is_structured();
    const std::string text = value.is_string() ? std::string(value.get_string())
                             : is_whole        ? ""
                                               : json::serialize(value);
    on_part_({.whole = whole_,
              .group = spot.group,
              .path = spot.path,
              .owner = spot.owner,
              .value = text,
              .places = {spot.place},
              .is_sum_of_parts = is_whole,
              .with = [&](std::string_view by) { return Writer(&value, by).Write(root_); }});
  }

  void Object(const json::object& object, const Spot& spot) {
    const Spot own = SpotOf(object, spot);
    const bool is_extension = own.path != spot.path && own.group == spot.group;
    for (const auto& member : object) {
      const std::string name = member.key();
      const bool is_kind = name == "resourceType" || (is_extension && name == "url");
      if (!names_.resources || !is_kind) Value(member.value(), Below(own, name));
    }
  }

  // A resource is a group of its own, and an extension is known by its URL.
  Spot SpotOf(const json::object& object, const Spot& spot) const {
    if (!names_.resources) return spot;
    if (const auto* type = object.if_contains("resourceType")) {
      return {std::string(type->as_string()), {}, spot.place, spot.place};
    }
    const auto* const url = object.if_contains("url");
    Spot named = spot;
    if (url != nullptr && !spot.path.empty() && spot.path.back().ends_with("xtension")) {
      named.path.back() += " " + LastOf(url->as_string());
    }
    return named;
  }

  Spot Below(Spot spot, const std::string& name) const {
    spot.place += (spot.place.empty() ? "" : std::string(names_.between)) + name;
    if (!names_.resources && spot.group.empty()) {
      spot.group = name;
      spot.owner = name;
    } else {
      spot.path.push_back(name);
    }
    return spot;
  }

  const json::value& root_;
  std::string whole_;
  Names names_;
  const OnPart& on_part_;
};

void Each(const std::string& message, const Names& names, const OnPart& on_part) {
  boost::system::error_code error;
  const json::value root = json::parse(message, error);
  if (!error) Walk(root, names, on_part).Value(root, {});
}

}  // namespace

void EachElement(const std::string& message, const OnPart& on_part) {
  Each(message, {.between = ".", .resources = true}, on_part);
}

void EachHeading(const std::string& message, const OnPart& on_part) {
  Each(message, {.between = " / "}, on_part);
}

}  // namespace milecastle::fidelity
