// The parts of a message, each read into the contribution by one function; each file is headed by
// what it reads.
//
// Thread-safety: one thread per Reader. Failure: what makes a whole message unusable is an Error;
// everything else is listed as not carried.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hl7v2/message.h"
#include "record/contribution.h"

namespace milecastle::acute {

class Reader;

// patient.cc
base::Result<void> ReadPatient(Reader& reader);          // PID, PD1: who, and what is said of them
base::Result<void> ReadPatientIdentity(Reader& reader);  // PID-2, 3, 4, 19, 31 alone, for merges
// contacts.cc
void ReadContacts(Reader& reader);  // NK1
// encounter.cc
struct Visit {
  std::string number;  // PV1-19.1
  record::EncounterChange change = record::EncounterChange::kUpdated;
};
Visit ReadEncounter(Reader& reader, record::EncounterChange change);  // EVN, PV1, PV2
void ReadVisitLabels(Reader& reader);  // PV1-16, PV2-22: also where no visit is claimed
// Where, with whom and in which visit a report or document arose, as part of its entry.
void AddVisitContext(Reader& reader, record::Entry& entry);
// clinical.cc
void ReadAllergies(Reader& reader);                       // AL1, IAM
void ReadProblems(Reader& reader, const Visit& visit);    // DG1
void ReadProcedures(Reader& reader, const Visit& visit);  // PR1
// uk.cc
void ReadUkSegments(Reader& reader, const Visit& visit);  // ZU1 to ZU8
// local.cc
void ReadLocalSegments(Reader& reader, const Visit& visit);  // those that the feed's mapping names
// value.cc
std::optional<record::Value> ReadValue(Reader& reader, const hl7v2::Segment& obx);  // OBX-2, 5 to 8
bool HoldsDocument(const hl7v2::Segment& obx);  // OBX-5 ED, or a text that is one
record::Document ReadDocument(Reader& reader, const hl7v2::Segment& obx);
bool IsNarrative(const hl7v2::Segment& obx);  // TX, FT or untyped: a line of a report
// observation.cc
struct Surroundings {  // what an OBX stands in
  record::Section section = record::Section::kInvestigationResults;
  std::vector<std::string> key;  // what names it within the source
  std::string group;             // the source key of the report
  std::optional<record::When> when;
  std::string status;  // OBR-25: rules where it withdraws the whole report
  std::vector<std::string> labels;
};
// OBX: adds a draft and returns its index, or withdraws one and returns nothing.
std::optional<std::size_t> ReadObservation(Reader& reader, const hl7v2::Segment& obx,
                                           const Surroundings& around);
void ReadObservations(Reader& reader, const Visit& visit);  // OBX of an ADT
// results.cc
void ReadResults(Reader& reader);  // ORC, OBR, NTE, OBX, SPM of ORU^R01
record::ClinicalStatus StatusOfResult(const std::string& code);  // tables 0085 and 0123
// documents.cc
base::Result<void> ReadDocuments(Reader& reader);  // TXA, OBX of MDM^T02
// merge.cc
base::Result<void> ReadMerge(Reader& reader);  // MRG of A34 and A40

}  // namespace milecastle::acute
