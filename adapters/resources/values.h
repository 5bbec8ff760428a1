// FHIR data types to the record's.
//
// Thread-safety: as Context. Failure: what cannot be read is noted by Context::Miss and left out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/document.h"
#include "record/entry.h"
#include "record/patient.h"
#include "resources/context.h"

namespace milecastle::resources {

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

// "10 mg", "<5 mmol/L", as sent.
std::string QuantityText(const fhir::Element& quantity);
// value[x] of an observation or component.
std::optional<record::Value> ValueOf(Context& context, const fhir::Element& owner);

void AddDetail(record::Entry* entry, std::string_view name, std::string_view text);
void AddDetail(record::Entry* entry, std::string_view name, record::Coded coded);
void AddDetail(record::Entry* entry, std::string_view name,
               const std::optional<record::When>& when);
void AddText(record::Entry* entry, std::string_view text);
// Onset, abatement: a date, or an age, period or text that is kept in words.
void ReadChoiceOfTime(Context& context, const fhir::Element& chosen, std::string_view name,
                      std::optional<record::When>* when, record::Entry* entry);

}  // namespace milecastle::resources
