// Resources of FHIR STU3 to contributions: what GP Connect's practices answer, and what stands in
// ITK3 messages and documents.
//
// Thread-safety: as resources/context.h. Failure: as resources/context.h; a part that is not
// understood is noted by Context::Miss and left out.
#pragma once

#include <string_view>

#include "fhir/document.h"
#include "resources/context.h"

namespace milecastle::stu3 {

using ReadResource = void (*)(resources::Context&, const fhir::Element&);

// Who the patient is and who is near them, without their practice.
void ReadWho(resources::Context& context);
// With the practice that answers, which is the Patient's managing organisation.
void ReadPatient(resources::Context& context);

// What is read otherwise where the resources are a message's.
struct Around {
  void (*patient)(resources::Context& context) = &ReadPatient;
  ReadResource (*more)(std::string_view type) = nullptr;  // types that GP Connect does not send
  void (*before)(resources::Context& context) = nullptr;
  void (*after)(resources::Context& context) = nullptr;
};

// Nothing for types of which no entry is made: they are read where something refers to them, or
// listed.
ReadResource ReaderOf(std::string_view type);
// Whether anything is read of a type, Patient and List among them.
bool IsRead(std::string_view type);

// Everything else of the subject, with what its lists say of whole sections.
void ReadContent(resources::Context& context, const Around& around = {});
// Parts of records: neither a list nor a Patient whose practice is not here says what there is as a
// whole, and what is not sent stands.
void ReadParts(resources::Context& context, const Around& around = {});

}  // namespace milecastle::stu3
