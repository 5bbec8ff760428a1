// FHIR STU3 data types to the record's.
//
// Thread-safety: as Context. Failure: what cannot be read is noted by Context::Miss and left out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "fhir/document.h"
#include "record/entry.h"
#include "record/patient.h"

namespace milecastle::primary {

record::Coded CodedOf(const fhir::Element& concept_element);
// The words of a concept: its text, else its first display, else its first code.
std::string WordsOf(const record::Coded& coded);
std::optional<record::When> WhenOf(Context& context, const fhir::Element& element);
record::Address AddressOf(const fhir::Element& address);
record::Telecom TelecomOf(const fhir::Element& telecom);
record::PersonName NameOf(const fhir::Element& name);
std::string WordsOf(const record::PersonName& name);

// A meta.security label as a source label: "NOPAT", "confidentiality:R", else "system|code".
std::string LabelOf(const fhir::Element& label);

// Who did something, through whatever chain of Practitioner, PractitionerRole, Organization … the
// reference starts. `role` is what they did: "recorder".
record::Performer PerformerOf(Context& context, const fhir::Element& reference,
                              const fhir::Element& within, std::string_view role);
void AddPerformers(Context& context, const fhir::Element& references, const fhir::Element& within,
                   std::string_view role, record::Entry* entry);
// ODS code, else name, of an Organization or HealthcareService.
std::string OrganisationOf(const fhir::Element& organisation);

// "10 mg", "<5 mmol/L", as sent.
std::string QuantityText(const fhir::Element& quantity);
// value[x] of an observation or component.
std::optional<record::Value> ValueOf(Context& context, const fhir::Element& owner);

void AddDetail(record::Entry* entry, std::string_view name, std::string_view text);
void AddDetail(record::Entry* entry, std::string_view name, record::Coded coded);
void AddDetail(record::Entry* entry, std::string_view name,
               const std::optional<record::When>& when);
// The source key of what a reference names, as a detail. Links to lists are left out: they stand
// for places within a consultation, which may not show (Placement).
void AddLink(Context& context, const fhir::Element& reference, const fhir::Element& within,
             std::string_view name, record::Entry* entry);
void AddText(record::Entry* entry, std::string_view text);
void AddNotes(Context& context, const fhir::Element& notes, const fhir::Element& within,
              record::Entry* entry);

}  // namespace milecastle::primary
