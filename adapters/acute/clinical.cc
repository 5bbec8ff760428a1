// AL1, IAM, DG1 and PR1: allergies, diagnoses, procedures (HL7 v2.8.2
// sections 3.4.6, 3.4.7, 6.5.2, 6.5.4).
#include <array>

#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/none_known.h"

namespace milecastle::acute {
namespace {

using record::Section;

std::string KindOfAllergy(std::string_view code) {  // table 0127
  struct Name {
    std::string_view code;
    std::string_view text;
  };
  constexpr auto kNames = std::to_array<Name>({{"DA", "Drug allergy"},
                                               {"FA", "Food allergy"},
                                               {"MA", "Allergy"},
                                               {"MC", "Contraindication"},
                                               {"EA", "Environmental allergy"},
                                               {"AA", "Animal allergy"},
                                               {"PA", "Plant allergy"},
                                               {"LA", "Pollen allergy"}});
  for (const Name& name : kNames) {
    if (name.code == code) return std::string(name.text);
  }
  return "Allergy";
}

std::string IdentityOf(const record::Coded& coded) {
  if (coded.codings.empty()) return coded.text;
  return coded.codings.front().system + "|" + coded.codings.front().code;
}

void SetVerification(Reader& reader, const hl7v2::Segment& iam, record::Entry& entry) {
  entry.status_original = reader.Text(iam, 17);  // table 0438
  const std::string& status = entry.status_original;
  if (status == "C") entry.verification = record::Verification::kConfirmed;
  if (status == "U" || status == "P" || status == "S") {
    entry.verification = record::Verification::kSuspected;
  }
  if (status == "D") entry.verification = record::Verification::kRefuted;
  if (status == "E") entry.verification = record::Verification::kEnteredInError;
  if (status == "I") entry.status = record::ClinicalStatus::kInactive;
}

bool IsDeleted(const hl7v2::Segment& segment) {
  const auto allergen = segment.field(3);
  return allergen.is_null() || allergen.component(1).is_null() || segment.field(2).is_null();
}

void AddDetails(Reader& reader, const hl7v2::Segment& segment, record::Entry& entry) {
  reader.Detail(entry, "type", segment, 2);
  reader.Detail(entry, "severity", segment, 4);
  reader.Detail(entry, "reaction", segment, 5);
}

// IAM alone.
void AddAdverseDetails(Reader& reader, const hl7v2::Segment& iam, record::Entry& entry) {
  reader.Detail(entry, "reason for the change", iam, 8);
  reader.Detail(entry, "sensitivity", iam, 9);
  reader.Detail(entry, "group of substances", iam, 10);
  reader.Detail(entry, "onset", iam, 12);
  reader.DetailTime(entry, "reported", iam, 13);
}

void AddAllergy(Reader& reader, const hl7v2::Segment& segment, record::Entry entry) {
  const bool adverse = segment.name() == "IAM";
  const std::string type = reader.Text(segment, 2);
  const bool named = !entry.what.text.empty() || !entry.what.codings.empty();
  if (!named && entry.details.empty()) return;
  if (!named) entry.what.text = KindOfAllergy(type) + ", substance not stated";
  const std::string id = adverse ? reader.Text(segment, 7) : "";
  const std::string key = id.empty()
                              ? reader.Key("allergy", {named ? IdentityOf(entry.what) : type})
                              : reader.Key("allergy", {"id", id});
  if (adverse) SetVerification(reader, segment, entry);
  if (adverse) {  // the whole action code and identifier, with its authority
    reader.Take(segment.field(6));
    reader.Take(segment.field(7));
  }
  if (adverse && reader.Text(segment, 6) == "D") {
    reader.out().withdrawn_keys.push_back(key);
  } else {
    reader.out().drafts.push_back({.source_key = key, .entry = std::move(entry)});
  }
}

// IAR: one reaction to what the IAM before it names.
void AddReaction(Reader& reader, const hl7v2::Segment& iar, record::Entry& entry) {
  reader.Detail(entry, "reaction", iar, 1);
  reader.Detail(entry, "severity of the reaction", iar, 2);
  reader.Detail(entry, "sensitivity", iar, 3);
  const std::string management = reader.WholeText(iar, 4);
  if (!management.empty()) entry.details.push_back({.name = "management", .text = management});
}

// Whether it belongs to the IAM before it.
bool ReadBehind(Reader& reader, const hl7v2::Segment& segment, record::Entry& entry) {
  if (segment.name() == "IAR") {
    AddReaction(reader, segment, entry);
    return true;
  }
  if (segment.name() != "NTE") return false;
  std::string text = reader.WholeText(segment, 3);
  if (!text.empty()) entry.free_text.push_back(std::move(text));
  return true;
}

// AL1 and IAM keep type, allergen, severity and reaction in the same fields.
void ReadAllergy(Reader& reader, const hl7v2::Segment& segment) {
  auto& out = reader.out();
  reader.Take(segment.field(1));
  if (IsDeleted(segment)) {
    reader.Take(segment);
    out.reviews.push_back({record::ReviewKind::kNullOnAllergy, segment.place(3)});
    return;
  }
  record::Entry entry;
  entry.section = Section::kAllergies;
  entry.kind = record::Kind::kAllergy;
  entry.what = reader.Code(segment.field(3).repetition(0));
  entry.effective = reader.Time(segment, segment.name() == "IAM" ? 11 : 6);
  const record::Denial denial = record::DenialOf(entry.what);
  if (denial == record::Denial::kAll) {
    reader.Take(segment.field(2));
    out.statements.push_back({.section = Section::kAllergies,
                              .saying = record::SectionSaying::kNoneKnown,
                              .when = std::move(entry.effective),
                              .by = {},
                              .text = TextOf(entry.what)});
    return;
  }
  entry.negated = denial == record::Denial::kOneKind;
  if (entry.negated) entry.kind = record::Kind::kStatement;
  AddDetails(reader, segment, entry);
  if (segment.name() == "IAM") AddAdverseDetails(reader, segment, entry);
  AddAllergy(reader, segment, std::move(entry));
}

bool IsDelete(Reader& reader, const hl7v2::Segment& segment, std::size_t action_field) {
  return reader.Text(segment, action_field) == "D";  // table 0206
}

// DG1-3 as a code with the system that v2.2 kept in DG1-2, and the description in DG1-4.
record::Coded DiagnosisOf(Reader& reader, const hl7v2::Segment& segment) {
  record::Coded what = reader.Code(segment, 3);
  const std::string method = reader.Text(segment, 2);
  const std::string description = reader.WholeText(segment, 4);
  if (!what.codings.empty() && what.codings.front().system.empty()) {
    what.codings.front().system = SystemOf(method);
  }
  if (!description.empty()) what.text = description;
  return what;
}

void ReadProblem(Reader& reader, const hl7v2::Segment& dg1, const Visit& visit) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  reader.Take(dg1.field(1));
  entry.section = Section::kProblems;
  entry.kind = record::Kind::kProblem;
  entry.what = DiagnosisOf(reader, dg1);
  if (entry.what.text.empty() && entry.what.codings.empty()) return;
  const std::string id = reader.Id(dg1, 20, 0).value;
  draft.source_key = reader.Key(
      "diagnosis", {id.empty() ? visit.number : "id", id.empty() ? IdentityOf(entry.what) : id});
  if (IsDelete(reader, dg1, 21)) {
    reader.out().withdrawn_keys.push_back(draft.source_key);
    return;
  }
  entry.effective = reader.Time(dg1, 5);
  entry.recorded = reader.Time(dg1, 19);
  entry.status_original = reader.Text(dg1, 6);  // table 0052: admitting, working, final
  if (entry.status_original == "W") entry.verification = record::Verification::kSuspected;
  if (entry.status_original == "F") entry.verification = record::Verification::kConfirmed;
  reader.Detail(entry, "priority", dg1, 15);
  reader.Detail(entry, "classification", dg1, 17);
  entry.performers = reader.Performers(dg1, 16, "diagnosing");
  if (reader.Text(dg1, 18) == "Y") draft.source_labels.emplace_back("confidential:DG1-18");
  reader.out().drafts.push_back(std::move(draft));
}

// The side of the body, the approach: each stands for itself.
void AddModifiers(Reader& reader, const hl7v2::Segment& pr1, record::Entry& entry) {
  const auto modifiers = pr1.field(16);
  for (std::size_t i = 0; i < modifiers.size(); ++i) {
    record::Coded modifier = reader.Code(modifiers.repetition(i));
    if (TextOf(modifier).empty()) continue;
    entry.details.push_back({.name = "modifier", .coded = std::move(modifier)});
  }
}

void ReadProcedure(Reader& reader, const hl7v2::Segment& pr1, const Visit& visit) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  reader.Take(pr1.field(1));
  entry.section = Section::kProcedures;
  entry.kind = record::Kind::kProcedure;
  entry.what = DiagnosisOf(reader, pr1);
  if (entry.what.text.empty() && entry.what.codings.empty()) return;
  entry.effective = reader.Time(pr1, 5);
  const std::string id = reader.Id(pr1, 19, 0).value;
  const std::string when = entry.effective ? entry.effective->original : "";
  draft.source_key = reader.Key(
      "procedure", id.empty() ? std::vector<std::string>{visit.number, IdentityOf(entry.what), when}
                              : std::vector<std::string>{"id", id});
  if (IsDelete(reader, pr1, 20)) {
    reader.out().withdrawn_keys.push_back(draft.source_key);
    return;
  }
  const bool planned = visit.change == record::EncounterChange::kPlanned ||
                       (entry.effective && reader.IsAhead(*entry.effective));
  entry.intent = planned ? record::Intent::kPlanned : record::Intent::kDone;
  entry.status = planned ? record::ClinicalStatus::kPlanned : record::ClinicalStatus::kCompleted;
  reader.Detail(entry, "type", pr1, 6);
  reader.Detail(entry, "minutes", pr1, 7);
  reader.Detail(entry, "anaesthesia", pr1, 9);
  reader.Detail(entry, "priority", pr1, 14);
  reader.Detail(entry, "associated diagnosis", pr1, 15);
  AddModifiers(reader, pr1, entry);
  for (const auto& [field, role] :
       {std::pair{11U, "surgeon"}, std::pair{12U, "practitioner"}, std::pair{8U, "anaesthetist"}}) {
    for (auto& performer : reader.Performers(pr1, field, role)) {
      entry.performers.push_back(std::move(performer));
    }
  }
  reader.out().drafts.push_back(std::move(draft));
}

}  // namespace

void ReadAllergies(Reader& reader) {
  for (const auto& segment : reader.all("AL1")) ReadAllergy(reader, segment);
  if (reader.all("IAM").empty()) return;
  bool behind = false;  // the last draft is of the IAM before
  for (const auto& segment : reader.segments()) {
    if (segment.name() == "IAM") {
      const std::size_t before = reader.out().drafts.size();
      ReadAllergy(reader, segment);
      behind = reader.out().drafts.size() > before;
    } else if (behind && !ReadBehind(reader, segment, reader.out().drafts.back().entry)) {
      behind = false;
    }
  }
}

void ReadProblems(Reader& reader, const Visit& visit) {
  for (const auto& segment : reader.all("DG1")) ReadProblem(reader, segment, visit);
}

void ReadProcedures(Reader& reader, const Visit& visit) {
  for (const auto& segment : reader.all("PR1")) ReadProcedure(reader, segment, visit);
}

}  // namespace milecastle::acute
