// To what each thing that a message says belongs, as links: to the visit that PV1-19 numbers, the
// appointment (SCH) or the referral (RF1) that it came with, and the order that asked for it. By
// them whoever may not know of a visit to a clinic is not told of its diagnoses, results and
// letters either (record/label_flow.h), whichever of the two came first.
//
// A visit is the group of what belongs to it, and the appointment or referral of what came with it:
// one sensitive diagnosis of a stay makes the stay sensitive, and not all that is said of it. What
// is planned is no group but a link, for it ends when the visit begins.
#include "inside/links.h"

#include <algorithm>
#include <array>

#include "inside/reader.h"
#include "record/document_key.h"
#include "record/label_flow.h"

namespace milecastle::acute {
namespace {

// Keys may lead to what is not there: another message may have brought it, or none.
struct Occasion {
  std::string visit;
  std::string planned;
  std::string within;  // the appointment or referral that the message is about
};

std::string NumberOf(const Reader& reader) {
  if (reader.all("PV1").size() != 1) return {};  // of several nobody can say which
  const auto number = reader.segment("PV1").field(19).component(1);
  return number.is_null() ? std::string() : Clean(number.text());
}

// Of one that names nothing but its time the entry itself tells the key, and not what is below it.
std::string KeyAmong(const Reader& reader, std::size_t first,
                     std::initializer_list<std::string_view> prefixes) {
  const auto& drafts = reader.out().drafts;
  for (std::size_t i = first; i < drafts.size(); ++i) {
    const std::string& key = drafts[i].source_key;
    const std::size_t length = key.find(':');
    if (length == std::string::npos || key.find('/') != std::string::npos) continue;
    const std::string_view prefix = std::string_view(key).substr(0, length);
    if (std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end()) return key;
  }
  return {};
}

Occasion OccasionOf(const Reader& reader, std::size_t first) {
  Occasion occasion;
  if (const std::string number = NumberOf(reader); !number.empty()) {
    occasion.visit = KeyOfVisit(number);
    occasion.planned = KeyOfPlannedVisit(number);
  } else {
    occasion.visit = KeyAmong(reader, first, {"encounter"});
    occasion.planned = KeyAmong(reader, first, {"planned_encounter"});
  }
  occasion.within = KeyAmong(reader, first, {"appointment", "referral"});
  if (occasion.within.empty()) occasion.within = KeyOfReferral(reader);
  return occasion;
}

// Of the person, whatever the visit: nobody's knowledge of it depends on one.
bool IsOfThePerson(const record::Entry& entry) {
  return entry.kind == record::Kind::kContact || record::IsWarning(entry.section, entry.kind);
}

void LinkOne(const Occasion& occasion, record::Draft& draft) {
  record::Entry& entry = draft.entry;
  const std::string& key = draft.source_key;
  if (key == occasion.visit || IsOfThePerson(entry) || !entry.group.empty()) return;
  if (key == occasion.planned) {
    if (!occasion.visit.empty()) entry.links.push_back({"visit", occasion.visit});
  } else if (!occasion.within.empty() && key != occasion.within) {
    entry.group = occasion.within;
  } else {
    entry.group = occasion.visit;
    if (!occasion.planned.empty()) entry.links.push_back({"visit", occasion.planned});
  }
}

void AddOnce(record::Entry& entry, std::string_view relation, std::string key) {
  record::Link link{std::string(relation), std::move(key)};
  const bool known = std::find(entry.links.begin(), entry.links.end(), link) != entry.links.end();
  if (!known) entry.links.push_back(std::move(link));
}

// EIP keeps an EI in each component.
std::string NumberIn(const hl7v2::Repetition& eip, std::size_t component) {
  const auto number = eip.component(component);
  return number.is_null() ? std::string() : Clean(number.text());
}

}  // namespace

std::string KeyOfVisit(const std::string& which) { return Reader::FirstKey("encounter", {which}); }

std::string KeyOfPlannedVisit(const std::string& which) {
  return Reader::FirstKey("planned_encounter", {which});
}

std::string KeyOfReferral(const Reader& reader) {
  const auto rf1 = reader.segment("RF1");
  for (const auto& [field, kind] : {std::pair{6U, "originating"}, std::pair{11U, "external"}}) {
    const std::string number = Reader::WholeOf(rf1.field(field));
    if (!number.empty()) return Reader::FirstKey("referral", {kind, number});
  }
  return {};
}

void LinkToOccasion(Reader& reader, std::size_t first) {
  const Occasion occasion = OccasionOf(reader, first);
  auto& drafts = reader.out().drafts;
  for (std::size_t i = first; i < drafts.size(); ++i) LinkOne(occasion, drafts[i]);
}

void LinkToOrder(record::Entry& entry, std::string_view relation, const OrderNumbers& numbers) {
  if (!numbers.placer.empty()) {
    AddOnce(entry, relation, Reader::FirstKey("order", {"placer", numbers.placer}));
  }
  if (!numbers.filler.empty()) {
    AddOnce(entry, relation, Reader::FirstKey("order", {"filler", numbers.filler}));
  }
}

void LinkToAllOrdered(record::Entry& entry, std::string_view relation,
                      const OrderNumbers& numbers) {
  LinkToOrder(entry, relation, numbers);
  for (const auto& [kind, number] :
       {std::pair{"placer", numbers.placer}, std::pair{"filler", numbers.filler}}) {
    if (number.empty()) continue;
    AddOnce(entry, relation, record::BelowDocument(Reader::FirstKey("order", {kind, number})));
  }
}

void LinkToParentOrder(record::Entry& entry, const hl7v2::Field& parent) {
  const auto eip = parent.repetition(0);
  LinkToAllOrdered(entry, "part of order",
                   {.placer = NumberIn(eip, 1), .filler = NumberIn(eip, 2)});
}

}  // namespace milecastle::acute
