#include "wire/entry.h"

#include <optional>

#include "inside/parts.h"
#include "inside/put.h"
#include "milecastle/v1/record.pb.h"

namespace milecastle::wire {
namespace {

void Put(Encoder& out, int field, const record::Coding& coding) {
  using Fields = v1::Coding;
  out.Message(field, [&] {
    out.Text(Fields::kSystemFieldNumber, coding.system);
    out.Text(Fields::kCodeFieldNumber, coding.code);
    out.Text(Fields::kDisplayFieldNumber, coding.display);
  });
}

void Put(Encoder& out, int field, const record::Coded& coded) {
  if (coded.text.empty() && coded.codings.empty()) return;
  out.Message(field, [&] {
    out.Text(v1::Coded::kTextFieldNumber, coded.text);
    for (const auto& coding : coded.codings) Put(out, v1::Coded::kCodingsFieldNumber, coding);
  });
}

void Put(Encoder& out, int field, const record::Value& value) {
  using Fields = v1::Value;
  out.Message(field, [&] {
    out.Text(Fields::kOriginalFieldNumber, value.original);
    out.Text(Fields::kNumberFieldNumber, value.number);
    out.Text(Fields::kComparatorFieldNumber, value.comparator);
    out.Text(Fields::kUnitFieldNumber, value.unit);
    out.Text(Fields::kUnitCodeFieldNumber, value.unit_code);
    out.Text(Fields::kReferenceRangeFieldNumber, value.reference_range);
    out.Text(Fields::kInterpretationFieldNumber, value.interpretation);
    Put(out, Fields::kCodedFieldNumber, value.coded);
  });
}

void Put(Encoder& out, int field, const record::Detail& detail) {
  using Fields = v1::Detail;
  out.Message(field, [&] {
    out.Text(Fields::kNameFieldNumber, detail.name);
    out.Text(Fields::kTextFieldNumber, detail.text);
    Put(out, Fields::kCodedFieldNumber, detail.coded);
    Put(out, Fields::kWhenFieldNumber, detail.when);
  });
}

void Put(Encoder& out, int field, const record::Contact& contact) {
  using Fields = v1::Contact;
  out.Message(field, [&] {
    out.Text(Fields::kNameFieldNumber, contact.name);
    out.Text(Fields::kRelationshipFieldNumber, contact.relationship);
    for (const auto& address : contact.addresses) Put(out, Fields::kAddressesFieldNumber, address);
    for (const auto& telecom : contact.telecoms) Put(out, Fields::kTelecomsFieldNumber, telecom);
  });
}

void Put(Encoder& out, int field, const record::Performer& performer) {
  using Fields = v1::Performer;
  out.Message(field, [&] {
    out.Text(Fields::kNameFieldNumber, performer.name);
    out.Text(Fields::kIdentifierFieldNumber, performer.identifier);
    out.Text(Fields::kIdentifierSystemFieldNumber, performer.identifier_system);
    out.Text(Fields::kRoleFieldNumber, performer.role);
    out.Text(Fields::kOrganisationFieldNumber, performer.organisation);
  });
}

void PutKept(Encoder& out, const record::Entry& entry) {
  using Fields = v1::Entry;
  out.Number(Fields::kSectionFieldNumber, NumberOf(entry.section));
  out.Number(Fields::kKindFieldNumber, NumberOf(entry.kind));
  Put(out, Fields::kWhatFieldNumber, entry.what);
  out.Number(Fields::kStatusFieldNumber, NumberOf(entry.status));
  out.Number(Fields::kVerificationFieldNumber, NumberOf(entry.verification));
  out.Number(Fields::kSubjectFieldNumber, NumberOf(entry.subject));
  out.Number(Fields::kIntentFieldNumber, NumberOf(entry.intent));
  out.Number(Fields::kNegatedFieldNumber, NumberOf(entry.negated));
  out.Text(Fields::kStatusOriginalFieldNumber, entry.status_original);
  Put(out, Fields::kEffectiveFieldNumber, entry.effective);
  Put(out, Fields::kEndedFieldNumber, entry.ended);
  Put(out, Fields::kRecordedFieldNumber, entry.recorded);
  if (entry.value) Put(out, Fields::kValueFieldNumber, *entry.value);
  for (const auto& detail : entry.details) Put(out, Fields::kDetailsFieldNumber, detail);
  out.Text(Fields::kSourceListFieldNumber, entry.source_list);
}

void PutMaskable(Encoder& out, const record::Entry& entry) {
  using Fields = v1::Entry;
  for (const auto& address : entry.addresses) Put(out, Fields::kAddressesFieldNumber, address);
  for (const auto& contact : entry.contacts) Put(out, Fields::kContactsFieldNumber, contact);
  out.Text(Fields::kPracticeFieldNumber, entry.practice);
  for (const auto& performer : entry.performers) {
    Put(out, Fields::kPerformersFieldNumber, performer);
  }
  out.Items(Fields::kFreeTextFieldNumber, entry.free_text);
  if (entry.document) Put(out, Fields::kDocumentFieldNumber, *entry.document);
}

record::Value ValueOf(const v1::Value& value) {
  return {.original = value.original(),
          .number = value.number(),
          .comparator = value.comparator(),
          .unit = value.unit(),
          .unit_code = value.unit_code(),
          .reference_range = value.reference_range(),
          .interpretation = value.interpretation(),
          .coded = CodedOf(value.coded())};
}

record::Detail DetailOf(const v1::Detail& detail) {
  return {.name = detail.name(),
          .text = detail.text(),
          .coded = CodedOf(detail.coded()),
          .when = detail.has_when() ? std::optional(WhenOf(detail.when())) : std::nullopt};
}

record::Contact ContactOf(const v1::Contact& contact) {
  record::Contact out{.name = contact.name(),
                      .relationship = contact.relationship(),
                      .addresses = {},
                      .telecoms = {}};
  for (const auto& address : contact.addresses()) out.addresses.push_back(AddressOf(address));
  for (const auto& telecom : contact.telecoms()) out.telecoms.push_back(TelecomOf(telecom));
  return out;
}

void ReadKept(record::Entry& out, const v1::Entry& entry) {
  out.section = static_cast<record::Section>(entry.section());
  out.kind = static_cast<record::Kind>(entry.kind());
  out.what = CodedOf(entry.what());
  out.status = static_cast<record::ClinicalStatus>(entry.status());
  out.verification = static_cast<record::Verification>(entry.verification());
  out.subject = static_cast<record::Subject>(entry.subject());
  out.intent = static_cast<record::Intent>(entry.intent());
  out.negated = entry.negated();
  out.status_original = entry.status_original();
  if (entry.has_effective()) out.effective = WhenOf(entry.effective());
  if (entry.has_ended()) out.ended = WhenOf(entry.ended());
  if (entry.has_recorded()) out.recorded = WhenOf(entry.recorded());
  if (entry.has_value()) out.value = ValueOf(entry.value());
  for (const auto& detail : entry.details()) out.details.push_back(DetailOf(detail));
  out.source_list = entry.source_list();
}

void ReadMaskable(record::Entry& out, const v1::Entry& entry) {
  for (const auto& address : entry.addresses()) out.addresses.push_back(AddressOf(address));
  for (const auto& contact : entry.contacts()) out.contacts.push_back(ContactOf(contact));
  out.practice = entry.practice();
  for (const auto& performer : entry.performers()) out.performers.push_back(PerformerOf(performer));
  out.free_text = {entry.free_text().begin(), entry.free_text().end()};
  if (!entry.has_document()) return;
  out.document = record::Document{.media_type = entry.document().media_type(),
                                  .title = entry.document().title(),
                                  .bytes = entry.document().content(),
                                  .truncated = entry.document().truncated()};
}

}  // namespace

record::Performer PerformerOf(const v1::Performer& performer) {
  return {.name = performer.name(),
          .identifier = performer.identifier(),
          .identifier_system = performer.identifier_system(),
          .role = performer.role(),
          .organisation = performer.organisation()};
}

record::Entry EntryOf(const v1::Entry& entry) {
  record::Entry out;
  ReadKept(out, entry);
  ReadMaskable(out, entry);
  return out;
}

std::string EncodeEntry(const record::Entry& entry) {
  constexpr std::size_t kUsual = 1024;
  constexpr std::size_t kKept = 64U << 10U;
  thread_local base::Room room(kUsual);  // keeps a usual entry's memory for the next
  room.Clear();                          // of an entry that could not be written to its end
  Encoder encoder(room);
  PutKept(encoder, entry);
  PutMaskable(encoder, entry);
  std::string bytes(room.written());
  if (bytes.size() > kKept) room = base::Room(kUsual);
  return bytes;
}

std::vector<record::Link> LinksOf(const record::Entry& entry) {
  std::vector<record::Link> links;
  if (!entry.group.empty()) links.push_back({.relation = "part of", .key = entry.group});
  links.insert(links.end(), entry.links.begin(), entry.links.end());
  return links;
}

base::Result<record::Entry> DecodeEntry(std::string_view bytes) {
  v1::Entry message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::Error{base::ErrorId::kStoreCorrupt, "entry",
                       "the stored bytes are no entry; run `audit fsck`"};
  }
  return EntryOf(message);
}

}  // namespace milecastle::wire
