// PPR, PGL, PPP and PPG: problems, goals and pathways of a patient, with the notes, variances,
// roles, observations and orders behind each (HL7 v2.8.2 chapter 12).
//
// An action code DE, and the events that delete, withdraw. What the source calls ended, refuted or
// entered in error, in whichever of the status fields, never reads as active.
#include <algorithm>
#include <array>
#include <span>

#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/belief.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Section;
using record::Verification;

// Words of the user-defined tables of confirmation and of life cycle, as senders write them,
// folded: some write either in the field of the other.
struct Word {
  std::string_view word;
  ClinicalStatus status;
  Verification verification;
};
constexpr auto kNone = ClinicalStatus::kUnstated;
constexpr auto kWords = std::to_array<Word>({
    {"ACTIVE", ClinicalStatus::kActive, Verification::kUnstated},
    {"ACTIVEIMPROVING", ClinicalStatus::kActive, Verification::kUnstated},
    {"ACTIVESTABLE", ClinicalStatus::kActive, Verification::kUnstated},
    {"ACTIVEWORSENING", ClinicalStatus::kActive, Verification::kUnstated},
    {"RECURRENCE", ClinicalStatus::kActive, Verification::kUnstated},
    {"RELAPSE", ClinicalStatus::kActive, Verification::kUnstated},
    {"INACTIVE", ClinicalStatus::kInactive, Verification::kUnstated},
    {"REMISSION", ClinicalStatus::kInactive, Verification::kUnstated},
    {"RESOLVED", ClinicalStatus::kResolved, Verification::kUnstated},
    {"COMPLETED", ClinicalStatus::kCompleted, Verification::kUnstated},
    {"ACHIEVED", ClinicalStatus::kCompleted, Verification::kUnstated},
    {"STOPPED", ClinicalStatus::kStopped, Verification::kUnstated},
    {"SUSPENDED", ClinicalStatus::kOnHold, Verification::kUnstated},
    {"ONHOLD", ClinicalStatus::kOnHold, Verification::kUnstated},
    {"CANCELLED", ClinicalStatus::kCancelled, Verification::kUnstated},
    {"CANCELED", ClinicalStatus::kCancelled, Verification::kUnstated},
    {"PLANNED", ClinicalStatus::kPlanned, Verification::kUnstated},
    {"CONFIRMED", kNone, Verification::kConfirmed},
    {"PROVISIONAL", kNone, Verification::kSuspected},
    {"DIFFERENTIAL", kNone, Verification::kSuspected},
    {"RULEOUT", kNone, Verification::kSuspected},
    {"PROBABLE", kNone, Verification::kSuspected},
    {"POSSIBLE", kNone, Verification::kSuspected},
    {"SUSPECTED", kNone, Verification::kSuspected},
    {"UNCONFIRMED", kNone, Verification::kSuspected},
    {"WORKING", kNone, Verification::kSuspected},
    {"REFUTED", kNone, Verification::kRefuted},
    {"RULEDOUT", kNone, Verification::kRefuted},
    {"EXCLUDED", kNone, Verification::kRefuted},
    {"ENTEREDINERROR", kNone, Verification::kEnteredInError},
    {"ERROR", kNone, Verification::kEnteredInError},
});

const Word* WordOf(const std::string& text) {
  const std::string folded = Folded(text);
  const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                         [&](const Word& known) { return known.word == folded; });
  return found == kWords.end() ? nullptr : found;
}

// As well as the statuses before it: what ended stays ended, what is in doubt stays so.
void Weigh(const Word& word, record::Entry& entry) {
  const bool says_active = word.status == ClinicalStatus::kActive;
  if (word.status != kNone && (entry.status == kNone || !says_active)) entry.status = word.status;
  if (word.verification == Verification::kUnstated) return;
  const bool doubted = entry.verification > Verification::kConfirmed;
  if (!doubted || word.verification > entry.verification) entry.verification = word.verification;
}

enum class As : std::uint8_t { kCode, kTime, kWhole };
struct Item {
  std::size_t field;
  std::string_view name;
  As as = As::kCode;
};
constexpr auto kOfProblem = std::to_array<Item>({{5, "episode of care", As::kWhole},
                                                 {6, "priority"},
                                                 {7, "established", As::kTime},
                                                 {8, "anticipated resolution", As::kTime},
                                                 {10, "classification"},
                                                 {11, "discipline"},
                                                 {12, "persistence"},
                                                 {13, "confirmation"},
                                                 {14, "life cycle"},
                                                 {15, "life cycle since", As::kTime},
                                                 {17, "onset", As::kWhole},
                                                 {18, "ranking"},
                                                 {19, "certainty"},
                                                 {20, "probability", As::kWhole},
                                                 {21, "individual's awareness"},
                                                 {22, "prognosis"},
                                                 {23, "individual's awareness of the prognosis"},
                                                 {24, "family's awareness", As::kWhole},
                                                 {26, "severity"},
                                                 {27, "perspective"}});
constexpr auto kOfGoal = std::to_array<Item>({{5, "episode of care", As::kWhole},
                                              {6, "priority"},
                                              {7, "established", As::kTime},
                                              {8, "expected achievement", As::kTime},
                                              {9, "classification"},
                                              {10, "discipline"},
                                              {11, "review status"},
                                              {12, "reviewed", As::kTime},
                                              {13, "next review", As::kTime},
                                              {14, "previous review", As::kTime},
                                              {16, "evaluation"},
                                              {17, "evaluation comment", As::kWhole},
                                              {18, "life cycle"},
                                              {19, "life cycle since", As::kTime},
                                              {20, "target type"}});
constexpr auto kOfPathway = std::to_array<Item>(
    {{4, "established", As::kTime}, {5, "life cycle"}, {6, "life cycle since", As::kTime}});

struct Form {
  std::string_view segment;
  std::string_view key;
  Section section;
  record::Kind kind;
  std::size_t code;      // what it is
  std::size_t instance;  // the source's own number of it
  std::span<const Item> items;
  std::array<std::size_t, 2> statuses;  // 0: none
  std::size_t mood;                     // table 0725; 0: none
  std::size_t recorded;                 // when the action was taken; 0: none
};
constexpr auto kForms = std::to_array<Form>({
    {"PRB",
     "problem",
     Section::kProblems,
     record::Kind::kProblem,
     3,
     4,
     kOfProblem,
     {13, 14},
     28,
     2},
    {"GOL",
     "goal",
     Section::kCareAndSupportPlan,
     record::Kind::kStatement,
     3,
     4,
     kOfGoal,
     {18, 0},
     22,
     2},
    {"PTH",
     "pathway",
     Section::kCareAndSupportPlan,
     record::Kind::kStatement,
     2,
     3,
     kOfPathway,
     {5, 0},
     7,
     0},
});

const Form* FormOf(std::string_view segment) {
  const auto* const found = std::find_if(kForms.begin(), kForms.end(),
                                         [&](const Form& form) { return form.segment == segment; });
  return found == kForms.end() ? nullptr : found;
}

bool IsOfOrder(std::string_view name) {
  return name == "ORC" || name == "OBR" || name == "SPM" || name.starts_with("RX");
}

class Plans {
 public:
  Plans(Reader& reader, bool deleted) : reader_(reader), deleted_(deleted) {}

  void Read() {
    for (const hl7v2::Segment& segment : reader_.segments()) {
      const std::string_view name = segment.name();
      if (const Form* form = FormOf(name)) {
        EndOrder();
        One(*form, segment);
      } else if (IsOfOrder(name) || (!order_.empty() && (name == "OBX" || name == "NTE"))) {
        order_.push_back(segment);
      } else {
        Behind(segment);
      }
    }
    EndOrder();
  }

 private:
  void One(const Form& form, const hl7v2::Segment& segment) {
    record::Draft draft;
    record::Entry& entry = draft.entry;
    target_.reset();
    entry.section = form.section;
    entry.kind = form.kind;
    entry.what = reader_.Code(segment, form.code);
    const bool named = !entry.what.text.empty() || !entry.what.codings.empty();
    const std::string number = reader_.WholeText(segment, form.instance);
    if (!named && number.empty()) return;  // listed
    const std::string code =
        entry.what.codings.empty() ? entry.what.text : entry.what.codings.front().code;
    key_ = reader_.Key(form.key, number.empty() ? std::vector<std::string>{"code", code}
                                                : std::vector<std::string>{"instance", number});
    const std::string action = reader_.Text(segment, 1);  // table 0287
    if (deleted_ || action == "DE") {
      reader_.Take(segment);
      reader_.out().withdrawn_keys.push_back(key_);
      return;
    }
    if (action == "UN" || action == "LI") {
      reader_.out().not_carried.push_back(
          {segment.place(1), "to what it is linked is not carried"});
    }
    if (!named) entry.what.text = "Not named by its source";
    if (!number.empty()) entry.details.push_back({.name = "identifier", .text = number});
    Describe(form, segment, draft);
    draft.source_key = key_;
    reader_.out().drafts.push_back(std::move(draft));
    target_ = reader_.out().drafts.size() - 1;
  }

  void Describe(const Form& form, const hl7v2::Segment& segment, record::Draft& draft) {
    record::Entry& entry = draft.entry;
    if (form.recorded != 0) entry.recorded = reader_.Time(segment, form.recorded);
    SetStatus(form, segment, entry);
    for (const Item& item : form.items) Add(segment, item, entry);
    if (form.segment != "PRB") return;
    entry.effective = reader_.Time(segment, 16);
    entry.ended = reader_.Time(segment, 9);
    const bool over = entry.ended && !reader_.IsAhead(*entry.ended);
    const bool so = entry.verification <= Verification::kSuspected;
    const bool open = entry.status == kNone || entry.status == ClinicalStatus::kActive;
    if (over && open && so) entry.status = ClinicalStatus::kResolved;
    if (const std::string code = reader_.Text(segment, 25); !code.empty()) {
      draft.source_labels.push_back("confidentiality:" + code);
    }
  }

  void SetStatus(const Form& form, const hl7v2::Segment& segment, record::Entry& entry) {
    for (const std::size_t field : form.statuses) {
      if (field == 0) continue;
      const record::Coded status = reader_.Code(segment, field);
      if (!entry.status_original.empty() && !TextOf(status).empty()) entry.status_original += ", ";
      entry.status_original += TextOf(status);
      const Word* word = WordOf(TextOf(status));
      for (const record::Coding& coding : status.codings) {
        if (word == nullptr) word = WordOf(coding.code);
      }
      if (word != nullptr) Weigh(*word, entry);
    }
    record::Settle(entry);
    // Intended, asked for, promised or feared: not so.
    const std::string mood = reader_.Text(segment, form.mood);
    if (mood.empty() || mood == "EVN") return;
    entry.kind = record::Kind::kStatement;
    entry.intent = record::Intent::kPlanned;
    entry.status = ClinicalStatus::kPlanned;
    entry.details.push_back({.name = "mood", .text = mood});
  }

  void Add(const hl7v2::Segment& segment, const Item& item, record::Entry& entry) {
    if (item.as == As::kCode) return reader_.Detail(entry, item.name, segment, item.field);
    if (item.as == As::kTime) return reader_.DetailTime(entry, item.name, segment, item.field);
    std::string text = reader_.WholeText(segment, item.field);
    if (!text.empty()) {
      entry.details.push_back({.name = std::string(item.name), .text = std::move(text)});
    }
  }

  // Notes, variances, roles and observations belong to what stands before them; of what was
  // withdrawn or is not there they are listed.
  void Behind(const hl7v2::Segment& segment) {
    if (!target_) return;
    const std::string_view name = segment.name();
    if (name == "NTE") return Note(segment);
    if (name == "VAR") return Variance(segment);
    if (name == "ROL") return Role(segment);
    if (name == "OBX") Observation(segment);
  }

  record::Entry& target() { return reader_.out().drafts[*target_].entry; }

  void Note(const hl7v2::Segment& nte) {
    reader_.Take(nte.field(2));
    std::string text = reader_.WholeText(nte, 3);
    if (!text.empty()) target().free_text.push_back(std::move(text));
  }

  void Variance(const hl7v2::Segment& var) {
    reader_.Take(var.field(1));
    reader_.DetailTime(target(), "variance documented", var, 2);
    reader_.DetailTime(target(), "variance", var, 3);
    reader_.Detail(target(), "variance", var, 5);
    for (auto& performer : reader_.Performers(var, 4, "variance stated by")) {
      target().performers.push_back(std::move(performer));
    }
    std::string text = reader_.WholeText(var, 6);
    if (!text.empty()) target().free_text.push_back(std::move(text));
  }

  void Role(const hl7v2::Segment& rol) {
    if (rol.field(2).raw() == "DE") return;  // listed
    reader_.Take(rol.field(1));
    reader_.Take(rol.field(2));
    const std::string role = TextOf(reader_.Code(rol, 3));
    for (auto& performer : reader_.Performers(rol, 4, role)) {
      target().performers.push_back(std::move(performer));
    }
  }

  void Observation(const hl7v2::Segment& obx) {
    Surroundings around;
    around.section = Section::kExaminationFindings;
    around.key = {key_, std::string(obx.field(14).raw())};
    around.group = key_;
    ReadObservation(reader_, obx, around);
  }

  // An order with results is read as a report; one without is not read here: it asks for something.
  void EndOrder() {
    const bool reports = std::any_of(order_.begin(), order_.end(), [](const auto& segment) {
      return segment.name() == "OBX" ||
             (segment.name() == "OBR" && !segment.field(25).raw().empty());
    });
    if (reports) ReadResults(reader_, order_);
    order_.clear();
  }

  Reader& reader_;
  const bool deleted_;
  std::optional<std::size_t> target_;
  std::string key_;
  Segments order_;
};

}  // namespace

void ReadPlans(Reader& reader, bool deleted) { Plans(reader, deleted).Read(); }

}  // namespace milecastle::acute
