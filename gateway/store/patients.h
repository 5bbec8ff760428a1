// The patient index: source identities, persons as sets of links, and the history of every link.
//
// An identity is one source's name for one patient. It keeps its entries and facts for ever; which
// person it belongs to is a link, made and unmade with a reason, so that every merge can be undone.
//
// Thread-safety and failure: as journal.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/contribution.h"
#include "record/identifiers.h"
#include "record/patient.h"

namespace milecastle::store {

// The demographics that a source holds now: the sum of its updates.
struct Demographics {
  std::vector<record::PersonName> names;
  std::optional<record::BirthDate> birth_date;
  std::string sex;
  std::vector<record::Address> addresses;
  std::vector<record::Telecom> telecoms;
  std::string language;
  std::string ethnic_category;
  std::string gp_practice;
  std::string gp;
  std::optional<record::When> died;
  std::optional<bool> deceased;
  bool operator==(const Demographics&) const = default;
};

struct Identity {
  record::IdentityId id;
  record::PersonId person;
  record::OdsCode source;
  std::string nhs_number_as_sent;
  std::optional<record::NhsNumber> nhs_number;  // valid, not necessarily verified
  record::Tracing tracing = record::Tracing::kUnstated;
  bool shareable = false;  // its number may be relied on for sharing
  bool pseudo_person = false;
  std::vector<record::LocalIdentifier> local_identifiers;
  Demographics demographics;
  base::Instant updated;
  std::optional<record::IdentityId> merged_into;  // by its source, whoever's both are
  bool operator==(const Identity&) const = default;
};

enum class PersonState : std::uint8_t {
  kActive = 1,
  kUnidentified,  // no number that may be relied on: a person of one identity
  kSevered,  // its number was invalidated or superseded for protection: never linked, suggested or
             // queued (safety.md 14)
};

struct Person {
  record::PersonId id;
  std::optional<record::NhsNumber> nhs_number;
  PersonState state = PersonState::kActive;
  bool under_merge_review = false;   // the tighter of both consents holds (safety.md 15)
  std::uint64_t record_version = 0;  // advanced by every write that changes what a view would show
  bool operator==(const Person&) const = default;
};

// Why two identities were held to be one person or two, in keys of fixed lists: never a value of
// anybody's (identify/trace.h makes it).
struct FieldNote {
  std::string field;    // "family_name" …
  std::string verdict;  // "agrees", "day_and_month_swapped", "missing" …
  std::int32_t points = 0;
  bool operator==(const FieldNote&) const = default;
};
struct MatchNote {
  std::string configuration;  // of the trace: which weights and thresholds
  std::string verdict;        // "certain", "possible", "unlikely", "never"
  std::int32_t score = 0;     // the sum of the points
  std::vector<FieldNote> fields;
  bool operator==(const MatchNote&) const = default;
};

struct LinkEvent {
  record::IdentityId identity;
  record::PersonId from;
  record::PersonId to;
  std::string reason;  // "first_sighting", "nhs_number_agrees", "merge", "officer_link",
                       // "officer_unlink" …
  std::string by;      // feed, or issuer and user
  base::Instant at;
  std::optional<MatchNote> why = std::nullopt;  // where demographics were weighed for it
};

// Two identities of which an officer said that they are two people.
struct Apart {
  record::IdentityId one;
  record::IdentityId other;
  std::string by;
  base::Instant at;
};

class ReadPatients {
 public:
  virtual ~ReadPatients() = default;
  virtual base::Result<std::optional<Identity>> FindIdentity(record::IdentityId id) = 0;
  virtual base::Result<std::optional<Identity>> FindByLocal(
      const record::OdsCode& source, const record::LocalIdentifier& local) = 0;
  virtual base::Result<std::vector<Identity>> FindByNhsNumber(const record::NhsNumber& number) = 0;
  // For an officer's candidates: same birth date and same family name (folded), at most `limit`.
  virtual base::Result<std::vector<Identity>> FindSimilar(const record::BirthDate& born,
                                                          const std::string& family,
                                                          std::size_t limit) = 0;
  // What a trace finds people by who are named by no number; each is an index, and at most `limit`
  // rows of it are read. What is empty finds nobody.
  // Same birth date, and a family name of the same sound (SoundOf).
  virtual base::Result<std::vector<Identity>> FindBySound(const record::BirthDate& born,
                                                          const std::string& sound,
                                                          std::size_t limit) = 0;
  // Same birth date and first given name (FirstGiven).
  virtual base::Result<std::vector<Identity>> FindByGiven(const record::BirthDate& born,
                                                          const std::string& given,
                                                          std::size_t limit) = 0;
  // Same postcode (FoldPostcode) and family name (folded), whatever the birth date.
  virtual base::Result<std::vector<Identity>> FindByPostcode(const std::string& postcode,
                                                             const std::string& family,
                                                             std::size_t limit) = 0;
  // The same value of the same authority, whichever source sent it, as whatever type.
  virtual base::Result<std::vector<Identity>> FindByIdentifier(const record::LocalIdentifier& local,
                                                               std::size_t limit) = 0;
  // Of whom an officer said that they are somebody else, whichever of the two was asked about.
  virtual base::Result<std::vector<record::IdentityId>> ApartFrom(record::IdentityId identity) = 0;
  virtual base::Result<std::optional<Person>> FindPerson(record::PersonId id) = 0;
  // The active person of this number.
  virtual base::Result<std::optional<Person>> FindPersonByNhsNumber(
      const record::NhsNumber& number) = 0;
  // The severed persons whose own number it is.
  virtual base::Result<std::vector<Person>> FindSeveredByNhsNumber(
      const record::NhsNumber& number) = 0;
  virtual base::Result<std::vector<Identity>> IdentitiesOf(record::PersonId person) = 0;
  virtual base::Result<std::vector<LinkEvent>> LinksOf(
      record::PersonId person) = 0;  // to or from it, oldest first
};

class Patients : public virtual ReadPatients {
 public:
  // Insert, or replace all but its record_version, which never goes back and advances where
  // anything changed. kConflict where another active person has the number.
  virtual base::Result<void> SavePerson(const Person& person) = 0;
  // Insert, or replace all but its link; what changed advances its person's record_version.
  virtual base::Result<void> SaveIdentity(const Identity& identity) = 0;
  // Moves the identity and writes the history; advances both persons' record_version. kConflict
  // where the identity belongs neither to `from` nor, as at a first sighting, to `to` already.
  virtual base::Result<void> Link(const LinkEvent& event) = 0;
  // For good. The same pair again, either way round, changes nothing.
  virtual base::Result<void> KeepApart(const Apart& apart) = 0;
  // Once in a work, however often it is called.
  virtual base::Result<void> AdvanceVersion(record::PersonId person) = 0;
};

// Names compared as officers and matching compare them: case, accents, spaces and punctuation
// folded away.
std::string FoldName(std::string_view name);

// The first of the given names, folded: "Mary-Ann Jo" begins with "maryann".
std::string FirstGiven(std::string_view given);

// The Soundex of a folded name, "S530"; of letters other than a to z nothing is made.
std::string SoundOf(std::string_view folded);

// Capital letters and digits alone. Nothing for what has not the form of a British postcode, and
// for those that stand for no place (ZZ99: no fixed abode, not known, abroad).
std::string FoldPostcode(std::string_view postcode);

}  // namespace milecastle::store
