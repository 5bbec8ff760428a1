#include "inside/headlines.h"

#include <algorithm>
#include <array>
#include <utility>

#include "inside/plain_denial.h"
#include "record/belief.h"
#include "record/headings.h"

namespace milecastle::normalise {
namespace {

using record::ClinicalStatus;
using record::Entry;
using record::Headline;
using record::Section;

constexpr std::string_view kPrefix = "headline:";

constexpr std::array<std::pair<Section, Headline>, 5> kOfSections = {{
    {Section::kAllergies, Headline::kAllergy},
    {Section::kAlerts, Headline::kAlert},
    {Section::kSafeguarding, Headline::kSafeguarding},
    {Section::kIndividualRequirements, Headline::kReasonableAdjustment},
    {Section::kEndOfLifeCare, Headline::kEndOfLifeCare},
}};

Headline OfSection(Section section) {
  const auto* const found = std::find_if(kOfSections.begin(), kOfSections.end(),
                                         [&](const auto& line) { return line.first == section; });
  return found == kOfSections.end() ? Headline::kNone : found->second;
}

// The most pressing of two; kNone is the least.
Headline MorePressing(Headline left, Headline right) {
  if (left == Headline::kNone || right == Headline::kNone) return std::max(left, right);
  return std::min(left, right);
}

Headline OfTitle(std::string_view title) {
  const auto section = record::SectionOfTitle(title);
  const bool warns = section == Section::kAllergies || section == Section::kAlerts;
  if (!warns || !record::IsWholeSection(title)) return Headline::kNone;  // "Ended allergies"
  return OfSection(*section);
}

// A problem that a document or list puts under "Allergies and adverse reactions" is one, though its
// source tells it as a problem: in FHIR the heading stands beside the entry.
Headline OfHeading(const Entry& entry) {
  if (entry.kind != record::Kind::kProblem) return Headline::kNone;
  Headline headline = OfTitle(entry.source_list);
  for (const record::Detail& detail : entry.details) {
    if (detail.name == "heading") headline = MorePressing(headline, OfTitle(detail.text));
  }
  return headline;
}

// Where a denial stands in the place of what it denies. One of allergies has rules of its own.
bool MayDeny(Section section) {
  return section == Section::kAlerts || section == Section::kSafeguarding;
}

// What was done or seen is complete and stands; a plan, a course or an alert that is complete is
// over.
bool StandsWhenCompleted(record::Kind kind) {
  return kind == record::Kind::kProcedure || kind == record::Kind::kObservation ||
         kind == record::Kind::kReport || kind == record::Kind::kDocument;
}

bool Stands(const Entry& entry, std::optional<base::Instant> received) {
  const bool ends = !StandsWhenCompleted(entry.kind);
  if (ends && received && record::HadEndedBy(entry, *received)) return false;
  switch (entry.status) {
    case ClinicalStatus::kInactive:
    case ClinicalStatus::kResolved:
    case ClinicalStatus::kStopped:
    case ClinicalStatus::kCancelled:
      return false;
    case ClinicalStatus::kCompleted:
      return StandsWhenCompleted(entry.kind);
    default:
      return true;
  }
}

bool SpeaksOfThePatient(const Entry& entry) {
  return entry.subject == record::Subject::kPatient && !entry.negated &&
         entry.intent != record::Intent::kNotDone &&
         entry.verification != record::Verification::kRefuted &&
         entry.verification != record::Verification::kEnteredInError;
}

}  // namespace

Headline TakeHeadline(const Entry& entry, std::optional<base::Instant> received,
                      std::vector<std::string>& labels) {
  const bool is_none = MayDeny(entry.section) && IsPlainDenial(entry);
  const Headline own = is_none ? Headline::kNone : OfSection(entry.section);
  Headline headline = MorePressing(own, OfHeading(entry));
  const auto taken = std::remove_if(labels.begin(), labels.end(), [&](const std::string& label) {
    if (!label.starts_with(kPrefix)) return false;
    const auto kind = record::HeadlineOf(std::string_view(label).substr(kPrefix.size()));
    headline = MorePressing(headline, kind.value_or(Headline::kNone));
    return true;
  });
  labels.erase(taken, labels.end());
  return Stands(entry, received) && SpeaksOfThePatient(entry) ? headline : Headline::kNone;
}

bool IsHeadline(std::string_view label) { return label.starts_with(kPrefix); }

bool IsUnknownHeadline(std::string_view label) {
  return label.starts_with(kPrefix) && !record::HeadlineOf(label.substr(kPrefix.size()));
}

}  // namespace milecastle::normalise
