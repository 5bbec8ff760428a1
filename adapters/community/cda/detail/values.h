// CDA data types (HL7 v3 data types R1) to the record's.
//
// Thread-safety: as Context. Failure: what cannot be read is noted by Context::Miss and left out; a
// null flavour reads as nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "record/entry.h"
#include "record/patient.h"
#include "xml/document.h"

namespace milecastle::cda {

std::string Trimmed(std::string_view text);
bool IsTrue(std::string_view flag);
// The local part of xsi:type: "PQ".
std::string TypeOf(const xml::Node& value);

record::Coded CodedOf(Context& context, const xml::Node& code);  // CS, CV, CE, CD, CO
// The words of a concept: its text, else its first display, else its first code.
std::string WordsOf(const record::Coded& coded);
std::string SystemOf(std::string_view oid);  // a URI

std::optional<record::When> WhenOf(Context& context, const xml::Node& time);  // TS
struct Interval {
  std::optional<record::When> from;
  std::optional<record::When> to;
};
Interval IntervalOf(Context& context, const xml::Node& time);  // TS or IVL_TS

record::PersonName NameOf(const xml::Node& name);  // PN
std::string WordsOf(const record::PersonName& name);
record::Address AddressOf(const xml::Node& address);                             // AD
record::Telecom TelecomOf(const xml::Node& telecom);                             // TEL
std::optional<record::Value> ValueOf(Context& context, const xml::Node& value);  // ANY
std::string QuantityOf(const xml::Node& quantity);  // PQ or IVL_PQ: "500 mg"

// ED: what it says of itself is held against its first bytes, and an end that is missing is said.
record::Document MediaOf(Context& context, const xml::Node& data, std::string title);

void AddDetail(record::Entry& entry, std::string_view name, std::string_view text);
void AddDetail(record::Entry& entry, std::string_view name, record::Coded coded);

}  // namespace milecastle::cda
