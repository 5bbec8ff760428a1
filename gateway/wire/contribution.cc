#include "wire/contribution.h"

#include <utility>

#include "inside/claims.h"
#include "inside/faults.h"
#include "inside/parts.h"
#include "inside/strict.h"
#include "milecastle/v1/contribution.pb.h"

namespace milecastle::wire {
namespace {

bool Parse(std::string_view bytes, google::protobuf::MessageLite& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

record::Version VersionOf(const v1::SourceVersion& version) {
  record::Version out{.number = version.number(), .made = {}, .sent = {}};
  if (version.has_made()) out.made = record::Span::Of(WhenOf(version.made()));
  return out;
}

record::Draft DraftOf(const v1::Draft& draft) {
  record::Draft out{.source_key = draft.source_key(),
                    .entry = EntryOf(draft.entry()),
                    .source_labels = {draft.source_labels().begin(), draft.source_labels().end()}};
  out.entry.group = draft.group();
  out.version = VersionOf(draft.version());
  for (const auto& link : draft.links()) {
    out.entry.links.push_back({.relation = link.relation(), .key = link.source_key()});
  }
  return out;
}

record::SectionStatement StatementOf(const v1::SectionStatement& statement) {
  record::SectionStatement out{.section = static_cast<record::Section>(statement.section()),
                               .saying = static_cast<record::SectionSaying>(statement.saying()),
                               .when = WhenIn(statement.has_when(), statement.when()),
                               .by = {},
                               .text = statement.text()};
  for (const auto& performer : statement.by()) out.by.push_back(PerformerOf(performer));
  return out;
}

void ReadEntries(record::Contribution& out, const v1::PatientContribution& from) {
  for (const auto& draft : from.drafts()) out.drafts.push_back(DraftOf(draft));
  out.withdrawn_keys = {from.withdrawn_keys().begin(), from.withdrawn_keys().end()};
  out.replaced_documents = {from.whole_documents().begin(), from.whole_documents().end()};
  // Of the whole it is the time at which it was put together: what it gives whole has no other.
  out.version = VersionOf(from.version());
  out.version.sent = out.version.made;
  for (const int section : from.snapshot_of()) {
    out.snapshot_of.push_back(static_cast<record::Section>(section));
  }
  for (const auto& statement : from.statements()) out.statements.push_back(StatementOf(statement));
}

// Checked, and with every time in full.
record::Contribution ContributionOf(const v1::PatientContribution& from) {
  record::Contribution out;
  out.patient = PatientClaimOf(from.patient());
  ReadEntries(out, from);
  ReadClaims(out, from);
  for (const auto& left : from.not_carried()) out.not_carried.push_back({left.place(), left.why()});
  return out;
}

base::Result<record::Contribution> ReadPatient(v1::PatientContribution& patient, int index) {
  const Place message;
  const Place place{&message, "patients", index};
  if (auto fault = FaultOfPatient(patient, place)) return *fault;
  return ContributionOf(patient);
}

// A message that is refused says who sent it, where its header alone is what it should be.
void ReadHeader(std::string_view bytes, Contributions& out) {
  const auto part = FirstPart(bytes, v1::Contribution::kHeaderFieldNumber);
  v1::ContributionHeader header;
  if (!part || FaultIn(*v1::ContributionHeader::descriptor(), *part) || !Parse(*part, header)) {
    return;
  }
  const Place whole;
  const auto fault = CompleteTimes(header, {&whole, "header"});
  if (!out.refused) out.refused = fault;
  if (fault) header.clear_sent();
  out.header = {header.control_id(), header.event(), header.sender(),
                WhenIn(header.has_sent(), header.sent())};
}

}  // namespace

Contributions ReadContributions(std::string_view bytes) {
  Contributions out;
  out.refused = FaultIn(*v1::Contribution::descriptor(), bytes);
  ReadHeader(bytes, out);
  if (out.refused) return out;
  v1::Contribution message;
  if (!Parse(bytes, message)) {
    out.refused = {base::ErrorId::kMessageUnparseable, "message",
                   "it is no milecastle.v1.Contribution"};
    return out;
  }
  for (int i = 0; i < message.patients_size(); ++i) {
    out.patients.push_back(ReadPatient(*message.mutable_patients(i), i));
  }
  return out;
}

}  // namespace milecastle::wire
