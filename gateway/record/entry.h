// One item of a record: what its source said, in the source's words and codes, with status and
// provenance.
//
// An Entry holds only what is immutable and may be disclosed. What can change later (labels, mapped
// codes, which person) is kept beside it by the store. The groups that a mask can drop whole
// (addresses, contacts, practice, performers, free text) are fields of their own, so that a mask
// drops a field and edits no text, but where words name a place (wire/placeless.h).
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/identifiers.h"
#include "record/sections.h"
#include "record/when.h"

namespace milecastle::record {

struct Coding {
  std::string system;  // a URI where the system is known; else the source's own name for it
  std::string code;
  std::string display;  // the source's text for the code
  bool operator==(const Coding&) const = default;
};

struct Coded {
  std::string text;  // the source's own words, where it gave any beside the codes
  std::vector<Coding> codings;
  bool operator==(const Coded&) const = default;
};

// What kind of statement an entry is; the section says where it stands, the kind how to read it.
enum class Kind : std::uint8_t {
  kAllergy = 1,
  kProblem,
  kMedication,       // a course, or an item of a medication list
  kMedicationIssue,  // one issue or order of it
  kProcedure,
  kVaccination,
  kObservation,  // one finding or result
  kReport,       // a group of results; its observations name it as their group
  kSpecimen,
  kEncounter,
  kReferral,
  kRequest,  // an investigation or service asked for; diary entries
  kDocument,
  kContact,  // a person or professional
  kAlert,
  kStatement,  // anything else that a source said, with a heading
};

enum class ClinicalStatus : std::uint8_t {
  kUnstated = 1,
  kActive,
  kInactive,
  kResolved,
  kCompleted,
  kStopped,
  kOnHold,
  kPlanned,
  kCancelled
};
enum class Verification : std::uint8_t {
  kUnstated = 1,
  kConfirmed,
  kSuspected,
  kRefuted,
  kEnteredInError
};
enum class Subject : std::uint8_t { kPatient = 1, kFamily, kCarer, kOther };
enum class Intent : std::uint8_t {
  kUnstated = 1,
  kDone,
  kNotDone,
  kPlanned,
  kOrdered
};  // given, not given, planned …

// A measured or stated value, as sent. Nothing computes with it.
struct Value {
  std::string original;         // the value's text, always
  std::string number;           // the number's own characters, where it is one
  std::string comparator;       // < <= >= >
  std::string unit;             // as sent
  std::string unit_code;        // UCUM, where the source gave it
  std::string reference_range;  // as sent
  std::string interpretation;   // the source's flag: H, L, A …
  Coded coded;                  // a coded value
  bool operator==(const Value&) const = default;
};

struct Address {
  std::vector<std::string> lines;
  std::string postcode;
  std::string use;  // home, temporary, correspondence …
  bool operator==(const Address&) const = default;
};

struct Telecom {
  std::string system;  // phone, mobile, email, fax, pager, other
  std::string value;
  std::string use;  // home, work …
  bool operator==(const Telecom&) const = default;
};

struct Contact {
  std::string name;
  std::string relationship;  // next of kin, carer …, as sent
  std::vector<Address> addresses;
  std::vector<Telecom> telecoms;
  bool operator==(const Contact&) const = default;
};

struct Performer {
  std::string name;
  std::string identifier;         // as sent
  std::string identifier_system;  // GMC, NMC, SDS …, a URI where known
  std::string role;
  std::string organisation;  // ODS code or name, as sent
  bool operator==(const Performer&) const = default;
};

// One more thing that the source said of the entry, with the source's or the standard's name for
// it. Whether it is safe under a mask is said by where it is put: `details` are kept, `free_text`
// is dropped with the free text.
struct Detail {
  std::string name;  // "dosage", "route", "significance", "ward" …
  std::string text;
  Coded coded;
  std::optional<When> when;
  bool operator==(const Detail&) const = default;
};

// Another entry of the same source that this one refers to. Kept by the source's key, which is
// never disclosed: a reader is told of a link by the ids of entries that the same answer shows,
// since a key that leads nowhere would betray what is kept back (safety.md 2, 6).
struct Link {
  std::string relation;  // "problem", "issued under", "specimen" …
  std::string key;       // the other entry's source key
  bool operator==(const Link&) const = default;
};

struct Document {
  std::string media_type;  // "application/pdf"
  std::string title;
  std::string bytes;       // decoded
  bool truncated = false;  // the source or a limit cut it
  bool operator==(const Document&) const = default;
};

struct Entry {
  Section section = Section::kDocuments;
  Kind kind = Kind::kStatement;
  Coded what;
  ClinicalStatus status = ClinicalStatus::kUnstated;
  Verification verification = Verification::kUnstated;
  Subject subject = Subject::kPatient;
  Intent intent = Intent::kUnstated;
  bool negated = false;         // "no …": the text says that it is not so
  std::string status_original;  // the source's own status word

  std::optional<When> effective;  // when it was so, began or was done
  std::optional<When> ended;
  std::optional<When> recorded;  // when the source wrote it down
  std::optional<Value> value;
  std::vector<Detail> details;
  std::string source_list;  // which list, group or report of the source it stood in
  std::string group;  // the source key of the report, consultation or course that it belongs to: a
                      // link whose relation is "part of"
  std::vector<Link> links;
  std::optional<Document> document;  // masked as free text

  // Maskable groups.
  std::vector<Address> addresses;
  std::vector<Contact> contacts;
  std::string practice;  // a GP practice's code or name
  std::vector<Performer> performers;
  std::vector<std::string> free_text;

  bool operator==(const Entry&) const = default;
};

}  // namespace milecastle::record
