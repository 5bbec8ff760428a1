// entry: what is coded and certain (CDA R2 section 4.3.6). Whatever is not stays narrative.
#include <algorithm>
#include <array>
#include <utility>

#include "detail/names.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/statement.h"
#include "detail/timing.h"
#include "detail/values.h"
#include "record/none_known.h"

namespace milecastle::cda {
namespace {

using record::ClinicalStatus;
using record::Kind;
using record::Section;

// What an entry depends on beside itself.
struct Around {
  Scope scope;
  std::string concern;  // statusCode of the act that a problem or allergy is the subject of
  xml::Node time = {};  // of the organizer, for what has none of its own
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

// An act whose only work is to hold others, by its code.
struct Holder {
  std::string_view code;
  bool is_concern;  // its statusCode says whether what it holds is still of concern
};
constexpr auto kHolders = std::to_array<Holder>({
    {"CONC", true},
    {"48765-2", true},   // C-CDA R1.1's act of an allergy
    {"10183-2", false},  // medicines at discharge
    {"42346-7", false},  // medicines on admission
    {"11535-2", false},  // diagnoses at discharge
    {"46241-6", false},  // diagnoses on admission
    {"10219-4", false},  // before an operation
    {"59769-0", false},  // after a procedure
});
constexpr Holder kConcern = {"CONC", true};
// C-CDA's acts of problems and of allergies, whatever code their sender gives them.
constexpr auto kConcernTemplates = std::to_array<std::string_view>(
    {"2.16.840.1.113883.10.20.22.4.3", "2.16.840.1.113883.10.20.22.4.30"});

const Holder* HolderOf(const xml::Node& act) {
  if (act.name() != "act") return nullptr;
  if (act.attribute("classCode").peek() == "CONC" || HasTemplate(act, kConcernTemplates))
    return &kConcern;
  const std::string_view code = act["code"].attribute("code").peek();
  const auto* const found = std::find_if(kHolders.begin(), kHolders.end(),
                                         [&](const Holder& one) { return one.code == code; });
  return found == kHolders.end() ? nullptr : found;
}

void ReadMembers(Context& context, const xml::Node& of, std::string_view name,
                 const Around& around) {
  for (const xml::Node& relation : of.All(name)) {
    const bool is_turned = IsTrue(relation.attribute("inversionInd").peek());
    if (is_turned && !IsOfConcern(relation["observation"])) continue;
    // What an act refers to beside what it holds (a priority, a goal) is no problem or medicine.
    if (relation.attribute("typeCode").peek() == "REFR") continue;
    for (const xml::Node& inner : relation.children()) ReadStatement(context, inner, around);
  }
}

// What holds others says of them all whether they are so: one that is not plain is not entered.
bool MayBeEntered(const Standing& standing) {
  return IsPlain(standing) && !standing.doubtful && standing.status != "nullified";
}

void ReadHolder(Context& context, const xml::Node& node, Around around, std::string_view members) {
  const Standing standing = StandingOf(node);
  if (!MayBeEntered(standing)) {
    context.Miss(node,
                 "it is planned, negated, in doubt or void as a whole: the narrative carries it");
    return;
  }
  ReadSubject(context, node, around.scope);
  if (const Holder* const holder = HolderOf(node); holder != nullptr && holder->is_concern) {
    around.concern = standing.status;
  }
  ReadMembers(context, node, members, around);
}

void ReadOrganizer(Context& context, const xml::Node& node, const Around& around) {
  const Standing standing = StandingOf(node);
  Around inside = around;
  record::Draft draft;
  draft.entry.what = CodedOf(context, node["code"]);
  const bool is_report = around.scope.heading == Section::kInvestigationResults;
  if (MayBeEntered(standing) && is_report && !WordsOf(draft.entry.what).empty()) {
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
  inside.time = node["effectiveTime"];
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

bool IsOfPatient(const record::Entry& entry) { return entry.subject == record::Subject::kPatient; }

// A sender may point with the words of the substance to those of a reaction: its code says then
// what it is, and nobody reads of an allergy to hives.
void KeepWordsOfReactionsApart(record::Entry& entry) {
  if (entry.kind != Kind::kAllergy || entry.what.text.empty()) return;
  const auto is_reaction = [&](const record::Detail& detail) {
    return detail.name == "reaction" && WordsOf(detail.coded) == entry.what.text;
  };
  if (std::none_of(entry.details.begin(), entry.details.end(), is_reaction)) return;
  for (const record::Coding& coding : entry.what.codings) {
    if (coding.display.empty()) continue;
    entry.what.text = coding.display;
    return;
  }
}

// "No known allergies" is said of the section, and is no entry.
bool SaysNoneKnown(Context& context, const record::Draft& draft, const Standing& standing) {
  const record::Entry& entry = draft.entry;
  if (entry.kind != Kind::kAllergy || !IsOfPatient(entry)) return false;
  // A comment beside it may say anything, and what is over says nothing of today.
  const bool is_over =
      entry.status == ClinicalStatus::kInactive || entry.status == ClinicalStatus::kResolved;
  if (!entry.free_text.empty() || is_over) return false;
  const bool denies_all = standing.negated && record::IsAnyAllergy(entry.what, entry.details);
  const record::Denial denial = record::DenialOf(entry.what, entry.details);
  if (!denies_all && (standing.negated || denial != record::Denial::kAll)) return false;
  context.out().statements.push_back(
      {.section = Section::kAllergies,
       .saying = record::SectionSaying::kNoneKnown,
       .when = entry.effective,
       .by = entry.performers,
       .text = denies_all ? "no: " + WordsOf(entry.what) : WordsOf(entry.what)});
  return true;
}

// Whether a concept that denies is denied in its turn, or doubted: nobody can say what holds.
bool IsDeniedTwice(const record::Entry& entry, const Standing& standing) {
  return entry.kind == Kind::kAllergy && (standing.negated || standing.doubtful) &&
         record::DenialOf(entry.what) != record::Denial::kNothing;
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

// Of its own; what has none is of the time of the group that it stands in.
void SetTime(Context& context, const xml::Node& node, const Around& around, record::Entry& entry) {
  Interval time = IntervalOf(context, SpanOf(node));
  const bool is_timed = time.from || time.to;
  if (!is_timed && around.time) time = IntervalOf(context, around.time);
  entry.effective = time.from;
  entry.ended = time.to;
}

void GiveToFamily(const Standing& standing, Scope& scope) {
  if (scope.subject == record::Subject::kPatient) scope.subject = record::Subject::kFamily;
  if (WordsOf(scope.relative).empty()) scope.relative = standing.relative;
}

void ReadLeaf(Context& context, const xml::Node& node, const Around& around) {
  Standing standing = StandingOf(node);
  record::Draft draft;
  draft.source_key = context.KeyOf(node.name(), node);
  if (standing.status == "nullified") {
    context.out().withdrawn_keys.push_back(draft.source_key);
    return context.Miss(node, "nullified by its source");
  }
  Scope scope = around.scope;
  ReadSubject(context, node, scope);
  if (IsOfFamily(standing)) GiveToFamily(standing, scope);
  draft.source_labels = scope.labels;
  record::Entry& entry = draft.entry;
  entry.kind = KindOf(node.name(), scope.heading, standing.mood);
  entry.section = HeadingOf(entry.kind, standing.mood, scope);
  entry.subject = scope.subject;
  entry.group = scope.group;
  const bool is_list_item = entry.kind == Kind::kProblem || entry.kind == Kind::kAllergy;
  // Under no heading a finding may be an answer of a triage, an example, a reason for asking …
  const bool is_placed = node.name() != "observation" || entry.section != Section::kDocuments;
  if (!standing.certain || !is_placed || !ReadWhat(context, node, entry) ||
      IsDeniedTwice(entry, standing)) {
    return context.Miss(node, "not certain enough for an entry: the narrative carries it");
  }
  SetStanding(standing, entry);
  SetTime(context, node, around, entry);
  AddDetail(entry, "relative", scope.relative);
  AddPeople(context, node, entry);
  if (is_list_item) SetListStatus(node, around, entry);
  ReadNested(context, node, entry);
  KeepWordsOfReactionsApart(entry);
  if (SaysNoneKnown(context, draft, standing)) return;
  const bool denies = entry.kind == Kind::kAllergy &&
                      record::DenialOf(entry.what, entry.details) != record::Denial::kNothing;
  if (denies) record::NameKindOfDenial(entry);
  standing.negated = standing.negated || denies;
  Weaken(standing, entry);
  context.Add(std::move(draft));
}

void ReadStatement(Context& context, const xml::Node& node, const Around& around) {
  const std::string_view name = node.name();
  if (context.Overspent() || node.space() != kHl7) return;
  if (name == "observationMedia") return ReadMedia(context, node, around);
  if (name == "organizer") return ReadOrganizer(context, node, around);
  if (HolderOf(node) != nullptr) {
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
