// SIU^S12 to S26: appointments, one entry each (HL7 v2.8.2 sections 10.4 and 10.6).
//
// A later message on the same SCH-2 (or SCH-1, where the filler gave no number) supersedes the
// earlier one whole; services and resources that it does not name are no longer told. What the
// event and SCH-25 say of its standing may differ: the tighter holds.
#include <algorithm>
#include <array>

#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::EncounterChange;
using record::Section;

// Of two that are said, the later here holds.
enum class Standing : std::uint8_t {
  kUnstated,
  kPending,  // asked for, or a slot that is kept: nothing is promised
  kBooked,
  kStarted,
  kCompleted,
  kStopped,
  kCancelled,
  kNotAttended,
  kDeleted,
};

struct Happening {
  std::string_view trigger;
  std::string_view words;
  Standing standing;
};
constexpr auto kHappenings = std::to_array<Happening>({
    {"S12", "booked", Standing::kBooked},
    {"S13", "rescheduled", Standing::kBooked},
    {"S14", "changed", Standing::kBooked},
    {"S15", "cancelled", Standing::kCancelled},
    {"S16", "discontinued", Standing::kStopped},
    {"S17", "deleted", Standing::kDeleted},
    {"S18", "service or resource added", Standing::kBooked},
    {"S19", "service or resource changed", Standing::kBooked},
    {"S20", "service or resource cancelled", Standing::kBooked},
    {"S21", "service or resource discontinued", Standing::kBooked},
    {"S22", "service or resource deleted", Standing::kBooked},
    {"S23", "time blocked", Standing::kUnstated},
    {"S24", "time opened", Standing::kUnstated},
    {"S26", "did not attend", Standing::kNotAttended},
});

struct Word {
  std::string_view folded;
  Standing standing;
};
// Table 0278, and what UK systems write for it.
constexpr auto kWords = std::to_array<Word>({
    {"PENDING", Standing::kPending},
    {"WAITLIST", Standing::kPending},
    {"BLOCKED", Standing::kPending},
    {"BOOKED", Standing::kBooked},
    {"OVERBOOK", Standing::kBooked},
    {"RESCHEDULED", Standing::kBooked},
    {"STARTED", Standing::kStarted},
    {"ARRIVED", Standing::kStarted},
    {"CHECKEDIN", Standing::kStarted},
    {"COMPLETE", Standing::kCompleted},
    {"COMPLETED", Standing::kCompleted},
    {"ATTENDED", Standing::kCompleted},
    {"DC", Standing::kStopped},
    {"DISCONTINUED", Standing::kStopped},
    {"CANCELLED", Standing::kCancelled},
    {"CANCELED", Standing::kCancelled},
    {"NOSHOW", Standing::kNotAttended},
    {"DNA", Standing::kNotAttended},
    {"DIDNOTATTEND", Standing::kNotAttended},
    {"DELETED", Standing::kDeleted},
});

const Happening& HappeningOf(std::string_view trigger) {
  static constexpr Happening kOther{"", "", Standing::kUnstated};
  const auto* const found =
      std::find_if(kHappenings.begin(), kHappenings.end(),
                   [&](const Happening& known) { return known.trigger == trigger; });
  return found == kHappenings.end() ? kOther : *found;
}

std::optional<Standing> StandingOf(const record::Coded& status) {
  std::vector<std::string> texts = {Folded(status.text)};
  for (const auto& coding : status.codings) {
    texts.push_back(Folded(coding.code));
    texts.push_back(Folded(coding.display));
  }
  std::optional<Standing> found;
  for (const Word& word : kWords) {
    if (std::find(texts.begin(), texts.end(), word.folded) == texts.end()) continue;
    found = std::max(found.value_or(word.standing), word.standing);
  }
  return found;
}

// A status that nobody knows leaves only a new booking booked.
Standing Settle(const Happening& happening, const record::Coded& status) {
  if (status.text.empty() && status.codings.empty()) return happening.standing;
  const auto stated = StandingOf(status);
  const bool is_new = happening.trigger == "S12" || happening.trigger == "S13";
  const bool is_only_kept = happening.standing == Standing::kBooked;
  if (stated == Standing::kPending && is_only_kept) return Standing::kPending;
  if (!stated && is_only_kept && !is_new) return Standing::kUnstated;
  return std::max(happening.standing, stated.value_or(Standing::kUnstated));
}

void SetStatus(Standing standing, record::Entry& entry) {
  using record::Intent;
  struct Row {
    Standing standing;
    ClinicalStatus status;
    Intent intent;
    Section section;
  };
  constexpr auto kRows = std::to_array<Row>({
      {Standing::kPending, ClinicalStatus::kPlanned, Intent::kPlanned,
       Section::kFutureAppointments},
      {Standing::kBooked, ClinicalStatus::kPlanned, Intent::kPlanned, Section::kFutureAppointments},
      {Standing::kStarted, ClinicalStatus::kActive, Intent::kUnstated,
       Section::kContactsWithProfessionals},
      {Standing::kCompleted, ClinicalStatus::kCompleted, Intent::kUnstated,
       Section::kContactsWithProfessionals},
      {Standing::kStopped, ClinicalStatus::kStopped, Intent::kUnstated,
       Section::kFutureAppointments},
      {Standing::kCancelled, ClinicalStatus::kCancelled, Intent::kNotDone,
       Section::kFutureAppointments},
      {Standing::kNotAttended, ClinicalStatus::kCancelled, Intent::kNotDone,
       Section::kContactsWithProfessionals},
  });
  entry.section = Section::kFutureAppointments;
  for (const Row& row : kRows) {
    if (row.standing != standing) continue;
    entry.status = row.status;
    entry.intent = row.intent;
    entry.section = row.section;
  }
}

constexpr auto kSchedule = std::to_array<FieldRow>({{3, "occurrence", As::kText},
                                                    {4, "appointment group", As::kText},
                                                    {5, "schedule"},
                                                    {6, "reason for the event"},
                                                    {7, "reason"},
                                                    {8, "type"},
                                                    {9, "duration", As::kWithUnit},
                                                    {12, "asked for by", As::kPerson},
                                                    {16, "contact", As::kPerson},
                                                    {20, "entered by", As::kPerson},
                                                    {23, "parent appointment (placer)", As::kText},
                                                    {24, "parent appointment (filler)", As::kText},
                                                    {26, "order (placer)", As::kText},
                                                    {27, "order (filler)", As::kText}});

// AIS, AIG, AIL, AIP: what is booked, and when it begins there.
struct Resource {
  std::string_view segment;
  std::size_t what;
  std::size_t start;
  std::size_t status;
  std::span<const FieldRow> rows;
};
constexpr auto kService = std::to_array<FieldRow>({{7, "service duration", As::kWithUnit},
                                                   {11, "placer's supplement"},
                                                   {12, "filler's supplement"}});
constexpr auto kEquipment = std::to_array<FieldRow>({{3, "resource"},
                                                     {4, "resource type"},
                                                     {5, "resource group"},
                                                     {6, "resource quantity", As::kWithUnit},
                                                     {11, "resource duration", As::kWithUnit}});
constexpr auto kLocation = std::to_array<FieldRow>({{3, "location", As::kPlace},
                                                    {4, "location type"},
                                                    {5, "location group"},
                                                    {9, "location duration", As::kWithUnit}});
constexpr auto kPersonnel =
    std::to_array<FieldRow>({{5, "personnel group"}, {9, "personnel duration", As::kWithUnit}});
constexpr auto kResources = std::to_array<Resource>({{"AIS", 3, 4, 10, kService},
                                                     {"AIG", 3, 8, 14, kEquipment},
                                                     {"AIL", 3, 6, 12, kLocation},
                                                     {"AIP", 3, 6, 12, kPersonnel}});

class Appointment {
 public:
  Appointment(Reader& reader, std::string_view trigger)
      : reader_(reader), happening_(HappeningOf(trigger)), sch_(reader.segment("SCH")) {}

  void Read() {
    Name();
    status_ = reader_.Code(sch_, 25);
    standing_ = Settle(happening_, status_);
    if (standing_ == Standing::kDeleted) return TakeBack();
    Describe();
    Claim();
    ReadWhatCameWithIt();
  }

 private:
  // The first of a series, and one that belongs to none, are one name.
  void Name() {
    const std::string occurrence = reader_.WholeText(sch_, 3);
    const std::string which =
        occurrence.empty() || occurrence == "0" || occurrence == "1" ? "" : "\x1F" + occurrence;
    Numbers numbers{"filler", reader_.WholeText(sch_, 2), "placer", reader_.WholeText(sch_, 1)};
    number_ = numbers.first.empty() ? numbers.second : numbers.first;
    placer_ = numbers.second;
    if (numbers.any()) {
      if (!numbers.first.empty()) numbers.first += which;
      if (!numbers.second.empty()) numbers.second += which;
      key_ = KeyOfNumbers(reader_, "appointment", numbers);
    } else {  // its time and service are all that names it
      key_ = reader_.Key("appointment",
                         {"time", std::string(sch_.field(11).component(4).raw()),
                          std::string(reader_.segment("TQ1").field(7).raw()),
                          std::string(reader_.segment("AIS").field(3).component(1).raw())});
    }
  }

  void ReadWhatCameWithIt() {
    const Visit visit{.number = key_, .within = key_};
    ReadProblems(reader_, visit);
    ReadObservations(reader_, visit);
  }

  void TakeBack() {
    const std::size_t before = reader_.out().drafts.size();
    ReadWhatCameWithIt();
    TakeBackWithAll(reader_, key_, before);
    ClaimChange(EncounterChange::kOpeningCancelled);
    for (const std::string_view name : {"SCH", "TQ1", "NTE", "RGS", "AIS", "AIG", "AIL", "AIP"}) {
      for (const auto& segment : reader_.all(name)) reader_.Take(segment);
    }
  }

  void Describe() {
    record::Draft draft{.source_key = key_};
    record::Entry& entry = draft.entry;
    entry.kind = record::Kind::kEncounter;
    SetStatus(standing_, entry);
    entry.status_original = TextOf(status_);
    AddText(entry, "event", std::string(happening_.words));
    AddText(entry, "appointment number", number_);
    if (placer_ != number_) AddText(entry, "placer's number", placer_);
    for (const auto& tq1 : reader_.all("TQ1")) ReadTiming(reader_, tq1, entry);
    ReadTimingQuantity(reader_, sch_, 11, entry);  // which TQ1 took the place of
    ReadFields(reader_, sch_, kSchedule, entry);
    ReadResources(entry);
    LinkToWhatItIsFor(entry);
    AddVisitContext(reader_, entry);
    if (entry.what.text.empty() && entry.what.codings.empty()) entry.what.text = "Appointment";
    for (const auto& nte : reader_.all("NTE")) {
      if (std::string note = NoteIn(reader_, nte); !note.empty()) entry.free_text.push_back(note);
    }
    start_ = entry.effective;
    end_ = entry.ended;
    reader_.out().drafts.push_back(std::move(draft));
  }

  // The order that it is for, and the appointment that it is a part of.
  void LinkToWhatItIsFor(record::Entry& entry) const {
    LinkToAllOrdered(
        entry, "requested by",
        {.placer = Reader::WholeOf(sch_.field(26)), .filler = Reader::WholeOf(sch_.field(27))});
    for (const auto& [field, kind] : {std::pair{24U, "filler"}, std::pair{23U, "placer"}}) {
      const std::string number = Reader::WholeOf(sch_.field(field));
      if (number.empty()) continue;
      std::string parent = Reader::FirstKey("appointment", {kind, number});
      if (parent != key_) entry.links.push_back({"parent appointment", std::move(parent)});
    }
  }

  void ReadResources(record::Entry& entry) {
    for (const auto& rgs : reader_.all("RGS")) {  // numbers that group
      for (const std::size_t field : {1U, 2U, 3U}) reader_.Take(rgs.field(field));
    }
    std::optional<record::When> first;
    for (const Resource& resource : kResources) {
      for (const auto& segment : reader_.all(resource.segment)) {
        ReadResource(resource, segment, entry);
        auto start = reader_.Time(segment, resource.start);
        if (start && (!first || start->at < first->at)) first = std::move(start);
      }
    }
    if (!entry.effective) entry.effective = first;
  }

  void ReadResource(const Resource& resource, const hl7v2::Segment& segment, record::Entry& entry) {
    reader_.Take(segment.field(1));
    const std::string prefix = PrefixOf(resource, segment);
    if (resource.segment == "AIS") ReadService(segment, prefix, entry);
    if (resource.segment == "AIP") {
      std::string role = TextOf(reader_.Code(segment, 4));
      if (role.empty()) role = "clinician";
      const FieldRow row{resource.what, role, As::kPerson};
      ReadFields(reader_, segment, {&row, 1}, entry, prefix);
    }
    ReadFields(reader_, segment, resource.rows, entry, prefix);
  }

  // "cancelled, " before what the message takes out of the appointment (table 0206, or its own
  // filler status): it must not read as part of it.
  std::string PrefixOf(const Resource& resource, const hl7v2::Segment& segment) {
    const std::string action = reader_.Text(segment, 2);
    const record::Coded status = reader_.Code(segment, resource.status);
    const auto standing = StandingOf(status);
    if (action == "D" || standing == Standing::kDeleted) return "removed, ";
    if (standing == Standing::kNotAttended || standing == Standing::kCancelled ||
        standing == Standing::kStopped) {
      return standing_ == standing ? "" : "cancelled, ";
    }
    if (!standing && !TextOf(status).empty()) return TextOf(status) + ", ";
    return "";
  }

  // The first that stands is what the appointment is for.
  void ReadService(const hl7v2::Segment& ais, const std::string& prefix, record::Entry& entry) {
    if (prefix.empty() && entry.what.text.empty() && entry.what.codings.empty()) {
      entry.what = reader_.Code(ais, 3);
    } else {
      reader_.Detail(entry, prefix + "service", ais, 3);
    }
  }

  // What is booked is a relationship, until it is over or is not to be.
  void Claim() {
    if (standing_ == Standing::kBooked) return ClaimChange(EncounterChange::kPlanned);
    if (standing_ == Standing::kCompleted) return ClaimChange(EncounterChange::kClosed);
    if (standing_ >= Standing::kStopped) ClaimChange(EncounterChange::kOpeningCancelled);
  }

  // By the appointment's key: PV1-19 names another visit, perhaps one that is under way.
  void ClaimChange(EncounterChange change) {
    record::EncounterClaim claim{.number = key_, .change = change};
    (change == EncounterChange::kPlanned ? claim.expected : claim.began) = start_;
    if (change == EncounterChange::kClosed) claim.ended = end_ ? end_ : start_;
    reader_.out().encounter = std::move(claim);
  }

  Reader& reader_;
  const Happening& happening_;
  const hl7v2::Segment sch_;
  std::string key_;
  std::string number_;
  std::string placer_;
  record::Coded status_;
  Standing standing_ = Standing::kUnstated;
  std::optional<record::When> start_;
  std::optional<record::When> end_;
};

}  // namespace

base::Result<void> ReadAppointment(Reader& reader, std::string_view trigger) {
  if (!reader.segment("SCH").exists()) {
    return base::Error{base::ErrorId::kMessageInvalid, "SCH",
                       "send an SCH segment with the appointment"};
  }
  if (const auto second = reader.segment("SCH", 1); second.exists()) {
    return base::Error{base::ErrorId::kMessageUnsupported, second.place(),
                       "send one appointment in one message"};
  }
  ReadVisitLabels(reader);
  ReadAllergies(reader);
  Appointment(reader, trigger).Read();
  return {};
}

}  // namespace milecastle::acute
