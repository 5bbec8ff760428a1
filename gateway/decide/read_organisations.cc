// Who there is: places, organisations, role groups, rights and duty roles.
#include <algorithm>
#include <array>

#include "inside/policy_reader.h"

namespace milecastle::decide {
namespace {

constexpr std::array<std::string_view, 12> kKinds = {
    "acute",     "primary",     "community", "mental_health", "social_care", "third_sector",
    "ambulance", "urgent_care", "hospice",   "pharmacy",      "care_home",   "host"};
constexpr std::string_view kKindAdvice =
    "a kind of organisation; write acute, primary, community, mental_health, social_care, "
    "third_sector, ambulance, urgent_care, hospice, pharmacy, care_home or host";
// They pass on what they were told by the person or by anybody, and no register.
constexpr std::array<std::string_view, 3> kHearsay = {"third_sector", "social_care", "care_home"};

std::optional<std::string> KindOf(std::string_view text) {
  const auto* const kind = std::find(kKinds.begin(), kKinds.end(), text);
  return kind == kKinds.end() ? std::nullopt : std::optional<std::string>(*kind);
}

std::vector<std::string> ReadKinds(const base::ConfigTable& table, std::string_view key) {
  return ReadWords<std::string>(table, key, KindOf, kKindAdvice);
}

}  // namespace

void PolicyReader::ReadWhoRegisters(const Table& table, EvidenceRule& rule) {
  const bool asked = table.Has("named_kinds") || table.Has("said_by_kinds");
  if (rule.kind != record::EvidenceKind::kRegisteredPractice) {
    if (asked) {
      const auto* const key = table.Has("named_kinds") ? "named_kinds" : "said_by_kinds";
      ReadKinds(table, key);
      table.Refuse(key, "is for registered_practice alone; remove it");
    }
    return;
  }
  rule.named_kinds = {"primary"};
  rule.said_by_kinds = {"acute",         "primary",   "community",
                        "mental_health", "ambulance", "urgent_care"};
  if (table.Has("named_kinds")) {
    rule.named_kinds = ReadKinds(table, "named_kinds");
    RefuseEmpty(table, "named_kinds", rule.named_kinds.empty());
  }
  if (table.Has("said_by_kinds")) rule.said_by_kinds = ReadKinds(table, "said_by_kinds");
  for (const std::string& kind : rule.said_by_kinds) {
    if (std::find(kHearsay.begin(), kHearsay.end(), kind) == kHearsay.end()) continue;
    table.Refuse("said_by_kinds",
                 "no word of third_sector, social_care or care_home makes a practice somebody's; "
                 "remove it");
  }
}

void PolicyReader::ReadGroups(const Table& root) {
  const auto groups = root.Table("groups");
  if (!groups) return;
  for (const std::string& id : groups->Keys()) {
    const auto table = groups->Table(id);
    if (!table) continue;
    auto codes = ReadCodes(*table, "organisations", {});
    RefuseEmpty(*table, "organisations", codes.empty());
    CheckCodes(*table, "organisations", codes);
    if (!groups_.emplace(id, std::move(codes)).second) {
      groups->Refuse(id, "is written twice; keep one");
    }
  }
}

void PolicyReader::ReadPlaces(const Table& root) {
  if (const auto places = root.Table("places")) {
    for (const std::string& id : places->Keys()) {
      const auto table = places->Table(id);
      if (!table) continue;
      if (!system().places.emplace(id, table->RequiredString("name")).second) {
        places->Refuse(id, "is written twice; keep one");
      }
    }
  }
  ReadNeighbourhoods(root);
}

void PolicyReader::ReadNeighbourhoods(const Table& root) {
  const auto neighbourhoods = root.Table("neighbourhoods");
  if (!neighbourhoods) return;
  for (const std::string& id : neighbourhoods->Keys()) {
    const auto table = neighbourhoods->Table(id);
    if (!table) continue;
    table->String("name", "");
    const std::string place = table->RequiredString("place");
    system().neighbourhoods.emplace(id, place);
    checks_.emplace_back([this, table = *table, place] {
      if (!system().places.contains(place)) table.Refuse("place", "is not one of [places]");
    });
  }
}

void PolicyReader::ReadOrganisations(const Table& root) {
  for (const Table& table : root.Tables("organisations")) ReadOrganisation(table);
}

void PolicyReader::ReadOrganisation(const Table& table) {
  const auto code = ReadCode(table, "code");
  Organisation organisation{.code = code ? *code : *record::OdsCode::Parse("NONE"),
                            .name = table.RequiredString("name"),
                            .kind = table.RequiredString("kind"),
                            .place = table.RequiredString("place"),
                            .neighbourhood = table.String("neighbourhood", ""),
                            .acts_for = ReadCodes(table, "acts_for", groups_),
                            .attesting_systems = table.Strings("attesting_systems"),
                            .labels = table.Strings("labels")};
  if (!KindOf(organisation.kind)) table.Refuse("kind", "is not " + std::string(kKindAdvice));
  CheckCodes(table, "acts_for", organisation.acts_for);
  CheckLabels(table, "labels", organisation.labels);
  checks_.emplace_back([this, table, place = organisation.place, at = organisation.neighbourhood] {
    if (!system().places.contains(place)) table.Refuse("place", "is not one of [places]");
    if (at.empty()) return;
    const auto found = system().neighbourhoods.find(at);
    if (found == system().neighbourhoods.end()) {
      table.Refuse("neighbourhood", "is not one of [neighbourhoods]");
    } else if (found->second != place) {
      table.Refuse("neighbourhood", "belongs to another place than the organisation");
    }
  });
  if (code && !system().organisations.emplace(*code, std::move(organisation)).second) {
    table.Refuse("code", "is written twice; keep one");
  }
}

void PolicyReader::ReadRoleGroups(const Table& root) {
  const auto groups = root.Table("role_groups");
  if (!groups) return;
  for (const std::string& id : groups->Keys()) {
    const auto table = groups->Table(id);
    if (!table) continue;
    table->String("name", "");
    RoleGroup group{.id = id,
                    .roles = table->Strings("roles"),
                    .kinds = ReadKinds(*table, "kinds"),
                    .least_assurance = ReadAssurance(*table, "least_assurance")};
    RefuseEmpty(*table, "roles", group.roles.empty());
    if (table->Has("kinds")) RefuseEmpty(*table, "kinds", group.kinds.empty());
    if (!system().role_groups.emplace(id, std::move(group)).second) {
      groups->Refuse(id, "is written twice; keep one");
    }
  }
}

void PolicyReader::ReadRights(const Table& root) {
  const auto rights = root.Table("rights");
  if (!rights) return;
  const auto read = [&](std::string_view key, std::vector<std::string>& into) {
    auto groups = rights->Strings(key);
    if (rights->Has(key)) RefuseEmpty(*rights, key, groups.empty());
    CheckRoleGroups(*rights, key, groups);
    into.insert(into.end(), groups.begin(), groups.end());
  };
  read("open_seal", system().seal_right);
  read("break_glass", system().break_glass_right);
}

void PolicyReader::ReadDutyRoles(const Table& root) {
  for (const Table& table : root.Tables("duty_roles")) {
    const std::string scope = table.RequiredString("scope");
    DutyRole role{
        .id = table.RequiredString("id"),
        .role_groups = table.Strings("role_groups"),
        .organisations = ReadCodes(table, "organisations", groups_),
        .may = ReadWords<Action>(table, "may", ActionOf,
                                 "an action; write explain, audit.search, consent.record …"),
        .scope = scope == "all" ? Scope::kAll : Scope::kOwnOrganisation,
        .needs_relationship = table.Flag("needs_relationship", false)};
    if (scope != "all" && scope != "own") table.Refuse("scope", "write \"own\" or \"all\"");
    RefuseEmpty(table, "role_groups", role.role_groups.empty());
    RefuseEmpty(table, "may", role.may.empty());
    if (table.Has("organisations")) {
      RefuseEmpty(table, "organisations", role.organisations.empty());
    }
    CheckRoleGroups(table, "role_groups", role.role_groups);
    CheckCodes(table, "organisations", role.organisations);
    system().duty_roles.push_back(std::move(role));
  }
}

}  // namespace milecastle::decide
