// OBX-5 in its types (HL7 v2.8.2 section 7.4.2 and chapter 2A). A value keeps its text; nothing
// here computes with one.
#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/text.h"
#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/media.h"

namespace milecastle::acute {
namespace {

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

bool IsNumber(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto points = std::count(text.begin(), text.end(), '.');
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == text.size();
}

std::string_view SplitComparator(std::string_view text, std::string& comparator) {
  for (const std::string_view known : {"<=", ">=", "<", ">"}) {
    if (!text.starts_with(known)) continue;
    comparator = known;
    text.remove_prefix(known.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    break;
  }
  return text;
}

void SetNumber(record::Value& value, std::string_view text) {
  std::string comparator;
  const std::string_view number = SplitComparator(text, comparator);
  if (!IsNumber(number)) return;
  value.number = number;
  value.comparator = comparator;
}

// SN: comparator, number, separator or suffix, number.
void SetStructured(Reader& reader, const hl7v2::Repetition& sn, record::Value& value) {
  const std::string comparator = reader.Text(sn.component(1));
  const std::string first = reader.Text(sn.component(2));
  const std::string separator = reader.Text(sn.component(3));
  const std::string second = reader.Text(sn.component(4));
  value.original = comparator + first + separator + second;
  if (second.empty() && separator.empty()) SetNumber(value, value.original);
}

void SetCoded(Reader& reader, const hl7v2::Field& field, record::Value& value) {
  for (std::size_t i = 0; i < field.size(); ++i) {
    record::Coded coded = reader.Code(field.repetition(i));
    const std::string text = TextOf(coded);
    if (!value.original.empty() && !text.empty()) value.original += "\n";
    value.original += text;
    if (value.coded.text.empty()) value.coded.text = std::move(coded.text);
    std::move(coded.codings.begin(), coded.codings.end(), std::back_inserter(value.coded.codings));
  }
}

void SetUnit(Reader& reader, const hl7v2::Segment& obx, record::Value& value) {
  const record::Coded unit = reader.Code(obx, 6);
  if (unit.codings.empty()) {
    value.unit = unit.text;
    return;
  }
  const auto& coding = unit.codings.front();
  value.unit = coding.code;
  if (coding.system == "http://unitsofmeasure.org") {
    value.unit_code = coding.code;
    if (!coding.display.empty()) value.unit = coding.display;
  }
}

bool IsCodedType(const std::string& type) {
  return type == "CE" || type == "CWE" || type == "CNE" || type == "CF" || type == "IS" ||
         type == "ID";
}

// Empty where the sender does not say, or in no known word.
std::string MediaType(const std::string& type, const std::string& subtype) {
  for (const std::string& whole : {type, subtype}) {
    if (whole.find('/') != whole.npos) return base::Lower(whole);
  }
  struct Name {
    std::string_view subtype;
    std::string_view media_type;
  };
  constexpr auto kNames = std::to_array<Name>({{"PDF", "application/pdf"},
                                               {"RTF", "application/rtf"},
                                               {"HTML", "text/html"},
                                               {"XML", "text/xml"},
                                               {"JPEG", "image/jpeg"},
                                               {"JPG", "image/jpeg"},
                                               {"TIF", "image/tiff"},
                                               {"TIFF", "image/tiff"},
                                               {"PNG", "image/png"},
                                               {"GIF", "image/gif"},
                                               {"DICOM", "application/dicom"},
                                               {"PLAIN", "text/plain"}});
  for (const Name& name : kNames) {
    if (name.subtype == Upper(subtype)) return std::string(name.media_type);
  }
  const std::string kind = Upper(type);
  if (kind == "TEXT" || kind == "TX" || kind == "FT") return "text/plain";
  return "";
}

std::optional<std::string> Decode(const std::string& encoding, const std::string& data) {
  const std::string name = Upper(encoding);
  if (name == "BASE64") return record::BytesOfBase64(data);
  if (name == "HEX") return base::FromHex(data);
  return data;
}

}  // namespace

std::optional<record::Value> ReadValue(Reader& reader, const hl7v2::Segment& obx) {
  const std::string type = Upper(reader.Text(obx, 2));
  const auto field = obx.field(5);
  record::Value value;
  if (type == "RP") {
    reader.Leave(obx, 5, "a pointer to data that stands elsewhere");
  } else if (type == "SN" && field.size() == 1) {
    SetStructured(reader, field.repetition(0), value);
  } else if (IsCodedType(type)) {
    SetCoded(reader, field, value);
  } else {
    value.original = reader.WholeText(obx, 5);
    if (type == "NM") SetNumber(value, value.original);
  }
  SetUnit(reader, obx, value);
  value.reference_range = reader.WholeText(obx, 7);
  value.interpretation = reader.WholeText(obx, 8);
  std::replace(value.interpretation.begin(), value.interpretation.end(), '\n', ' ');
  if (value.original.empty()) return std::nullopt;
  return value;
}

bool HoldsDocument(const hl7v2::Segment& obx) {
  const auto field = obx.field(5);
  if (obx.field(2).raw() == "ED") return !field.component(5).empty() || field.component(1).empty();
  return Upper(field.component(4).text()) == "BASE64" && !field.component(5).empty();
}

record::Document ReadDocument(Reader& reader, const hl7v2::Segment& obx) {
  const auto ed = obx.field(5).repetition(0);
  reader.Take(obx.field(2));
  reader.Take(ed.component(1));  // the application that made it
  const std::string declared =
      MediaType(reader.Text(ed.component(2)), reader.Text(ed.component(3)));
  auto bytes = Decode(reader.Text(ed.component(4)), ed.component(5).text());
  if (!bytes) {
    reader.Leave(obx, 5, "not in its stated encoding: listed without its content");
    return {.media_type = declared.empty() ? std::string(record::kUnknownMedia) : declared,
            .truncated = true};
  }
  reader.Take(ed.component(5));
  auto document = record::DocumentOf(declared, "", *std::move(bytes));
  if (auto why = record::WhyOfOtherType(declared, document)) reader.Leave(obx, 5, *std::move(why));
  return document;
}

bool IsNarrative(const hl7v2::Segment& obx) {
  const std::string_view type = obx.field(2).raw();
  return (type == "TX" || type == "FT" || type.empty()) && !HoldsDocument(obx);
}

}  // namespace milecastle::acute
