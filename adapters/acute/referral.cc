// REF and RRI^I12 to I15: a referral, its people and what stands with it (HL7 v2.8.2 sections 11.5
// and 11.8).
//
// RF1-6 (the referrer's number), else RF1-11, names it: a later message supersedes. What the event
// and RF1-1 say may differ: the tighter holds. A test without a result is asked for, not reported.
//
// A deletion (RF1-25) takes back what came with the referral. What is known by a number of its own,
// as a laboratory's result is, others may have told of as well: it stays.
#include <algorithm>
#include <array>

#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/order_status.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;

struct Happening {
  std::string_view trigger;
  std::string_view words;
};
constexpr auto kHappenings = std::to_array<Happening>({{"I12", "referred"},
                                                       {"I13", "referral changed"},
                                                       {"I14", "referral cancelled"},
                                                       {"I15", "status asked for"}});

struct Word {
  std::string_view folded;
  ClinicalStatus status;
};
// Table 0283, and what senders write for it.
constexpr auto kWords = std::to_array<Word>({{"A", ClinicalStatus::kActive},
                                             {"ACCEPTED", ClinicalStatus::kActive},
                                             {"P", ClinicalStatus::kActive},
                                             {"PENDING", ClinicalStatus::kActive},
                                             {"COMPLETED", ClinicalStatus::kCompleted},
                                             {"COMPLETE", ClinicalStatus::kCompleted},
                                             {"CLOSED", ClinicalStatus::kCompleted},
                                             {"E", ClinicalStatus::kStopped},
                                             {"EXPIRED", ClinicalStatus::kStopped},
                                             {"R", ClinicalStatus::kCancelled},
                                             {"REJECTED", ClinicalStatus::kCancelled},
                                             {"C", ClinicalStatus::kCancelled},
                                             {"CANCELLED", ClinicalStatus::kCancelled},
                                             {"CANCELED", ClinicalStatus::kCancelled}});

ClinicalStatus StatusOf(const record::Coded& status) {
  ClinicalStatus found = ClinicalStatus::kUnstated;
  const auto add = [&](const std::string& text) {
    for (const Word& word : kWords) {
      if (word.folded == Folded(text)) found = Tighter(found, word.status);
    }
  };
  add(status.text);
  for (const auto& coding : status.codings) {
    add(coding.code);
    add(coding.display);
  }
  return found;
}

constexpr auto kReferral = std::to_array<FieldRow>({{2, "priority"},
                                                    {4, "disposition"},
                                                    {5, "category"},
                                                    {10, "reason"},
                                                    {12, "documentation"},
                                                    {13, "planned end of treatment", As::kTime},
                                                    {14, "reason", As::kText},
                                                    {19, "authorised provider", As::kOrganisation},
                                                    {20, "authorised professional", As::kPerson},
                                                    {21, "source", As::kText},
                                                    {22, "source's date", As::kTime},
                                                    {24, "", As::kNote}});
constexpr auto kAuthorisation =
    std::to_array<FieldRow>({{4, "authorised from", As::kTime},
                             {5, "authorised until", As::kTime},
                             {6, "authorisation number", As::kText},
                             {8, "treatments asked for", As::kQuantity},
                             {9, "treatments authorised", As::kQuantity}});

// Table 0286.
std::string RoleIn(Reader& reader, const hl7v2::Segment& prd) {
  struct Name {
    std::string_view code;
    std::string_view words;
  };
  constexpr auto kNames = std::to_array<Name>({{"RP", "referring provider"},
                                               {"RT", "referred to provider"},
                                               {"PP", "primary care provider"},
                                               {"CP", "consulting provider"}});
  const record::Coded role = reader.Code(prd, 1);
  for (const Name& name : kNames) {
    if (!role.codings.empty() && role.codings.front().code == name.code) {
      return std::string(name.words);
    }
  }
  const std::string words = TextOf(role);
  return words.empty() ? "provider" : words;
}

void ReadProvider(Reader& reader, const hl7v2::Segment& prd, record::Entry& entry) {
  const std::string role = RoleIn(reader, prd);
  record::Performer performer{.role = role};
  const auto names = prd.field(2);
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name = Written(reader.Name(names.repetition(i)));
    if (performer.name.empty()) performer.name = std::move(name);
  }
  const auto number = prd.field(7).repetition(0);
  performer.identifier = reader.Text(number.component(1));
  performer.identifier_system = RegisterOf(reader.Text(number.component(2)));
  performer.organisation = reader.Text(prd, 10);
  const std::string place = reader.Location(prd, 4);
  if (performer.organisation.empty()) {
    performer.organisation = place;
  } else if (!place.empty()) {
    entry.addresses.push_back({{place}, "", role});
  }
  AddPerformer(entry, std::move(performer));
}

// What follows an OBR up to the next: with an OBX it is a report, else it is asked for.
struct Tests {
  Segments reports;
  Segments requests;
  Segments rest;
};

Tests TestsIn(const Segments& segments) {
  constexpr std::array<std::string_view, 3> kOfTest = {"OBR", "OBX", "NTE"};
  Tests tests;
  for (std::size_t i = 0; i < segments.size();) {
    if (segments[i].name() != "OBR") {
      tests.rest.push_back(segments[i++]);
      continue;
    }
    std::size_t end = i + 1;
    while (end < segments.size() && segments[end].name() != "OBR" &&
           std::find(kOfTest.begin(), kOfTest.end(), segments[end].name()) != kOfTest.end()) {
      ++end;
    }
    const bool reported =
        std::any_of(segments.begin() + static_cast<std::ptrdiff_t>(i),
                    segments.begin() + static_cast<std::ptrdiff_t>(end),
                    [](const hl7v2::Segment& segment) { return segment.name() == "OBX"; });
    Segments& into = reported ? tests.reports : tests.requests;
    into.insert(into.end(), segments.begin() + static_cast<std::ptrdiff_t>(i),
                segments.begin() + static_cast<std::ptrdiff_t>(end));
    i = end;
  }
  return tests;
}

// Those that no number names: nobody but the referral told of them.
Segments Unnumbered(const Segments& tests) {
  Segments kept;
  bool keep = false;
  for (const hl7v2::Segment& segment : tests) {
    if (segment.name() == "OBR") keep = segment.field(2).empty() && segment.field(3).empty();
    if (keep) kept.push_back(segment);
  }
  return kept;
}

class Referral {
 public:
  Referral(Reader& reader, std::string_view trigger)
      : reader_(reader), trigger_(trigger), rf1_(reader.segment("RF1")) {}

  struct Told {
    std::string key;
    bool is_deleted = false;
  };
  Told Read(const Segments& rest) {
    record::Draft draft;
    record::Entry& entry = draft.entry;
    entry.section = record::Section::kReferralDetails;
    entry.kind = record::Kind::kReferral;
    entry.what = reader_.Code(rf1_, 3);
    if (entry.what.text.empty() && entry.what.codings.empty()) entry.what.text = "Referral";
    SetStatus(entry);
    entry.effective = reader_.Time(rf1_, 7);
    entry.ended = reader_.Time(rf1_, 8);
    entry.recorded = reader_.Time(rf1_, 9);
    draft.source_key = KeyOf(entry);
    Told told{.key = draft.source_key, .is_deleted = reader_.Text(rf1_, 25) == "D"};
    if (told.is_deleted) {
      TakeHeader(rest);
    } else {
      Describe(rest, entry);
      reader_.out().drafts.push_back(std::move(draft));
    }
    return told;
  }

 private:
  void SetStatus(record::Entry& entry) {
    const record::Coded status = reader_.Code(rf1_, 1);
    entry.status_original = TextOf(status);
    entry.status = StatusOf(status);
    if (trigger_ == "I14") entry.status = ClinicalStatus::kCancelled;
    entry.intent = entry.status == ClinicalStatus::kCancelled ? record::Intent::kNotDone
                                                              : record::Intent::kOrdered;
    const auto* const happening =
        std::find_if(kHappenings.begin(), kHappenings.end(),
                     [&](const Happening& known) { return known.trigger == trigger_; });
    if (happening != kHappenings.end()) AddText(entry, "event", std::string(happening->words));
  }

  std::string KeyOf(record::Entry& entry) {
    const Numbers numbers{"originating", reader_.WholeText(rf1_, 6), "external",
                          reader_.WholeText(rf1_, 11)};
    AddText(entry, "referral number", numbers.first);
    AddText(entry, "external number", numbers.second);
    if (numbers.any()) return KeyOfNumbers(reader_, "referral", numbers);
    return reader_.Key(
        "referral", {"time", entry.effective ? entry.effective->original : "", TextOf(entry.what)});
  }

  void Describe(const Segments& rest, record::Entry& entry) {
    ReadFields(reader_, rf1_, kReferral, entry);
    for (const hl7v2::Segment& segment : rest) {
      const std::string_view name = segment.name();
      if (name == "PRD") ReadProvider(reader_, segment, entry);
      if (name == "AUT") ReadFields(reader_, segment, kAuthorisation, entry);
      if (name == "CTD") ReadContactData(reader_, segment, entry);
      if (name != "NTE") continue;
      if (std::string note = NoteIn(reader_, segment); !note.empty()) {
        entry.free_text.push_back(std::move(note));
      }
    }
    AddVisitContext(reader_, entry);
  }

  void TakeHeader(const Segments& rest) {
    for (const hl7v2::Segment& segment : rest) {
      const std::string_view name = segment.name();
      if (name == "RF1" || name == "PRD" || name == "AUT" || name == "CTD" || name == "NTE") {
        reader_.Take(segment);
      }
    }
  }

  Reader& reader_;
  const std::string_view trigger_;
  const hl7v2::Segment rf1_;
};

// Whether a procedure of a referral was done or is asked for is not said.
void ReadProceduresOfReferral(Reader& reader, const Visit& visit) {
  auto& drafts = reader.out().drafts;
  const std::size_t before = drafts.size();
  ReadProcedures(reader, visit);
  for (std::size_t i = before; i < drafts.size(); ++i) {
    drafts[i].entry.intent = record::Intent::kUnstated;
    drafts[i].entry.status = ClinicalStatus::kUnstated;
  }
}

void ReadWhatCameWith(Reader& reader, const std::string& referral, const Tests& tests) {
  const Visit visit{.number = referral, .within = referral};
  ReadProblems(reader, visit);
  ReadProceduresOfReferral(reader, visit);
  ReadResults(reader, tests.reports);
  ReadOrders(reader, "REF", tests.requests);
}

}  // namespace

base::Result<void> ReadReferral(Reader& reader, std::string_view trigger) {
  if (const auto second = reader.segment("RF1", 1); second.exists()) {
    return base::Error{base::ErrorId::kMessageUnsupported, second.place(),
                       "send one referral in one message"};
  }
  // A question about a referral says nothing of how it stands.
  const bool asks = trigger == "I15" && Clean(reader.segment("RF1").field(1).text()).empty();
  ReadVisitLabels(reader);
  const Tests tests = TestsIn(reader.segments());
  const auto told = asks ? Referral::Told{.key = KeyOfReferral(reader)}
                         : Referral(reader, trigger).Read(tests.rest);
  const std::size_t first = reader.out().drafts.size();
  if (told.is_deleted) {
    ReadWhatCameWith(reader, told.key, {Unnumbered(tests.reports), Unnumbered(tests.requests), {}});
    TakeBackWithAll(reader, told.key, first);
    return {};
  }
  ReadAllergies(reader);
  ReadWhatCameWith(reader, told.key, tests);
  const bool had_snapshot = !reader.out().snapshot_of.empty();
  ReadContacts(reader);
  // A referral names whom it knows of: those whom the hospital told of before stay.
  if (!had_snapshot) reader.out().snapshot_of.clear();
  return {};
}

}  // namespace milecastle::acute
