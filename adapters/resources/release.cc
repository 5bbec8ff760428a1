#include "resources/release.h"

#include <algorithm>
#include <array>

namespace milecastle::resources {
namespace {

using record::ClinicalStatus;
using record::Verification;

constexpr auto kStatuses = std::to_array<StatusWord>({
    {"active", ClinicalStatus::kActive},      {"recurrence", ClinicalStatus::kActive},
    {"in-progress", ClinicalStatus::kActive}, {"arrived", ClinicalStatus::kActive},
    {"triaged", ClinicalStatus::kActive},     {"onleave", ClinicalStatus::kActive},
    {"current", ClinicalStatus::kActive},     {"inactive", ClinicalStatus::kInactive},
    {"remission", ClinicalStatus::kInactive}, {"superseded", ClinicalStatus::kInactive},
    {"resolved", ClinicalStatus::kResolved},  {"completed", ClinicalStatus::kCompleted},
    {"finished", ClinicalStatus::kCompleted}, {"final", ClinicalStatus::kCompleted},
    {"amended", ClinicalStatus::kCompleted},  {"corrected", ClinicalStatus::kCompleted},
    {"appended", ClinicalStatus::kCompleted}, {"stopped", ClinicalStatus::kStopped},
    {"on-hold", ClinicalStatus::kOnHold},     {"suspended", ClinicalStatus::kOnHold},
    {"planned", ClinicalStatus::kPlanned},    {"intended", ClinicalStatus::kPlanned},
    {"draft", ClinicalStatus::kPlanned},      {"cancelled", ClinicalStatus::kCancelled},
    {"rejected", ClinicalStatus::kCancelled}, {"failed", ClinicalStatus::kCancelled},
    {"aborted", ClinicalStatus::kCancelled},
});

constexpr auto kVerifications = std::to_array<VerificationWord>({
    {"confirmed", Verification::kConfirmed},
    {"provisional", Verification::kSuspected},
    {"differential", Verification::kSuspected},
    {"refuted", Verification::kRefuted},
    {"entered-in-error", Verification::kEnteredInError},
});

template <class Line>
const Line* Find(std::span<const Line> own, std::span<const Line> shared, std::string_view word) {
  for (const auto lines : {own, shared}) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const Line& line) { return line.word == word; });
    if (found != lines.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

const StatusWord* FindStatus(const Release& release, std::string_view word) {
  return Find<StatusWord>(release.statuses, kStatuses, word);
}

const VerificationWord* FindVerification(const Release& release, std::string_view word) {
  return Find<VerificationWord>(release.verifications, kVerifications, word);
}

}  // namespace milecastle::resources
