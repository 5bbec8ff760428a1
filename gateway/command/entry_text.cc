#include "inside/entry_text.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "inside/terminal.h"
#include "inside/units.h"
#include "record/none_known.h"

namespace milecastle::command {
namespace {

constexpr std::string_view kIndent = "      ";

void Line(std::ostream& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out << kIndent << name << text << "\n";
}

std::string Joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

template <class Texts>
std::string JoinedTexts(const Texts& texts, std::string_view between) {
  return Joined({texts.begin(), texts.end()}, between);
}

constexpr const char* kUntraced = "check that it is this person's";

std::string CodingText(const v1::Coding& coding) {
  std::string_view system = coding.system();
  if (system == "http://snomed.info/sct") system = "SNOMED CT";
  return Joined({std::string(system), coding.code()}, " ");
}

std::string CodedText(const v1::Coded& coded) {
  std::string text = coded.text();
  std::vector<std::string> codes;
  for (const v1::Coding& coding : coded.codings()) {
    if (text.empty()) text = coding.display();
    codes.push_back(CodingText(coding));
  }
  std::string all = Joined(codes, "; ");
  if (text.empty()) return all;
  return all.empty() ? text : text + " [" + all + "]";
}

// As much as the source stated and no more. A date has no zone and is kept as its midnight in UTC.
std::string CivilTime(const v1::When& when) {
  // "2026-11-22 09:30:00", cut where the precision ends.
  static constexpr std::array<std::size_t, 8> kLengths = {19, 4, 7, 10, 13, 16, 19, 19};
  const auto precision = static_cast<std::size_t>(when.precision());
  const std::size_t length = precision < kLengths.size() ? kLengths[precision] : 19;
  if (when.precision() <= v1::TIME_PRECISION_DAY) return UtcTime(when.at()).substr(0, length);
  const std::string whole = LondonTime(when.at());
  std::string text = whole.substr(0, length);
  if (when.precision() == v1::TIME_PRECISION_HOUR) text += "h";
  return text + whole.substr(19);
}

std::string WhenText(const v1::When& when) {
  std::string text = CivilTime(when);
  switch (when.precision()) {
    case v1::TIME_PRECISION_YEAR:
      text += " (year only)";
      break;
    case v1::TIME_PRECISION_MONTH:
      text += " (month only)";
      break;
    default:
      break;
  }
  switch (when.zone()) {
    case v1::TIME_ZONE_ASSUMED_LONDON:
      return text + " (no zone stated, taken as London)";
    case v1::TIME_ZONE_AMBIGUOUS:
      return text + " (the hour that comes twice: the earlier is taken)";
    case v1::TIME_ZONE_SKIPPED:
      return text + " (an hour that does not exist: moved on by an hour)";
    default:
      return text;
  }
}

std::string ValueText(const v1::Value& value) {
  std::string text = value.original().empty() ? CodedText(value.coded()) : value.original();
  // The unit, unless the text as sent has it already.
  if (!value.unit().empty() && !text.ends_with(value.unit())) text += " " + value.unit();
  if (UnitsDisagree(value.unit(), value.unit_code())) {
    text += " (UNIT UNCLEAR: its code says " + value.unit_code() + ")";
  }
  if (!value.reference_range().empty()) text += " (range " + value.reference_range() + ")";
  if (!value.interpretation().empty()) text += " flag " + value.interpretation();
  return text;
}

std::string AddressText(const v1::Address& address) {
  return Joined({JoinedTexts(address.lines(), ", "), address.postcode(),
                 address.use().empty() ? "" : "(" + address.use() + ")"},
                " ");
}

std::string TelecomText(const v1::Telecom& telecom) {
  return Joined(
      {telecom.system(), telecom.value(), telecom.use().empty() ? "" : "(" + telecom.use() + ")"},
      " ");
}

std::string PerformerText(const v1::Performer& performer) {
  return Joined({performer.name(), performer.role(), performer.organisation(),
                 Joined({performer.identifier_system(), performer.identifier()}, " ")},
                ", ");
}

bool IsMedicine(v1::EntryKind kind) {
  return kind == v1::ENTRY_KIND_MEDICATION || kind == v1::ENTRY_KIND_MEDICATION_ISSUE ||
         kind == v1::ENTRY_KIND_VACCINATION;
}

// A request that denies forbids; anything else that denies says that there is none.
std::string_view NotDoneText(const v1::Entry& entry) {
  if (entry.negated()) return IsMedicine(entry.kind()) ? "DO NOT GIVE" : "DO NOT DO";
  if (entry.kind() == v1::ENTRY_KIND_MEDICATION) return "NOT TAKEN";
  return IsMedicine(entry.kind()) ? "NOT GIVEN" : "NOT DONE";
}

// The text may deny already ("NKDA"): to deny it again would say that there is one.
bool DeniesItself(const v1::Coded& what) {
  record::Coded coded{.text = what.text(), .codings = {}};
  for (const v1::Coding& coding : what.codings()) {
    coded.codings.push_back({coding.system(), coding.code(), coding.display()});
  }
  return record::DenialOf(coded) != record::Denial::kNothing;
}

// What turns the meaning of an entry stands before it, in capitals (safety.md 10).
std::string Turned(const v1::Entry& entry) {
  std::vector<std::string> turns;
  if (entry.verification() == v1::VERIFICATION_ENTERED_IN_ERROR) {
    turns.push_back("ENTERED IN ERROR");
  }
  if (entry.verification() == v1::VERIFICATION_REFUTED) turns.push_back("REFUTED");
  if (entry.subject() == v1::ENTRY_SUBJECT_FAMILY) turns.push_back("OF THE FAMILY");
  if (entry.subject() == v1::ENTRY_SUBJECT_CARER) turns.push_back("OF A CARER");
  if (entry.subject() == v1::ENTRY_SUBJECT_OTHER) turns.push_back("OF SOMEBODY ELSE");
  if (entry.intent() == v1::INTENT_PLANNED) turns.push_back("PLANNED");
  if (entry.intent() == v1::INTENT_NOT_DONE) {
    turns.emplace_back(NotDoneText(entry));
  } else if (entry.negated()) {
    turns.emplace_back(DeniesItself(entry.what()) ? "SAYS NONE" : "DENIED BY SOURCE");
  }
  const std::string text = Joined(turns, ", ");
  return text.empty() ? "" : text + ": ";
}

std::string StatusText(const v1::Entry& entry) {
  static constexpr std::array<std::string_view, 10> kStatuses = {
      "",          "",        "active",  "inactive", "resolved",
      "completed", "stopped", "on hold", "planned",  "cancelled"};
  const auto at = static_cast<std::size_t>(entry.status());
  std::string status(at < kStatuses.size() ? kStatuses[at] : "");
  std::string original = entry.status_original();
  if (!original.empty()) original = "source's status: " + original;
  const std::string verification = entry.verification() == v1::VERIFICATION_SUSPECTED ? "suspected"
                                   : entry.verification() == v1::VERIFICATION_CONFIRMED
                                       ? "confirmed"
                                       : "";
  const std::string ordered = entry.intent() == v1::INTENT_ORDERED ? "ordered" : "";
  return Joined({status, verification, ordered, original}, ", ");
}

std::string HeadlineText(v1::Headline headline) {
  static constexpr std::array<std::string_view, 9> kHeadlines = {"Alert",
                                                                 "Resuscitation",
                                                                 "Treatment escalation",
                                                                 "Allergy",
                                                                 "Child protection",
                                                                 "Safeguarding",
                                                                 "Reasonable adjustment",
                                                                 "Alert",
                                                                 "End of life care"};
  const auto at = static_cast<std::size_t>(headline);
  return std::string(at < kHeadlines.size() ? kHeadlines[at] : kHeadlines[0]);
}

std::string BriefText(const v1::Entry& entry) {
  const std::string when = entry.has_effective() ? WhenText(entry.effective()) : "";
  const std::string value = entry.has_value() ? ValueText(entry.value()) : "";
  const std::string words =
      Joined({CodedText(entry.what()), value, StatusText(entry), when, entry.source()}, " | ");
  return Turned(entry) + Printable(words) +
         (entry.identity_untraced() ? " | IDENTITY NOT TRACED" : "");
}

std::string DocumentText(const v1::Document& document) {
  return Joined({document.title(), document.media_type(),
                 std::to_string(document.content().size()) + " bytes",
                 document.truncated() ? "CUT SHORT" : ""},
                ", ");
}

void PrintDetails(const v1::Entry& entry, std::ostream& out) {
  for (const v1::Detail& detail : entry.details()) {
    const std::string when = detail.has_when() ? WhenText(detail.when()) : "";
    Line(out, Printable(detail.name()) + ": ",
         Printable(Joined({detail.text(), CodedText(detail.coded()), when}, ", ")));
  }
  for (const std::string& text : entry.free_text()) Line(out, "text: ", Printable(text));
  if (!entry.has_document()) return;
  Line(out, "document: ", Printable(DocumentText(entry.document())));
  // By it the document is asked for alone.
  if (const auto id = base::Uuid::FromBytes(entry.entry_id()))
    Line(out, "entry id: ", id->ToString());
}

void PrintPeople(const v1::Entry& entry, std::ostream& out) {
  for (const v1::Performer& performer : entry.performers()) {
    Line(out, "by: ", Printable(PerformerText(performer)));
  }
  Line(out, "practice: ", Printable(entry.practice()));
  for (const v1::Address& address : entry.addresses()) {
    Line(out, "address: ", Printable(AddressText(address)));
  }
  for (const v1::Contact& contact : entry.contacts()) {
    std::vector<std::string> parts = {contact.name(), contact.relationship()};
    for (const v1::Telecom& telecom : contact.telecoms()) parts.push_back(TelecomText(telecom));
    for (const v1::Address& address : contact.addresses()) parts.push_back(AddressText(address));
    Line(out, "contact: ", Printable(Joined(parts, ", ")));
  }
}

std::string NameText(const v1::PersonName& name) {
  return Joined({name.prefix(), name.given(), name.family(), name.suffix(),
                 name.use().empty() ? "" : "(" + name.use() + ")"},
                " ");
}

}  // namespace

void PrintHeadline(const v1::Entry& entry, std::ostream& out) {
  out << "  ! " << HeadlineText(entry.headline()) << ": " << BriefText(entry) << "\n";
}

void PrintInBrief(const v1::Entry& entry, std::ostream& out) {
  out << "    - " << BriefText(entry) << "\n";
}

void PrintId(const v1::Entry& entry, std::ostream& out) {
  const auto id = base::Uuid::FromBytes(entry.entry_id());
  if (id) Line(out, "id: ", id->ToString());
}

void PrintEntry(const v1::Entry& entry, std::ostream& out) {
  const std::string what = CodedText(entry.what());
  const std::string status = StatusText(entry);
  out << "  - " << Turned(entry) << Printable(what.empty() ? "(no words of the source)" : what)
      << (status.empty() ? "" : " | ") << Printable(status) << "\n";
  if (entry.identity_untraced()) Line(out, "IDENTITY NOT TRACED: ", kUntraced);
  if (entry.has_effective()) Line(out, "when: ", WhenText(entry.effective()));
  if (entry.has_ended()) Line(out, "ended: ", WhenText(entry.ended()));
  if (entry.has_recorded()) Line(out, "recorded: ", WhenText(entry.recorded()));
  if (entry.has_value()) Line(out, "value: ", Printable(ValueText(entry.value())));
  PrintDetails(entry, out);
  PrintPeople(entry, out);
  Line(out, "source: ", Printable(Joined({entry.source(), entry.source_list()}, ", list ")));
  Line(out, "masked: ", Printable(JoinedTexts(entry.masked(), ", ")));
  Line(out, "rule: ", Printable(entry.rule()));
}

void PrintDemographics(const v1::Demographics& person, std::ostream& out) {
  std::vector<std::string> names;
  for (const v1::PersonName& name : person.names()) names.push_back(NameText(name));
  const std::string born = person.birth_date().empty() ? "" : "born " + person.birth_date();
  out << "  - "
      << Printable(Joined({Joined(names, " / "), born, person.sex(),
                           person.source().empty() ? "" : "source " + person.source()},
                          ", "))
      << "\n";
  if (person.identity_untraced()) Line(out, "IDENTITY NOT TRACED: ", kUntraced);
  if (person.deceased()) {
    Line(out, "DIED", person.has_died() ? ": " + WhenText(person.died()) : " (no date)");
  }
  for (const v1::Address& address : person.addresses()) {
    Line(out, "address: ", Printable(AddressText(address)));
  }
  for (const v1::Telecom& telecom : person.telecoms()) {
    Line(out, "contact: ", Printable(TelecomText(telecom)));
  }
  Line(out, "GP: ", Printable(Joined({person.gp(), person.gp_practice()}, ", ")));
  Line(out, "language: ", Printable(person.language()));
  Line(out, "ethnic category: ", Printable(person.ethnic_category()));
  Line(out, "masked: ", Printable(JoinedTexts(person.masked(), ", ")));
}

}  // namespace milecastle::command
