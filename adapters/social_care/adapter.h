// The social-care adapter: what councils with adult social care responsibilities send.
//
//   Client Level Data (CSV), Release 1 and Release 2: a quarterly return of requests, assessments,
//   services and reviews. One row is one event of one person; the rows of a person within a message
//   are one contribution. It is a statistical return that lags by weeks or months, so every section
//   that it fills bears a statement that says so, with the period; and it never speaks for the
//   legal and safeguarding sections, whose events are outside it.
//
// What decides whose a row is, what it says, or whether a service has ended must be readable: a row
// whose Event_Type, Client_Type or a date is not, is refused with line and column, and the others
// are read. Every other value that is none of the return's is kept as the council's own text, and
// listed. Columns are the names of DHSC's database, or whatever the feed's mapping calls them.
//
// A person's own fields (support reason, accommodation …) are those of the row of the latest event.
// An event is the same one again where person, client type, start and what kind of event it is are
// the same, and, but for services, its end (DHSC's definition; Event_Reference is no key): so a
// service that comes again with an end is ended. Nobody's data go into another person's
// contribution: a linked person is named by the council's identifier alone.
//
//   PRSB Local authority information v1.1 (JSON): what a council tells for care. prsb/message.h
//   says how it is written. Documents in FHIR R4 are not read here.
//
// A return names nobody. Where the gateway knows the person by a name, what comes without one waits
// for an officer, once for each person; and where the return is the first to bring an NHS number,
// what others bring under it waits. Send First_Name and Family_Name beside the return's columns.
//
// Costs are not carried. Thread-safety: any thread. Failure: in the Reading; Errors name lines and
// columns, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::social_care {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::social_care
