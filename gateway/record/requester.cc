#include "record/requester.h"

#include <algorithm>
#include <array>
#include <utility>

namespace milecastle::record {
namespace {

constexpr std::array<std::pair<Purpose, std::string_view>, 14> kPurposes = {{
    {Purpose::kDirectCare, "direct-care"},
    {Purpose::kEmergency, "emergency"},
    {Purpose::kReferral, "referral"},
    {Purpose::kMeeting, "meeting"},
    {Purpose::kSafeguarding, "safeguarding"},
    {Purpose::kPatientAccess, "patient-access"},
    {Purpose::kAudit, "audit"},
    {Purpose::kPlanning, "planning"},
    {Purpose::kResearch, "research"},
    {Purpose::kMedicalExaminer, "medical-examiner"},
    {Purpose::kCourtOrder, "court-order"},
    {Purpose::kPolice, "police"},
    {Purpose::kAdvocate, "advocate"},
    {Purpose::kSafetyInvestigation, "safety-investigation"},
}};

}  // namespace

std::string_view KeyOf(Purpose purpose) {
  return kPurposes.at(static_cast<std::size_t>(purpose) - 1).second;
}

std::optional<Purpose> PurposeOf(std::string_view key) {
  const auto* const line =
      std::find_if(kPurposes.begin(), kPurposes.end(),
                   [key](const auto& purpose) { return purpose.second == key; });
  if (line == kPurposes.end()) return std::nullopt;
  return line->first;
}

}  // namespace milecastle::record
