// People around the patient, what they use, and what they take part in.
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;

constexpr auto kRelatedFields = std::to_array<Field>({
    {"active", "active"},
    {"gender", "gender"},
    {"birthDate", "birth date"},
    {"period", "", As::kEffective},
});
constexpr auto kTeamFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"name", "name"},
    {"period", "", As::kEffective},
    {"managingOrganization", "managing organisation", As::kPerformer},
});
constexpr auto kDeviceFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"distinctIdentifier", "identifier"},
    {"manufacturer", "manufacturer"},
    {"manufactureDate", "manufactured", As::kWhen},
    {"expirationDate", "expiry", As::kWhen},
    {"lotNumber", "batch"},
    {"serialNumber", "serial number"},
    {"modelNumber", "model"},
    {"partNumber", "part number"},
    {"owner", "owner", As::kPerformer},
    {"location", "location", As::kPerformer},
    {"safety", "safety", As::kCoded},
});
constexpr auto kDeviceUseFields = std::to_array<Field>({
    {"timing", "used", As::kEffectiveChoice},
    {"recordedOn", "", As::kRecorded},
    {"source", "informant", As::kPerformer},
    {"bodySite", "body site", As::kCoded},
    {"reasonCode", "reason", As::kCoded},
    {"reasonReference", "reason", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"derivedFrom", "derived from", As::kLink},
});
constexpr auto kStudyFields = std::to_array<Field>({
    {"study", "study", As::kLink},
    {"period", "", As::kEffective},
    {"assignedArm", "assigned arm"},
    {"actualArm", "actual arm"},
    {"consent", "consent", As::kLink},
});

void ReadNames(const Element& resource, std::string* name) {
  for (const Element& one : resource["name"].items()) {
    const std::string words = WordsOf(resources::NameOf(one));
    if (words.empty()) continue;
    if (!name->empty()) name->append(", ");
    name->append(words);
  }
}

}  // namespace

void ReadRelatedPerson(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kPersonalContacts, Kind::kContact, "", kRelatedFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what.text = "Contact";
  record::Contact contact;
  ReadNames(resource, &contact.name);
  for (const Element& relationship : resource["relationship"].items()) {
    record::Coded coded = CodedOf(relationship);
    if (!contact.relationship.empty()) contact.relationship += ", ";
    contact.relationship += WordsOf(coded);
    AddDetail(&entry, "relationship", std::move(coded));
  }
  for (const Element& address : resource["address"].items()) {
    contact.addresses.push_back(resources::AddressOf(address));
  }
  for (const Element& telecom : resource["telecom"].items()) {
    contact.telecoms.push_back(resources::TelecomOf(telecom));
  }
  for (const Element& communication : resource["communication"].items()) {
    AddDetail(&entry, "language", CodedOf(communication["language"]));
    AddDetail(&entry, "language is preferred", communication["preferred"].text());
  }
  if (resource["active"].peek() == "false") {
    entry.status = record::ClinicalStatus::kInactive;
    entry.status_original = "active false";
  }
  entry.contacts.push_back(std::move(contact));
  context.Add(resource, std::move(*draft));
}

void ReadCareTeam(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kProfessionalContacts, Kind::kContact, "category", kTeamFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (IsEmpty(entry.what)) entry.what.text = "Care team";
  for (const Element& participant : resource["participant"].items()) {
    std::string role;
    for (const Element& one : participant["role"].items()) {
      role += (role.empty() ? "" : ", ") + WordsOf(CodedOf(one));
    }
    AddPerformers(context, participant["member"], resource, role.empty() ? "member" : role, &entry);
    AddPerformers(context, participant["onBehalfOf"], resource, role + " on behalf of", &entry);
    AddDetail(&entry, "member from", WhenOf(context, participant["period"]["start"]));
    AddDetail(&entry, "member until", WhenOf(context, participant["period"]["end"]));
  }
  for (const Element& telecom : resource["telecom"].items()) {
    record::Contact contact{.name = std::string(resource["name"].text()), .relationship = "team"};
    contact.telecoms.push_back(resources::TelecomOf(telecom));
    entry.contacts.push_back(std::move(contact));
  }
  context.Add(resource, std::move(*draft));
}

void ReadDevice(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kEquipment, Kind::kStatement, "type", kDeviceFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  for (const Element& name : resource["deviceName"].items()) {
    const std::string_view text = name["name"].text();
    name["type"].text();
    if (entry.what.text.empty()) {
      entry.what.text = text;
    } else if (entry.what.text != text) {
      AddDetail(&entry, "name", text);
    }
  }
  for (const Element& carrier : resource["udiCarrier"].items()) {
    AddDetail(&entry, "device identifier", carrier["deviceIdentifier"].text());
    AddDetail(&entry, "device identifier, printed", carrier["carrierHRF"].text());
  }
  if (IsEmpty(entry.what)) entry.what.text = "Device";
  context.Add(resource, std::move(*draft));
}

void ReadDeviceUse(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kEquipment, Kind::kStatement, "", kDeviceUseFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  const Element reference = resource["device"];
  const Element device = context.Resolve(reference["reference"].peek(), resource);
  if (device) entry.what = CodedOf(device["type"]);
  if (IsEmpty(entry.what)) entry.what.text = reference["display"].text();
  if (IsEmpty(entry.what)) entry.what.text = "Use of a device";
  AddReference(context, reference, resource, "device", &entry);
  context.Add(resource, std::move(*draft));
}

void ReadResearchSubject(Context& context, const Element& resource) {
  auto draft = Start(context, resource, {Section::kResearch, Kind::kStatement, "", kStudyFields});
  if (!draft) return;
  draft->entry.what.text = "Participation in research";
  resource["individual"]["reference"].text();
  resource["individual"]["display"].text();
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4
