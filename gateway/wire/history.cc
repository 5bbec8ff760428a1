#include "wire/history.h"

#include <array>

#include "inside/put.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

const char* const kHistoryStatement =
    "These are the versions that this gateway took, as far as you may see them: what the source "
    "never sent, what was refused, and what a live source answered is not among them.";

namespace {

void PutVersion(Encoder& out, const ShownVersion& shown, std::string_view entry) {
  using Fields = v1::EntryVersion;
  out.Number(Fields::kStateFieldNumber, NumberOf(shown.state));
  Put(out, Fields::kCameFieldNumber, shown.came);
  Put(out, Fields::kEndedFieldNumber, shown.ended);
  out.Text(Fields::kMessageIdFieldNumber, shown.message);
  out.Text(Fields::kTakenOverByFieldNumber, shown.taken_over_by);
  const bool is_current = shown.state == VersionState::kCurrent;
  out.Item(is_current ? Fields::kEntryFieldNumber : Fields::kNotCurrentFieldNumber, entry);
}

void Put(Encoder& out, int field, const WithheldVersions& withheld) {
  out.Message(field, [&] {
    out.Number(v1::WithheldVersions::kCountFieldNumber, withheld.count);
    out.Text(v1::WithheldVersions::kReasonFieldNumber, withheld.reason);
  });
}

void PutHead(Encoder& out, const HistoryHead& head) {
  using Fields = v1::EntryHistory;
  out.Text(Fields::kStatementFieldNumber, kHistoryStatement);
  for (const auto& each : head.withheld) Put(out, Fields::kWithheldFieldNumber, each);
  out.Number(Fields::kTruncatedFieldNumber, NumberOf(head.truncated));
  out.Items(Fields::kWarningsFieldNumber, head.warnings);
  for (const auto& each : head.duties) Put(out, Fields::kDutiesFieldNumber, each);
  out.Text(Fields::kPolicyVersionFieldNumber, head.policy_version);
}

}  // namespace

std::string_view KeyOf(VersionState state) {
  constexpr std::array<std::string_view, 8> kKeys = {"current",          "superseded", "corrected",
                                                     "entered_in_error", "refuted",    "withdrawn",
                                                     "no_longer_sent",   "came_late"};
  return kKeys.at(static_cast<std::size_t>(state) - 1);
}

std::string EncodeHistory(const HistoryHead& head, std::span<const std::string> entries) {
  constexpr std::size_t kUsually = 4096;
  base::Room room(kUsually);
  Encoder out(room);
  out.Message(v1::GetEntryHistoryResponse::kHistoryFieldNumber, [&] {
    PutHead(out, head);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      out.Message(v1::EntryHistory::kVersionsFieldNumber,
                  [&] { PutVersion(out, head.versions.at(i), entries[i]); });
    }
  });
  return std::move(room).Take();
}

}  // namespace milecastle::wire
