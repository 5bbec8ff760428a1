#include "resources/doses.h"

#include "fhir/datatypes.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

void Append(std::string* text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!text->empty()) text->append(", ");
  if (!name.empty()) text->append(name).append(" ");
  text->append(value);
}

// "4 g in 24 h"; empty where the amount is not said.
std::string MostInATime(const Element& ratio) {
  std::string amount = QuantityText(ratio["numerator"]);
  const std::string time = QuantityText(ratio["denominator"]);
  return amount.empty() || time.empty() ? amount : amount + " in " + time;
}

void AddMost(record::Entry* entry, std::string most, std::string_view behind) {
  if (!most.empty()) AddDetail(entry, "maximum dose", "at most " + most.append(behind));
}

std::string RepeatText(const Element& repeat) {
  std::string text;
  for (const Element& member : repeat.members()) {
    const std::string_view name = member.name();
    if (name == "boundsPeriod") {
      Append(&text, "", PeriodText(member));
    } else if (name == "boundsDuration") {
      Append(&text, "for", QuantityText(member));
    } else if (name == "boundsRange") {
      Append(&text, "for", RangeText(member));
    } else {
      for (const Element& item : member.items()) {
        if (!item.IsObject()) Append(&text, name, item.text());
      }
    }
  }
  return text;
}

}  // namespace

std::string RangeText(const Element& range) {
  const std::string low = QuantityText(range["low"]);
  const std::string high = QuantityText(range["high"]);
  if (low.empty()) return high.empty() ? "" : "to " + high;
  return high.empty() ? "from " + low : low + " to " + high;
}

std::string PeriodText(const Element& period) {
  std::string text;
  Append(&text, "from", period["start"].text());
  Append(&text, "to", period["end"].text());
  return text;
}

std::string RatioText(const Element& ratio) {
  return QuantityText(ratio["numerator"]) + " / " + QuantityText(ratio["denominator"]);
}

std::string TimingText(const Element& timing) {
  std::string text;
  Append(&text, "", WordsOf(CodedOf(timing["code"])));
  for (const Element& event : timing["event"].items()) Append(&text, "at", event.text());
  Append(&text, "", RepeatText(timing["repeat"]));
  return text;
}

void AddMostOf(const Element& dosage, record::Entry* entry) {
  // One in STU3 and R4, several in later releases.
  for (const Element& most : dosage["maxDosePerPeriod"].items()) {
    AddMost(entry, MostInATime(most), "");
  }
  AddMost(entry, QuantityText(dosage["maxDosePerAdministration"]), " at a time");
  AddMost(entry, QuantityText(dosage["maxDosePerLifetime"]), " in a lifetime");
}

}  // namespace milecastle::resources
