#include "inside/columns.h"

#include <algorithm>
#include <array>

#include "port/mapping.h"

namespace milecastle::third_sector {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Kind;
using record::Section;
using record::Verification;

constexpr auto kFields = std::to_array<std::string_view>({
    // Who sends it, and whose row it is: identifier, names and birth date in every row
    "Organisation",
    "NHS number",
    "NHS number traced",
    "Local id",
    "Title",
    "Family name",
    "Given names",
    "Date of birth",
    // The person, where it is known
    "Gender",
    "Address",
    "Postcode",
    "Phone",
    "Email",
    "Language",
    "Ethnicity",
    "Date of death",
    "GP practice",
    "GP",
    "Address confidential",
    // What the row is about
    "Record type",
    "Reference",
    "Date",
    "Time",
    "End date",
    "Status",
    "What",
    "Details",
    "Confidential",
    "Worker",
    "Worker role",
    "Method",
    "Place",
    "Referred by",
    "Referrer organisation",
    "Referred to",
    "Reason",
    "Outcome",
    "Signposted to",
    "Goal",
    "Actions",
    "Review date",
    "Score",
    // What stands for the person, in whatever row
    "Risk to worker",
    "Risk to worker ended",
    "Risk to self",
    "Risk to self ended",
    "Risk to others",
    "Risk to others ended",
    "Safeguarding concern",
    "Safeguarding concern ended",
    "Individual requirements",
    "Communication needs",
    "About me",
    "Social situation",
    "Emergency contact",
    "Emergency contact relationship",
    "Emergency contact phone",
    "Consent to share",
    "Consent date",
});

constexpr auto kTypes = std::to_array<RecordType>({
    {"Contact", "contact", Section::kContactsWithProfessionals, Kind::kEncounter, "Contact", true},
    {"Clinical summary", "summary", Section::kContactsWithProfessionals, Kind::kStatement,
     "Clinical summary", true},
    {"Referral", "referral", Section::kReferralDetails, Kind::kReferral, "Referral"},
    {"Outcome", "referral", Section::kReferralDetails, Kind::kReferral, "Referral"},
    {"Presenting complaint", "complaint", Section::kReferralDetails, Kind::kStatement,
     "Presenting complaint or issue"},
    {"Appointment", "appointment", Section::kFutureAppointments, Kind::kEncounter, "Appointment"},
    {"Problem", "problem", Section::kProblems, Kind::kProblem, "Problem"},
    {"About me", "about-me", Section::kAboutMe, Kind::kStatement, "About me"},
    {"Individual requirement", "requirement", Section::kIndividualRequirements, Kind::kStatement,
     "Individual requirement"},
    {"Social context", "social", Section::kSocialContext, Kind::kStatement, "Social context"},
    {"Service", "service", Section::kServicesAndCare, Kind::kStatement, "Service"},
    {"Signposting", "signposting", Section::kServicesAndCare, Kind::kStatement, "Signposting"},
    {"Pregnancy", "pregnancy", Section::kPregnancyStatus, Kind::kStatement, "Pregnancy"},
    {"Assessment", "assessment", Section::kAssessments, Kind::kStatement, "Assessment", true},
    {"Risk", "risk", Section::kRisks, Kind::kAlert, "Risk"},
    {"Risk to worker", "risk-to-worker-row", Section::kAlerts, Kind::kAlert, "Risk to worker"},
    {"Alert", "alert", Section::kAlerts, Kind::kAlert, "Alert"},
    {"Safeguarding", "safeguarding-row", Section::kSafeguarding, Kind::kAlert,
     "Safeguarding concern"},
    {"Consent", "consent-row", Section::kLegalInformation, Kind::kStatement, "Consent"},
    {"Plan", "plan", Section::kPlanAndActions, Kind::kStatement, "Plan and requested actions"},
    {"Care plan", "care-plan", Section::kCareAndSupportPlan, Kind::kStatement,
     "Care and support plan"},
});

constexpr auto kStatuses = std::to_array<StatusWord>({
    {"Planned", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"Booked", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"Requested", ClinicalStatus::kActive, Intent::kOrdered},
    {"Received", ClinicalStatus::kActive},
    {"Accepted", ClinicalStatus::kActive},
    {"Active", ClinicalStatus::kActive},
    {"Open", ClinicalStatus::kActive},
    {"Ongoing", ClinicalStatus::kActive},
    {"In progress", ClinicalStatus::kActive},
    {"On hold", ClinicalStatus::kOnHold},
    {"Waiting", ClinicalStatus::kOnHold},
    {"Completed", ClinicalStatus::kCompleted},
    {"Closed", ClinicalStatus::kCompleted},
    {"Done", ClinicalStatus::kCompleted, Intent::kDone},
    {"Attended", ClinicalStatus::kCompleted, Intent::kDone},
    {"Did not attend", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"DNA", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Not done", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Cancelled", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Withdrawn", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Declined", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Rejected", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"Stopped", ClinicalStatus::kStopped},
    {"Ended", ClinicalStatus::kInactive},
    {"Inactive", ClinicalStatus::kInactive},
    {"Resolved", ClinicalStatus::kResolved},
    {"Suspected", ClinicalStatus::kUnstated, Intent::kUnstated, Verification::kSuspected},
    {"Confirmed", ClinicalStatus::kUnstated, Intent::kUnstated, Verification::kConfirmed},
    {"Unfounded", ClinicalStatus::kInactive, Intent::kUnstated, Verification::kRefuted},
    {"Entered in error", ClinicalStatus::kUnstated, Intent::kUnstated,
     Verification::kEnteredInError},
});

constexpr auto kStandings = std::to_array<Standing>({
    {"Risk to worker", "Risk to worker ended", "risk-to-worker", Section::kAlerts, Kind::kAlert},
    {"Safeguarding concern", "Safeguarding concern ended", "safeguarding", Section::kSafeguarding,
     Kind::kAlert},
    {"Risk to self", "Risk to self ended", "risk-to-self", Section::kRisks, Kind::kAlert},
    {"Risk to others", "Risk to others ended", "risk-to-others", Section::kRisks, Kind::kAlert},
    {"Individual requirements", "", "requirements", Section::kIndividualRequirements,
     Kind::kStatement},
    {"Communication needs", "", "communication", Section::kIndividualRequirements,
     Kind::kStatement},
    {"About me", "", "about-me-column", Section::kAboutMe, Kind::kStatement},
    {"Social situation", "", "social-situation", Section::kSocialContext, Kind::kStatement},
});

struct AnswerWord {
  std::string_view word;
  Answer answer;
};
constexpr auto kAnswers = std::to_array<AnswerWord>({
    {"", Answer::kNothing},
    {"-", Answer::kNothing},
    {"n/a", Answer::kNothing},
    {"not applicable", Answer::kNothing},
    {"unknown", Answer::kNothing},
    {"not known", Answer::kNothing},
    {"not asked", Answer::kNothing},
    {"no", Answer::kNo},
    {"n", Answer::kNo},
    {"none", Answer::kNo},
    {"none known", Answer::kNo},
    {"no known risk", Answer::kNo},
    {"no known risks", Answer::kNo},
    {"nil", Answer::kNo},
    {"false", Answer::kNo},
    {"yes", Answer::kYes},
    {"y", Answer::kYes},
    {"true", Answer::kYes},
});

// Of a consent, the plain ones, which no mapping may rewrite: one may say of "nobody asked" that it
// is no answer. Whether a sheet's words hold a refusal is record::MaySayNo's to say.
constexpr auto kPlainRefusals = std::to_array<std::string_view>({
    "refused",           "refuses",           "refused consent",  "consent refused",   "declined",
    "declines",          "declined consent",  "consent declined", "withdrawn",         "withdrew",
    "consent withdrawn", "withdrawn consent", "opted out",        "opt out",           "opt-out",
    "objected",          "objects",           "dissent",          "dissents",          "denied",
    "no consent",        "not given",         "not consented",    "consent not given", "rejected",
    "revoked",           "does not consent",  "did not consent",
});

constexpr auto kNaming = std::to_array<std::string_view>(
    {"NHS number", "NHS number traced", "Local id", "Family name", "Given names", "Date of birth"});

// As it is compared: "No." and "NO!" are no.
std::string PlainOf(std::string_view text) {
  std::string folded = port::Folded(text);
  while (!folded.empty() && (folded.back() == '.' || folded.back() == '!')) folded.pop_back();
  return folded;
}

bool IsYes(std::string_view text) { return AnswerOf(text) == Answer::kYes; }
bool IsNo(std::string_view text) {
  return AnswerOf(text) == Answer::kNo || std::find(kPlainRefusals.begin(), kPlainRefusals.end(),
                                                    PlainOf(text)) != kPlainRefusals.end();
}

constexpr auto kKept = std::to_array<port::KeptAnswer>({
    {"Consent to share", IsNo},
    {"Confidential", IsYes},
    {"Address confidential", IsYes},
    {"Risk to worker", IsYes},
    {"Risk to self", IsYes},
    {"Risk to others", IsYes},
    {"Safeguarding concern", IsYes},
});

}  // namespace

std::span<const std::string_view> NamingFields() { return kNaming; }
std::span<const port::KeptAnswer> KeptAnswers() { return kKept; }
std::span<const std::string_view> FieldNames() { return kFields; }
std::span<const Standing> Standings() { return kStandings; }

const RecordType* TypeOf(std::string_view name) {
  const std::string folded = port::Folded(name);
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const RecordType& type) {
    return port::Folded(type.name) == folded;
  });
  return found == kTypes.end() ? nullptr : &*found;
}

const StatusWord* StatusOf(std::string_view word) {
  const std::string folded = port::Folded(word);
  const auto found = std::find_if(kStatuses.begin(), kStatuses.end(), [&](const StatusWord& one) {
    return port::Folded(one.word) == folded;
  });
  return found == kStatuses.end() ? nullptr : &*found;
}

Answer AnswerOf(std::string_view text) {
  const std::string plain = PlainOf(text);
  const auto found = std::find_if(kAnswers.begin(), kAnswers.end(),
                                  [&](const AnswerWord& one) { return one.word == plain; });
  return found == kAnswers.end() ? Answer::kWords : found->answer;
}

}  // namespace milecastle::third_sector
