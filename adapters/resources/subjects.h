// Of whom a bundle speaks, and whose each of its resources is.
//
// A resource is a patient's where its subject leads to a Patient of the bundle, to one contained in
// it, or names an NHS number; else the one whom a reference out of the bundle names by the id of a
// server's record, or an identifier of another system (logical_ids.h). Two such names are two
// people: what makes them one is not known here. What names several, or somebody by a name that
// holds within the bundle alone, is read for nobody. A conditional reference by the NHS number
// (`Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|…`; FHIR R4 http, "Conditional
// References") names that number.
//
// Thread-safety: pure. Failure: more patients than the limit are an Error; a bundle that names none
// gives no subjects.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resources/bundle.h"
#include "resources/context.h"
#include "resources/logical_ids.h"
#include "resources/owners.h"

namespace milecastle::resources {

struct Unclaimed {
  fhir::Element resource;
  std::string_view why;
  bool is_repeated = false;             // the second of two equal ones
  std::set<std::size_t> patients = {};  // whose it may be, where it says so
};

// What a bundle asks to delete.
struct Deletion {
  std::string key;    // that it ends
  std::string place;  // of its entry
  // What is deleted, where it is sent along: it tells whose it was, and is not read.
  fhir::Element resource = {};
  bool is_clear = true;  // not: what is sent along is something else, or not understood
};

struct Subjects {
  std::vector<Subject> patients;  // as the owners number them
  Owners owners;
  std::vector<Unclaimed> unclaimed;
  // Whose each deletion is. One that does not say is theirs of whom alone the resources speak that
  // are kept; nothing: nobody can say.
  std::vector<std::optional<std::size_t>> deletions;
};

struct SubjectOptions {
  // What names nobody is the patient's, where there is but one: of documents, messages and
  // collections, not of answers to a search.
  bool about_one = true;
  std::size_t patient_limit = 100;
  bool (*is_read)(std::string_view type) = nullptr;  // whether an entry is made of a type
  std::span<const Deletion> deletions = {};
  // Names what is read off a Patient: "Patient" for "Patient/practice"; empty: the Patient's own
  // key.
  std::string_view key = "Patient";
  Naming naming = {};
};
// `options` outlives the subjects.
base::Result<Subjects> FindSubjects(const Bundle& bundle, const SubjectOptions& options);

}  // namespace milecastle::resources
