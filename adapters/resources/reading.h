// All patients of one bundle: each is read apart, and what nobody read is listed at the end.
//
// Shared by the releases of FHIR: a release brings its tables and how one patient's resources are
// read.
//
// Thread-safety: one thread, one bundle. Failure: an Error of the whole where no part may be taken;
// one patient who cannot be read is an Error of that patient, and the others are read.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "record/contribution.h"
#include "resources/bundle.h"
#include "resources/context.h"
#include "resources/release.h"
#include "resources/subjects.h"

namespace milecastle::resources {

using Contributions = std::vector<base::Result<record::Contribution>>;

struct PatientsReading {
  const Release& release;
  std::function<void(Context&)> read;  // everything of one patient
};
// kPatientMissing where it names nobody.
base::Result<Contributions> ReadSubjects(Bundle& bundle, const SubjectOptions& options,
                                         const PatientsReading& reading);

}  // namespace milecastle::resources
