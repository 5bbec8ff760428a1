// Claims about patients, in few words.
#pragma once

#include <string>

#include "record/contribution.h"

namespace milecastle::kit {

using record::Update;

struct Who {
  std::string nhs_number;
  std::string local;  // a hospital number of RXX; empty: none
  std::string birth_date = "1970-01-02";
  std::string family = "Example";
  std::string given = "Anna";
  std::string sex = "F";
  record::Tracing tracing = record::Tracing::kVerified;
};

inline record::LocalIdentifier HospitalNumber(const std::string& value) {
  return {"RXX", "MR", value};
}

inline record::PatientClaim ClaimOf(const Who& who) {
  record::PatientClaim claim;
  claim.nhs_number_as_sent = who.nhs_number;
  claim.tracing = who.tracing;
  if (!who.local.empty()) claim.local_identifiers = {HospitalNumber(who.local)};
  if (!who.birth_date.empty()) {
    claim.birth_date = Update<record::BirthDate>::Set(*record::BirthDate::Parse(who.birth_date));
  }
  if (!who.family.empty()) {
    record::PersonName name;
    name.family = who.family;
    name.given = who.given;
    claim.names = Update<std::vector<record::PersonName>>::Set({name});
  }
  claim.sex = Update<std::string>::Set(who.sex);
  return claim;
}

inline record::Draft Allergy(const std::string& key, const std::string& text) {
  record::Draft draft;
  draft.source_key = key;
  draft.entry.section = record::Section::kAllergies;
  draft.entry.kind = record::Kind::kAllergy;
  draft.entry.what.text = text;
  return draft;
}

inline record::Contribution About(const Who& who, std::vector<record::Draft> drafts = {}) {
  record::Contribution contribution;
  contribution.patient = ClaimOf(who);
  contribution.drafts = std::move(drafts);
  return contribution;
}

// A40: the first hospital number survives, the second is discarded.
inline record::Contribution Merge(const Who& survivor, const std::string& discarded) {
  record::Contribution contribution = About(survivor);
  record::MergeClaim merge;
  merge.surviving = contribution.patient.local_identifiers;
  merge.discarded = {HospitalNumber(discarded)};
  contribution.merge = merge;
  return contribution;
}

}  // namespace milecastle::kit
