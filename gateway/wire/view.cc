#include "wire/view.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>

#include <array>

#include "inside/parts.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

const char* const kManifestStatement =
    "Returned does not mean complete: items may be missing by law or by the person's choice.";

namespace {

using wire::Fill;

void Fill(v1::ManifestLine& out, const ManifestLine& line) {
  out.set_state(static_cast<v1::ManifestState>(line.state));
  if (line.section) out.set_section(static_cast<v1::Section>(*line.section));
  out.set_source(line.source);
  out.set_source_masked(line.source_masked);
  out.set_count(line.count);
  out.set_reason(line.reason);
  if (line.as_of) Fill(*out.mutable_as_of(), *line.as_of);
  out.set_text(line.text);
  out.set_identity_untraced(line.untraced);
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

// Some hundred small parts, given back at once with the arena.
const v1::PatientView& MakeHead(const ViewHead& head, google::protobuf::Arena& arena) {
  auto& view = *google::protobuf::Arena::CreateMessage<v1::PatientView>(&arena);
  view.mutable_manifest()->set_statement(kManifestStatement);
  for (const auto& line : head.manifest) Fill(*view.mutable_manifest()->add_lines(), line);
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
  using google::protobuf::io::CodedOutputStream;
  google::protobuf::Arena arena;
  const v1::PatientView& view = MakeHead(head, arena);
  const std::size_t head_bytes = view.ByteSizeLong();
  std::array<std::uint8_t, 8> prefix{};
  constexpr std::uint32_t kViewTag = (v1::GetPatientViewResponse::kViewFieldNumber << 3) | 2;
  auto* end = CodedOutputStream::WriteVarint32ToArray(kViewTag, prefix.data());
  end = CodedOutputStream::WriteVarint32ToArray(
      static_cast<std::uint32_t>(head_bytes + entries_bytes), end);
  std::string response;
  response.reserve(prefix.size() + head_bytes);
  response.append(reinterpret_cast<const char*>(prefix.data()),
                  static_cast<std::size_t>(end - prefix.data()));
  const std::size_t head_at = response.size();
  response.resize(head_at + head_bytes);
  view.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(&response[head_at]));
  return response;
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
