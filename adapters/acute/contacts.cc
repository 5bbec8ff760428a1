// NK1: next of kin and other associated people (HL7 v2.8.2 section 3.4.5).
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

// The person (NK1-2), else the contact person of an organisation (NK1-30), else the organisation
// (NK1-13).
std::string NameIn(Reader& reader, const hl7v2::Segment& nk1) {
  std::string found;
  for (const std::size_t field : {2U, 30U}) {
    for (std::size_t i = 0; i < nk1.field(field).size(); ++i) {
      std::string name = Written(reader.Name(nk1.field(field).repetition(i)));
      if (found.empty()) found = std::move(name);
    }
  }
  std::string organisation = reader.Text(nk1, 13);
  return found.empty() ? organisation : found;
}

void ReadContact(Reader& reader, const hl7v2::Segment& nk1) {
  record::Contact contact;
  contact.name = NameIn(reader, nk1);
  const record::Coded relationship = reader.Code(nk1, 3);
  contact.relationship = TextOf(relationship);
  contact.addresses = reader.Addresses(nk1, 4);
  contact.telecoms = reader.Telecoms(nk1, 5, "home");
  for (auto& telecom : reader.Telecoms(nk1, 6, "work"))
    contact.telecoms.push_back(std::move(telecom));
  if (contact.name.empty() && contact.telecoms.empty() && contact.addresses.empty()) return;

  record::Draft draft{.source_key = reader.Key("contact", {contact.name, contact.relationship})};
  record::Entry& entry = draft.entry;
  entry.section = record::Section::kPersonalContacts;
  entry.kind = record::Kind::kContact;
  entry.what = relationship;
  entry.subject = record::Subject::kOther;
  reader.Detail(entry, "contact role", nk1, 7);
  entry.effective = reader.Time(nk1, 8);
  entry.ended = reader.Time(nk1, 9);
  entry.contacts.push_back(std::move(contact));
  reader.out().drafts.push_back(std::move(draft));
}

}  // namespace

void ReadContacts(Reader& reader) {
  const auto all = reader.all("NK1");
  if (all.empty()) return;
  // NK1 segments of patient administration replace those of earlier messages (snapshot mode,
  // section 2.10.4). Another system of the same organisation knows fewer: it adds.
  if (reader.segment("MSH").field(9).component(1).text() == "ADT") {
    reader.out().snapshot_of.push_back(record::Section::kPersonalContacts);
  }
  for (const auto& nk1 : all) {
    reader.Take(nk1.field(1));
    ReadContact(reader, nk1);
  }
}

}  // namespace milecastle::acute
