// A resource's members as details of its entry, from a table: what stands where, and how it is
// read. Most of R4 is read so; what needs more than a table has a reader of its own beside it.
//
// Thread-safety: as resources/context.h. Failure: as resources/context.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::r4 {

enum class As : std::uint8_t {
  kText,      // string, code, number, flag
  kFreeText,  // what a mask of free text must drop
  kNote,      // Annotation
  kCoded,     // CodeableConcept, Coding
  kWhen,
  kPeriod,
  kQuantity,
  kRange,
  kTiming,
  kPerformer,   // a Reference to who did it; the name is the role
  kLink,        // a Reference to another entry
  kAttachment,  // read into the entry's document
  kChoice,      // value[x]: the member's name begins so and its type follows
  // Into the entry itself.
  kEffective,
  kEffectiveChoice,  // onset[x]: a time or a period; anything else is a detail
  kEnded,
  kEndedChoice,
  kRecorded,
};

struct Field {
  fhir::Name member;
  std::string_view name;  // of the detail, the role or the relation
  As as = As::kText;
};

// `within` is the resource that `owner` is or stands in. Members that repeat are read one by one.
void ReadFields(resources::Context& context, const fhir::Element& owner,
                const fhir::Element& within, std::span<const Field> fields, record::Draft* draft);

// One value of a type that its member's name says: valueCodeableConcept, onsetAge …
void AddChoice(resources::Context& context, const fhir::Element& chosen,
               const fhir::Element& within, std::string_view name, record::Entry* entry);

// A reference as a link where it leads to an entry of this source, else in its own words.
void AddReference(resources::Context& context, const fhir::Element& reference,
                  const fhir::Element& within, std::string_view name, record::Entry* entry);

}  // namespace milecastle::r4
