#include "detail/people.h"

#include <array>

#include "detail/names.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

constexpr auto kRoles =
    std::to_array<std::string_view>({"assignedAuthor", "assignedEntity", "relatedEntity",
                                     "associatedEntity", "intendedRecipient", "assignedCustodian"});
constexpr auto kPersons =
    std::to_array<std::string_view>({"assignedPerson", "relatedPerson", "associatedPerson",
                                     "informationRecipient", "guardianPerson"});
constexpr auto kOrganisations = std::to_array<std::string_view>(
    {"representedOrganization", "representedCustodianOrganization", "scopingOrganization",
     "receivedOrganization", "guardianOrganization"});

template <std::size_t N>
xml::Node FirstOf(const xml::Node& node, const std::array<std::string_view, N>& names) {
  for (const std::string_view name : names) {
    if (const xml::Node found = node[name]) return found;
  }
  return {};
}

// A device that wrote: "Maker, software".
std::string DeviceOf(const xml::Node& device) {
  std::string words;
  for (const char* name : {"manufacturerModelName", "softwareName"}) {
    std::string text = Trimmed(device[name].text());
    if (text.empty()) text = device[name].value("displayName");
    if (!text.empty() && !words.empty()) words += ", ";
    words += text;
  }
  return words;
}

}  // namespace

xml::Node OrganisationIn(const xml::Node& role) { return FirstOf(role, kOrganisations); }

xml::Node RoleIn(const xml::Node& participation) { return FirstOf(participation, kRoles); }

std::string OdsCodeOf(const xml::Node& organisation) {
  for (const xml::Node& id : organisation.All("id")) {
    const std::string_view root = id.attribute("root").peek();
    if (root != kOdsOrganisation && root != kOdsSite) continue;
    id.value("root");
    id.value("assigningAuthorityName");
    return Trimmed(id.value("extension"));
  }
  return "";
}

std::string OrganisationOf(const xml::Node& organisation) {
  std::string code = OdsCodeOf(organisation);
  return code.empty() ? Trimmed(organisation["name"].text()) : code;
}

record::Performer PerformerOf(Context& context, const xml::Node& participation,
                              std::string_view role) {
  const xml::Node entity = RoleIn(participation);
  record::Performer out;
  for (const xml::Node& id : entity.All("id")) {
    id.value("nullFlavor");
    if (!out.identifier.empty() || id.attribute("root").peek().empty()) continue;
    id.value("assigningAuthorityName");
    out.identifier_system = SystemOf(id.value("root"));
    out.identifier = id.value("extension");
    if (out.identifier.empty()) out.identifier = std::exchange(out.identifier_system, "");
  }
  out.name = WordsOf(NameOf(FirstOf(entity, kPersons)["name"]));
  if (out.name.empty()) out.name = DeviceOf(entity["assignedAuthoringDevice"]);
  out.organisation = OrganisationOf(OrganisationIn(entity));
  out.role = role;
  const std::string words = WordsOf(CodedOf(context, entity["code"]));
  if (!words.empty()) out.role += out.role.empty() ? words : ", " + words;
  return out;
}

record::Contact ContactOf(Context& context, const xml::Node& role, std::string_view relationship) {
  record::Contact contact;
  contact.name = WordsOf(NameOf(FirstOf(role, kPersons)["name"]));
  contact.relationship = relationship;
  const std::string words = WordsOf(CodedOf(context, role["code"]));
  if (!words.empty()) contact.relationship += (relationship.empty() ? "" : ", ") + words;
  for (const xml::Node& address : role.All("addr")) {
    record::Address read = AddressOf(address);
    if (!read.lines.empty() || !read.postcode.empty()) contact.addresses.push_back(std::move(read));
  }
  for (const xml::Node& telecom : role.All("telecom")) {
    telecom.value("nullFlavor");
    record::Telecom read = TelecomOf(telecom);
    if (!read.value.empty()) contact.telecoms.push_back(std::move(read));
  }
  return contact;
}

}  // namespace milecastle::cda
