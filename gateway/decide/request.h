// What is asked of a decision, and what is known when it is made.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/facts.h"
#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"
#include "record/when.h"

namespace milecastle::decide {

// Whether the details that the caller gave name one person here (safety.md 13).
enum class Match : std::uint8_t {
  kNoSuchPerson = 1,
  kDetailsMismatch,  // the number is known, the birth date is another
  kMatched,
  kMatchedNameDiffers,  // counts as matched; the reader is warned
};
std::string_view KeyOf(Match match);

// Whether it is a case that somebody can look up: three letters or digits at the least.
bool NamesACase(std::string_view reference);

// A user's own word that they have a relationship. It is reviewed.
struct SelfDeclaration {
  std::string reason_code;  // from the policy's list; no code, no relationship
  bool operator==(const SelfDeclaration&) const = default;
};

struct Request {
  record::Requester requester;
  record::Purpose purpose = record::Purpose::kDirectCare;
  // Emergency: why the glass is broken. Other purposes: why seals are to be opened, or empty.
  std::string reason_code;
  std::string case_reference;  // court order, investigation, complaint …; see NamesACase
  std::optional<SelfDeclaration> self_declaration;
  std::vector<record::Section> sections;  // empty: all

  // The patient asked for, as found.
  Match match = Match::kNoSuchPerson;
  std::optional<record::NhsNumber> nhs_number;
  std::optional<record::BirthDate> birth_date;  // as recorded; tells a child from an adult
};

// What is known around the person. Everything that is spanned must outlive the call alone.
struct Known {
  const record::PatientFacts* facts = nullptr;  // MUST NOT be null; empty where nobody matched
  std::span<const record::EntryClass> classes;  // by ClassIndex: a segment's own
  // Every source that the manifest speaks of, in any order, and more than once if it comes so.
  std::span<const record::OdsCode> sources;
};

}  // namespace milecastle::decide
