// A bundle of R4 resources, or one resource that stands for itself, to a contribution for each
// patient of whom it speaks.
//
// Made for any sector whose format is built of R4: it knows the resources and who they are about,
// no envelope. A caller looks at its own envelope (MessageHeader, sender, kind of bundle), and may
// bring readers of its own, which win over those here.
//
//   resources::Bundle bundle(root);
//   auto read = r4::ReadPatients(bundle, {.about_one = true, .patient_limit = feed.patient_limit});
//
// Thread-safety: one thread, one bundle. Failure: an Error of the whole where no part may be taken;
// one patient who cannot be read is an Error of that patient, and the others are read.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/bundle.h"
#include "resources/context.h"
#include "resources/reading.h"

namespace milecastle::r4 {

using ReadResource = void (*)(resources::Context&, const fhir::Element&);
struct Reader {
  std::string_view type;
  ReadResource read;
};

struct ReadingOptions {
  // What does not say whose it is belongs to the patient, where there is but one.
  bool about_one = true;
  std::size_t patient_limit = 100;
  std::span<const Reader> more = {};  // of the caller's own; they win
  std::span<const resources::Deletion> deletions = {};
  resources::Naming naming = {};  // by default no reference leads out of the bundle
};

using resources::Contributions;
base::Result<Contributions> ReadPatients(resources::Bundle& bundle, const ReadingOptions& options);

// Who the patient is and who is near them, as a message of any release says it.
void ReadPatient(resources::Context& context);

// Nothing for a type of which no entry is made.
ReadResource ReaderOf(std::string_view type);
// Whether what it says is carried in full, as far as it is read at all.
bool MakesEntry(std::string_view type);

}  // namespace milecastle::r4
