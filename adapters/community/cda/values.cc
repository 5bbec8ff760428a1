#include "detail/values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "detail/names.h"

namespace milecastle::cda {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
};
template <std::size_t N>
std::string_view Look(const std::array<Pair, N>& table, std::string_view key) {
  for (const Pair& line : table) {
    if (line.from == key) return line.to;
  }
  return {};
}

constexpr auto kSystems = std::to_array<Pair>({
    {"2.16.840.1.113883.6.96", "http://snomed.info/sct"},
    {"2.16.840.1.113883.2.1.3.2.4.15", "http://snomed.info/sct"},
    {"2.16.840.1.113883.6.1", "http://loinc.org"},
    {"2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"},
    {"2.16.840.1.113883.6.8", "http://unitsofmeasure.org"},
    {"2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"},
    {"1.2.826.0.1285.0.2.0.65", "https://fhir.nhs.uk/Id/sds-user-id"},
    {"1.2.826.0.1285.0.2.0.67", "https://fhir.nhs.uk/Id/sds-role-profile-id"},
    {kOdsOrganisation, "https://fhir.nhs.uk/Id/ods-organization-code"},
    {kOdsSite, "https://fhir.nhs.uk/Id/ods-site-code"},
});

// AddressUse and TelecommunicationAddressUse.
constexpr auto kUses = std::to_array<Pair>({
    {"H", "home"},
    {"HP", "home"},
    {"HV", "holiday home"},
    {"TMP", "temporary"},
    {"WP", "work"},
    {"DIR", "work"},
    {"PUB", "work"},
    {"PST", "correspondence"},
    {"PHYS", "visit"},
    {"BAD", "bad"},
    {"MC", "mobile"},
    {"EC", "emergency"},
    {"AS", "answering service"},
    {"PG", "pager"},
});
constexpr auto kSchemes = std::to_array<Pair>({
    {"tel", "phone"},
    {"mailto", "email"},
    {"fax", "fax"},
    {"x-text-fax", "fax"},
    {"sms", "phone"},
});

// "WP PUB" is a set of uses: the first that is known.
std::string UseOf(std::string_view uses) {
  while (!uses.empty()) {
    const std::size_t end = std::min(uses.find(' '), uses.size());
    const std::string_view use = uses.substr(0, end);
    if (const auto words = Look(kUses, use); !words.empty()) return std::string(words);
    if (end == uses.size()) return std::string(use);
    uses.remove_prefix(end + 1);
  }
  return "";
}

// Text and elements of a name or address in their order.
std::string AllText(const xml::Node& node) {
  std::string words;
  for (const xml::Node& part : node.content()) {
    const std::string text = Trimmed(part.text());
    if (!text.empty() && !words.empty()) words += ' ';
    words += text;
  }
  return words;
}

void Join(std::string& words, std::string_view more, std::string_view between = " ") {
  if (more.empty()) return;
  if (!words.empty()) words += between;
  words += more;
}

bool IsNumber(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto points = std::count(text.begin(), text.end(), '.');
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == text.size();
}

// The zone of a v3 time may be hours alone; v2's is hours and minutes.
std::string WithMinutes(std::string_view time) {
  std::string text(time);
  const std::size_t sign = text.find_first_of("+-");
  if (sign != std::string::npos && text.size() - sign == 3) text += "00";
  return text;
}

record::Coding CodingOf(const xml::Node& code) {
  record::Coding coding;
  coding.code = code.value("code");
  coding.system = SystemOf(code.value("codeSystem"));
  const std::string_view system_name = code.value("codeSystemName");
  if (coding.system.empty()) coding.system = system_name;
  coding.display = code.value("displayName");
  return coding;
}

void SetQuantity(const xml::Node& quantity, record::Value& value) {
  value.original = QuantityOf(quantity);
  const std::string_view number = quantity.value("value");
  value.unit = quantity.value("unit");
  value.unit_code = value.unit;  // PQ.unit is UCUM
  if (IsNumber(number)) value.number = number;
}

// Of an interval with one end the comparator is known; of one with two the text alone is kept.
void SetInterval(const xml::Node& interval, record::Value& value) {
  value.original = QuantityOf(interval);
  const xml::Node low = interval["low"];
  const xml::Node high = interval["high"];
  const bool has_low = !low.attribute("value").peek().empty();
  const bool has_high = !high.attribute("value").peek().empty();
  if (has_low == has_high) return;
  const xml::Node& end = has_low ? low : high;
  const bool inclusive = end.value("inclusive") != "false";
  value.comparator = has_low ? ">" : "<";
  if (inclusive) value.comparator += "=";
  value.unit = value.unit_code = end.value("unit");
  if (IsNumber(end.value("value"))) value.number = end.value("value");
}

std::string EndOf(const xml::Node& end) {
  std::string words(end.value("value"));
  const std::string_view unit = end.value("unit");
  if (!words.empty() && unit != "1") Join(words, unit);
  return words;
}

}  // namespace

std::string Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

bool IsTrue(std::string_view flag) { return flag == "true" || flag == "1"; }

std::string TypeOf(const xml::Node& value) {
  const std::string type = Trimmed(value.attribute(kSchemaInstance, "type").text());
  return type.substr(type.find(':') + 1);  // npos + 1 = 0
}

std::string SystemOf(std::string_view oid) {
  if (oid.empty()) return "";
  const std::string_view known = Look(kSystems, oid);
  if (!known.empty()) return std::string(known);
  const bool is_oid = oid.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_oid ? "urn:oid:" + std::string(oid) : std::string(oid);
}

record::Coded CodedOf(Context& context, const xml::Node& code) {
  record::Coded coded;
  if (!code) return coded;
  const xml::Node original = code["originalText"];
  const xml::Node reference = original["reference"].attribute("value");
  coded.text = reference ? context.Referred(reference) : Trimmed(original.text());
  code.value("nullFlavor");
  if (record::Coding coding = CodingOf(code); !coding.code.empty()) {
    coded.codings.push_back(std::move(coding));
  } else if (coded.text.empty()) {
    coded.text = coding.display;
  }
  for (const xml::Node& translation : code.All("translation")) {
    record::Coding coding = CodingOf(translation);
    translation.value("nullFlavor");
    if (!coding.code.empty()) coded.codings.push_back(std::move(coding));
  }
  return coded;
}

std::string WordsOf(const record::Coded& coded) {
  if (!coded.text.empty()) return coded.text;
  for (const record::Coding& coding : coded.codings) {
    if (!coding.display.empty()) return coding.display;
  }
  return coded.codings.empty() ? "" : coded.codings.front().code;
}

std::optional<record::When> WhenOf(Context& context, const xml::Node& time) {
  const xml::Node value = time.attribute("value");
  if (!value) {
    time.value("nullFlavor");
    return std::nullopt;
  }
  const std::string text = Trimmed(value.peek());
  auto when = record::When::ParseHl7(WithMinutes(text));
  if (!when) {
    context.Miss(value, "not a time that exists");
    return std::nullopt;
  }
  value.text();
  when->original = text;
  return when;
}

Interval IntervalOf(Context& context, const xml::Node& time) {
  time.attribute(kSchemaInstance, "type").text();
  if (const auto point = WhenOf(context, time)) return {point, std::nullopt};
  Interval interval{WhenOf(context, time["low"]), WhenOf(context, time["high"])};
  if (!interval.from && !interval.to) interval.from = WhenOf(context, time["center"]);
  return interval;
}

record::PersonName NameOf(const xml::Node& name) {
  record::PersonName out;
  out.use = name.value("use");
  bool in_parts = false;
  for (const xml::Node& part : name.children()) {
    std::string* into = part.name() == "family"   ? &out.family
                        : part.name() == "given"  ? &out.given
                        : part.name() == "prefix" ? &out.prefix
                        : part.name() == "suffix" ? &out.suffix
                                                  : nullptr;
    if (into == nullptr) continue;
    in_parts = true;
    part.value("qualifier");
    Join(*into, Trimmed(part.text()));
  }
  // A name as one text: which word is which is not said.
  if (!in_parts) out.family = AllText(name);
  return out;
}

std::string WordsOf(const record::PersonName& name) {
  std::string words = name.prefix;
  for (const std::string* part : {&name.given, &name.family, &name.suffix}) Join(words, *part);
  return words;
}

record::Address AddressOf(const xml::Node& address) {
  record::Address out;
  out.use = UseOf(address.value("use"));
  std::string number;  // house number and street stand on one line
  for (const xml::Node& part : address.content()) {
    if (part.name() == "useablePeriod") continue;
    const std::string text = Trimmed(part.text());
    if (text.empty()) continue;
    if (part.name() == "postalCode") {
      out.postcode = text;
    } else if (part.name() == "houseNumber") {
      number = text + " ";
    } else {
      out.lines.push_back(std::exchange(number, "") + text);
    }
  }
  if (!number.empty()) out.lines.push_back(Trimmed(number));
  return out;
}

record::Telecom TelecomOf(const xml::Node& telecom) {
  record::Telecom out;
  out.use = UseOf(telecom.value("use"));
  const std::string value = Trimmed(telecom.value("value"));
  const std::size_t colon = value.find(':');
  const std::string_view system =
      colon == std::string::npos ? "" : Look(kSchemes, std::string_view(value).substr(0, colon));
  out.system = system.empty() ? "other" : std::string(system);
  out.value = system.empty() ? value : value.substr(colon + 1);
  if (out.use == "mobile" && out.system == "phone") out.system = "mobile";
  if (out.use == "pager" && out.system == "phone") out.system = "pager";
  return out;
}

std::string QuantityOf(const xml::Node& quantity) {
  const std::string low = EndOf(quantity["low"]);
  const std::string high = EndOf(quantity["high"]);
  if (low.empty() && high.empty()) return EndOf(quantity);
  if (high.empty()) return (quantity["low"].value("inclusive") == "false" ? ">" : ">=") + low;
  if (low.empty()) return (quantity["high"].value("inclusive") == "false" ? "<" : "<=") + high;
  return low + " - " + high;
}

std::optional<record::Value> ValueOf(Context& context, const xml::Node& value) {
  record::Value out;
  const std::string type = TypeOf(value);
  if (type == "CD" || type == "CE" || type == "CO" || type == "CV" || type == "CS") {
    out.coded = CodedOf(context, value);
    out.original = WordsOf(out.coded);
  } else if (type == "PQ") {
    SetQuantity(value, out);
  } else if (type == "IVL_PQ" || type == "IVL_INT" || type == "IVL_REAL") {
    SetInterval(value, out);
  } else if (type == "INT" || type == "REAL" || type == "BL" || type == "TS") {
    out.original = value.value("value");
    if (type[0] != 'B' && type[0] != 'T' && IsNumber(out.original)) out.number = out.original;
  } else if (type == "IVL_TS") {
    Join(out.original, value["low"].value("value"));
    Join(out.original, value["high"].value("value"), " - ");
  } else if (type == "RTO" || type == "RTO_PQ_PQ") {
    out.original = EndOf(value["numerator"]) + " / " + EndOf(value["denominator"]);
  } else if (type == "ST" || type == "ED") {
    const xml::Node reference = value["reference"].attribute("value");
    out.original = reference ? context.Referred(reference) : Trimmed(value.text());
  }
  if (out.original.empty() || out.original == " / ") return std::nullopt;
  return out;
}

void AddDetail(record::Entry& entry, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  entry.details.push_back({.name = std::string(name), .text = std::string(text)});
}

void AddDetail(record::Entry& entry, std::string_view name, record::Coded coded) {
  if (coded.text.empty() && coded.codings.empty()) return;
  entry.details.push_back({.name = std::string(name), .coded = std::move(coded)});
}

}  // namespace milecastle::cda
