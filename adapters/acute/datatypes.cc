// HL7 v2 data types (HL7 v2.8.2 chapter 2A) as a record holds them.
#include <algorithm>
#include <array>

#include "inside/reader.h"

namespace milecastle::acute {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
};

constexpr auto kSystems = std::to_array<Pair>({
    {"SNM3", "http://snomed.info/sct"},
    {"SCT", "http://snomed.info/sct"},
    {"SCT2", "http://snomed.info/sct"},
    {"SNOMEDCT", "http://snomed.info/sct"},
    {"SNOMED CT", "http://snomed.info/sct"},
    {"SNOMED-CT", "http://snomed.info/sct"},
    {"LN", "http://loinc.org"},
    {"LOINC", "http://loinc.org"},
    {"I10", "http://hl7.org/fhir/sid/icd-10"},
    {"ICD10", "http://hl7.org/fhir/sid/icd-10"},
    {"ICD-10", "http://hl7.org/fhir/sid/icd-10"},
    {"UCUM", "http://unitsofmeasure.org"},
    {"DMD", "https://dmd.nhs.uk"},
});

constexpr auto kRegisters = std::to_array<Pair>({
    {"GMC", "https://fhir.hl7.org.uk/Id/gmc-number"},
    {"NMC", "https://fhir.hl7.org.uk/Id/nmc-number"},
    {"GPHC", "https://fhir.hl7.org.uk/Id/gphc-number"},
    {"HCPC", "https://fhir.hl7.org.uk/Id/hcpc-number"},
    {"GMP", "https://fhir.hl7.org.uk/Id/gmp-number"},
    {"SDS", "https://fhir.nhs.uk/Id/sds-user-id"},
});

constexpr auto kUses = std::to_array<Pair>({
    {"H", "home"},
    {"HOME", "home"},
    {"P", "home"},
    {"M", "correspondence"},
    {"C", "temporary"},
    {"T", "temporary"},
    {"B", "work"},
    {"O", "work"},
    {"PRN", "home"},
    {"WPN", "work"},
    {"ORN", "other"},
    {"VHN", "holiday"},
    {"EMR", "emergency"},
    {"NET", ""},
});

constexpr auto kEquipment = std::to_array<Pair>({
    {"PH", "phone"},
    {"CP", "mobile"},
    {"FX", "fax"},
    {"BP", "pager"},
    {"MD", "other"},
    {"INTERNET", "email"},
    {"X.400", "email"},
});

template <std::size_t N>
std::string Map(const std::array<Pair, N>& pairs, std::string_view from) {
  for (const Pair& pair : pairs) {
    if (pair.from == from) return std::string(pair.to);
  }
  return std::string(from);
}

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string Joined(std::initializer_list<std::string_view> parts, std::string_view between = " ") {
  std::string text;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == ' ' || c == '+' || c == '(' || c == ')' || c == '-';
  });
}

void Add(record::Coded& coded, std::string code, std::string display, const std::string& system) {
  if (code.empty()) {
    if (coded.text.empty()) coded.text = std::move(display);
    return;
  }
  // A lone "code" in words is the text that a v2.2 sender had.
  const bool words = std::any_of(code.begin(), code.end(),
                                 [](char c) { return c == ' ' || (c >= 'a' && c <= 'z'); });
  if (words && display.empty() && system.empty() && coded.text.empty()) {
    coded.text = std::move(code);
    return;
  }
  coded.codings.push_back({SystemOf(system), std::move(code), std::move(display)});
}

}  // namespace

std::string SystemOf(std::string_view hl7_name) {
  const std::string name = Upper(std::string(hl7_name));
  std::string uri = Map(kSystems, name);
  return uri == name ? std::string(hl7_name) : uri;
}

std::string RegisterOf(std::string_view authority) {
  const std::string name = Upper(std::string(authority));
  std::string uri = Map(kRegisters, name);
  return uri == name ? std::string(authority) : uri;
}

std::string TextOf(const record::Coded& coded) {
  if (!coded.text.empty()) return coded.text;
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) return coding.display;
  }
  return coded.codings.empty() ? "" : coded.codings.front().code;
}

std::string Written(const record::PersonName& name) {
  std::string text = name.prefix;
  for (const std::string* part : {&name.given, &name.family, &name.suffix}) {
    if (!text.empty() && !part->empty()) text += ' ';
    text += *part;
  }
  return text;
}

record::Coded Reader::Code(const hl7v2::Repetition& repetition) {
  record::Coded coded;
  if (repetition.empty()) return coded;
  coded.text = Text(repetition.component(9));  // the sender's own words (CWE)
  for (const std::size_t first : {std::size_t{1}, std::size_t{4}}) {
    std::string code = Text(repetition.component(first));
    std::string display = Text(repetition.component(first + 1));
    const std::string system = Text(repetition.component(first + 2));
    Add(coded, std::move(code), std::move(display), system);
  }
  return coded;
}

record::Coded Reader::Code(const hl7v2::Segment& segment, std::size_t field) {
  const auto all = segment.field(field);
  record::Coded coded;
  for (std::size_t i = 0; i < all.size(); ++i) {
    record::Coded one = Code(all.repetition(i));
    if (coded.text.empty()) coded.text = std::move(one.text);
    std::move(one.codings.begin(), one.codings.end(), std::back_inserter(coded.codings));
  }
  return coded;
}

std::optional<record::When> Reader::Time(const hl7v2::Segment& segment, std::size_t field) {
  const auto component = segment.field(field).component(1);
  // DR holds its start in the first subcomponent.
  const std::string text =
      component.size() > 1 ? component.subcomponent(1).text() : component.text();
  if (text.empty() || component.is_null()) {
    Take(component);
    return std::nullopt;
  }
  auto when = record::When::ParseHl7(Clean(text));
  if (when) {
    Take(component);
  } else {
    Leave(segment, field, "not a time: write YYYYMMDDHHMMSS");
  }
  return when;
}

std::vector<record::Performer> Reader::Performers(const hl7v2::Segment& segment, std::size_t field,
                                                  std::string_view role) {
  std::vector<record::Performer> found;
  const auto all = segment.field(field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto one = all.repetition(i);
    if (one.empty()) continue;
    record::Performer performer;
    performer.identifier = Text(one.component(1));
    const std::string family = Text(one.component(2));
    const std::string given = Text(one.component(3));
    const std::string middle = Text(one.component(4));
    performer.name = Joined({Text(one.component(6)), given, middle, family, Text(one.component(5)),
                             Text(one.component(7))});
    std::string authority = Text(one.component(9));
    const std::string table = Text(one.component(8));  // the source table, in v2.2 the only one
    if (authority.empty()) authority = table;
    performer.identifier_system = RegisterOf(authority);
    performer.role = role;
    for (const std::size_t component : {10U, 13U})
      Take(one.component(component));  // how to read the name and the number
    performer.organisation = Text(one.component(14));
    if (performer.name.empty() && performer.identifier.empty()) continue;
    found.push_back(std::move(performer));
  }
  return found;
}

Identifier Reader::Id(const hl7v2::Segment& segment, std::size_t field, std::size_t repetition) {
  const auto one = segment.field(field).repetition(repetition);
  Identifier id;
  id.place = segment.place(field);
  if (one.empty()) return id;
  id.null = one.is_null() || one.component(1).is_null();
  id.value = Text(one.component(1));
  for (const std::size_t component : {2U, 3U})
    Take(one.component(component));  // the check digit and its scheme
  const auto namespace_of = [&](const hl7v2::Component& hd) {
    Take(hd);
    return Clean(hd.subcomponent(1).text());
  };
  id.authority = namespace_of(one.component(4));
  if (id.authority == "\"\"") id.authority.clear();
  id.type = Text(one.component(5));
  const std::string facility = namespace_of(one.component(6));
  if (id.authority.empty()) id.authority = facility;
  return id;
}

record::PersonName Reader::Name(const hl7v2::Repetition& repetition) {
  record::PersonName name;
  Take(repetition.component(1));
  name.family = Clean(repetition.component(1).subcomponent(1).text());
  if (name.family == "\"\"") name.family.clear();
  name.given = Joined({Text(repetition.component(2)), Text(repetition.component(3))});
  name.suffix = Joined({Text(repetition.component(4)), Text(repetition.component(6))});
  name.prefix = Text(repetition.component(5));
  name.use = Text(repetition.component(7));
  Take(repetition.component(8));  // how the name is written
  const bool any = !name.family.empty() || !name.given.empty();
  if (any && name.use.empty()) name.use = "L";
  return name;
}

record::Address Reader::AddressOf(const hl7v2::Repetition& repetition) {
  record::Address address;
  const auto street = repetition.component(1);
  Take(street);
  const auto add = [&](std::string line) {
    if (!line.empty() && line != "\"\"") address.lines.push_back(std::move(line));
  };
  for (std::size_t i = 1; i <= street.size(); ++i) add(Clean(street.subcomponent(i).text()));
  for (const std::size_t component : {2U, 3U, 4U}) add(Text(repetition.component(component)));
  address.postcode = Text(repetition.component(5));
  const std::string country = Text(repetition.component(6));
  if (country != "GBR" && country != "GB" && country != "UK") add(country);
  address.use = Map(kUses, Upper(Text(repetition.component(7))));
  return address;
}

record::Telecom Reader::TelecomOf(const hl7v2::Repetition& repetition, std::string_view use) {
  record::Telecom telecom;
  const std::string written = Text(repetition.component(1));
  const std::string stated_use = Upper(Text(repetition.component(2)));
  const std::string equipment = Upper(Text(repetition.component(3)));
  const std::string email = Text(repetition.component(4));
  const std::string parts = Joined({Text(repetition.component(5)), Text(repetition.component(6)),
                                    Text(repetition.component(7)), Text(repetition.component(8))});
  const std::string unformatted = Text(repetition.component(12));
  telecom.value = !written.empty() ? written : !unformatted.empty() ? unformatted : parts;
  const bool mail = (telecom.value.empty() || !IsNumber(telecom.value)) && !email.empty();
  if (mail) telecom.value = email;
  telecom.system = mail ? "email" : equipment.empty() ? "phone" : Map(kEquipment, equipment);
  telecom.use = stated_use.empty() ? std::string(use) : Map(kUses, stated_use);
  if (!mail && !email.empty() && email != telecom.value) telecom.value += " " + email;
  return telecom;
}

std::vector<record::Address> Reader::Addresses(const hl7v2::Segment& segment, std::size_t field) {
  std::vector<record::Address> found;
  const auto all = segment.field(field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto address = AddressOf(all.repetition(i));
    if (!address.lines.empty() || !address.postcode.empty()) found.push_back(std::move(address));
  }
  return found;
}

std::vector<record::Telecom> Reader::Telecoms(const hl7v2::Segment& segment, std::size_t field,
                                              std::string_view use) {
  std::vector<record::Telecom> found;
  const auto all = segment.field(field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto telecom = TelecomOf(all.repetition(i), use);
    if (!telecom.value.empty()) found.push_back(std::move(telecom));
  }
  return found;
}

std::string Reader::Location(const hl7v2::Segment& segment, std::size_t field) {
  const auto place = segment.field(field).repetition(0);
  std::string text;
  if (place.empty()) return text;
  // Point of care, room, bed, facility, then building, floor and description (PL).
  for (const std::size_t component : {1U, 2U, 3U, 4U, 7U, 8U, 9U}) {
    Take(place.component(component));
    const std::string part = Clean(place.component(component).subcomponent(1).text());
    if (part.empty() || part == "\"\"") continue;
    if (!text.empty()) text += ", ";
    text += part;
  }
  for (const std::size_t component : {5U, 6U})
    Take(place.component(component));  // status, kind of place
  return text;
}

}  // namespace milecastle::acute
