// Of whom a bundle speaks, and whose each of its resources is.
//
// A resource is a patient's where its subject leads to a Patient of the bundle, to one contained in
// it, or names an NHS number. What names somebody who is not there, or several, is read for nobody.
//
// Thread-safety: pure. Failure: more patients than the limit are an Error; a bundle that names none
// gives no subjects.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resources/bundle.h"
#include "resources/context.h"
#include "resources/owners.h"

namespace milecastle::r4 {

struct Unclaimed {
  fhir::Element resource;
  std::string_view why;
};

struct Subjects {
  std::vector<resources::Subject> patients;  // without their owners
  resources::Owners owners;
  std::vector<Unclaimed> unclaimed;
};

struct SubjectOptions {
  // What names nobody is the patient's, where there is but one: of documents, messages and
  // collections, not of answers to a search.
  bool about_one = true;
  std::size_t patient_limit = 100;
};
base::Result<Subjects> FindSubjects(const resources::Bundle& bundle, const SubjectOptions& options);

}  // namespace milecastle::r4
