// Lower layers: place, neighbourhood, organisation. Their language has one statement, [[withhold]],
// so that a file cannot widen what the system layer grants. One that tries is refused with the
// request that it would have let through.
#include <algorithm>
#include <array>

#include "inside/policy_reader.h"

namespace milecastle::decide {
namespace {

// Words of the system layer: in a lower file each is an attempt to grant.
constexpr std::array<std::string_view, 16> kGrantingWords = {
    "agreements", "purposes", "role_groups", "evidence",
    "labels",     "rights",   "duty_roles",  "reasons",
    "readers",    "review",   "groups",      "places",
    "grant",      "permit",   "allow",       "location_protection"};

std::string Join(const std::vector<std::string>& texts, std::string_view none) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined.empty() ? std::string(none) : joined;
}

// "RXA would see problems of RXB for direct-care".
std::string RequestLetThrough(const base::ConfigTable& table) {
  return Join(table.Strings("consumers"), "every organisation") + " would see " +
         Join(table.Strings("sections"), "every section") + " of " +
         Join(table.Strings("sources"), "every source") + " for " +
         Join(table.Strings("purposes"), "every purpose");
}

}  // namespace

void PolicyReader::ReadLowerFile(const Table& root, LayerKind layer) {
  const std::string at = root.RequiredString("at");
  checks_.emplace_back([this, root, layer, at] {
    const auto code = record::OdsCode::Parse(at);
    const bool known = layer == LayerKind::kPlace ? system().places.contains(at)
                       : layer == LayerKind::kNeighbourhood
                           ? system().neighbourhoods.contains(at)
                           : code && policy_.Find(*code) != nullptr;
    if (!known) root.Refuse("at", "names no such layer of the system; correct it");
  });
  for (const Table& table : root.Tables("withhold")) ReadWithhold(table, layer, at);
  RefuseWidening(root, root.String("layer", ""));
}

void PolicyReader::ReadWithhold(const Table& table, LayerKind layer, const std::string& at) {
  const std::string prefix = layer == LayerKind::kPlace           ? "place."
                             : layer == LayerKind::kNeighbourhood ? "neighbourhood."
                                                                  : "organisation.";
  LowerRule rule{.id = prefix + at + "." + table.RequiredString("id"),
                 .layer = layer,
                 .at = at,
                 .sections = ReadSections(table, "sections"),
                 .sources = ReadCodes(table, "sources", groups_),
                 .consumers = ReadCodes(table, "consumers", groups_),
                 .purposes = decide::ReadPurposes(table, "purposes"),
                 .labels = table.Strings("labels"),
                 .role_groups = table.Strings("role_groups"),
                 .least_assurance = std::nullopt,
                 .explicit_consent = table.Flag("unless_explicit_consent", false)};
  if (table.Has("unless_assurance"))
    rule.least_assurance = ReadAssurance(table, "unless_assurance");
  for (const char* const key :
       {"sections", "sources", "consumers", "purposes", "labels", "role_groups"}) {
    if (table.Has(key)) RefuseEmpty(table, key, table.Strings(key).empty());
  }
  if (rule.sections.empty() && rule.sources.empty() && rule.consumers.empty() &&
      rule.purposes.empty() && rule.labels.empty() && rule.role_groups.empty()) {
    table.Refuse("id",
                 "names nothing to withhold; add sections, sources, consumers, purposes, "
                 "labels or role_groups");
  }
  for (const record::Purpose purpose : rule.purposes) {
    if (purpose == record::Purpose::kEmergency || purpose == record::Purpose::kSafeguarding) {
      table.Refuse("purposes", "no lower layer denies emergency or safeguarding; remove them");
    }
  }
  CheckCodes(table, "sources", rule.sources);
  CheckCodes(table, "consumers", rule.consumers);
  CheckLabels(table, "labels", rule.labels);
  CheckRoleGroups(table, "role_groups", rule.role_groups);
  policy_.lower_.push_back(std::move(rule));
}

void PolicyReader::RefuseWidening(const Table& root, std::string_view layer) {
  for (const std::string_view word : kGrantingWords) {
    if (!root.Has(word)) continue;
    std::string advice = "a " + std::string(layer) + " layer can only withhold; ";
    if (word == "agreements" || word == "grant" || word == "permit" || word == "allow") {
      const auto tables = root.Tables(word);
      advice +=
          "with this, " +
          (tables.empty() ? std::string("more would be seen") : RequestLetThrough(tables.front())) +
          ", which the system layer does not grant. ";
    }
    root.Refuse(word, advice + "Move it to a system file, or write [[withhold]]");
  }
}

}  // namespace milecastle::decide
