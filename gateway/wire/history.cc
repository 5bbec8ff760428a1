#include "wire/history.h"

#include <google/protobuf/io/coded_stream.h>

#include <array>

#include "inside/parts.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

const char* const kHistoryStatement =
    "These are the versions that this gateway took, as far as you may see them: what the source "
    "never sent, what was refused, and what a live source answered is not among them.";

namespace {

void AppendPart(std::string& out, int field, std::string_view bytes) {
  using google::protobuf::io::CodedOutputStream;
  std::array<std::uint8_t, 10> head{};
  const auto tag = (static_cast<std::uint32_t>(field) << 3U) | 2U;
  std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(tag, head.data());
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(bytes.size()), end);
  out.append(reinterpret_cast<const char*>(head.data()),
             static_cast<std::size_t>(end - head.data()));
  out.append(bytes);
}

std::string EncodeVersion(const ShownVersion& shown, std::string_view entry) {
  v1::EntryVersion version;
  version.set_state(static_cast<v1::VersionState>(shown.state));
  Fill(*version.mutable_came(), shown.came);
  if (shown.ended) Fill(*version.mutable_ended(), *shown.ended);
  version.set_message_id(std::string(shown.message));
  version.set_taken_over_by(std::string(shown.taken_over_by));
  std::string bytes = Serialise(version);
  const bool is_current = shown.state == VersionState::kCurrent;
  AppendPart(
      bytes,
      is_current ? v1::EntryVersion::kEntryFieldNumber : v1::EntryVersion::kNotCurrentFieldNumber,
      entry);
  return bytes;
}

v1::EntryHistory WithoutVersions(const HistoryHead& head) {
  v1::EntryHistory history;
  history.set_statement(kHistoryStatement);
  for (const WithheldVersions& withheld : head.withheld) {
    auto& added = *history.add_withheld();
    added.set_count(withheld.count);
    added.set_reason(withheld.reason);
  }
  history.set_truncated(head.truncated);
  for (const std::string& warning : head.warnings) history.add_warnings(warning);
  for (const ShownDuty& duty : head.duties) {
    auto& added = *history.add_duties();
    added.set_kind(duty.kind);
    added.set_organisation(duty.organisation);
    if (duty.due) Fill(*added.mutable_due(), *duty.due);
  }
  history.set_policy_version(head.policy_version);
  return history;
}

}  // namespace

std::string_view KeyOf(VersionState state) {
  constexpr std::array<std::string_view, 8> kKeys = {"current",          "superseded", "corrected",
                                                     "entered_in_error", "refuted",    "withdrawn",
                                                     "no_longer_sent",   "came_late"};
  return kKeys.at(static_cast<std::size_t>(state) - 1);
}

std::string EncodeHistory(const HistoryHead& head, std::span<const std::string> entries) {
  std::string history = Serialise(WithoutVersions(head));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    AppendPart(history, v1::EntryHistory::kVersionsFieldNumber,
               EncodeVersion(head.versions.at(i), entries[i]));
  }
  std::string response;
  AppendPart(response, v1::GetEntryHistoryResponse::kHistoryFieldNumber, history);
  return response;
}

}  // namespace milecastle::wire
