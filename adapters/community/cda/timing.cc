#include "detail/timing.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace milecastle::cda {
namespace {

struct Name {
  std::string_view code;
  std::string_view words;
};
template <std::size_t N>
std::string_view Look(const std::array<Name, N>& table, std::string_view code) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const Name& line) { return line.code == code; });
  return found == table.end() ? std::string_view{} : found->words;
}

// UCUM's units of time.
constexpr auto kUnits = std::to_array<Name>({{"s", "second"},
                                             {"min", "minute"},
                                             {"h", "hour"},
                                             {"d", "day"},
                                             {"wk", "week"},
                                             {"mo", "month"},
                                             {"a", "year"}});

// HL7's TimingEvent.
constexpr auto kEvents = std::to_array<Name>({{"AC", "before meals"},
                                              {"ACM", "before breakfast"},
                                              {"ACD", "before lunch"},
                                              {"ACV", "before dinner"},
                                              {"C", "with meals"},
                                              {"CM", "with breakfast"},
                                              {"CD", "with lunch"},
                                              {"CV", "with dinner"},
                                              {"HS", "at bedtime"},
                                              {"IC", "between meals"},
                                              {"ICM", "between breakfast and lunch"},
                                              {"ICD", "between lunch and dinner"},
                                              {"ICV", "between dinner and bedtime"},
                                              {"PC", "after meals"},
                                              {"PCM", "after breakfast"},
                                              {"PCD", "after lunch"},
                                              {"PCV", "after dinner"},
                                              {"WAKE", "on waking"}});

constexpr std::string_view kNotRead = "as the narrative says: it is not read here";

// "24 hours", "1 week", "10 mg"; a number of one unit (1) stands alone.
std::string AmountOf(const xml::Node& quantity) {
  const std::string number = Trimmed(quantity.value("value"));
  const std::string unit = Trimmed(quantity.value("unit"));
  if (number.empty() || unit.empty() || unit == "1") return number;
  const std::string_view word = Look(kUnits, unit);
  if (word.empty()) return number + " " + unit;
  return number + " " + std::string(word) + (number == "1" ? "" : "s");
}

// A quantity, or one of two ends.
std::string RangeOf(const xml::Node& quantity) {
  const std::string low = AmountOf(quantity["low"]);
  const std::string high = AmountOf(quantity["high"]);
  if (!low.empty() && !high.empty()) return low + " to " + high;
  if (!low.empty()) return low + " or more";
  return high.empty() ? AmountOf(quantity) : high + " or less";
}

bool IsEmpty(const xml::Node& time) {
  const std::string_view null = time.attribute("nullFlavor").peek();
  return !null.empty() || (time.children().empty() && !time.attribute("value"));
}

bool IsSpan(const xml::Node& time) {
  return time.attribute("value") || time["low"] || time["high"] || time["center"];
}

// PIVL_TS: since when, and whether the ward chooses the hour.
std::string PeriodOf(const xml::Node& time) {
  const std::string period = RangeOf(time["period"]);
  if (period.empty()) return "";
  std::string words = "every " + period;
  if (IsTrue(time.attribute("institutionSpecified").text())) words += ", at the usual hours there";
  const xml::Node phase = time["phase"];
  std::string from = Trimmed(phase.value("value"));
  if (from.empty()) from = Trimmed(phase["low"].value("value"));
  if (!from.empty()) words += ", counted from " + from;
  return words;
}

// EIVL_TS: "30 minutes from before breakfast" would say nothing: the offset stands behind.
std::string EventOf(const xml::Node& time) {
  const xml::Node event = time["event"];
  const std::string code = Trimmed(event.value("code"));
  if (code.empty()) return "";
  const std::string display = Trimmed(event.value("displayName"));
  const std::string_view known = Look(kEvents, code);
  std::string words(known);
  if (known.empty()) words = display.empty() ? code : display;
  const std::string offset = RangeOf(time["offset"]);
  return offset.empty() ? words : words + " (by " + offset + ")";
}

// A further interval or moment, in the digits that it was sent in.
std::string FurtherOf(const xml::Node& time) {
  if (const std::string at = Trimmed(time.value("value")); !at.empty()) return "at " + at;
  const std::string low = Trimmed(time["low"].value("value"));
  const std::string high = Trimmed(time["high"].value("value"));
  std::string words = low.empty() ? "" : "from " + low;
  if (!high.empty()) words += (words.empty() ? "to " : " to ") + high;
  return words;
}

void Join(std::string& words, std::string_view more) {
  if (!words.empty()) words += "; ";
  words += more;
}

std::string OneOf(const xml::Node& time) {
  std::string words = time["period"] ? PeriodOf(time) : "";
  if (words.empty() && time["event"]) words = EventOf(time);
  if (words.empty() && IsSpan(time)) words = FurtherOf(time);
  if (words.empty()) return std::string(kNotRead);
  // SXCM_TS: a set that is taken out of the others.
  return time.attribute("operator").peek() == "E" ? "but not " + words : words;
}

}  // namespace

xml::Node SpanOf(const xml::Node& statement) {
  for (const xml::Node& time : statement.All("effectiveTime")) {
    if (IsSpan(time) && time.attribute("operator").peek() != "E") return time;
  }
  return statement["effectiveTime"];
}

std::string TimingOf(const xml::Node& statement) {
  std::string words;
  bool is_first = true;  // the first span is the time of the statement itself
  for (const xml::Node& time : statement.All("effectiveTime")) {
    TypeOf(time);
    const bool is_its_time = is_first && IsSpan(time) && time.attribute("operator").peek() != "E";
    if (is_its_time) {
      is_first = false;
      continue;
    }
    if (IsEmpty(time)) continue;
    Join(words, OneOf(time));
  }
  return words;
}

std::string MostOf(const xml::Node& statement) {
  std::string words;
  for (const xml::Node& most : statement.All("maxDoseQuantity")) {
    const std::string amount = AmountOf(most["numerator"]);
    if (amount.empty()) continue;
    const std::string span = AmountOf(most["denominator"]);
    Join(words, "at most " + amount);
    if (!span.empty() && span != "1") words += " in " + span;
  }
  return words;
}

}  // namespace milecastle::cda
