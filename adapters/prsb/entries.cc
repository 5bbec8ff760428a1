// Record entries by the tables of headings.cc.
#include "inside/entries.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "inside/values.h"
#include "record/belief.h"

namespace milecastle::prsb {
namespace {

using fhir::Element;
using record::ClinicalStatus;
using record::Entry;

constexpr std::size_t kDigits = 32;  // of a key

std::vector<Element> MembersOf(const Element& group) {
  std::vector<Element> members;
  for (const Element& member : group.members()) members.push_back(member);
  return members;
}

Element Named(const std::vector<Element>& members, std::string_view plain) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Element& member) {
    return Plain(member.name()) == plain;
  });
  return found == members.end() ? Element() : *found;
}

class EntryReader {
 public:
  EntryReader(const Heading& heading, const port::Mapping& mapping, record::Contribution& into)
      : heading_(heading), mapping_(mapping), into_(into) {}

  void Read(const Element& group, std::string_view title) { Read(MembersOf(group), title); }

  void Read(const std::vector<Element>& members, std::string_view title) {
    Entry entry;
    entry.section = SectionOf(heading_);
    entry.kind = heading_.kind;
    entry.source_list = heading_.title;
    for (const std::string_view name : heading_.what) {
      if (!entry.what.text.empty() || !entry.what.codings.empty() || name.empty()) continue;
      entry.what = CodedOf(Named(members, name));
    }
    if (entry.what.text.empty() && entry.what.codings.empty()) {
      entry.what.text = title.empty() ? heading_.title : title;
    }
    for (const Element& member : members) ReadMember(member, entry);
    const bool says = !entry.details.empty() || !entry.free_text.empty() ||
                      !entry.contacts.empty() || entry.effective || entry.ended ||
                      entry.what.text != (title.empty() ? heading_.title : title);
    AddWorkerRisks(entry);
    if (says) Add(std::move(entry));
  }

 private:
  bool IsWhat(std::string_view plain) const {
    return std::find(heading_.what.begin(), heading_.what.end(), plain) != heading_.what.end();
  }

  void ReadMember(const Element& member, Entry& entry) {
    const ElementName* const name = ElementOf(member.name());
    if (name == nullptr) return;  // stays unread
    for (const Element& item : member.items()) {
      if (IsWhat(name->name) && item.Unread().empty()) continue;
      ReadElement(item, *name, entry);
    }
  }

  void ReadElement(const Element& item, const ElementName& name, Entry& entry) {
    switch (name.role) {
      case Role::kBegan:
      case Role::kEnded:
        return ReadDate(item, name, entry);
      case Role::kActive:
        return ReadActive(item, entry);
      case Role::kFreeText:
        return AddText(TextOf(item), entry.free_text);
      case Role::kLocation:
        return AddLocation(item, entry);
      case Role::kPerformer:
        return ReadPerformer(item, name, entry);
      case Role::kContactName:
        ContactOf(entry).name = TextOf(item);
        return;
      case Role::kRelationship:
        ContactOf(entry).relationship = TextOf(item);
        return;
      case Role::kContactDetails:
        ContactOf(entry).telecoms.push_back({"other", TextOf(item), ""});
        return;
      case Role::kWorkerRisk:
        return AddText(TextOf(item), worker_risks_);
      case Role::kOthersNumber:
        return;  // stays unread: somebody else's
      case Role::kDetail:
        return ReadDetail(item, name, entry);
    }
  }

  static record::Contact& ContactOf(Entry& entry) {
    if (entry.contacts.empty()) entry.contacts.emplace_back();
    return entry.contacts.front();
  }

  static void AddText(std::string text, std::vector<std::string>& into) {
    if (!text.empty()) into.push_back(std::move(text));
  }

  static void AddLocation(const Element& item, Entry& entry) {
    record::Address address = LocationOf(item);
    if (!address.lines.empty()) entry.addresses.push_back(std::move(address));
  }

  // What is no date is kept as it stands: an end must not vanish for how it is written.
  void ReadDate(const Element& item, const ElementName& name, Entry& entry) {
    auto when = WhenOf(item, mapping_);
    auto& place = name.role == Role::kBegan ? entry.effective : entry.ended;
    if (when && !place) {
      place = std::move(when);
      return;
    }
    entry.details.push_back({std::string(name.title), std::string(item.text()), {}, when});
  }

  static void ReadActive(const Element& item, Entry& entry) {
    entry.status_original = std::string(item.text());
    const std::string said = Plain(entry.status_original);
    if (said == "true" || said == "yes") entry.status = ClinicalStatus::kActive;
    if (said == "false" || said == "no") entry.status = ClinicalStatus::kInactive;
  }

  void ReadPerformer(const Element& item, const ElementName& name, Entry& entry) {
    record::Performer performer = PerformerOf(item, name.title);
    if (auto completed = WhenOf(Member(item, "datecompleted"), mapping_)) {
      entry.recorded = std::move(completed);
    }
    if (!performer.name.empty() || !performer.identifier.empty() ||
        !performer.organisation.empty()) {
      entry.performers.push_back(std::move(performer));
    }
  }

  void ReadDetail(const Element& item, const ElementName& name, Entry& entry) {
    record::Coded coded = CodedOf(item);
    if (!coded.text.empty() || !coded.codings.empty()) {
      std::string text = std::move(coded.text);
      coded.text.clear();
      entry.details.push_back({std::string(name.title), std::move(text), std::move(coded), {}});
    }
    if (!item.IsObject()) return;
    for (const Element& member : item.members()) {  // a group within the entry
      const ElementName* const inner = ElementOf(member.name());
      if (inner == nullptr || inner->role != Role::kDetail) {
        if (inner != nullptr && inner->role != Role::kContactName) ReadMember(member, entry);
        continue;
      }
      for (const Element& each : member.items()) AddPlainDetail(each, *inner, entry);
    }
  }

  static void AddPlainDetail(const Element& item, const ElementName& name, Entry& entry) {
    record::Coded coded = CodedOf(item);
    if (coded.text.empty() && coded.codings.empty()) return;
    std::string text = std::move(coded.text);
    coded.text.clear();
    entry.details.push_back({std::string(name.title), std::move(text), std::move(coded), {}});
  }

  // What may harm a visitor is an alert, wherever it is written; it ends with the entry in which it
  // stands.
  void AddWorkerRisks(const Entry& within) {
    for (std::string& risk : worker_risks_) {
      Entry alert;
      alert.section = record::Section::kAlerts;
      alert.kind = record::Kind::kAlert;
      alert.what.text = "Risk to worker";
      alert.status = within.status;
      alert.status_original = within.status_original;
      alert.effective = within.effective;
      alert.ended = within.ended;
      alert.performers = within.performers;
      record::Settle(alert);
      std::string key = "prsb:risktoworker:" + base::DigestName(risk, kDigits);
      alert.free_text = {std::move(risk)};
      Put(std::move(key), std::move(alert));
    }
    worker_risks_.clear();
  }

  void Put(std::string name, Entry entry) {
    const int number = ++keys_[name];
    if (number > 1) name += ":" + std::to_string(number);
    into_.drafts.push_back({std::move(name), std::move(entry), {}});
  }

  void Add(Entry entry) {
    record::Settle(entry);
    std::string said = entry.what.text;
    for (const record::Coding& coding : entry.what.codings) said += '\x1F' + coding.code;
    if (entry.effective) said += '\x1F' + entry.effective->original;
    for (const record::Contact& contact : entry.contacts) said += '\x1F' + contact.name;
    Put("prsb:" + std::string(heading_.name) + ":" + base::DigestName(said, kDigits),
        std::move(entry));
  }

  const Heading& heading_;
  const port::Mapping& mapping_;
  record::Contribution& into_;
  std::map<std::string, int, std::less<>> keys_;
  std::vector<std::string> worker_risks_;  // of the entry that is read
};

bool IsGroup(const Element& element) { return element.IsObject() || element.IsArray(); }

bool HoldsNothing(const Element& element) {
  if (!IsGroup(element)) return false;
  const auto members = element.IsObject() ? element.members() : element.items();
  for (const Element& member : members) {
    if (!HoldsNothing(member)) return false;
  }
  return true;
}

bool IsEntry(const Element& member) {
  return IsGroup(member) &&
         (Plain(member.name()).ends_with("recordentry") || !TitleOfGroup(member.name()).empty() ||
          Plain(member.name()) == "safeguardingconcerns");
}

// More than when it was.
bool SaysMore(const Element& member) {
  const ElementName* const name = ElementOf(member.name());
  return name != nullptr && name->role != Role::kBegan && name->role != Role::kEnded &&
         name->role != Role::kActive;
}

// A heading holds its entries as groups, or is one itself ("About me": elements and no group). What
// stands beside groups is one entry more: it may be a refusal to share.
void ReadGroups(const Element& heading, EntryReader& reader) {
  std::vector<Element> beside;
  bool grouped = false;
  for (const Element& member : heading.members()) {
    if (!IsEntry(member)) {
      beside.push_back(member);
      continue;
    }
    grouped = true;
    for (const Element& entry : member.items()) {
      if (entry.IsObject()) reader.Read(entry, TitleOfGroup(member.name()));
    }
  }
  if (!grouped || std::any_of(beside.begin(), beside.end(), SaysMore)) reader.Read(beside, "");
}

}  // namespace

void ReadHeading(const Element& heading, const Heading& as, const port::Mapping& mapping,
                 record::Contribution& into) {
  if (!IsGroup(heading)) return;  // stays unread, and ends nothing that was sent before
  const std::size_t before = into.drafts.size();
  EntryReader reader(as, mapping, into);
  if (heading.IsArray()) {
    for (const Element& entry : heading.items()) {
      if (entry.IsObject()) reader.Read(entry, "");
    }
  } else {
    ReadGroups(heading, reader);
  }
  into.snapshot_of.push_back(SectionOf(as));
  if (into.drafts.size() == before && HoldsNothing(heading)) {
    heading.Take();
    into.statements.push_back({.section = SectionOf(as),
                               .saying = record::SectionSaying::kNothingRecorded,
                               .when = {},
                               .by = {},
                               .text = ""});
  }
}

}  // namespace milecastle::prsb
