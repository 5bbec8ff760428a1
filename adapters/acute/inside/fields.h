// Fields of a segment as parts of an entry, told by tables: what stands where, and what it is
// called.
//
// Thread-safety: one thread per Reader. Failure: none; what a table does not name, or what cannot
// be read, is listed as not carried by the Reader.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reader.h"

namespace milecastle::acute {

enum class As : std::uint8_t {
  kCoded,         // CE, CWE, IS, ID: a detail
  kText,          // the whole field, as it stands: a detail
  kTime,          // a detail
  kNote,          // the whole field: free text
  kPerson,        // XCN: performers, whose role is the name
  kOrganisation,  // XON: a performer
  kPlace,         // PL: an address, whose use is the name
  kQuantity,      // CQ: a number with its unit: a detail
  kWithUnit,      // a number, and its unit in the next field: a detail
  kRange,         // the least, the most, and their unit in the next two fields: a detail
};

struct FieldRow {
  std::size_t field;
  std::string_view name;
  As as = As::kCoded;
};

// `prefix` stands before each detail's name and each role: "as prescribed, ".
void ReadFields(Reader& reader, const hl7v2::Segment& segment, std::span<const FieldRow> rows,
                record::Entry& entry, std::string_view prefix = {});

// Adds a detail where there is any text.
void AddText(record::Entry& entry, std::string_view name, std::string text);
// Adds who is not there yet: orders name their requester twice.
void AddPerformer(record::Entry& entry, record::Performer performer);

// Of one component; nothing, and nothing taken, where it is no time.
std::optional<record::When> TimeIn(Reader& reader, const hl7v2::Component& component);

// TQ1, and TQ as it stood in ORC-7, OBR-27 and SCH-11 before: when the entry is to begin and end,
// and how often. What an earlier one said of its beginning stays.
void ReadTiming(Reader& reader, const hl7v2::Segment& tq1, record::Entry& entry);
void ReadTimingQuantity(Reader& reader, const hl7v2::Segment& segment, std::size_t field,
                        record::Entry& entry);

// NTE-3, behind the kind of note that NTE-4 names.
std::string NoteIn(Reader& reader, const hl7v2::Segment& nte);

// CTD: whom to ask.
void ReadContactData(Reader& reader, const hl7v2::Segment& ctd, record::Entry& entry);
// PRT: who takes part.
void ReadParticipation(Reader& reader, const hl7v2::Segment& prt, record::Entry& entry);

// A label of an order for the drafts from `first` up to `end`, which stood before it:
// a specimen and what was found of it.
void LabelFrom(Reader& reader, std::size_t first, std::size_t end, const std::string& label);

// What a thing is known by that two systems number. It is named by `first` where that is given;
// what was told by the second number alone is withdrawn then, or it would stand there twice.
struct Numbers {
  std::string_view first_kind;  // "placer"
  std::string first;
  std::string_view second_kind;  // "filler"
  std::string second;
  bool any() const { return !first.empty() || !second.empty(); }
};
std::string KeyOfNumbers(Reader& reader, std::string_view prefix, const Numbers& numbers);

// An appointment or referral was made by mistake, perhaps for somebody else: it goes, and so does
// what came with it. What has no number of its own is kept below its key for that, as the parts of
// a document are, and goes whether the deletion tells it again or not; so does what was told below
// its other number. `first`: the first draft of what the deletion tells again.
void TakeBackWithAll(Reader& reader, const std::string& key, std::size_t first);

// An answer (MSA) that reports an error says nothing that may be taken as so.
base::Result<void> CheckAnswer(Reader& reader);

}  // namespace milecastle::acute
