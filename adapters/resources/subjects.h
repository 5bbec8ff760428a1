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
#include <set>
#include <span>
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

struct Subjects {
  std::vector<Subject> patients;  // as the owners number them
  Owners owners;
  std::vector<Unclaimed> unclaimed;
};

struct SubjectOptions {
  // What names nobody is the patient's, where there is but one: of documents, messages and
  // collections, not of answers to a search.
  bool about_one = true;
  std::size_t patient_limit = 100;
  bool (*is_read)(std::string_view type) = nullptr;  // whether an entry is made of a type
  // What the bundle asks to delete, where it is sent along: it tells of whom the bundle speaks, and
  // is not read.
  std::span<const fhir::Element> deleted = {};
  // Names what is read off a Patient: "Patient" for "Patient/practice"; empty: the Patient's own
  // key.
  std::string_view key = "Patient";
  Naming naming = {};
};
// `options` outlives the subjects.
base::Result<Subjects> FindSubjects(const Bundle& bundle, const SubjectOptions& options);

}  // namespace milecastle::resources
