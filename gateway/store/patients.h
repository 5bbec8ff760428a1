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

struct LinkEvent {
  record::IdentityId identity;
  record::PersonId from;
  record::PersonId to;
  std::string reason;  // "first_sighting", "nhs_number_agrees", "merge", "officer_link",
                       // "officer_unlink" …
  std::string by;      // feed, or issuer and user
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
  // Once in a work, however often it is called.
  virtual base::Result<void> AdvanceVersion(record::PersonId person) = 0;
};

// Names compared as officers and matching compare them: case, accents, spaces and punctuation
// folded away.
std::string FoldName(std::string_view name);

}  // namespace milecastle::store
