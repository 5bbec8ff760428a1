// componentOf: the contact in which the document arose, as evidence of a relationship and as an
// entry (CDA R2 section 4.2.4.2).
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

using record::EncounterChange;

// Several identifiers name one case (of 111: locality, reference and id): the first is the number.
std::string NumberOf(const xml::Node& encounter, record::Entry& entry) {
  std::string number;
  for (const xml::Node& id : encounter.All("id")) {
    id.value("root");
    id.value("nullFlavor");
    id.value("assigningAuthorityName");
    const std::string extension = Trimmed(id.value("extension"));
    if (number.empty()) number = extension;
    AddDetail(entry, "contact number", extension);
  }
  return number;
}

void AddPlace(const xml::Node& encounter, record::Entry& entry, record::EncounterClaim& claim) {
  const xml::Node facility = encounter["location"]["healthCareFacility"];
  const xml::Node place = facility["location"];
  place["name"].value("nullFlavor");
  facility["id"].value("nullFlavor");
  claim.location = Trimmed(place["name"].text());
  record::Address address = AddressOf(place["addr"]);
  if (address.use.empty()) address.use = "location";
  if (!claim.location.empty()) address.lines.insert(address.lines.begin(), claim.location);
  if (!address.lines.empty() || !address.postcode.empty()) {
    entry.addresses.push_back(std::move(address));
  }
}

void AddPerformers(Context& context, const xml::Node& encounter, record::Entry& entry) {
  for (const auto& [element, role] :
       {std::pair{"responsibleParty", "responsible"}, {"encounterParticipant", "participant"}}) {
    for (const xml::Node& each : encounter.All(element)) {
      record::Performer performer = PerformerOf(context, each, role);
      if (!performer.name.empty() || !performer.organisation.empty()) {
        entry.performers.push_back(std::move(performer));
      }
    }
  }
}

EncounterChange ChangeOf(const xml::Node& encounter, const Interval& time) {
  const std::string_view mood = encounter.value("moodCode");
  if (!mood.empty() && mood != "EVN") return EncounterChange::kPlanned;
  if (time.to) return EncounterChange::kClosed;
  return time.from ? EncounterChange::kOpened : EncounterChange::kUpdated;
}

}  // namespace

void ReadEncounter(Context& context) {
  const xml::Node encounter = context.document()["componentOf"]["encompassingEncounter"];
  if (!encounter) return;
  record::Draft draft;
  draft.source_key = context.key() + "/encounter";
  record::Entry& entry = draft.entry;
  entry.section = record::Section::kContactsWithProfessionals;
  entry.kind = record::Kind::kEncounter;
  entry.what = CodedOf(context, encounter["code"]);
  if (WordsOf(entry.what).empty()) entry.what.text = "Contact";
  record::EncounterClaim claim;
  claim.number = NumberOf(encounter, entry);
  const Interval time = IntervalOf(context, encounter["effectiveTime"]);
  claim.change = ChangeOf(encounter, time);
  if (!entry.what.codings.empty()) claim.patient_class = entry.what.codings.front().code;
  entry.effective = time.from;
  entry.ended = time.to;
  if (claim.change == EncounterChange::kPlanned) {
    claim.expected = time.from;
    entry.section = record::Section::kFutureAppointments;
    entry.intent = record::Intent::kPlanned;
    entry.status = record::ClinicalStatus::kPlanned;
  } else {
    claim.began = time.from;
    claim.ended = time.to;
    if (time.to) entry.status = record::ClinicalStatus::kCompleted;
  }
  entry.group = context.key();
  AddDetail(entry, "outcome", CodedOf(context, encounter["dischargeDispositionCode"]));
  AddDetail(entry, "care setting",
            CodedOf(context, encounter["location"]["healthCareFacility"]["code"]));
  AddPlace(encounter, entry, claim);
  AddPerformers(context, encounter, entry);
  context.Add(std::move(draft));
  context.out().encounter = std::move(claim);
}

}  // namespace milecastle::cda
