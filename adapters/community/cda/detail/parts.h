// The parts of a document, each read into the contribution by one function; each file is headed by
// what it reads.
//
// Thread-safety: one thread a Context. Failure: what makes a document unusable is an Error;
// everything else is listed as not carried.
#pragma once

#include <string>

#include "base/result.h"
#include "context.h"
#include "record/entry.h"
#include "xml/document.h"

namespace milecastle::cda {

base::Result<void> ReadPatient(Context& context);       // patient.cc: recordTarget
record::Draft ReadHeader(Context& context);             // header.cc: the document as one entry
void ReadParticipants(Context& context);                // header.cc: whom it names beside
void ReadEncounter(Context& context);                   // encounter.cc: componentOf
void ReadBody(Context& context, record::Draft header);  // body.cc: component

// Where an entry stands.
struct Scope {
  record::Section heading = record::Section::kDocuments;
  std::string group;  // the source key of the section
  record::Subject subject = record::Subject::kPatient;
  record::Coded relative;  // how the subject is related to the patient
  std::vector<std::string> labels;
};
void ReadSubject(Context& context, const xml::Node& within, Scope& scope);     // entries.cc
void ReadEntry(Context& context, const xml::Node& entry, const Scope& scope);  // entries.cc

std::vector<record::NotCarried> ExplainUnread(const xml::Node& root);  // unread.cc

}  // namespace milecastle::cda
