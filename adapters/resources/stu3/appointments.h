// Appointments of STU3 that are only asked for.
//
// Thread-safety: as fhir/document.h. Failure: none.
#pragma once

#include <string>

#include "fhir/document.h"

namespace milecastle::stu3 {

// An appointment without an id; where it is to come it is what a practice is asked to book.
bool IsUnnamedAppointment(const fhir::Element& resource);
bool IsRequestToBook(const fhir::Element& resource);
// By its slots, which the booking that comes of it has as well, and ends it by; empty where it
// names none.
std::string KeyOfRequestToBook(const fhir::Element& appointment);

}  // namespace milecastle::stu3
