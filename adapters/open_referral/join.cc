#include "inside/join.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace milecastle::open_referral {
namespace {

// Of services as JSON: rows that they share stand in each. What they share may make much of little.
constexpr std::size_t kMostOfOne = std::size_t{4} << 20;
constexpr std::size_t kMostOfAll = std::size_t{256} << 20;
constexpr std::size_t kTimesTheFiles = 32;
constexpr std::string_view kNowhere = "it names a row that is not there, or that could not be read";

// A row of `child` belongs to the row of `parent` that its `column` names, in that one's `member`.
struct Belongs {
  Kind child;
  std::string_view column;
  Kind parent;
  std::string_view member;
};
// Where a row names several it belongs to the first of them that is there.
constexpr std::array kBelongs = {
    Belongs{Kind::kServiceAtLocation, "service_id", Kind::kService, "service_at_locations"},
    Belongs{Kind::kAddress, "location_id", Kind::kLocation, "addresses"},
    Belongs{Kind::kAccessibility, "location_id", Kind::kLocation, "accessibility"},
    Belongs{Kind::kPhone, "service_id", Kind::kService, "phones"},
    Belongs{Kind::kPhone, "service_at_location_id", Kind::kServiceAtLocation, "phones"},
    Belongs{Kind::kPhone, "location_id", Kind::kLocation, "phones"},
    Belongs{Kind::kPhone, "organization_id", Kind::kOrganisation, "phones"},
    Belongs{Kind::kSchedule, "service_id", Kind::kService, "schedules"},
    Belongs{Kind::kSchedule, "service_at_location_id", Kind::kServiceAtLocation, "schedules"},
    Belongs{Kind::kSchedule, "location_id", Kind::kLocation, "schedules"},
    Belongs{Kind::kCost, "service_id", Kind::kService, "cost_options"},
    Belongs{Kind::kArea, "service_id", Kind::kService, "service_areas"},
    Belongs{Kind::kArea, "service_at_location_id", Kind::kServiceAtLocation, "service_areas"},
};

// A row of `kind` has in its `member` the row that its `column` names; without one, that row must
// be there and is not read.
struct Names {
  Kind kind;
  std::string_view column;
  Kind named;
  std::string_view member;
};
constexpr std::array kNamed = {
    Names{Kind::kService, "organization_id", Kind::kOrganisation, "organization"},
    Names{Kind::kServiceAtLocation, "location_id", Kind::kLocation, "location"},
    Names{Kind::kLocation, "organization_id", Kind::kOrganisation, ""},
    Names{Kind::kAttribute, "taxonomy_term_id", Kind::kTerm, "taxonomy_term"},
};

// What a column may not be called: it would stand beside what is joined under that name.
bool IsJoined(std::string_view name) {
  const auto is_it = [&](const auto& each) { return each.member == name; };
  return name == "attributes" || std::any_of(kBelongs.begin(), kBelongs.end(), is_it) ||
         std::any_of(kNamed.begin(), kNamed.end(), is_it);
}

// What is joined by it is in its place. An organisation's id is read as well.
bool IsKey(Kind kind, std::string_view column) {
  if (kind == Kind::kAttribute && (column == "link_id" || column == "link_entity")) return true;
  const auto belongs = [&](const Belongs& each) {
    return each.child == kind && each.column == column;
  };
  const auto names = [&](const Names& each) {
    return each.kind == kind && each.column == column && kind != Kind::kService;
  };
  return std::any_of(kBelongs.begin(), kBelongs.end(), belongs) ||
         std::any_of(kNamed.begin(), kNamed.end(), names);
}

// "organization_id" of "Organization ID".
std::string MemberOf(std::string_view header) {
  std::string member;
  for (const char c : header) {
    if (c >= 'A' && c <= 'Z') {
      member += static_cast<char>(c - 'A' + 'a');
    } else {
      member += c == ' ' || c == '-' || c == '.' ? '_' : c;
    }
  }
  return member;
}

void AppendText(std::string_view text, std::string& json) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (byte < 0x20U) {
      json += {'\\', 'u', '0', '0', kHex[byte >> 4U], kHex[byte & 0xFU]};
    } else {
      json += c;
    }
  }
  json += '"';
}

void AppendMember(std::string_view name, std::string& json) {
  if (json.back() != '{') json += ',';
  AppendText(name, json);
  json += ':';
}

}  // namespace

Joined::Joined(Package& package)
    : package_(package),
      left_(std::min(kMostOfAll, kMostOfOne + kTimesTheFiles * package.bytes)),
      bound_(0) {
  lacks_a_term_.resize(package.Find(Kind::kService)->table.size());
  for (std::size_t at = 0; at < kKinds; ++at) {
    const auto kind = static_cast<Kind>(at);
    const Rows* const rows = package.Find(kind);
    if (rows == nullptr) continue;
    children_[kind].resize(rows->table.size());
    const auto& header = rows->table.header();
    for (std::size_t column = 0; column < header.size(); ++column) {
      std::string name = MemberOf(header[column]);
      if (IsJoined(name)) {
        package.not_carried.insert(std::move(name));
      } else if (!IsKey(kind, name)) {
        columns_[kind].push_back({column, std::move(name)});
      }
    }
  }
  for (std::size_t at = 0; at < kKinds; ++at) {
    const auto kind = static_cast<Kind>(at);
    if (package.Find(kind) == nullptr) continue;
    JoinRows(kind);
    CheckNamed(kind);
  }
  JoinAttributes();
}

void Joined::Attach(Kind parent, std::size_t row, Child child) {
  children_[parent][row].push_back(child);
}

// Of a table that is not here that is said once.
void Joined::RefuseKey(Kind kind, std::size_t row, std::string_view column, Kind named) {
  if (package_.Find(named) != nullptr) {
    package_.Refuse(package_.Place(kind, row, column), kNowhere);
  } else if (lost_.emplace(kind, column).second) {
    package_.Refuse(package_.Find(kind)->file + ", column " + std::string(column),
                    "the table of what it names is not here: give it too");
  }
}

// Each row of the table to the first that it names.
void Joined::JoinRows(Kind kind) {
  std::vector<std::pair<const Belongs*, std::optional<std::size_t>>> links;
  const Rows& rows = *package_.Find(kind);
  for (const Belongs& each : kBelongs) {
    if (each.child == kind) links.emplace_back(&each, rows.table.ColumnOf(each.column));
  }
  if (links.empty()) return;
  const auto id = rows.table.ColumnOf("id");
  for (std::size_t row = 0; row < rows.table.size(); ++row) {
    if (rows.IsBroken(row, id)) continue;
    bool names = false;
    bool belongs = false;
    for (const auto& [link, column] : links) {
      const std::string_view key = rows.Cell(row, column);
      if (key.empty()) continue;
      names = true;
      const auto parent = package_.RowOf(link->parent, key);
      if (!parent) RefuseKey(kind, row, link->column, link->parent);
      if (parent && !belongs) Attach(link->parent, *parent, {link->member, kind, row});
      belongs = belongs || parent;
    }
    if (!names) {
      package_.Refuse(package_.Place(kind, row, links[0].first->column),
                      "it belongs to nothing: name what it belongs to");
    }
  }
}

void Joined::CheckNamed(Kind kind) {
  for (const Names& link : kNamed) {
    if (link.kind != kind) continue;
    const Rows& rows = *package_.Find(kind);
    const auto column = rows.table.ColumnOf(link.column);
    for (std::size_t row = 0; row < rows.table.size(); ++row) {
      const std::string_view key = rows.Cell(row, column);
      if (key.empty() || package_.RowOf(link.named, key)) continue;
      RefuseKey(kind, row, link.column, link.named);
    }
  }
}

// To what an attribute belongs is said by an id and the name of its table, or by the id alone.
bool Joined::AttachAttribute(std::size_t row, std::string_view entity, std::string_view link) {
  const auto told = KindOf(entity);
  for (std::size_t at = 0; at < kKinds; ++at) {
    const auto kind = static_cast<Kind>(at);
    if (told && *told != kind) continue;
    const auto parent = package_.RowOf(kind, link);
    if (!parent) continue;
    Attach(kind, *parent, {"attributes", Kind::kAttribute, row});
    const Rows& rows = *package_.Find(Kind::kAttribute);
    const auto term = rows.Cell(row, rows.table.ColumnOf("taxonomy_term_id"));
    const bool lacks = !term.empty() && !package_.RowOf(Kind::kTerm, term);
    if (lacks && kind == Kind::kService) lacks_a_term_[*parent] = true;
    return true;
  }
  return false;
}

void Joined::JoinAttributes() {
  const Rows* const rows = package_.Find(Kind::kAttribute);
  if (rows == nullptr) return;
  const auto link = rows->table.ColumnOf("link_id");
  const auto entity = rows->table.ColumnOf("link_entity");
  for (std::size_t row = 0; row < rows->table.size(); ++row) {
    if (AttachAttribute(row, rows->Cell(row, entity), rows->Cell(row, link))) continue;
    package_.Refuse(package_.Place(Kind::kAttribute, row, "link_id"), kNowhere);
  }
}

void Joined::AppendRow(Kind kind, std::size_t row, std::string& json) {
  if (json.size() > bound_) return;  // it is refused at the end
  const Rows& rows = *package_.Find(kind);
  json += '{';
  for (const Column& column : columns_[kind]) {
    const std::string_view cell = rows.table.Peek(row, column.at);
    if (cell.empty()) continue;
    AppendMember(column.name, json);
    AppendText(cell, json);
  }
  AppendNamed(kind, row, json);
  AppendChildren(kind, row, json);
  json += '}';
}

void Joined::AppendNamed(Kind kind, std::size_t row, std::string& json) {
  for (const Names& link : kNamed) {
    if (link.kind != kind || link.member.empty()) continue;
    const Rows& rows = *package_.Find(kind);
    const auto named = package_.RowOf(link.named, rows.Cell(row, rows.table.ColumnOf(link.column)));
    if (!named || json.size() > bound_) continue;
    AppendMember(link.member, json);
    AppendRow(link.named, *named, json);
  }
}

void Joined::AppendChildren(Kind kind, std::size_t row, std::string& json) {
  auto& children = children_[kind][row];
  std::stable_sort(children.begin(), children.end(), [](const Child& left, const Child& right) {
    return left.member < right.member;
  });
  std::string_view open;
  for (const Child& child : children) {
    if (json.size() > bound_) return;
    if (child.member != open) {
      if (!open.empty()) json += ']';
      AppendMember(child.member, json);
      json += '[';
      open = child.member;
    } else {
      json += ',';
    }
    AppendRow(child.kind, child.row, json);
  }
  if (!open.empty()) json += ']';
}

base::Result<std::optional<std::string>> Joined::JsonOf(std::size_t service) {
  std::string json;
  bound_ = std::min(left_, kMostOfOne);
  AppendRow(Kind::kService, service, json);
  if (json.size() > left_) {
    return base::Error{base::ErrorId::kMessageTooLarge, "tables",
                       "the services share too much: give the directory in parts"};
  }
  left_ -= json.size();
  if (json.size() > bound_) return std::optional<std::string>();
  return std::optional(std::move(json));
}

}  // namespace milecastle::open_referral
