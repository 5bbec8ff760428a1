// The parts of a message, each read into the contribution by one function; each file is headed by
// what it reads.
//
// Thread-safety: one thread per Reader. Failure: what makes a whole message unusable is an Error;
// everything else is listed as not carried.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "events.h"
#include "hl7v2/message.h"
#include "parts.h"
#include "record/contribution.h"

namespace milecastle::acute {

class Reader;

// body.cc
base::Result<void> ReadPart(Reader& reader, const Event& event);  // the whole of one patient
// Why the event leaves fields of the named segments aside.
std::map<std::string, std::string, std::less<>> ReasonsOf(const Event& event);

// restrictions.cc
void ReadRestrictions(Reader& reader);  // ARV
// patient.cc
// PID, PD1, ARV: who, and what is said of them. What a laboratory or a professional sends without
// any number waits, if a family name and a birth date tell an officer whom to look for.
base::Result<void> ReadPatient(Reader& reader);
base::Result<void> ReadPatientIdentity(Reader& reader);  // PID-2, 3, 4, 19, 31 alone, for merges
// contacts.cc
void ReadContacts(Reader& reader);  // NK1
// encounter.cc
// Behind `within` stand the keys of what has no number of its own (fields.h TakeBackWithAll).
struct Visit {
  std::string number;  // PV1-19.1
  std::string which;   // what names it where it has no number as well; empty: there is none
  std::string within;  // the key of the appointment or referral that it is, else empty
  record::EncounterChange change = record::EncounterChange::kUpdated;
};
struct VisitEvent {
  record::EncounterChange change = record::EncounterChange::kUpdated;
  Besides besides = Besides::kNothing;
};
std::string KeyWithin(const Visit& visit, std::string key);
Visit ReadEncounter(Reader& reader, const VisitEvent& event);  // EVN, PV1, PV2, MRG-5
void ReadVisitLabels(Reader& reader);  // PV1-16, PV2-22: also where no visit is claimed
// Where, with whom and in which visit a report or document arose, as part of its entry.
void AddVisitContext(Reader& reader, record::Entry& entry);
// movements.cc
void ReadMovement(Reader& reader, const Visit& visit, Besides besides);  // plans and leaves
// clinical.cc
void ReadAllergies(Reader& reader);                       // AL1, IAM with its NTE and IAR
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
  std::string below;             // behind which key it is kept; empty: none
  std::optional<record::When> when;
  std::string status;  // OBR-25: rules where it withdraws the whole report
  std::vector<std::string> labels;
};
// OBX: adds a draft and returns its index, or withdraws one and returns nothing.
std::optional<std::size_t> ReadObservation(Reader& reader, const hl7v2::Segment& obx,
                                           const Surroundings& around);
void ReadObservations(Reader& reader, const Visit& visit);  // OBX of an ADT
// specimen.cc
std::size_t ReadSpecimen(Reader& reader, const hl7v2::Segment& spm,
                         const Surroundings& around);  // SPM: adds a draft, returns its index
void ReadContainer(Reader& reader, const hl7v2::Segment& sac, record::Entry& specimen);  // SAC
// results.cc
void ReadResults(Reader& reader);  // ORC, OBR, NTE, OBX, SPM, SAC of ORU and OUL
void ReadResults(Reader& reader, const Segments& segments);  // of an order within another message
record::ClinicalStatus StatusOfResult(const std::string& code);  // tables 0085 and 0123
// documents.cc
base::Result<void> ReadDocuments(Reader& reader, std::string_view trigger);  // TXA, OBX of MDM
// appointments.cc
base::Result<void> ReadAppointment(Reader& reader, std::string_view trigger);  // SCH, RGS, AI*
// orders.cc
void ReadOrders(Reader& reader, std::string_view code, const Segments& segments);  // ORC and behind
// referral.cc
base::Result<void> ReadReferral(Reader& reader, std::string_view trigger);  // RF1, PRD, AUT, CTD
// merge.cc
base::Result<void> ReadMerge(Reader& reader, bool any_identifier);  // MRG of one patient
// The first whose MRG-1 holds something and nothing of PID-3.
std::optional<hl7v2::Segment> FindAnother(Reader& reader, const Segments& mrgs);
// moves.cc
base::Result<void> ReadMove(Reader& reader, const Event& event);  // MRG, PV1 of A35, A41 to A51
void ReadLink(Reader& reader, bool undone);                       // A24, A37
void ReadDeletion(Reader& reader);                                // A29
// PV1's visit was named by MRG-5 until now; empty where it was not. Another patient's asks for
// review.
std::string FormerNumberOf(Reader& reader, const std::string& number);
// plans.cc
void ReadPlans(Reader& reader, bool deleted);  // PRB, GOL, PTH with what stands behind them
// vaccinations.cc
void ReadVaccinations(Reader& reader);  // ORC, RXA, RXR, OBX, NTE of VXU^V04

}  // namespace milecastle::acute
