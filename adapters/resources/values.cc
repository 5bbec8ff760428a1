#include "resources/values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/doses.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

std::string Text(const Element& element) { return std::string(element.text()); }

void Append(std::string* text, std::string_view more, std::string_view between) {
  if (more.empty()) return;
  if (!text->empty()) text->append(between);
  text->append(more);
}

std::string Joined(const Element& items, std::string_view between) {
  std::string text;
  for (const Element& item : items.items()) Append(&text, item.text(), between);
  return text;
}

// The description that the clinician picked: GP Connect sends it within the SNOMED coding.
void AddDescription(const Element& coding, record::Coded* coded) {
  const Element extension = fhir::Extension(coding, "*Extension-coding-sctdescid");
  if (!extension) return;
  record::Coding description{.system = Text(extension["url"]), .code = "", .display = ""};
  for (const Element& part : extension["extension"].items()) {
    const Element value = fhir::Choice(part, "value");
    const std::string_view name = part["url"].peek();
    if (name == "descriptionId" || name == "DescriptionID") {
      part["url"].text();
      description.code = Text(value);
    } else if (name == "descriptionDisplay" || name == "DescriptionDisplay") {
      part["url"].text();
      description.display = Text(value);
    }
  }
  if (coded->text.empty()) coded->text = description.display;
  if (!description.code.empty()) coded->codings.push_back(std::move(description));
}

// "home, until 2021-12-31": what is over, or not yet, must not look as if it held.
std::string UseOf(const Element& owner) {
  std::string use = Text(owner["use"]);
  for (const auto& [member, word] : {std::pair{"start", "from "}, {"end", "until "}}) {
    const std::string_view when = owner["period"][member].text();
    if (!when.empty()) Append(&use, std::string(word).append(when), ", ");
  }
  return use;
}

// "for Female, pregnant; age from 18 a"
std::string OfWhom(const Element& range) {
  std::string groups;
  for (const Element& group : range["appliesTo"].items()) {
    Append(&groups, WordsOf(CodedOf(group)), ", ");
  }
  std::string whom = groups.empty() ? "" : "for " + groups;
  const std::string age = RangeText(range["age"]);
  Append(&whom, age.empty() ? "" : "age " + age, "; ");
  return whom;
}

std::string ReferenceRanges(const Element& ranges) {
  std::string all;
  for (const Element& range : ranges.items()) {
    std::string one = WordsOf(CodedOf(range["type"]));
    Append(&one, RangeText(range), ": ");
    if (const std::string whom = OfWhom(range); !whom.empty()) {
      Append(&one, "(" + whom + ")", " ");
    }
    Append(&one, range["text"].text(), one.empty() ? "" : ", ");
    Append(&all, one, "; ");
  }
  return all;
}

record::Value QuantityValue(const Element& quantity) {
  record::Value value;
  value.original = QuantityText(quantity);
  value.number = Text(quantity["value"]);
  value.comparator = Text(quantity["comparator"]);
  value.unit = Text(quantity["unit"]);
  const std::string_view system = quantity["system"].text();
  if (system == "http://unitsofmeasure.org") {
    value.unit_code = Text(quantity["code"]);
  } else if (value.unit.empty()) {
    value.unit = Text(quantity["code"]);
  }
  return value;
}

record::Value RatioValue(const Element& ratio) {
  record::Value value;
  value.original = QuantityText(ratio["numerator"]) + " / " + QuantityText(ratio["denominator"]);
  return value;
}

record::Value PeriodValue(const Element& period) {
  record::Value value;
  value.original = Text(period["start"]) + " to " + Text(period["end"]);
  return value;
}

// A detail is large: most entries have a few, and making room one by one moves them all.
record::Detail& NewDetail(record::Entry* entry, std::string_view name) {
  constexpr std::size_t kUsual = 4;
  if (entry->details.empty()) entry->details.reserve(kUsual);
  record::Detail& detail = entry->details.emplace_back();
  detail.name = name;
  return detail;
}

std::optional<record::Value> ChosenValue(Context& context, const Element& chosen) {
  const std::string_view name = chosen.name();
  record::Value value;
  if (name == "valueQuantity") return QuantityValue(chosen);
  if (name == "valueRatio") return RatioValue(chosen);
  if (name == "valuePeriod") return PeriodValue(chosen);
  if (name == "valueCodeableConcept") {
    value.coded = CodedOf(chosen);
    value.original = WordsOf(value.coded);
  } else if (name == "valueRange") {
    value.original = RangeText(chosen);
  } else if (!chosen.IsObject() && !chosen.IsArray()) {
    value.original = Text(chosen);  // string, boolean, time, dateTime
  } else {
    context.Miss(chosen, "a value of a type that cannot be kept as text");
    return std::nullopt;
  }
  return value;
}

}  // namespace

record::Coded CodedOf(const Element& concept_element) {
  record::Coded coded;
  coded.text = Text(concept_element["text"]);
  const Element codings = concept_element["coding"];
  std::string picked;
  for (const Element& coding : codings ? codings.items() : concept_element.items()) {
    record::Coding one{.system = Text(coding["system"]),
                       .code = Text(coding["code"]),
                       .display = Text(coding["display"])};
    coding["version"].text();
    if (coding["userSelected"].IsTrue() && picked.empty()) picked = one.display;
    if (!one.code.empty() || !one.display.empty()) coded.codings.push_back(std::move(one));
    AddDescription(coding, &coded);
  }
  if (!picked.empty() && concept_element["text"].peek().empty()) coded.text = picked;
  return coded;
}

std::string WordsOf(const record::Coded& coded) {
  if (!coded.text.empty()) return coded.text;
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) return coding.display;
  }
  return coded.codings.empty() ? "" : coded.codings.front().code;
}

std::optional<record::When> WhenOf(Context& context, const Element& element) {
  if (element.peek().empty()) return std::nullopt;
  auto when = record::When::ParseIso(element.peek());
  if (!when) {
    context.Miss(element, "not a date or time that exists");
    return std::nullopt;
  }
  element.text();
  return when;
}

record::Address AddressOf(const Element& address) {
  record::Address to;
  for (const Element& line : address["line"].items()) to.lines.push_back(Text(line));
  for (const std::string_view name : {"city", "district", "state", "country"}) {
    if (!address[name].text().empty()) to.lines.push_back(Text(address[name]));
  }
  if (to.lines.empty()) {
    to.lines.push_back(Text(address["text"]));
    if (to.lines.front().empty()) to.lines.clear();
  }
  to.postcode = Text(address["postalCode"]);
  to.use = UseOf(address);
  address["type"].text();
  return to;
}

record::Telecom TelecomOf(const Element& telecom) {
  record::Telecom to;
  to.system = Text(telecom["system"]);
  to.value = Text(telecom["value"]);
  if (telecom["use"].peek() == "mobile" && to.system == "phone") to.system = "mobile";
  to.use = UseOf(telecom);
  telecom["rank"].text();
  return to;
}

record::PersonName NameOf(const Element& name) {
  record::PersonName to;
  to.family = Text(name["family"]);
  to.given = Joined(name["given"], " ");
  to.prefix = Joined(name["prefix"], " ");
  to.suffix = Joined(name["suffix"], " ");
  to.use = UseOf(name);
  const std::string_view text = name["text"].text();
  if (to.family.empty() && to.given.empty()) to.family = text;
  return to;
}

std::string WordsOf(const record::PersonName& name) {
  std::string words;
  for (const std::string* part : {&name.prefix, &name.given, &name.family, &name.suffix}) {
    Append(&words, *part, " ");
  }
  return words;
}

std::string LabelOf(const Element& label) {
  const std::string_view system = label["system"].text();
  const std::string_view code = label["code"].text();
  label["display"].text();
  if (system.ends_with("ActCode")) return std::string(code);
  if (system.ends_with("Confidentiality")) return "confidentiality:" + std::string(code);
  return std::string(system).append("|").append(code);
}

std::string QuantityText(const Element& quantity) {
  std::string text = Text(quantity["comparator"]);
  text += quantity["value"].text();
  std::string_view unit = quantity["unit"].text();
  const std::string_view code = quantity["code"].text();
  quantity["system"].text();
  if (unit.empty()) unit = code;
  Append(&text, unit, " ");
  return text;
}

std::optional<record::Value> ValueOf(Context& context, const Element& owner) {
  const Element chosen = fhir::Choice(owner, "value");
  if (!chosen) return std::nullopt;
  auto value = ChosenValue(context, chosen);
  if (!value) return std::nullopt;
  value->reference_range = ReferenceRanges(owner["referenceRange"]);
  for (const Element& flag : owner["interpretation"].items()) {
    Append(&value->interpretation, WordsOf(CodedOf(flag)), ", ");
  }
  return value;
}

void AddDetail(record::Entry* entry, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  record::Detail& detail = NewDetail(entry, name);
  detail.text = text;
}

void AddDetail(record::Entry* entry, std::string_view name, record::Coded coded) {
  if (coded.text.empty() && coded.codings.empty()) return;
  record::Detail& detail = NewDetail(entry, name);
  detail.coded = std::move(coded);
}

void AddDetail(record::Entry* entry, std::string_view name,
               const std::optional<record::When>& when) {
  if (!when) return;
  record::Detail& detail = NewDetail(entry, name);
  detail.when = *when;
}

void AddText(record::Entry* entry, std::string_view text) {
  if (!text.empty()) entry->free_text.emplace_back(text);
}

void ReadChoiceOfTime(Context& context, const Element& chosen, std::string_view name,
                      std::optional<record::When>* when, record::Entry* entry) {
  if (chosen.IsText()) {
    const std::string_view type = chosen.name();
    if (type.ends_with("String") || type.ends_with("Boolean")) {
      AddDetail(entry, name, chosen.text());
    } else {
      *when = WhenOf(context, chosen);
    }
  } else if (chosen["start"] || chosen["end"]) {
    *when = WhenOf(context, chosen["start"]);
    AddDetail(entry, std::string(name) + " until", WhenOf(context, chosen["end"]));
  } else {
    AddDetail(entry, name, QuantityText(chosen));
  }
}

}  // namespace milecastle::resources
