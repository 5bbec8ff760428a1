#include "resources/release.h"

#include <algorithm>
#include <array>

namespace milecastle::resources {
namespace {

using record::ClinicalStatus;
using record::Verification;

constexpr auto kStatuses = std::to_array<StatusWord>({
    {"active", ClinicalStatus::kActive},
    {"recurrence", ClinicalStatus::kActive},
    {"in-progress", ClinicalStatus::kActive},
    {"arrived", ClinicalStatus::kActive},
    {"triaged", ClinicalStatus::kActive},
    {"onleave", ClinicalStatus::kActive},
    {"current", ClinicalStatus::kActive},
    {"inactive", ClinicalStatus::kInactive},
    {"remission", ClinicalStatus::kInactive},
    {"superseded", ClinicalStatus::kInactive},
    {"resolved", ClinicalStatus::kResolved},
    {"completed", ClinicalStatus::kCompleted},
    {"finished", ClinicalStatus::kCompleted},
    {"final", ClinicalStatus::kCompleted},
    {"amended", ClinicalStatus::kCompleted},
    {"corrected", ClinicalStatus::kCompleted},
    {"appended", ClinicalStatus::kCompleted},
    {"stopped", ClinicalStatus::kStopped},
    {"on-hold", ClinicalStatus::kOnHold},
    {"suspended", ClinicalStatus::kOnHold},
    {"planned", ClinicalStatus::kPlanned},
    {"intended", ClinicalStatus::kPlanned},
    {"draft", ClinicalStatus::kPlanned},
    {"cancelled", ClinicalStatus::kCancelled},
    {"rejected", ClinicalStatus::kCancelled},
    {"failed", ClinicalStatus::kCancelled},
    {"aborted", ClinicalStatus::kCancelled},
    // SNOMED CT, where a source sends it beside or in place of HL7's words.
    {"55561003", ClinicalStatus::kActive},
    {"73425007", ClinicalStatus::kInactive},
    {"413322009", ClinicalStatus::kResolved},
});

constexpr auto kVerifications = std::to_array<VerificationWord>({
    {"confirmed", Verification::kConfirmed},
    {"provisional", Verification::kSuspected},
    {"differential", Verification::kSuspected},
    {"refuted", Verification::kRefuted},
    {"entered-in-error", Verification::kEnteredInError},
    // SNOMED CT's finding contexts.
    {"410605003", Verification::kConfirmed},
    {"415684004", Verification::kSuspected},
    {"410590009", Verification::kSuspected},
    {"410592001", Verification::kSuspected},
    {"410516002", Verification::kRefuted},
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
