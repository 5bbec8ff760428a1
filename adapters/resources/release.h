// What differs between the releases of FHIR and their profiles, as data: the words of a status, the
// names of members, the extensions, and why a part is not carried.
//
// A release is a constant of the reader that knows it; what is the same in all of them is in the
// tables here, and is looked up after the release's own.
//
// Thread-safety: constants. Failure: none.
#pragma once

#include <span>
#include <string_view>

#include "record/entry.h"

namespace milecastle::resources {

// A word of `status`, `clinicalStatus` …; the same word means the same in every resource.
struct StatusWord {
  std::string_view word;
  record::ClinicalStatus status = record::ClinicalStatus::kUnstated;
  record::Intent intent = record::Intent::kUnstated;
};

struct VerificationWord {
  std::string_view word;
  record::Verification verification;
};

// Why a part that nobody read is not carried.
struct Reason {
  std::string_view type;     // of the resource; empty: any
  std::string_view element;  // the path within it, without positions; ends with '*': whatever
                             // follows
  std::string_view why;      // empty: it says nothing about the patient
};

// A member that changes what a resource means, of those that differ between releases (rules.h).
struct OwnWord {
  std::string_view type;  // of the resource
  std::string_view member;
  bool denies = true;  // that what the resource tells was done; else its reader knows more of it
};

// A type of resource of which no entry is made, by its published name.
struct TypeReason {
  std::string_view type;
  std::string_view why = {};  // empty: nothing reads it
};

struct Release {
  std::span<const StatusWord> statuses;
  std::span<const VerificationWord> verifications;
  std::span<const Reason> reasons;
  std::span<const TypeReason> types;
  std::span<const std::string_view> status;     // the members that say a resource's status
  std::span<const std::string_view> encounter;  // those that name its encounter
  std::string_view nhs_number_verification;     // the extension of Patient.identifier
  std::string_view ethnic_category;             // the extensions of Patient
  std::string_view nhs_communication;
  std::string_view list_warning;       // the extension of List
  std::span<const OwnWord> own_words;  // other words of rules.h are another release's
  // Whether what a resource of a type says is carried in its own entry.
  bool (*makes_entry)(std::string_view type) = nullptr;
};

// Nothing for a word that neither the release nor the shared table knows.
const StatusWord* FindStatus(const Release& release, std::string_view word);
const VerificationWord* FindVerification(const Release& release, std::string_view word);

}  // namespace milecastle::resources
