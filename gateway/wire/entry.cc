#include "wire/entry.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "inside/parts.h"
#include "milecastle/v1/record.pb.h"

namespace milecastle::wire {
namespace {

using wire::Fill;

void Fill(v1::Value& out, const record::Value& value) {
  out.set_original(value.original);
  out.set_number(value.number);
  out.set_comparator(value.comparator);
  out.set_unit(value.unit);
  out.set_unit_code(value.unit_code);
  out.set_reference_range(value.reference_range);
  out.set_interpretation(value.interpretation);
  if (value.coded != record::Coded{}) Fill(*out.mutable_coded(), value.coded);
}

void Fill(v1::Detail& out, const record::Detail& detail) {
  out.set_name(detail.name);
  out.set_text(detail.text);
  if (detail.coded != record::Coded{}) Fill(*out.mutable_coded(), detail.coded);
  if (detail.when) Fill(*out.mutable_when(), *detail.when);
}

void Fill(v1::Contact& out, const record::Contact& contact) {
  out.set_name(contact.name);
  out.set_relationship(contact.relationship);
  for (const auto& address : contact.addresses) Fill(*out.add_addresses(), address);
  for (const auto& telecom : contact.telecoms) Fill(*out.add_telecoms(), telecom);
}

void Fill(v1::Performer& out, const record::Performer& performer) {
  out.set_name(performer.name);
  out.set_identifier(performer.identifier);
  out.set_identifier_system(performer.identifier_system);
  out.set_role(performer.role);
  out.set_organisation(performer.organisation);
}

void FillKept(v1::Entry& out, const record::Entry& entry) {
  out.set_section(static_cast<v1::Section>(entry.section));
  out.set_kind(static_cast<v1::EntryKind>(entry.kind));
  if (entry.what != record::Coded{}) Fill(*out.mutable_what(), entry.what);
  out.set_status(static_cast<v1::ClinicalStatus>(entry.status));
  out.set_verification(static_cast<v1::Verification>(entry.verification));
  out.set_subject(static_cast<v1::EntrySubject>(entry.subject));
  out.set_intent(static_cast<v1::Intent>(entry.intent));
  out.set_negated(entry.negated);
  out.set_status_original(entry.status_original);
  if (entry.effective) Fill(*out.mutable_effective(), *entry.effective);
  if (entry.ended) Fill(*out.mutable_ended(), *entry.ended);
  if (entry.recorded) Fill(*out.mutable_recorded(), *entry.recorded);
  if (entry.value) Fill(*out.mutable_value(), *entry.value);
  for (const auto& detail : entry.details) Fill(*out.add_details(), detail);
  out.set_source_list(entry.source_list);
}

void FillMaskable(v1::Entry& out, const record::Entry& entry) {
  for (const auto& address : entry.addresses) Fill(*out.add_addresses(), address);
  for (const auto& contact : entry.contacts) Fill(*out.add_contacts(), contact);
  out.set_practice(entry.practice);
  for (const auto& performer : entry.performers) Fill(*out.add_performers(), performer);
  for (const auto& text : entry.free_text) out.add_free_text(text);
  if (!entry.document) return;
  out.mutable_document()->set_media_type(entry.document->media_type);
  out.mutable_document()->set_title(entry.document->title);
  out.mutable_document()->set_content(entry.document->bytes);
  out.mutable_document()->set_truncated(entry.document->truncated);
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
  // Its parts keep their memory for the next entry: making them anew costs as much as filling them.
  // A document's bytes are not kept.
  thread_local v1::Entry message;
  message.Clear();
  FillKept(message, entry);
  FillMaskable(message, entry);
  std::string bytes = Serialise(message);
  if (entry.document) v1::Entry().Swap(&message);
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
