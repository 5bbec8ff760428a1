#include "wire/view.h"

#include <google/protobuf/arena.h>

#include <array>

#include "inside/fields.h"
#include "inside/parts.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

const char* const kManifestStatement =
    "Returned does not mean complete: items may be missing by law or by the person's choice.";

namespace {

using wire::Fill;

std::string EncodeTime(base::Instant instant) {
  google::protobuf::Timestamp stamp;
  Fill(stamp, instant);
  return Serialise(stamp);
}

void PutLine(base::Room& out, const ManifestLine& line) {
  using Line = v1::ManifestLine;
  PutNumber(out, Line::kStateFieldNumber, static_cast<std::uint64_t>(line.state));
  if (line.section) {
    PutNumber(out, Line::kSectionFieldNumber, static_cast<std::uint64_t>(*line.section));
  }
  PutText(out, Line::kSourceFieldNumber, line.source);
  PutNumber(out, Line::kCountFieldNumber, line.count);
  PutText(out, Line::kReasonFieldNumber, line.reason);
  if (line.as_of) PutBytes(out, Line::kAsOfFieldNumber, EncodeTime(*line.as_of));
  PutText(out, Line::kTextFieldNumber, line.text);
  PutNumber(out, Line::kSourceMaskedFieldNumber, line.source_masked ? 1 : 0);
  PutNumber(out, Line::kIdentityUntracedFieldNumber, line.untraced ? 1 : 0);
}

// The greater part of most heads, so written by hand.
std::string EncodeManifest(const std::vector<ManifestLine>& lines) {
  constexpr std::size_t kMostlyALine = 64;
  base::Room out((lines.size() + 2) * kMostlyALine);
  PutText(out, v1::Manifest::kStatementFieldNumber, kManifestStatement);
  base::Room line(kMostlyALine);
  for (const ManifestLine& each : lines) {
    line.Clear();
    PutLine(line, each);
    PutBytes(out, v1::Manifest::kLinesFieldNumber, line.written());
  }
  return std::move(out).Take();
}

void Fill(v1::Demographics& out, const ShownDemographics& shown) {
  out.set_source(shown.source);
  for (const auto& name : shown.names) Fill(*out.add_names(), name);
  if (shown.birth_date) out.set_birth_date(shown.birth_date->ToString());
  out.set_sex(shown.sex);
  for (const auto& address : shown.addresses) Fill(*out.add_addresses(), address);
  for (const auto& telecom : shown.telecoms) Fill(*out.add_telecoms(), telecom);
  out.set_language(shown.language);
  out.set_ethnic_category(shown.ethnic_category);
  out.set_gp_practice(shown.gp_practice);
  out.set_gp(shown.gp);
  out.set_deceased(shown.deceased);
  if (shown.died) Fill(*out.mutable_died(), *shown.died);
  for (const auto& name : shown.masked) out.add_masked(name);
  Fill(*out.mutable_updated(), shown.updated);
  out.set_identity_untraced(shown.untraced);
}

void Fill(v1::Duty& out, const ShownDuty& duty) {
  out.set_kind(duty.kind);
  out.set_organisation(duty.organisation);
  if (duty.due) Fill(*out.mutable_due(), *duty.due);
}

// All but the manifest: many small parts, given back at once with the arena.
const v1::PatientView& MakeHead(const ViewHead& head, google::protobuf::Arena& arena) {
  auto& view = *google::protobuf::Arena::CreateMessage<v1::PatientView>(&arena);
  for (const auto& shown : head.demographics) Fill(*view.add_demographics(), shown);
  for (const auto& warning : head.warnings) view.add_warnings(warning);
  for (const auto& rule : head.rules) view.add_rules(rule);
  for (const auto& duty : head.duties) Fill(*view.add_duties(), duty);
  view.set_policy_version(head.policy_version);
  if (head.consents_as_of) Fill(*view.mutable_consents_as_of(), *head.consents_as_of);
  if (head.location_as_of) Fill(*view.mutable_location_as_of(), *head.location_as_of);
  for (const auto& headline : head.headlines) {
    auto& added = *view.add_headlines();
    added.set_kind(static_cast<v1::Headline>(headline.kind));
    added.set_entry_id(std::string(headline.id));
  }
  for (const auto& group : head.groups) {
    auto& added = *view.add_groups();
    for (const auto& id : group.ids) added.add_entry_ids(std::string(id));
    for (const auto& conflict : group.conflicts) added.add_conflicts(conflict);
  }
  return view;
}

}  // namespace

std::string EncodeViewHead(const ViewHead& head, std::size_t entries_bytes) {
  google::protobuf::Arena arena;
  const v1::PatientView& view = MakeHead(head, arena);
  const std::string manifest = EncodeManifest(head.manifest);
  constexpr std::uint32_t kManifestTag = LengthTag(v1::PatientView::kManifestFieldNumber);
  std::array<char, kMostOfAHead> of_manifest{};
  const std::string_view manifest_head(
      of_manifest.data(), WriteHead(of_manifest.data(), kManifestTag, manifest.size()));
  const std::size_t rest = view.ByteSizeLong();
  const std::size_t head_bytes = manifest_head.size() + manifest.size() + rest;

  base::Room response(kMostOfAHead + head_bytes);
  constexpr std::uint32_t kViewTag = LengthTag(v1::GetPatientViewResponse::kViewFieldNumber);
  response.End(WriteHead(response.For(kMostOfAHead), kViewTag, head_bytes + entries_bytes));
  response.Put(manifest_head);
  response.Put(manifest);
  char* const at = response.For(rest);
  view.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(at));
  response.End(at + rest);
  return std::move(response).Take();
}

std::string EncodeRefusalResponse(const std::string& reason, const std::string& advice) {
  v1::GetPatientViewResponse response;
  response.mutable_refusal()->set_reason(reason);
  response.mutable_refusal()->set_advice(advice);
  return Serialise(response);
}

std::string EncodeDocument(const ShownDocument& shown) {
  static_assert(int{v1::GetDocumentResponse::kRefusalFieldNumber} ==
                int{v1::GetPatientViewResponse::kRefusalFieldNumber});
  static_assert(int{v1::GetDocumentResponse::kReceiptFieldNumber} ==
                int{v1::GetPatientViewResponse::kReceiptFieldNumber});
  v1::GetDocumentResponse response;
  v1::ShownDocument& out = *response.mutable_document();
  out.set_source(shown.source);
  out.mutable_document()->set_media_type(shown.document.media_type);
  out.mutable_document()->set_title(shown.document.title);
  out.mutable_document()->set_content(shown.document.bytes);
  out.mutable_document()->set_truncated(shown.document.truncated);
  out.set_sha256(std::string(base::AsBytes(shown.digest)));
  out.set_fetched(shown.fetched);
  for (const auto& warning : shown.warnings) out.add_warnings(warning);
  for (const auto& duty : shown.duties) Fill(*out.add_duties(), duty);
  out.set_rule(std::string(shown.rule));
  out.set_identity_untraced(shown.untraced);
  return Serialise(response);
}

void AppendReceipt(std::string& response, const std::string& origin, std::uint64_t leaf_index,
                   const base::Digest& leaf_hash) {
  v1::GetPatientViewResponse tail;
  tail.mutable_receipt()->set_origin(origin);
  tail.mutable_receipt()->set_leaf_index(leaf_index);
  tail.mutable_receipt()->set_leaf_hash(std::string(base::AsBytes(leaf_hash)));
  response += Serialise(tail);
}

}  // namespace milecastle::wire
