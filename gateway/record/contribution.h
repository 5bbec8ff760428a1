// What one message says of one patient: the only thing that an adapter makes.
//
// A contribution is complete: each part of the message is carried in one of its lists or named in
// `not_carried`. It is not yet a record: normalise/ maps codes and labels, identify/ says whose it
// is, store/ keeps it.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/entry.h"
#include "record/patient.h"
#include "record/version.h"

namespace milecastle::record {

// An entry with what the source said about it that is not part of it.
struct Draft {
  // Names the entry within its source and patient, the same each time the source sends it: a later
  // draft of the same key supersedes the earlier. Never empty. "allergy:AL1:…",
  // "AllergyIntolerance/123", "result:FILLER:CODE:1".
  std::string source_key;
  Entry entry;
  std::vector<std::string>
      source_labels;     // "NOPAT", "confidentiality:R", "vip:…": normalise/ maps them to labels
  Version version = {};  // which its source gives; not known: that of the contribution
  bool operator==(const Draft&) const = default;
};

// What a source said about a whole section, for the manifest (safety.md 6–8).
enum class SectionSaying : std::uint8_t {
  kNoneKnown = 1,      // asserted: there are none
  kNothingRecorded,    // the source holds no entry and says so
  kConfidentialItems,  // some were left out by the source
  kDataInTransit,
  kDataAwaitingFiling,
  kUnavailable,    // the source could not say
  kLaggingReturn,  // what it holds is out of a return for statistics, of a period that is over
};
struct SectionStatement {
  Section section = Section::kAllergies;
  SectionSaying saying = SectionSaying::kNothingRecorded;
  std::optional<When> when;
  std::vector<Performer> by;
  std::string text;  // as sent
  bool operator==(const SectionStatement&) const = default;
};

// A stay, attendance or other contact that makes a relationship between patient and organisation.
enum class EncounterChange : std::uint8_t {
  kPlanned = 1,
  kOpened,
  kUpdated,
  kMoved,
  kClosed,
  kOpeningCancelled,
  kMoveCancelled,
  kClosingCancelled,
  kPlanCancelled,  // what was planned is taken back; what is open stays open
};
struct EncounterClaim {
  std::string number;  // the source's visit number; empty where it gave none
  EncounterChange change = EncounterChange::kUpdated;
  std::string patient_class;  // HL7 0004 (I, O, E, R …) or FHIR class, as sent
  std::string specialty;
  std::string location;  // as sent
  std::optional<When> began;
  std::optional<When> ended;
  std::optional<When> expected;
  std::string former_number = {};  // by which the source named this same visit until now
  bool operator==(const EncounterClaim&) const = default;
};

// Choices of the patient that came with a message: HL7 ZU8-2 and -3, GP Connect dissent, a FHIR
// Consent, a column of a sheet.
enum class PreferenceKind : std::uint8_t { kShareDetailedRecord = 1, kSummaryCareRecord };
enum class PreferenceAnswer : std::uint8_t {
  kConsent = 1,
  kDissent,
  kUnknown,
  kAskEachTime,
  kUnclear,    // a refusal of which it is not plain what it covers: an officer asks, and until then
               // what this source said is withheld
  kRetracted,  // what the source said under this key was entered in error
};
enum class PreferenceBy : std::uint8_t { kUnknown = 1, kPerson, kSomebodyElse };
struct PreferenceClaim {
  PreferenceKind kind = PreferenceKind::kShareDetailedRecord;
  PreferenceAnswer answer = PreferenceAnswer::kUnknown;
  std::string place;  // "ZU8-2"
  // When the person said it; nothing where the source does not tell: a consent without it loosens
  // nothing but what the same field said before.
  std::optional<When> said = {};
  PreferenceBy by = PreferenceBy::kUnknown;
  std::string key = {};  // names the choice within its source; empty: it is its place's
  bool operator==(const PreferenceClaim&) const = default;
};

// HL7 ZU8-4; PDS confidentiality R. Hides where somebody is.
enum class LocationProtection : std::uint8_t { kNone = 1, kLocal, kNational };

// Two identities are one person, says the source: the first survives.
struct MergeClaim {
  std::vector<LocalIdentifier> surviving;
  std::vector<LocalIdentifier> discarded;
  std::string surviving_nhs_number_as_sent;
  std::string discarded_nhs_number_as_sent;
  bool operator==(const MergeClaim&) const = default;
};

// Something that a machine may not settle: a person must look (safety.md 5). What a source says of
// links, deletions and moves of its patients is told here and changes nothing by itself.
enum class ReviewKind : std::uint8_t {
  kNullOnAllergy = 1,
  kNullOnAlert,
  kNullOnObjection,
  kNullOnHidingFlag,
  kNullOnNhsNumber,
  kPatientsLinked,    // the source links two of its patients, and does not say that they are one
  kPatientsUnlinked,  // it undoes that
  kRecordDeleted,     // it deletes a patient, or a visit with all that was said of it
  kRecordsMoved,      // it moves a part of one patient's record to another patient
};
struct ReviewClaim {
  ReviewKind kind = ReviewKind::kNullOnAllergy;
  std::string place;
  bool operator==(const ReviewClaim&) const = default;
};

struct NotCarried {
  std::string place;  // "ZFU-3", "entry[4].extension[1]"; never a value
  std::string why;    // "local segment, not mapped"
  bool operator==(const NotCarried&) const = default;
};

struct Contribution {
  PatientClaim patient;
  Version version = {};  // of all that it gives or ends and that has none of its own
  std::vector<Draft> drafts;
  std::vector<std::string> withdrawn_keys;  // entries that the source says were wrong or are
                                            // deleted: kept, shown to nobody as fact
  // Source keys of documents that this message takes the place of, whole: what this source sent
  // before under `KEY/…` and does not send now is no longer current.
  std::vector<std::string> replaced_documents;
  // A snapshot: in these sections whatever this source sent before and does not send now is no
  // longer current.
  std::vector<Section> snapshot_of;
  std::vector<SectionStatement> statements;
  std::optional<EncounterClaim> encounter;
  std::vector<PreferenceClaim> preferences;
  std::optional<LocationProtection> location_protection;
  std::optional<MergeClaim> merge;
  std::vector<ReviewClaim> reviews;
  std::vector<NotCarried> not_carried;
  bool operator==(const Contribution&) const = default;
};

}  // namespace milecastle::record
