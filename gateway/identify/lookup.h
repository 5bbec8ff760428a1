// From what a caller typed to the one person meant, or to nobody (safety.md 13).
//
// An NHS number alone opens nothing: one digit mistyped can be somebody else's number. The birth
// date must be that of one of the person's identities; a family name that differs is told.
//
// Thread-safety: functions without state. Failure: kArgumentInvalid for what has not the form of
// such details, before anything is looked up; the store's errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/identifiers.h"
#include "record/when.h"
#include "store/patients.h"

namespace milecastle::identify {

struct PersonKey {
  std::string nhs_number;
  std::string birth_date;  // YYYY-MM-DD
  std::string family_name;
};

struct Details {
  record::NhsNumber nhs_number;
  record::BirthDate birth_date;
  std::string family_name;
};
base::Result<Details> ReadDetails(const PersonKey& key);

enum class Match : std::uint8_t { kNobody = 1, kBirthDateDiffers, kMatched, kMatchedNameDiffers };

struct Found {
  Match match = Match::kNobody;
  std::optional<store::Person>
      person;  // also where the birth date differs: for the audit log alone
  std::vector<store::Identity> identities;
  std::vector<record::OdsCode> named_by;  // sources that know them by the family name asked for
  bool matched() const { return match == Match::kMatched || match == Match::kMatchedNameDiffers; }
};
base::Result<Found> FindPerson(store::ReadPatients& patients, const Details& details);

}  // namespace milecastle::identify
