// AL1, IAM, DG1 and PR1: allergies, diagnoses, procedures (HL7 v2.8.2
// sections 3.4.6, 3.4.7, 6.5.2, 6.5.4).
#include <array>
#include <optional>
#include <utility>

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

// IAR: one reaction to what the IAM before it names.
void AddReaction(Reader& reader, const hl7v2::Segment& iar, record::Entry& entry) {
  reader.Detail(entry, "reaction", iar, 1);
  reader.Detail(entry, "severity of the reaction", iar, 2);
  reader.Detail(entry, "sensitivity", iar, 3);
  const std::string management = reader.WholeText(iar, 4);
  if (!management.empty()) entry.details.push_back({.name = "management", .text = management});
}

// One AL1 or IAM, with what stands behind it, until it is known what it tells.
class Allergy {
 public:
  Allergy(Reader& reader, const hl7v2::Segment& segment)
      : reader_(reader), segment_(segment), is_adverse_(segment.name() == "IAM") {
    reader.Take(segment.field(1));
    common_.section = Section::kAllergies;
    common_.kind = record::Kind::kAllergy;
    common_.effective = reader.Time(segment, is_adverse_ ? 11 : 6);
    AddDetails(reader, segment, common_);
    if (!is_adverse_) return;
    AddAdverseDetails(reader, segment, common_);
    SetVerification(reader, segment, common_);
    reader.Take(segment.field(6));  // the whole action code and identifier, with its authority
    reader.Take(segment.field(7));
  }

  // Whether it belongs to the IAM before it.
  bool ReadBehind(const hl7v2::Segment& segment) {
    if (IsToDelete()) return false;
    if (segment.name() == "IAR") {
      AddReaction(reader_, segment, common_);
      return true;
    }
    if (segment.name() != "NTE") return false;
    std::string text = reader_.WholeText(segment, 3);
    if (!text.empty()) common_.free_text.push_back(std::move(text));
    return true;
  }

  // The standard has one substance in the field; each of several is an allergy of its own.
  void Tell() {
    const hl7v2::Field field = segment_.field(3);
    std::size_t named = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
      const hl7v2::Repetition substance = field.repetition(i);
      if (substance.component(1).is_null()) {
        reader_.Take(substance.component(1));
        reader_.out().reviews.push_back({record::ReviewKind::kNullOnAllergy, segment_.place(3)});
        continue;
      }
      record::Entry entry = common_;
      entry.what = reader_.Code(substance);
      if (entry.what != record::Coded()) Tell(std::move(entry), named++);
    }
    if (named == 0 && !common_.details.empty()) TellWithoutSubstance();
  }

 private:
  bool IsToDelete() { return is_adverse_ && reader_.Text(segment_, 6) == "D"; }

  // Whether its source holds to it: a denial that is in doubt, over or wrong denies nothing else.
  bool Holds() const {
    return common_.verification != record::Verification::kRefuted &&
           common_.verification != record::Verification::kEnteredInError &&
           common_.status != record::ClinicalStatus::kInactive;
  }

  void Tell(record::Entry entry, std::size_t number) {
    const record::Denial denial = record::DenialOf(entry.what, entry.details);
    const bool denies_all = denial == record::Denial::kAll && Holds() && entry.free_text.empty();
    if (denies_all && !IsToDelete()) return StateNoneKnown(entry);
    std::vector<std::string> identity = {IdentityOf(entry.what)};
    if (denial != record::Denial::kNothing) {
      if (record::DenialOf(entry.what) == record::Denial::kAll) {
        identity.push_back(reader_.Text(segment_, 2));
      }
      record::NameKindOfDenial(entry);
      entry.negated = true;
      entry.kind = record::Kind::kStatement;
    }
    Give(std::move(entry), identity, number);
  }

  void TellWithoutSubstance() {
    const std::string type = reader_.Text(segment_, 2);
    record::Entry entry = common_;
    entry.what.text = KindOfAllergy(type) + ", substance not stated";
    Give(std::move(entry), {type}, 0);
  }

  // An IAM's identifier is the first substance's.
  void Give(record::Entry entry, const std::vector<std::string>& identity, std::size_t number) {
    const std::string id = is_adverse_ ? reader_.Text(segment_, 7) : "";
    std::vector<std::string> parts = identity;
    if (!id.empty() && number == 0) parts = {"id", id};
    if (!id.empty() && number > 0) parts.insert(parts.begin(), {"id", id});
    const std::string key = reader_.Key("allergy", parts);
    if (IsToDelete()) {
      reader_.out().withdrawn_keys.push_back(key);
    } else {
      reader_.out().drafts.push_back({.source_key = key, .entry = std::move(entry)});
    }
  }

  void StateNoneKnown(const record::Entry& entry) {
    constexpr std::size_t kLast = 20;
    for (std::size_t field = 4; field <= kLast; ++field) {
      const bool is_told = field == (is_adverse_ ? 11U : 6U);
      const bool names_it = is_adverse_ && (field == 6 || field == 7 || field == 17);
      if (is_told || names_it) continue;
      reader_.Leave(segment_, field, "it stands beside a statement that there are no allergies");
    }
    reader_.out().statements.push_back({.section = Section::kAllergies,
                                        .saying = record::SectionSaying::kNoneKnown,
                                        .when = entry.effective,
                                        .by = {},
                                        .text = TextOf(entry.what)});
  }

  Reader& reader_;
  hl7v2::Segment segment_;
  bool is_adverse_;
  record::Entry common_;  // all but the substance
};

// AL1 and IAM keep type, allergen, severity and reaction in the same fields. Nothing where it is a
// deletion.
std::optional<Allergy> AllergyIn(Reader& reader, const hl7v2::Segment& segment) {
  if (!IsDeleted(segment)) return Allergy(reader, segment);
  reader.Take(segment);
  reader.out().reviews.push_back({record::ReviewKind::kNullOnAllergy, segment.place(3)});
  return std::nullopt;
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
  draft.source_key =
      id.empty() ? KeyWithin(visit, reader.Key("diagnosis", {visit.number, IdentityOf(entry.what)}))
                 : reader.Key("diagnosis", {"id", id});
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
  draft.source_key =
      id.empty()
          ? KeyWithin(visit, reader.Key("procedure", {visit.number, IdentityOf(entry.what), when}))
          : reader.Key("procedure", {"id", id});
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
  for (const auto& segment : reader.all("AL1")) {
    if (auto allergy = AllergyIn(reader, segment)) allergy->Tell();
  }
  if (reader.all("IAM").empty()) return;
  std::optional<Allergy> allergy;  // to which what stands behind may belong
  for (const auto& segment : reader.segments()) {
    if (allergy && allergy->ReadBehind(segment)) continue;
    if (allergy) allergy->Tell();
    allergy.reset();
    if (segment.name() == "IAM") {
      if (auto next = AllergyIn(reader, segment)) allergy.emplace(*std::move(next));
    }
  }
  if (allergy) allergy->Tell();
}

void ReadProblems(Reader& reader, const Visit& visit) {
  for (const auto& segment : reader.all("DG1")) ReadProblem(reader, segment, visit);
}

void ReadProcedures(Reader& reader, const Visit& visit) {
  for (const auto& segment : reader.all("PR1")) ReadProcedure(reader, segment, visit);
}

}  // namespace milecastle::acute
