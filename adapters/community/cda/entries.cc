// entry: what is coded and certain (CDA R2 section 4.3.6). Whatever is not stays narrative.
#include <algorithm>
#include <array>
#include <utility>

#include "detail/names.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/statement.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

using record::ClinicalStatus;
using record::Kind;
using record::Section;

// What an entry depends on beside itself.
struct Around {
  Scope scope;
  std::string concern;  // statusCode of the act that a problem or allergy is the subject of
};

void ReadStatement(Context& context, const xml::Node& node, const Around& around);

void ReadMedia(Context& context, const xml::Node& node, const Around& around) {
  record::Draft draft;
  draft.source_key = context.KeyOf("media", node);
  draft.source_labels = around.scope.labels;
  record::Entry& entry = draft.entry;
  entry.section = Section::kDocuments;
  entry.kind = Kind::kDocument;
  entry.what.text = "Attachment";
  entry.group = around.scope.group;
  entry.document = MediaOf(context, node["value"], "Attachment");
  context.Add(std::move(draft));
}

// An act whose only work is to hold a problem or an allergy: HL7 ActClass CONC.
bool IsConcern(const xml::Node& act) {
  return act["code"].attribute("code").peek() == "CONC" ||
         act.attribute("classCode").peek() == "CONC";
}

void ReadMembers(Context& context, const xml::Node& of, std::string_view name,
                 const Around& around) {
  for (const xml::Node& relation : of.All(name)) {
    if (IsTrue(relation.attribute("inversionInd").peek())) continue;
    for (const xml::Node& inner : relation.children()) ReadStatement(context, inner, around);
  }
}

// What holds others says of them all whether they are so: one that is not plain is not entered.
bool IsPlain(const Standing& standing) {
  return standing.certain && standing.mood == Mood::kEvent && !standing.negated &&
         standing.status != "nullified";
}

void ReadHolder(Context& context, const xml::Node& node, Around around, std::string_view members) {
  const Standing standing = StandingOf(node);
  if (!IsPlain(standing)) {
    context.Miss(node, "it is planned, negated or void as a whole: the narrative carries it");
    return;
  }
  ReadSubject(context, node, around.scope);
  if (members == "entryRelationship") around.concern = standing.status;
  ReadMembers(context, node, members, around);
}

void ReadOrganizer(Context& context, const xml::Node& node, const Around& around) {
  const Standing standing = StandingOf(node);
  Around inside = around;
  record::Draft draft;
  draft.entry.what = CodedOf(context, node["code"]);
  const bool is_report = around.scope.heading == Section::kInvestigationResults;
  if (IsPlain(standing) && is_report && !WordsOf(draft.entry.what).empty()) {
    draft.source_key = context.KeyOf("organizer", node);
    draft.source_labels = around.scope.labels;
    draft.entry.section = around.scope.heading;
    draft.entry.kind = Kind::kReport;
    draft.entry.group = around.scope.group;
    SetStanding(standing, draft.entry);
    const Interval time = IntervalOf(context, node["effectiveTime"]);
    draft.entry.effective = time.from;
    draft.entry.ended = time.to;
    inside.scope.group = draft.source_key;
    context.Add(std::move(draft));
  }
  ReadHolder(context, node, inside, "component");
}

Kind KindOf(std::string_view element, Section heading, Mood mood) {
  if (element == "substanceAdministration") {
    return heading == Section::kVaccinations ? Kind::kVaccination : Kind::kMedication;
  }
  if (element == "encounter") return Kind::kEncounter;
  if (element == "procedure") return Kind::kProcedure;
  if (element == "act") return mood == Mood::kEvent ? Kind::kProcedure : Kind::kRequest;
  if (heading == Section::kProcedures) return Kind::kProcedure;
  if (mood != Mood::kEvent) return Kind::kRequest;
  if (heading == Section::kProblems) return Kind::kProblem;
  return heading == Section::kAllergies ? Kind::kAllergy : Kind::kObservation;
}

// The heading that a kind belongs under, where the section's own would tell something else of it.
Section HeadingOf(Kind kind, Mood mood, const Scope& scope) {
  const bool of_patient = scope.subject == record::Subject::kPatient;
  if (!of_patient && scope.heading != Section::kFamilyHistory) return Section::kFamilyHistory;
  if (mood != Mood::kEvent) {
    if (kind == Kind::kEncounter) return Section::kFutureAppointments;
    return kind == Kind::kMedication || kind == Kind::kVaccination ? scope.heading
                                                                   : Section::kPlanAndActions;
  }
  if (scope.heading != Section::kDocuments) return scope.heading;
  if (kind == Kind::kMedication) return Section::kMedications;
  if (kind == Kind::kProcedure) return Section::kProcedures;
  return kind == Kind::kEncounter ? Section::kContactsWithProfessionals : scope.heading;
}

void AddPeople(Context& context, const xml::Node& node, record::Entry& entry) {
  for (const char* role : {"performer", "author"}) {
    for (const xml::Node& each : node.All(role)) {
      if (auto when = WhenOf(context, each["time"]); when && role == std::string_view("author")) {
        entry.recorded = std::move(when);
      }
      record::Performer performer = PerformerOf(context, each, role);
      if (!performer.name.empty() || !performer.organisation.empty() ||
          !performer.identifier.empty()) {
        entry.performers.push_back(std::move(performer));
      }
    }
  }
}

// A statement that its author did not make, or made to the contrary, is none of the patient's
// facts.
void Weaken(const Standing& standing, record::Entry& entry) {
  const bool is_act = entry.kind == Kind::kProcedure || entry.kind == Kind::kMedication ||
                      entry.kind == Kind::kVaccination || entry.kind == Kind::kEncounter;
  const bool is_list_item = entry.kind == Kind::kProblem || entry.kind == Kind::kAllergy;
  if (standing.negated && is_act) entry.intent = record::Intent::kNotDone;
  if (standing.negated && !is_act) entry.negated = true;
  if (standing.negated) entry.status = ClinicalStatus::kUnstated;
  const bool is_others = entry.subject != record::Subject::kPatient;
  if (is_list_item && (standing.negated || is_others)) entry.kind = Kind::kStatement;
}

// "No known allergies" is said of the section, and is no entry.
bool SaysNoneKnown(Context& context, const record::Draft& draft, const Standing& standing) {
  const record::Entry& entry = draft.entry;
  if (entry.kind != Kind::kAllergy || entry.subject != record::Subject::kPatient) return false;
  constexpr std::string_view kNoKnownAllergy = "716186003";
  constexpr auto kAnyAllergy =
      std::to_array<std::string_view>({"419199007", "420134006", "106190000"});
  const auto has = [&](std::string_view code) {
    return std::any_of(entry.what.codings.begin(), entry.what.codings.end(),
                       [&](const record::Coding& coding) { return coding.code == code; });
  };
  const bool denies_all =
      standing.negated && std::any_of(kAnyAllergy.begin(), kAnyAllergy.end(), has);
  if (!denies_all && (standing.negated || !has(kNoKnownAllergy))) return false;
  context.out().statements.push_back(
      {.section = Section::kAllergies,
       .saying = record::SectionSaying::kNoneKnown,
       .when = entry.effective,
       .by = entry.performers,
       .text = denies_all ? "no: " + WordsOf(entry.what) : WordsOf(entry.what)});
  return true;
}

// A problem and an allergy are as current as the concern that holds them; an end is an end.
void SetListStatus(const xml::Node& node, const Around& around, record::Entry& entry) {
  entry.status_original = around.concern;
  entry.status = ClinicalStatus::kUnstated;
  if (around.concern == "active") entry.status = ClinicalStatus::kActive;
  if (!around.concern.empty() && around.concern != "active") {
    entry.status = ClinicalStatus::kInactive;
  }
  const xml::Node end = node["effectiveTime"]["high"];
  const bool ended_unknown = end.attribute("nullFlavor").peek() == "UNK";
  if (entry.ended || ended_unknown) entry.status = ClinicalStatus::kResolved;
}

void ReadLeaf(Context& context, const xml::Node& node, const Around& around) {
  const Standing standing = StandingOf(node);
  record::Draft draft;
  draft.source_key = context.KeyOf(node.name(), node);
  if (standing.status == "nullified") {
    context.out().withdrawn_keys.push_back(draft.source_key);
    return context.Miss(node, "nullified by its source");
  }
  Scope scope = around.scope;
  ReadSubject(context, node, scope);
  draft.source_labels = scope.labels;
  record::Entry& entry = draft.entry;
  entry.kind = KindOf(node.name(), scope.heading, standing.mood);
  entry.section = HeadingOf(entry.kind, standing.mood, scope);
  entry.subject = scope.subject;
  entry.group = scope.group;
  const bool is_list_item = entry.kind == Kind::kProblem || entry.kind == Kind::kAllergy;
  // Under no heading a finding may be an answer of a triage, an example, a reason for asking …
  const bool is_placed = node.name() != "observation" || entry.section != Section::kDocuments;
  if (!standing.certain || !is_placed || !ReadWhat(context, node, entry)) {
    return context.Miss(node, "not certain enough for an entry: the narrative carries it");
  }
  SetStanding(standing, entry);
  const Interval time = IntervalOf(context, node["effectiveTime"]);
  entry.effective = time.from;
  entry.ended = time.to;
  AddDetail(entry, "relative", scope.relative);
  AddPeople(context, node, entry);
  if (is_list_item) SetListStatus(node, around, entry);
  ReadNested(context, node, entry);
  if (SaysNoneKnown(context, draft, standing)) return;
  Weaken(standing, entry);
  context.Add(std::move(draft));
}

void ReadStatement(Context& context, const xml::Node& node, const Around& around) {
  const std::string_view name = node.name();
  if (context.Overspent() || node.space() != kHl7) return;
  if (name == "observationMedia") return ReadMedia(context, node, around);
  if (name == "organizer") return ReadOrganizer(context, node, around);
  if (name == "act" && IsConcern(node)) {
    return ReadHolder(context, node, around, "entryRelationship");
  }
  constexpr auto kLeaves = std::to_array<std::string_view>(
      {"observation", "procedure", "substanceAdministration", "encounter"});
  const bool is_service = name == "act" && around.scope.heading == Section::kProcedures;
  if (is_service || std::find(kLeaves.begin(), kLeaves.end(), name) != kLeaves.end()) {
    ReadLeaf(context, node, around);
  }
}

}  // namespace

void ReadSubject(Context& context, const xml::Node& within, Scope& scope) {
  const xml::Node subject = within["subject"];
  if (!subject) return;
  const xml::Node related = subject["relatedSubject"];
  const std::string_view role_class = related.value("classCode");
  const bool is_family = related && (role_class.empty() || role_class == "PRS");
  scope.subject = is_family ? record::Subject::kFamily : record::Subject::kOther;
  scope.relative = CodedOf(context, related["code"]);
}

void ReadEntry(Context& context, const xml::Node& entry, const Scope& scope) {
  for (const xml::Node& node : entry.children()) ReadStatement(context, node, {scope, ""});
}

}  // namespace milecastle::cda
