#include "wire/view.h"

#include <algorithm>
#include <array>

#include "inside/put.h"
#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

const char* const kManifestStatement =
    "Returned does not mean complete: items may be missing by law or by the person's choice.";

namespace {

constexpr std::size_t kUsualRest = 1024;  // beside what is counted

void Put(Encoder& out, int field, const ManifestLine& line) {
  using Fields = v1::ManifestLine;
  out.Message(field, [&] {
    out.Number(Fields::kStateFieldNumber, NumberOf(line.state));
    if (line.section) out.Number(Fields::kSectionFieldNumber, NumberOf(*line.section));
    out.Text(Fields::kSourceFieldNumber, line.source);
    out.Number(Fields::kCountFieldNumber, line.count);
    out.Text(Fields::kReasonFieldNumber, line.reason);
    Put(out, Fields::kAsOfFieldNumber, line.as_of);
    out.Text(Fields::kTextFieldNumber, line.text);
    out.Number(Fields::kSourceMaskedFieldNumber, NumberOf(line.source_masked));
    out.Number(Fields::kIdentityUntracedFieldNumber, NumberOf(line.untraced));
  });
}

void Put(Encoder& out, int field, const ShownDemographics& shown) {
  using Fields = v1::Demographics;
  out.Message(field, [&] {
    out.Text(Fields::kSourceFieldNumber, shown.source);
    for (const auto& each : shown.names) Put(out, Fields::kNamesFieldNumber, each);
    if (shown.birth_date) out.Text(Fields::kBirthDateFieldNumber, shown.birth_date->ToString());
    out.Text(Fields::kSexFieldNumber, shown.sex);
    for (const auto& each : shown.addresses) Put(out, Fields::kAddressesFieldNumber, each);
    for (const auto& each : shown.telecoms) Put(out, Fields::kTelecomsFieldNumber, each);
    out.Text(Fields::kLanguageFieldNumber, shown.language);
    out.Text(Fields::kEthnicCategoryFieldNumber, shown.ethnic_category);
    out.Text(Fields::kGpPracticeFieldNumber, shown.gp_practice);
    out.Text(Fields::kGpFieldNumber, shown.gp);
    out.Number(Fields::kDeceasedFieldNumber, NumberOf(shown.deceased));
    Put(out, Fields::kDiedFieldNumber, shown.died);
    out.Items(Fields::kMaskedFieldNumber, shown.masked);
    Put(out, Fields::kUpdatedFieldNumber, shown.updated);
    out.Number(Fields::kIdentityUntracedFieldNumber, NumberOf(shown.untraced));
  });
}

void Put(Encoder& out, int field, const ShownHeadline& headline) {
  out.Message(field, [&] {
    out.Number(v1::HeadlineAlert::kKindFieldNumber, NumberOf(headline.kind));
    out.Text(v1::HeadlineAlert::kEntryIdFieldNumber, headline.id);
  });
}

void Put(Encoder& out, int field, const ShownGroup& group) {
  out.Message(field, [&] {
    out.Items(v1::EntryGroup::kEntryIdsFieldNumber, group.ids);
    out.Items(v1::EntryGroup::kConflictsFieldNumber, group.conflicts);
  });
}

void PutManifest(Encoder& out, int field, const std::vector<ManifestLine>& lines) {
  out.Message(field, [&] {
    out.Text(v1::Manifest::kStatementFieldNumber, kManifestStatement);
    for (const auto& each : lines) Put(out, v1::Manifest::kLinesFieldNumber, each);
  });
}

void PutHead(Encoder& out, const ViewHead& head) {
  using Fields = v1::PatientView;
  PutManifest(out, Fields::kManifestFieldNumber, head.manifest);
  for (const auto& each : head.demographics) Put(out, Fields::kDemographicsFieldNumber, each);
  out.Items(Fields::kWarningsFieldNumber, head.warnings);
  out.Items(Fields::kRulesFieldNumber, head.rules);
  for (const auto& each : head.duties) Put(out, Fields::kDutiesFieldNumber, each);
  out.Text(Fields::kPolicyVersionFieldNumber, head.policy_version);
  Put(out, Fields::kConsentsAsOfFieldNumber, head.consents_as_of);
  Put(out, Fields::kLocationAsOfFieldNumber, head.location_as_of);
  for (const auto& each : head.headlines) Put(out, Fields::kHeadlinesFieldNumber, each);
  for (const auto& each : head.groups) Put(out, Fields::kGroupsFieldNumber, each);
}

void PutShown(Encoder& out, const ShownDocument& shown) {
  using Fields = v1::ShownDocument;
  out.Text(Fields::kSourceFieldNumber, shown.source);
  Put(out, Fields::kDocumentFieldNumber, shown.document);
  out.Text(Fields::kSha256FieldNumber, base::AsBytes(shown.digest));
  out.Number(Fields::kFetchedFieldNumber, NumberOf(shown.fetched));
  out.Items(Fields::kWarningsFieldNumber, shown.warnings);
  for (const auto& each : shown.duties) Put(out, Fields::kDutiesFieldNumber, each);
  out.Text(Fields::kRuleFieldNumber, shown.rule);
  out.Number(Fields::kIdentityUntracedFieldNumber, NumberOf(shown.untraced));
}

}  // namespace

std::string EncodeViewHead(const ViewHead& head, std::size_t entries_bytes) {
  constexpr std::size_t kUsualLine = 64;
  base::Room room(head.manifest.size() * kUsualLine + kUsualRest);
  Encoder out(room);
  PutHead(out, head);
  // The view begins with the head, and the entries are its end.
  std::array<char, kMostOfAHead> before{};
  constexpr std::uint32_t kTag = LengthTag(v1::GetPatientViewResponse::kViewFieldNumber);
  const char* const end = WriteHead(before.data(), kTag, room.size() + entries_bytes);
  const auto length = static_cast<std::size_t>(end - before.data());
  room.Widen(0, length);
  std::copy_n(before.data(), length, room.At(0));
  return std::move(room).Take();
}

std::string EncodeRefusalResponse(const std::string& reason, const std::string& advice) {
  base::Room room(kUsualRest);
  Encoder out(room);
  out.Message(v1::GetPatientViewResponse::kRefusalFieldNumber, [&] {
    out.Text(v1::Refusal::kReasonFieldNumber, reason);
    out.Text(v1::Refusal::kAdviceFieldNumber, advice);
  });
  return std::move(room).Take();
}

std::string EncodeDocument(const ShownDocument& shown) {
  static_assert(int{v1::GetDocumentResponse::kRefusalFieldNumber} ==
                int{v1::GetPatientViewResponse::kRefusalFieldNumber});
  static_assert(int{v1::GetDocumentResponse::kReceiptFieldNumber} ==
                int{v1::GetPatientViewResponse::kReceiptFieldNumber});
  base::Room room(shown.document.bytes.size() + kUsualRest);
  Encoder out(room);
  out.Message(v1::GetDocumentResponse::kDocumentFieldNumber, [&] { PutShown(out, shown); });
  return std::move(room).Take();
}

void AppendReceipt(std::string& response, const std::string& origin, std::uint64_t leaf_index,
                   const base::Digest& leaf_hash) {
  base::Room room(origin.size() + leaf_hash.size() + 4 * kMostOfAHead);
  Encoder out(room);
  out.Message(v1::GetPatientViewResponse::kReceiptFieldNumber, [&] {
    out.Text(v1::AuditReceipt::kOriginFieldNumber, origin);
    out.Number(v1::AuditReceipt::kLeafIndexFieldNumber, leaf_index);
    out.Text(v1::AuditReceipt::kLeafHashFieldNumber, base::AsBytes(leaf_hash));
  });
  response += room.written();
}

}  // namespace milecastle::wire
