#include "command/view_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "inside/entry_text.h"
#include "inside/terminal.h"
#include "milecastle/v1/view.pb.h"
#include "record/sections.h"

namespace milecastle::command {
namespace {

constexpr std::string_view kNotKnownThere = "not_known_there";

// Up to here a line says that something is missing or not as it seems.
bool IsException(const v1::ManifestLine& line) {
  // That other practices were not asked is so of everybody.
  return line.state() != v1::MANIFEST_STATE_UNSPECIFIED &&
         line.state() <= v1::MANIFEST_STATE_NOT_ASKED && line.reason() != kNotKnownThere;
}

std::string StateText(v1::ManifestState state) {
  switch (state) {
    case v1::MANIFEST_STATE_WITHHELD:
      return "withheld";
    case v1::MANIFEST_STATE_UNAVAILABLE:
      return "unavailable";
    case v1::MANIFEST_STATE_TIMED_OUT:
      return "timed out";
    case v1::MANIFEST_STATE_STALE:
      return "stale";
    case v1::MANIFEST_STATE_TRUNCATED:
      return "cut short";
    case v1::MANIFEST_STATE_AWAITING_IDENTITY:
      return "awaiting identity";
    case v1::MANIFEST_STATE_CONFLICT:
      return "contradictory";
    case v1::MANIFEST_STATE_INCOMPLETE_AT_SOURCE:
      return "incomplete at the source";
    case v1::MANIFEST_STATE_FILTERED_BY_REQUEST:
      return "left out as you asked";
    case v1::MANIFEST_STATE_NOT_ASKED:
      return "not asked";
    case v1::MANIFEST_STATE_NONE_KNOWN:
      return "asserted: none known";
    case v1::MANIFEST_STATE_NOTHING_RECORDED:
      return "nothing recorded (which does not say that there is none)";
    case v1::MANIFEST_STATE_NONE_HELD:
      return "none held";
    case v1::MANIFEST_STATE_RETURNED:
      return "returned";
    default:
      return "state unknown to this command line";
  }
}

std::string SectionText(v1::Section section) {
  if (section == v1::SECTION_UNSPECIFIED) return "All sections";
  const auto known = record::Sections();
  const auto at = static_cast<std::size_t>(section);
  if (at > known.size()) return "A section unknown to this command line";
  return std::string(known[at - 1].name);
}

// Of a return for statistics, and of what was asked at the moment of the view; every other reason
// is a class of the policy's.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kReasons = {{
    {"lagging_return",
     "a return for statistics, sent long after its period: ask the source for what is so now"},
    {"withdrawn_by_source",
     "the source took back what it had sent: whether it still holds is for a person to ask there"},
    {"live", "it was asked for this view, and answered"},
    {"stored_copy_shown", "it did not answer now: what is shown of it is what it sent before"},
    {"withheld_by_source", "the source does not share it: the person dissents there"},
    {"not_found_at_source",
     "the source did not find the person, which does not say that it holds nothing"},
    {"refused_by_source", "the source refused the question"},
    {"source_not_available", "the source could not be reached, or failed"},
    {"answer_not_usable", "the source's answer was not one that can be used"},
    {"no_answer_in_time", "the source did not answer in time"},
    {"busy", "too many questions to it were under way"},
    {"source_failing", "it failed too often in a row, and is given time"},
    {"too_little_time", "the caller waits for too short a time"},
}};

std::string ReasonText(const std::string& reason) {
  const auto* const known = std::find_if(kReasons.begin(), kReasons.end(),
                                         [&](const auto& each) { return each.first == reason; });
  return known == kReasons.end() ? Printable(reason) : std::string(known->second);
}

std::string LineText(const v1::ManifestLine& line) {
  std::string text = StateText(line.state());
  const bool never_heard = line.reason() == "never_heard_from";
  if (never_heard || line.reason() == kNotKnownThere) {
    text += never_heard ? ", never heard from: "
                        : ", since nothing says that they hold anything of this person: ";
    text += Count(line.count(), "source");
    return line.text().empty() ? text : text + " (" + Printable(line.text()) + ")";
  }
  if (line.count() != 0) text += ", " + Count(line.count(), "entry");
  if (!line.source().empty()) text += ", from " + Printable(line.source());
  if (line.source_masked()) text += ", from a source whose name is protected";
  if (!line.reason().empty()) text += ", because: " + ReasonText(line.reason());
  if (line.identity_untraced()) text += ", IDENTITY NOT TRACED";
  if (line.has_as_of()) text += ", as of " + LondonTime(line.as_of());
  if (!line.text().empty()) text += ", in its words: \"" + Printable(line.text()) + "\"";
  return text;
}

class ViewPrinter {
 public:
  ViewPrinter(const v1::PatientView& view, std::ostream& out, ViewText text)
      : view_(view), out_(out), text_(text) {
    for (const v1::Entry& entry : view.entries()) {
      sections_[entry.section()].push_back(&entry);
      by_id_.emplace(entry.entry_id(), &entry);
    }
  }

  void Print() {
    Exceptions();
    Headlines();
    Groups();
    Person();
    Allergies();
    for (const auto& [section, entries] : sections_) {
      if (section == v1::SECTION_ALLERGIES) continue;
      Heading(SectionText(section));
      for (const v1::Entry* entry : entries) PrintOne(*entry);
    }
    Manifest();
    Decided();
  }

 private:
  void Heading(std::string_view text) { out_ << "\n" << text << "\n"; }

  void Exceptions() {
    out_ << "Read this first\n";
    for (const std::string& warning : view_.warnings()) {
      out_ << "  ! Warning: " << WarningText(warning) << "\n";
    }
    for (const v1::ManifestLine& line : view_.manifest().lines()) {
      if (!IsException(line)) continue;
      out_ << "  ! " << SectionText(line.section()) << ": " << LineText(line) << "\n";
    }
    out_ << "  " << Printable(view_.manifest().statement()) << "\n";
  }

  // None shown is not none held: what is withheld stands among the exceptions.
  void Headlines() {
    Heading("Alerts before all else");
    for (const v1::HeadlineAlert& headline : view_.headlines()) {
      if (const v1::Entry* entry = Find(headline.entry_id())) PrintHeadline(*entry, out_);
    }
    if (view_.headlines().empty()) {
      out_ << "  None was shown: this is not 'there are none'. See the manifest.\n";
    }
  }

  // Told by several sources, or twice by one: contradictions first.
  void Groups() {
    if (view_.groups().empty()) return;
    Heading("Told more than once, each with its own entry below");
    for (const bool contradictory : {true, false}) {
      for (const v1::EntryGroup& group : view_.groups()) {
        if (group.conflicts().empty() == contradictory) continue;
        PrintGroup(group);
      }
    }
  }

  std::string_view DifferenceOf(const v1::EntryGroup& group) const {
    std::set<std::string_view> sources;
    for (const std::string& id : group.entry_ids()) {
      if (const v1::Entry* entry = Find(id)) sources.insert(entry->source());
    }
    return sources.size() == 1 ? "  ! ONE SOURCE CONTRADICTS ITSELF:" : "  ! THE SOURCES DIFFER:";
  }

  void PrintGroup(const v1::EntryGroup& group) {
    out_ << (group.conflicts().empty() ? "  =" : DifferenceOf(group)) << "\n";
    for (const std::string& id : group.entry_ids()) {
      if (const v1::Entry* entry = Find(id)) PrintInBrief(*entry, out_);
    }
  }

  const v1::Entry* Find(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  void Person() {
    Heading("Who this is, by source");
    if (view_.demographics().empty()) out_ << "  No source says who this is.\n";
    for (const v1::Demographics& person : view_.demographics()) PrintDemographics(person, out_);
  }

  // Per source: none known, nothing recorded, withheld, unavailable, or the entries (safety.md 7).
  void Allergies() {
    Heading(SectionText(v1::SECTION_ALLERGIES));
    bool said = false;
    for (const v1::ManifestLine& line : view_.manifest().lines()) {
      if (line.section() != v1::SECTION_ALLERGIES) continue;
      said = true;
      out_ << "  " << (IsException(line) ? "! " : "") << LineText(line) << "\n";
    }
    const auto entries = sections_.find(v1::SECTION_ALLERGIES);
    if (entries != sections_.end()) {
      for (const v1::Entry* entry : entries->second) PrintOne(*entry);
    } else if (!said) {
      out_ << "  ! No source says anything of allergies: this is not 'none known'.\n";
    }
  }

  void PrintOne(const v1::Entry& entry) {
    PrintEntry(entry, out_);
    if (text_.ids) PrintId(entry, out_);
  }

  void Manifest() {
    Heading("Manifest: what was found where");
    for (const v1::ManifestLine& line : view_.manifest().lines()) {
      out_ << "  " << SectionText(line.section()) << ": " << LineText(line) << "\n";
    }
    out_ << "  " << Printable(view_.manifest().statement()) << "\n";
  }

  void Decided() {
    Heading("Decision");
    out_ << "  policy version: " << Printable(view_.policy_version()) << "\n";
    for (const std::string& rule : view_.rules()) out_ << "  rule: " << Printable(rule) << "\n";
    if (view_.has_consents_as_of()) {
      out_ << "  the person's choices as of " << LondonTime(view_.consents_as_of()) << "\n";
    }
    out_ << "  location protection "
         << (view_.has_location_as_of() ? "as of " + LondonTime(view_.location_as_of())
                                        : std::string("as of no known time"))
         << "\n";
    for (const v1::Duty& duty : view_.duties()) {
      out_ << "  duty: " << WarningText(duty.kind());
      if (!duty.organisation().empty()) out_ << ", " << Printable(duty.organisation());
      if (duty.has_due()) out_ << ", by " << LondonTime(duty.due());
      out_ << "\n";
    }
  }

  const v1::PatientView& view_;
  std::ostream& out_;
  ViewText text_;
  std::map<v1::Section, std::vector<const v1::Entry*>> sections_;
  std::map<std::string_view, const v1::Entry*> by_id_;
};

}  // namespace

std::string WarningText(std::string_view warning) {
  if (warning == "family_name_differs") {
    return "the family name is not the one that was asked for: check that this is the person";
  }
  if (warning == "sources_disagree_on_birth_date") return "sources disagree on the birth date";
  if (warning == "location_protected") {
    return "this person's location is protected: never tell where they are";
  }
  if (warning == "identity_untraced") {
    return "some of this stands under an NHS number that nobody traced: check that it is this "
           "person's";
  }
  if (warning == "stored_copy_shown") {
    return "this is the copy that was sent: its source could not be asked whether it still stands";
  }
  if (warning == "live_answer_stands") {
    return "its source answered now, and that stands in place of what it had sent: see a view";
  }
  std::string text = Printable(warning);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

void PrintRefusal(const v1::Refusal& refusal, std::ostream& out) {
  out << "Refused: " << Printable(refusal.reason())
      << "\nThis does not say that there is no record.\nWhat you can do: "
      << Printable(refusal.advice()) << "\n";
}

void PrintReceipt(const v1::AuditReceipt& receipt, std::ostream& out) {
  out << "\nAudit receipt: leaf " << receipt.leaf_index() << " of " << Printable(receipt.origin())
      << "\n  leaf hash: " << base::ToHex(receipt.leaf_hash()) << "\n";
}

void PrintView(const v1::GetPatientViewResponse& response, std::ostream& out, ViewText text) {
  if (response.has_view()) {
    ViewPrinter(response.view(), out, text).Print();
  } else {
    PrintRefusal(response.refusal(), out);
  }
  PrintReceipt(response.receipt(), out);
}

}  // namespace milecastle::command
