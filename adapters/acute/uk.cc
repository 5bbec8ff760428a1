// ZU1 to ZU8: the United Kingdom's own segments (HL7 UK A.3, appendix A). ZU8 carries the person's
// choices and protection.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/refusal.h"

namespace milecastle::acute {
namespace {

using record::Section;

struct Item {
  std::size_t field;
  std::string_view name;
  bool time = false;
};

constexpr auto kEpisode = std::to_array<Item>({{1, "decision to admit", true},
                                               {2, "intended management"},
                                               {3, "coding status"},
                                               {4, "consultant episode began", true},
                                               {5, "consultant episode ended", true},
                                               {6, "consultant's main specialty"},
                                               {7, "treatment specialty"},
                                               {9, "neonatal level of care"},
                                               {10, "overseas visitor status"},
                                               {13, "source of referral"},
                                               {14, "service type requested"},
                                               {15, "referral request received", true},
                                               {16, "referred", true},
                                               {17, "referral receipt method"},
                                               {18, "written referral"},
                                               {19, "first regular admission"},
                                               {20, "psychiatric admission status"},
                                               {21, "significant facility"},
                                               {22, "medically fit"},
                                               {23, "embedded day case"},
                                               {24, "ready for discharge", true},
                                               {25, "borrowed bed specialty"}});
constexpr auto kAugmentedCare = std::to_array<Item>({{1, "began", true},
                                                     {2, "source"},
                                                     {3, "intensive care days"},
                                                     {4, "high dependency days"},
                                                     {6, "organ systems supported"},
                                                     {7, "specialty"},
                                                     {8, "planned"},
                                                     {9, "outcome"},
                                                     {10, "disposal"},
                                                     {11, "ended", true}});
constexpr auto kAttendance = std::to_array<Item>({{1, "location type"},
                                                  {2, "staff type"},
                                                  {3, "attended or did not attend"},
                                                  {4, "outcome of attendance"},
                                                  {5, "transport"},
                                                  {6, "attendance class"},
                                                  {7, "diary type"},
                                                  {8, "appointment type"},
                                                  {9, "age and sex mix"},
                                                  {10, "intended care intensity"},
                                                  {11, "broad patient group"},
                                                  {12, "first attendance"},
                                                  {13, "cancelled by"},
                                                  {14, "source of attendance"}});
constexpr auto kWaitingList = std::to_array<Item>({{1, "on this provider's list", true},
                                                   {2, "originally on the list", true},
                                                   {3, "guaranteed admission", true},
                                                   {4, "suspended", true},
                                                   {5, "suspension ended", true},
                                                   {6, "to come in", true},
                                                   {7, "responsible provider"},
                                                   {8, "source of addition"},
                                                   {9, "removal or reinstatement reason"},
                                                   {10, "removed or reinstated", true},
                                                   {11, "outcome of offer"},
                                                   {12, "suspension initiated by"},
                                                   {13, "list type"},
                                                   {14, "reason for exceeding the guarantee"},
                                                   {15, "last review", true}});
constexpr auto kPsychiatricCensus = std::to_array<Item>({{1, "census year", true},
                                                         {2, "legal status on admission"},
                                                         {3, "legal status at census"},
                                                         {4, "mental category"},
                                                         {5, "detention began", true},
                                                         {6, "ward type"}});
constexpr auto kLabour = std::to_array<Item>({{1, "antenatal GP"},
                                              {2, "first antenatal assessment", true},
                                              {3, "previous pregnancies"},
                                              {4, "place of delivery"},
                                              {5, "delivered", true},
                                              {6, "intended place of delivery"},
                                              {7, "reason for change of place"},
                                              {8, "weeks of gestation at first assessment"},
                                              {9, "onset of labour"},
                                              {10, "delivery method"},
                                              {11, "status of person conducting delivery"},
                                              {12, "anaesthetic during labour"},
                                              {13, "anaesthetic after delivery"},
                                              {14, "number of babies"}});
constexpr auto kBirth = std::to_array<Item>({{2, "live or still birth"},
                                             {3, "birth weight"},
                                             {5, "resuscitation"},
                                             {6, "weeks of gestation at onset of labour"},
                                             {7, "births in this confinement"},
                                             {8, "suspected congenital anomaly"},
                                             {9, "birth order"}});

struct Table {
  std::string_view segment;
  std::string_view key;
  std::string_view heading;
  Section section;
  std::string_view label;  // a source label, where the segment is sensitive by what it is
  std::span<const Item> items;
};
constexpr auto kTables = std::to_array<Table>({
    {"ZU1", "episode", "Hospital episode", Section::kAdmissionDetails, "", kEpisode},
    {"ZU2", "augmented_care", "Augmented care period", Section::kAdmissionDetails, "",
     kAugmentedCare},
    {"ZU3", "attendance", "Attendance", Section::kContactsWithProfessionals, "", kAttendance},
    {"ZU4", "waiting_list", "Waiting list", Section::kFutureAppointments, "", kWaitingList},
    {"ZU5", "psychiatric_census", "Psychiatric census", Section::kLegalInformation,
     "mental_health:ZU5", kPsychiatricCensus},
    {"ZU6", "labour", "Labour and delivery", Section::kPregnancyStatus, "", kLabour},
    {"ZU7", "birth", "Birth", Section::kPregnancyStatus, "", kBirth},
});

void ReadTable(Reader& reader, const hl7v2::Segment& segment, const Table& table,
               const Visit& visit) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  entry.section = table.section;
  entry.kind = record::Kind::kStatement;
  entry.what.text = table.heading;
  for (const Item& item : table.items) {
    if (item.time) {
      reader.DetailTime(entry, item.name, segment, item.field);
    } else {
      reader.Detail(entry, item.name, segment, item.field);
    }
  }
  if (table.segment == "ZU2") {  // the ward of augmented care says where somebody is
    std::string location = reader.Location(segment, 5);
    if (!location.empty()) entry.addresses.push_back({{std::move(location)}, "", "location"});
  }
  if (table.segment == "ZU1") entry.performers = reader.Performers(segment, 26, "borrowed bed");
  if (entry.details.empty() && entry.performers.empty()) return;
  draft.source_key = reader.Key(table.key, {visit.number});
  if (!table.label.empty()) draft.source_labels.emplace_back(table.label);
  reader.out().drafts.push_back(std::move(draft));
}

void Review(Reader& reader, const hl7v2::Segment& zu8, std::size_t field, record::ReviewKind kind) {
  reader.Take(zu8.field(field));
  reader.out().reviews.push_back({kind, zu8.place(field)});
}

void Prefer(Reader& reader, record::PreferenceKind kind, record::PreferenceAnswer answer,
            const std::string& place) {
  reader.out().preferences.push_back({kind, answer, place});
}

using record::PreferenceAnswer;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What a sender writes for the codes 1 to 3 of table ZU056. A yes in words agrees to nothing, but
// is nothing to ask about; what is none of these may be a refusal.
PreferenceAnswer AnswerOf(std::string_view folded) {
  if (folded == "1") return PreferenceAnswer::kConsent;
  if (IsOneOf(folded, {"2", "02", "N", "NO", "FALSE", "DISSENT", "DISSENTED", "DISSENTS", "REFUSED",
                       "DECLINED", "CONSENTREFUSED", "CONSENTDECLINED", "NOCONSENT"})) {
    return PreferenceAnswer::kDissent;
  }
  const bool is_known = IsOneOf(folded, {"3", "03", "UNKNOWN", "NOTKNOWN", "01", "Y", "YES", "TRUE",
                                         "CONSENT", "CONSENTED", "CONSENTGIVEN", "GIVEN"});
  return is_known ? PreferenceAnswer::kUnknown : PreferenceAnswer::kUnclear;
}

bool IsBlank(const hl7v2::Field& field) {
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    for (std::size_t c = 1; c <= repetition.size(); ++c) {
      if (!Clean(repetition.component(c).text()).empty()) return false;
    }
  }
  return true;
}

// Whether anything beside the code speaks against it: words of the same field, or another answer.
bool IsSpokenAgainst(const hl7v2::Field& field, PreferenceAnswer answer) {
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    const std::string code = Folded(repetition.component(1).text());
    if (r > 0 && !code.empty() && AnswerOf(code) != answer) return true;
    for (std::size_t c = 2; c <= repetition.size(); ++c) {
      if (record::MaySayNo(repetition.component(c).text())) return true;
    }
  }
  return false;
}

// ZU8-2. What is no plain yes is a refusal, or a person asks (MC-132).
void ReadShareConsent(Reader& reader, const hl7v2::Segment& zu8) {
  const auto field = zu8.field(2);
  if (field.is_null()) return Review(reader, zu8, 2, record::ReviewKind::kNullOnObjection);
  const std::string code = Folded(reader.Text(zu8, 2));
  if (IsBlank(field)) return;
  PreferenceAnswer answer = AnswerOf(code);
  if (answer != PreferenceAnswer::kDissent && IsSpokenAgainst(field, answer)) {
    answer = PreferenceAnswer::kUnclear;
  }
  if (answer == PreferenceAnswer::kUnclear) reader.Take(field);
  Prefer(reader, record::PreferenceKind::kShareDetailedRecord, answer, zu8.place(2));
  if (IsOneOf(code, {"1", "2", "3"}) && answer != PreferenceAnswer::kUnclear) return;
  const std::string_view taken = answer == PreferenceAnswer::kDissent   ? "taken as 2"
                                 : answer == PreferenceAnswer::kUnclear ? "asked about"
                                                                        : "taken as unknown";
  reader.out().not_carried.push_back(
      {zu8.place(2), "not a code of table ZU056: " + std::string(taken)});
}

// ZU8-3.
void ReadSummaryConsent(Reader& reader, const hl7v2::Segment& zu8) {
  if (zu8.field(3).is_null()) return Review(reader, zu8, 3, record::ReviewKind::kNullOnObjection);
  const std::string words = reader.Text(zu8, 3);
  const std::string code = Folded(words);
  if (code.empty()) return;
  if (code == "YES" || code == "Y") {
    Prefer(reader, record::PreferenceKind::kSummaryCareRecord, PreferenceAnswer::kConsent,
           zu8.place(3));
  } else if (code == "N" || record::MaySayNo(words)) {
    Prefer(reader, record::PreferenceKind::kSummaryCareRecord, PreferenceAnswer::kDissent,
           zu8.place(3));
  } else {
    reader.out().not_carried.push_back({zu8.place(3), "not a code of table ZU058"});
  }
}

// ZU8-4. A code that nobody knows hides: that error can be mended, the other cannot.
void ReadLocationHiding(Reader& reader, const hl7v2::Segment& zu8) {
  using record::LocationProtection;
  if (zu8.field(4).is_null()) return Review(reader, zu8, 4, record::ReviewKind::kNullOnHidingFlag);
  const std::string code = reader.Text(zu8, 4);
  if (code.empty()) return;
  reader.out().location_protection = code == "0"   ? LocationProtection::kNone
                                     : code == "1" ? LocationProtection::kLocal
                                                   : LocationProtection::kNational;
  if (code != "0" && code != "1" && code != "2") {
    reader.out().not_carried.push_back(
        {zu8.place(4), "not a code of table ZU057: hidden to be safe"});
  }
}

}  // namespace

void ReadUkSegments(Reader& reader, const Visit& visit) {
  for (const Table& table : kTables) {
    for (const auto& segment : reader.all(table.segment)) ReadTable(reader, segment, table, visit);
  }
  for (const auto& zu8 : reader.all("ZU8")) {
    ReadShareConsent(reader, zu8);
    ReadSummaryConsent(reader, zu8);
    ReadLocationHiding(reader, zu8);
  }
}

}  // namespace milecastle::acute
