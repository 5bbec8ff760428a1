#include "inside/fields.h"

#include <algorithm>
#include <array>

namespace milecastle::acute {
namespace {

std::string Joined(const std::string& first, std::string_view between, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return first + std::string(between) + second;
}

// CQ as one component of a timing: number and unit in subcomponents.
std::string QuantityText(Reader& reader, const hl7v2::Component& cq) {
  reader.Take(cq);
  std::string words = Clean(cq.subcomponent(3).text());
  if (words.empty()) words = Clean(cq.subcomponent(2).text());
  return Joined(Clean(cq.subcomponent(1).text()), " ", words);
}

// CQ: the unit is a coded element in subcomponents.
std::string QuantityIn(Reader& reader, const hl7v2::Repetition& cq) {
  const std::string number = reader.Text(cq.component(1));
  const auto unit = cq.component(2);
  reader.Take(unit);
  std::string words = Clean(unit.subcomponent(2).text());
  if (words.empty()) words = Clean(unit.subcomponent(1).text());
  return Joined(number, " ", words);
}

std::string WithUnit(Reader& reader, const hl7v2::Segment& segment, std::size_t field) {
  return Joined(reader.WholeText(segment, field), " ", TextOf(reader.Code(segment, field + 1)));
}

std::string Range(Reader& reader, const hl7v2::Segment& segment, std::size_t field) {
  const std::string least = reader.Text(segment, field);
  const std::string most = reader.Text(segment, field + 1);
  const std::string span = least == most ? least : Joined(least, "-", most);
  return Joined(span, " ", TextOf(reader.Code(segment, field + 2)));
}

std::string OrganisationIn(Reader& reader, const hl7v2::Segment& segment, std::size_t field) {
  const auto xon = segment.field(field).repetition(0);
  std::string found;
  for (const std::size_t component : {1U, 10U, 3U}) {
    std::string text = reader.Text(xon.component(component));
    if (found.empty()) found = std::move(text);
  }
  return found;
}

void AddAs(Reader& reader, const hl7v2::Segment& segment, const FieldRow& row,
           record::Entry& entry) {
  switch (row.as) {
    case As::kCoded:
      return reader.Detail(entry, row.name, segment, row.field);
    case As::kTime:
      return reader.DetailTime(entry, row.name, segment, row.field);
    case As::kText:
      return AddText(entry, row.name, reader.WholeText(segment, row.field));
    case As::kQuantity:
      return AddText(entry, row.name, QuantityIn(reader, segment.field(row.field).repetition(0)));
    case As::kWithUnit:
      return AddText(entry, row.name, WithUnit(reader, segment, row.field));
    case As::kRange:
      return AddText(entry, row.name, Range(reader, segment, row.field));
    case As::kNote:
      if (std::string text = reader.WholeText(segment, row.field); !text.empty()) {
        entry.free_text.push_back(std::move(text));
      }
      return;
    case As::kPerson:
      for (auto& performer : reader.Performers(segment, row.field, row.name)) {
        AddPerformer(entry, std::move(performer));
      }
      return;
    case As::kOrganisation:
      AddPerformer(entry, {.role = std::string(row.name),
                           .organisation = OrganisationIn(reader, segment, row.field)});
      return;
    case As::kPlace:
      if (std::string place = reader.Location(segment, row.field); !place.empty()) {
        entry.addresses.push_back({{std::move(place)}, "", std::string(row.name)});
      }
      return;
  }
}

constexpr auto kTiming = std::to_array<FieldRow>({{2, "quantity", As::kQuantity},
                                                  {3, "repeat pattern", As::kText},
                                                  {4, "at", As::kText},
                                                  {5, "relative time", As::kText},
                                                  {6, "for", As::kQuantity},
                                                  {9, "priority"},
                                                  {10, "condition", As::kText},
                                                  {11, "timing instruction", As::kText},
                                                  {12, "conjunction"},
                                                  {13, "occurrence duration", As::kQuantity},
                                                  {14, "occurrences", As::kText}});

void SetTime(std::optional<record::When>& into, std::string_view name,
             std::optional<record::When> when, record::Entry& entry) {
  if (!when) return;
  if (!into) {
    into = std::move(when);
  } else if (into->at != when->at) {
    entry.details.push_back({.name = std::string(name), .text = "", .when = std::move(when)});
  }
}

}  // namespace

void ReadFields(Reader& reader, const hl7v2::Segment& segment, std::span<const FieldRow> rows,
                record::Entry& entry, std::string_view prefix) {
  for (const FieldRow& row : rows) {
    const std::string name = std::string(prefix) + std::string(row.name);
    AddAs(reader, segment, {row.field, name, row.as}, entry);
  }
}

void AddText(record::Entry& entry, std::string_view name, std::string text) {
  if (text.empty()) return;
  entry.details.push_back({.name = std::string(name), .text = std::move(text)});
}

void AddPerformer(record::Entry& entry, record::Performer performer) {
  if (performer.name.empty() && performer.identifier.empty() && performer.organisation.empty()) {
    return;
  }
  constexpr std::size_t kCompared = 50;  // a message costs no more than it is long
  const auto& all = entry.performers;
  const bool known =
      all.size() < kCompared && std::find(all.begin(), all.end(), performer) != all.end();
  if (!known) entry.performers.push_back(std::move(performer));
}

std::optional<record::When> TimeIn(Reader& reader, const hl7v2::Component& component) {
  auto when = record::When::ParseHl7(Clean(component.text()));
  if (when) reader.Take(component);
  return when;
}

void ReadTiming(Reader& reader, const hl7v2::Segment& tq1, record::Entry& entry) {
  reader.Take(tq1.field(1));
  SetTime(entry.effective, "start", reader.Time(tq1, 7), entry);
  SetTime(entry.ended, "end", reader.Time(tq1, 8), entry);
  ReadFields(reader, tq1, kTiming, entry);
}

void ReadTimingQuantity(Reader& reader, const hl7v2::Segment& segment, std::size_t field,
                        record::Entry& entry) {
  struct Part {
    std::size_t component;
    std::string_view name;
  };
  constexpr auto kParts = std::to_array<Part>({{2, "repeat pattern"},
                                               {3, "for"},
                                               {6, "priority"},
                                               {7, "condition"},
                                               {8, "timing instruction"}});
  const auto all = segment.field(field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto tq = all.repetition(i);
    AddText(entry, "quantity", QuantityText(reader, tq.component(1)));
    for (const Part& part : kParts) {
      AddText(entry, part.name, reader.Text(tq.component(part.component)));
    }
    SetTime(entry.effective, "start", TimeIn(reader, tq.component(4)), entry);
    SetTime(entry.ended, "end", TimeIn(reader, tq.component(5)), entry);
  }
}

std::string NoteIn(Reader& reader, const hl7v2::Segment& nte) {
  for (const std::size_t field : {1U, 2U}) reader.Take(nte.field(field));
  const std::string kind = TextOf(reader.Code(nte, 4));
  const std::string text = reader.WholeText(nte, 3);
  return text.empty() ? text : Joined(kind, ": ", text);
}

void ReadContactData(Reader& reader, const hl7v2::Segment& ctd, record::Entry& entry) {
  record::Contact contact;
  contact.relationship = TextOf(reader.Code(ctd, 1));
  const auto names = ctd.field(2);
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name = Written(reader.Name(names.repetition(i)));
    if (contact.name.empty()) contact.name = std::move(name);
  }
  contact.addresses = reader.Addresses(ctd, 3);
  contact.telecoms = reader.Telecoms(ctd, 5, "work");
  if (contact.name.empty() && contact.addresses.empty() && contact.telecoms.empty()) return;
  entry.contacts.push_back(std::move(contact));
}

void ReadParticipation(Reader& reader, const hl7v2::Segment& prt, record::Entry& entry) {
  std::string role = TextOf(reader.Code(prt, 4));
  if (role.empty()) role = "participant";
  const std::array<FieldRow, 3> rows = {
      {{5, role, As::kPerson}, {8, role, As::kOrganisation}, {9, role, As::kPlace}}};
  ReadFields(reader, prt, rows, entry);
}

void LabelFrom(Reader& reader, std::size_t first, std::size_t end, const std::string& label) {
  constexpr std::size_t kMost = 16;  // the table knows ten; a message costs no more than it is long
  auto& drafts = reader.out().drafts;
  const auto& known = drafts[first].source_labels;
  const bool is_known = std::find(known.begin(), known.end(), label) != known.end();
  if (is_known || known.size() >= kMost) return;
  for (std::size_t i = first; i < end; ++i) drafts[i].source_labels.push_back(label);
}

std::string KeyOfNumbers(Reader& reader, std::string_view prefix, const Numbers& numbers) {
  const std::string second(numbers.second_kind);
  if (numbers.first.empty()) return reader.Key(prefix, {second, numbers.second});
  const std::vector<std::string> name = {std::string(numbers.first_kind), numbers.first};
  std::string key = reader.Key(prefix, name);
  if (!numbers.second.empty() && key == Reader::FirstKey(prefix, name)) {
    reader.out().withdrawn_keys.push_back(Reader::FirstKey(prefix, {second, numbers.second}));
  }
  return key;
}

void TakeBackWithAll(Reader& reader, const std::string& key, std::size_t first) {
  auto& out = reader.out();
  const std::string_view kind = std::string_view(key).substr(0, key.find(':') + 1);
  for (const std::string& other : out.withdrawn_keys) {
    if (other.starts_with(kind)) out.replaced_documents.push_back(other);
  }
  for (std::size_t i = first; i < out.drafts.size(); ++i) {
    out.withdrawn_keys.push_back(out.drafts[i].source_key);
  }
  out.drafts.resize(first);
  out.withdrawn_keys.push_back(key);
  out.replaced_documents.push_back(key);
}

base::Result<void> CheckAnswer(Reader& reader) {
  const auto msa = reader.segment("MSA");
  if (!msa.exists()) return {};
  reader.Take(msa);  // which message it answers: of the exchange, and of nobody
  const std::string code = Clean(msa.field(1).text());
  if (code.empty() || code == "AA" || code == "CA") return {};
  return base::Error{base::ErrorId::kMessageUnsupported, "MSA-1",
                     "an answer that reports an error holds nothing to carry: do not send it"};
}

}  // namespace milecastle::acute
