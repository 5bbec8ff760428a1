// One reader for each type of resource that GP Connect sends.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/begin.h"
#include "resources/context.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::primary {

using resources::AddDetail;
using resources::AddLink;
using resources::AddPerformers;
using resources::AddText;
using resources::Begin;
using resources::CodedOf;
using resources::Context;
using resources::QuantityText;
using resources::WhenOf;
using resources::WordsOf;

// GP Connect's profiles of STU3.
extern const resources::Release kStu3;

using ReadResource = void (*)(Context&, const fhir::Element&);

// Nothing for types of which no entry is made: they are read where something refers to them, or
// listed.
ReadResource ReaderOf(std::string_view type);

// Who the patient is and who is near them, without their practice.
void ReadWho(Context& context);
void ReadPatient(Context& context);
// Walks the lists: statements on sections, snapshots, and the placement of what they name. Before
// all other readers.
void ReadLists(Context& context);
// Finds which results belong to which report, and which issues to which course. Before the readers
// of resources.
void FindGroups(Context& context);
void ReadAllergy(Context& context, const fhir::Element& resource);
void ReadMedicationStatement(Context& context, const fhir::Element& resource);
void ReadMedicationRequest(Context& context, const fhir::Element& resource);
void ReadProblem(Context& context, const fhir::Element& resource);
void ReadEncounter(Context& context, const fhir::Element& resource);
void ReadImmunisation(Context& context, const fhir::Element& resource);
void ReadObservation(Context& context, const fhir::Element& resource);
void ReadReport(Context& context, const fhir::Element& resource);
void ReadProcedureRequest(Context& context, const fhir::Element& resource);
void ReadReferral(Context& context, const fhir::Element& resource);
void ReadDocument(Context& context, const fhir::Element& resource);
void ReadAppointment(Context& context, const fhir::Element& resource);
// The appointment that makes a relationship: one of a message. After the readers.
void ClaimAppointment(Context& context);
// An appointment without an id; where it is to come it is what a practice is asked to book.
bool IsUnnamedAppointment(const fhir::Element& resource);
bool IsRequestToBook(const fhir::Element& resource);
// By its slots, which the booking that comes of it has as well, and ends it by; empty where it
// names none.
std::string KeyOfRequestToBook(const fhir::Element& appointment);

}  // namespace milecastle::primary
