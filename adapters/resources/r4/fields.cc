#include "r4/fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/attachment.h"
#include "resources/doses.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using resources::AddDetail;
using resources::AddPerformers;
using resources::AddText;
using resources::CodedOf;
using resources::Context;
using resources::PeriodText;
using resources::QuantityText;
using resources::RangeText;
using resources::RatioText;
using resources::TimingText;
using resources::WhenOf;
using resources::WordsOf;

void Append(std::string* text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!text->empty()) text->append(", ");
  if (!name.empty()) text->append(name).append(" ");
  text->append(value);
}

// Identifiers, addresses and people in a value[x].
std::string WordsOfObject(const Element& value, std::string_view type) {
  if (type == "Identifier") {
    const std::string system(value["system"].text());
    const std::string number(value["value"].text());
    return system.empty() ? number : number + " (" + system + ")";
  }
  if (type == "HumanName") return WordsOf(resources::NameOf(value));
  if (type == "ContactPoint") return resources::TelecomOf(value).value;
  if (type == "Address") {
    const record::Address address = resources::AddressOf(value);
    std::string text;
    for (const auto& line : address.lines) Append(&text, "", line);
    Append(&text, "", address.postcode);
    return text;
  }
  if (type == "Money")
    return std::string(value["value"].text()).append(" ").append(value["currency"].text());
  return "";
}

void AddNote(Context& context, const Element& note, const Element& within, record::Entry* entry) {
  AddText(entry, note["text"].text());
  AddPerformers(context, note["authorReference"], within, "note by", entry);
  const std::string_view author = note["authorString"].text();
  if (!author.empty())
    entry->performers.push_back({.name = std::string(author), .role = "note by"});
  AddDetail(entry, "note written", WhenOf(context, note["time"]));
}

// The type at the end of "valueCodeableConcept": from the last run that is a FHIR type.
constexpr auto kTypes = std::to_array<std::string_view>(
    {"CodeableConcept", "Coding",  "DateTime",  "Date",       "Instant",    "Period",
     "Quantity",        "Age",     "Duration",  "Count",      "Distance",   "Range",
     "Ratio",           "Timing",  "Reference", "Attachment", "Identifier", "HumanName",
     "ContactPoint",    "Address", "Money",     "Annotation", "String",     "Markdown"});

std::string_view TypeOfChoice(std::string_view member) {
  std::string_view longest;
  for (const std::string_view type : kTypes) {
    if (member.ends_with(type) && type.size() > longest.size()) longest = type;
  }
  return longest;
}

bool IsOne(std::string_view type, std::initializer_list<std::string_view> of) {
  return std::find(of.begin(), of.end(), type) != of.end();
}

// False: no type that has words.
bool AddTyped(Context& context, const Element& chosen, std::string_view type, std::string_view name,
              record::Entry* entry) {
  if (IsOne(type, {"CodeableConcept", "Coding"})) {
    AddDetail(entry, name, CodedOf(chosen));
  } else if (IsOne(type, {"DateTime", "Date", "Instant"})) {
    AddDetail(entry, name, WhenOf(context, chosen));
  } else if (type == "Period") {
    AddDetail(entry, name, PeriodText(chosen));
  } else if (IsOne(type, {"Quantity", "Age", "Duration", "Count", "Distance"})) {
    AddDetail(entry, name, QuantityText(chosen));
  } else if (type == "Range") {
    AddDetail(entry, name, RangeText(chosen));
  } else if (type == "Ratio") {
    AddDetail(entry, name, RatioText(chosen));
  } else if (type == "Timing") {
    AddDetail(entry, name, TimingText(chosen));
  } else if (IsOne(type, {"Identifier", "HumanName", "ContactPoint", "Address", "Money"})) {
    AddDetail(entry, name, WordsOfObject(chosen, type));
  } else if (!chosen.IsObject() && !chosen.IsArray()) {
    AddDetail(entry, name, chosen.text());
  } else {
    return false;
  }
  return true;
}

// A moment or the beginning of a period; false: it is no time, or the entry has one.
bool ReadMoment(Context& context, const Element& chosen, std::optional<record::When>* when,
                std::optional<record::When>* until) {
  const std::string_view type = TypeOfChoice(chosen.name());
  if (IsOne(type, {"DateTime", "Date", "Instant"})) {
    *when = WhenOf(context, chosen);
    return true;
  }
  if (type != "Period") return false;
  *when = WhenOf(context, chosen["start"]);
  if (auto end = WhenOf(context, chosen["end"])) *until = std::move(end);
  return true;
}

void ReadTimeChoice(Context& context, const Element& owner, const Element& within,
                    const Field& field, record::Entry* entry) {
  const Element chosen = fhir::Choice(owner, field.member.text());
  if (!chosen) return;
  if (field.as == As::kEffectiveChoice) {
    if (ReadMoment(context, chosen, &entry->effective, &entry->ended)) return;
  } else {
    std::optional<record::When> until;
    if (ReadMoment(context, chosen, &entry->ended, &until)) {
      if (until) entry->ended = std::move(until);
      return;
    }
  }
  AddChoice(context, chosen, within, field.name, entry);
}

// One item, as the table says.
class FieldReader {
 public:
  FieldReader(Context& context, const Element& within, record::Draft* draft)
      : context_(context), within_(within), entry_(draft->entry) {}

  void Read(const Element& item, const Field& field) {
    switch (field.as) {
      case As::kText:
        return AddDetail(&entry_, field.name, item.text());
      case As::kFreeText:
        return AddText(&entry_, item.text());
      case As::kNote:
        return AddNote(context_, item, within_, &entry_);
      case As::kCoded:
        return AddDetail(&entry_, field.name, CodedOf(item));
      case As::kWhen:
        return AddDetail(&entry_, field.name, WhenOf(context_, item));
      case As::kPeriod:
        return AddDetail(&entry_, field.name, PeriodText(item));
      case As::kQuantity:
        return AddDetail(&entry_, field.name, QuantityText(item));
      case As::kRange:
        return AddDetail(&entry_, field.name, RangeText(item));
      case As::kTiming:
        return AddDetail(&entry_, field.name, TimingText(item));
      case As::kPerformer:
        return AddPerformers(context_, item, within_, field.name, &entry_);
      case As::kLink:
        return AddReference(context_, item, within_, field.name, &entry_);
      case As::kAttachment:
        return resources::ReadAttachment(context_, item, &entry_);
      default:
        ReadTime(item, field.as);
    }
  }

 private:
  void ReadTime(const Element& item, As as) {
    if (as == As::kRecorded) entry_.recorded = WhenOf(context_, item);
    if (as == As::kEffective) ReadSpan(item);
    if (as == As::kEnded) entry_.ended = WhenOf(context_, item);
  }
  // A moment, or a Period.
  void ReadSpan(const Element& item) {
    entry_.effective = WhenOf(context_, item.IsObject() ? item["start"] : item);
    if (item.IsObject()) entry_.ended = WhenOf(context_, item["end"]);
  }

  Context& context_;
  const Element& within_;
  record::Entry& entry_;
};

}  // namespace

void AddReference(Context& context, const Element& reference, const Element& within,
                  std::string_view name, record::Entry* entry) {
  if (!reference) return;
  reference["type"].text();
  const std::string key = context.KeyOfReference(reference, within);
  const Element identifier = reference["identifier"];
  if (!key.empty() || (!reference["display"] && !identifier)) {
    return resources::AddLink(context, reference, within, name, entry);
  }
  AddDetail(entry, name, reference["display"].text());
  if (identifier) AddDetail(entry, name, WordsOfObject(identifier, "Identifier"));
}

void AddChoice(Context& context, const Element& chosen, const Element& within,
               std::string_view name, record::Entry* entry) {
  if (!chosen) return;
  const std::string_view type = TypeOfChoice(chosen.name());
  if (type == "Reference") return AddReference(context, chosen, within, name, entry);
  if (type == "Attachment") return resources::ReadAttachment(context, chosen, entry);
  if (type == "Annotation") return AddNote(context, chosen, within, entry);
  if (IsOne(type, {"String", "Markdown"})) return AddDetail(entry, name, chosen.text());
  if (!AddTyped(context, chosen, type, name, entry)) {
    context.Miss(chosen, "a value of a type that cannot be kept as text");
  }
}

void ReadFields(Context& context, const Element& owner, const Element& within,
                std::span<const Field> fields, record::Draft* draft) {
  FieldReader reader(context, within, draft);
  for (const Field& field : fields) {
    if (field.as == As::kChoice) {
      AddChoice(context, fhir::Choice(owner, field.member.text()), within, field.name,
                &draft->entry);
    } else if (field.as == As::kEffectiveChoice || field.as == As::kEndedChoice) {
      ReadTimeChoice(context, owner, within, field, &draft->entry);
    } else {
      for (const Element& item : owner[field.member].items()) reader.Read(item, field);
    }
  }
}

}  // namespace milecastle::r4
