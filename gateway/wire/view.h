// The answer of a patient view as bytes: the head is serialised, the entries are spliced, the
// receipt is appended last.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "record/contribution.h"
#include "record/entry.h"
#include "record/facts.h"
#include "record/patient.h"

namespace milecastle::wire {

// The numbers of milecastle.v1.ManifestState: the more exceptional come first.
enum class ManifestState : std::uint8_t {
  kWithheld = 1,
  kUnavailable,
  kTimedOut,
  kStale,
  kTruncated,
  kAwaitingIdentity,
  kConflict,
  kIncompleteAtSource,
  kFilteredByRequest,
  kNotAsked,
  kNoneKnown,
  kNothingRecorded,
  kNoneHeld,
  kReturned,
};

// What it views outlives it: sources of the request's own data, reasons of a catalogue.
struct ManifestLine {
  ManifestState state = ManifestState::kReturned;
  std::optional<record::Section> section;
  std::string_view source;
  bool source_masked = false;
  std::uint32_t count = 0;
  std::string_view reason;
  std::optional<base::Instant> as_of;
  std::string text;
  bool untraced = false;  // stated under a number that nobody traced
};

struct ShownDemographics {
  std::string source;
  std::vector<record::PersonName> names;
  std::optional<record::BirthDate> birth_date;
  std::string sex;
  std::vector<record::Address> addresses;
  std::vector<record::Telecom> telecoms;
  std::string language;
  std::string ethnic_category;
  std::string gp_practice;
  std::string gp;
  bool deceased = false;
  std::optional<record::When> died;
  std::vector<std::string> masked;
  base::Instant updated;
  bool untraced = false;
};

struct ShownDuty {
  std::string kind;
  std::string organisation;
  std::optional<base::Instant> due;
};

// What leads the view: an entry of it, told first. The id is 16 bytes.
struct ShownHeadline {
  record::Headline kind = record::Headline::kNone;
  std::string_view id;
};

// Entries of the same thing, told by several sources or denied by one. Ids are 16 bytes each.
struct ShownGroup {
  std::vector<std::string_view> ids;
  std::vector<std::string> conflicts;
};

// Everything of a PatientView but its entries.
struct ViewHead {
  std::vector<ManifestLine> manifest;    // exceptions lead
  std::vector<ShownHeadline> headlines;  // the most pressing first
  std::vector<ShownGroup> groups;
  std::vector<ShownDemographics> demographics;
  std::vector<std::string> warnings;
  std::vector<std::string> rules;
  std::vector<ShownDuty> duties;
  std::string policy_version;
  std::optional<base::Instant> consents_as_of;
  std::optional<base::Instant> location_as_of;
};

// The sentence that stands on every view (safety.md 6).
extern const char* const kManifestStatement;

// What comes before the entries in a GetPatientViewResponse; AppendEntry made those, of so many
// bytes.
std::string EncodeViewHead(const ViewHead& head, std::size_t entries_bytes);
std::string EncodeRefusalResponse(const std::string& reason, const std::string& advice);

// One document by itself.
struct ShownDocument {
  std::string source;  // ODS code; empty: masked
  const record::Document& document;
  base::Digest digest;  // of its bytes
  bool fetched = false;
  std::vector<std::string> warnings;
  std::vector<ShownDuty> duties;
  std::string_view rule;  // empty: not for this reader
  bool untraced = false;
};
// A GetDocumentResponse without its receipt; refusal and receipt stand in both responses alike.
std::string EncodeDocument(const ShownDocument& shown);

// Appends the receipt to any of them: a protobuf message may be continued by appending fields.
void AppendReceipt(std::string& response, const std::string& origin, std::uint64_t leaf_index,
                   const base::Digest& leaf_hash);

}  // namespace milecastle::wire
