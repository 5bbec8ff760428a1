// What a source says of who its patient is.
//
// Thread-safety: values. Failure: none; what could not be read is absent and listed as not carried.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/entry.h"
#include "record/version.h"

namespace milecastle::record {

// NHS number tracing, HL7 table 0445 (UK): NSTS01 … NSTS08. Only a verified number is shared on by
// default.
enum class Tracing : std::uint8_t {
  kUnstated = 0,
  kVerified = 1,
  kNotTraced = 2,
  kTraceRequired = 3,
  kNoMatch = 4,
  kConflict = 5,
  kInProgress = 6,
  kNotRequired = 7,
  kPostponed = 8,
};

struct LocalIdentifier {
  std::string authority;  // the assigning authority, mostly an ODS code; never empty
  std::string type;       // MR, PI, PE …, as sent
  std::string value;
  auto operator<=>(const LocalIdentifier&) const = default;
};

struct PersonName {
  std::string family;
  std::string given;  // all given names, in order
  std::string prefix;
  std::string suffix;
  std::string use;  // L legal or usual, A alias, M maiden …, as sent
  bool operator==(const PersonName&) const = default;
};

// A field that a message may set, leave alone (empty in HL7) or delete (`""` in HL7).
template <class T>
struct Update {
  enum class Change : std::uint8_t { kLeave, kSet, kDelete };
  Change change = Change::kLeave;
  T value{};

  static Update Set(T value) { return {Change::kSet, std::move(value)}; }
  static Update Delete() { return {Change::kDelete, {}}; }
  bool operator==(const Update&) const = default;
};

// One message's claim about its patient. Identifiers are never deleted by a message (safety.md 5).
struct PatientClaim {
  std::string
      nhs_number_as_sent;  // whatever stood where an NHS number should; may fail its check digit
  Tracing tracing = Tracing::kUnstated;
  bool pseudo_person = false;  // HL7 PID-31 Y: exact identifiers only, never matched by name
  std::vector<LocalIdentifier> local_identifiers;

  Update<std::vector<PersonName>> names;
  Update<BirthDate> birth_date;
  Update<std::string> sex;  // as sent: HL7 0001 or FHIR administrative gender
  Update<std::vector<Address>> addresses;
  Update<std::vector<Telecom>> telecoms;
  Update<std::string> language;
  Update<std::string> ethnic_category;
  Update<std::string> gp_practice;  // ODS code
  Update<std::string> gp;           // code or name, as sent
  Update<When> died;
  Update<bool> deceased;
  // Which of its source's descriptions of the patient this is.
  Version version = {};
  bool operator==(const PatientClaim&) const = default;
};

}  // namespace milecastle::record
