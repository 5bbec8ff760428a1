#include "record/belief.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace milecastle::record {
namespace {

using std::chrono::hours;

// Headings under which nobody looks for whose it is. Others (safeguarding) stay: policy decides by
// them.
constexpr auto kOfThePatient = std::to_array<Section>(
    {Section::kProblems, Section::kAllergies, Section::kMedications, Section::kProcedures,
     Section::kVaccinations, Section::kInvestigationResults});

bool TellsOfAnEnd(const Detail& detail) {
  const std::string_view name = detail.name;
  const bool is_end = name.starts_with("abatement") || name.starts_with("allergy ended") ||
                      name == "reason ended" || name.ends_with("end date");
  return is_end && detail.text != "false";
}

// An upper bound of the period that a moment stated so names.
std::chrono::nanoseconds LengthOf(Precision precision) {
  switch (precision) {
    case Precision::kYear:
      return hours(24 * 366);
    case Precision::kMonth:
      return hours(24 * 31);
    case Precision::kDay:
      return hours(24);
    default:
      return {};
  }
}

}  // namespace

bool SaysEnded(const Entry& entry) {
  return entry.ended || std::any_of(entry.details.begin(), entry.details.end(), TellsOfAnEnd);
}

void Settle(Entry& entry) {
  if (entry.status != ClinicalStatus::kActive) return;
  const bool not_so = entry.verification == Verification::kRefuted ||
                      entry.verification == Verification::kEnteredInError;
  if (not_so || SaysEnded(entry)) entry.status = ClinicalStatus::kUnstated;
}

bool IsStandingFact(Kind kind) {
  return kind == Kind::kAllergy || kind == Kind::kProblem || kind == Kind::kAlert;
}

bool HadEndedBy(const Entry& entry, base::Instant moment) {
  return entry.ended && entry.ended->at + LengthOf(entry.ended->precision) <= moment;
}

void SettleCourse(Entry& entry, base::Instant received) {
  const bool is_course = entry.kind == Kind::kMedication || entry.kind == Kind::kMedicationIssue ||
                         entry.kind == Kind::kStatement;
  if (!is_course || entry.status != ClinicalStatus::kActive) return;
  if (HadEndedBy(entry, received)) entry.status = ClinicalStatus::kUnstated;
}

void GiveToOther(Subject subject, Entry& entry) {
  if (subject == Subject::kPatient || entry.kind == Kind::kContact) return;
  if (entry.subject == Subject::kPatient) entry.subject = subject;
  if (IsStandingFact(entry.kind)) entry.kind = Kind::kStatement;
  const bool is_read_as_theirs =
      std::find(kOfThePatient.begin(), kOfThePatient.end(), entry.section) != kOfThePatient.end();
  if (is_read_as_theirs) entry.section = Section::kFamilyHistory;
}

}  // namespace milecastle::record
