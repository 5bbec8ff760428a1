// What one sender calls things, as its operator declared it in a TOML file (config/mappings):
// columns, values, codes, units, dates, and local HL7 segments. Data alone: an adapter looks things
// up, and never runs anything out of it.
//
// Thread-safety: read-only after the configuration is loaded. Failure: none; what a mapping does
// not know stays as sent.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/contribution.h"

namespace milecastle::port {

// A field of a local HL7 segment that is carried as a detail of a statement.
struct LocalSegment {
  std::string segment;  // "ZRS"
  record::Section section = record::Section::kDocuments;
  std::string heading;                         // what the statement is about
  std::map<std::size_t, std::string> details;  // field number → the detail's name
  bool operator==(const LocalSegment&) const = default;
};

// An answer that no mapping turns into another: a plain No to sharing stays one.
struct KeptAnswer {
  std::string_view field;
  bool (*is)(std::string_view text) = nullptr;
};

// Of what a mapping may speak to an adapter. Anything else in its file is refused, so that nothing
// stands there without effect.
struct Mappable {
  std::vector<std::string_view> fields;  // that its columns become; empty: its format has none
  bool names = false;                    // code systems and units
  bool local_segments = false;
  std::vector<std::string_view> as_sent = {};  // say who somebody is: no value of them is rewritten
  std::vector<KeptAnswer> kept = {};
};

// By a key that Folded made.
template <class T>
using ByName = std::map<std::string, T, std::less<>>;

struct Mapping {
  // Of tables.
  char delimiter = ',';
  std::string charset = "utf-8";  // "utf-8", "utf-16", "windows-1252"
  std::vector<std::string> dates = {"YYYY-MM-DD", "DD/MM/YYYY"};
  ByName<std::string> columns;         // the sender's header → our field
  ByName<ByName<std::string>> values;  // field → the sender's value → the standard's
  ByName<ByName<record::Coding>> codes;  // field → a value (the sender's or the standard's) → code
  // Of every adapter.
  ByName<std::string> code_systems;  // the sender's name of a code system → its URI
  std::map<std::string, std::string, std::less<>> units;  // a unit, letter by letter → UCUM
  // Of HL7 v2.
  std::vector<LocalSegment> local_segments;
  bool operator==(const Mapping&) const = default;
};

// Small letters, with one space for any run of spaces and none around: how names are compared.
std::string Folded(std::string_view text);

// The standard's word for the sender's, or the sender's own.
std::string ValueOf(const Mapping& mapping, std::string_view field, std::string_view sent);
const record::Coding* CodeOf(const Mapping& mapping, std::string_view field,
                             std::string_view value);

// "DD/MM/YYYY": its letters stand for digits, everything else for itself. Nothing for what is no
// date (31 February) or of another form.
std::optional<record::When> DateIn(std::string_view form, std::string_view text);
std::optional<record::When> DateOf(const Mapping& mapping,
                                   std::string_view text);  // any of `dates`
// Whether DateIn can read it: YYYY, MM and DD once each.
bool IsDateForm(std::string_view form);

// Names code systems by their URIs and units by UCUM, where the mapping knows them. A unit's own
// text stays as it is, and so does a unit code that the sender gave.
void ApplyMapping(const Mapping& mapping, record::Contribution& contribution);

}  // namespace milecastle::port
