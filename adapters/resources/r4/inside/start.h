// The beginning of every R4 entry: what resources/begin.h reads, the published extensions, and a
// narrative that says more than the codes.
//
// Thread-safety: as resources/context.h. Failure: nothing where the resource must not be carried at
// all; it is listed then.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "r4/fields.h"
#include "record/contribution.h"
#include "resources/context.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::r4 {

using resources::AddDetail;
using resources::AddPerformers;
using resources::AddText;
using resources::CodedOf;
using resources::Context;
using resources::QuantityText;
using resources::WhenOf;
using resources::WordsOf;

struct Spec {
  record::Section section;
  record::Kind kind;
  std::string_view what;  // the member that says what it is; empty: none does
  std::span<const Field> fields;
};

std::optional<record::Draft> Start(Context& context, const fhir::Element& resource,
                                   const Spec& spec);

// Whether an entry may be made of a resource: not where a rule changes its meaning that is not
// understood here, or where it speaks as another release of FHIR does.
bool MayMakeEntry(const resources::Context& context, const fhir::Element& resource);

// The extensions of a resource or of a part of it that UK Core and HL7 publish, as details.
void ReadExtensions(Context& context, const fhir::Element& owner, const fhir::Element& within,
                    record::Entry* entry);

// Of a request's member `intent`: a plan is planned, and anything else is ordered.
record::Intent IntentOf(std::string_view intent);
bool IsEmpty(const record::Coded& coded);
// Whether a code of any system is among the codings; looks without marking.
bool HasAnyCode(const fhir::Element& concepts, std::span<const std::string_view> codes);
// An entry that forbids: "do not give", "do not do". It is both not done and negated, and nothing
// else is.
void DenyIfSaid(const resources::Context& context, const fhir::Element& resource,
                record::Entry* entry);

}  // namespace milecastle::r4
