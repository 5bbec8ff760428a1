// One coded statement of a document: whether it is so, and what it is of.
//
// Thread-safety: as Context. Failure: none; what is not certain says so.
#pragma once

#include <cstdint>
#include <string>

#include "context.h"
#include "record/entry.h"
#include "xml/document.h"

namespace milecastle::cda {

enum class Mood : std::uint8_t { kEvent, kPlanned, kOrdered };

// What turns a statement into another: read before anything else of it is believed.
struct Standing {
  Mood mood = Mood::kEvent;
  bool negated = false;
  bool doubtful = false;  // uncertaintyCode
  // False where the mood is another (goal, definition, criterion …) or not said, where it has a
  // null flavour, where it is both planned and negated, and where a nested statement that is not
  // known changes it.
  bool certain = true;
  std::string status;  // statusCode, as sent
};
Standing StandingOf(const xml::Node& node);
void SetStanding(const Standing& standing, record::Entry& entry);

// The code, value, substance and dose of a statement. False: nothing says what it is of.
bool ReadWhat(Context& context, const xml::Node& node, record::Entry& entry);

// Nested statements that are known: reaction, severity, status, criticality, comment.
void ReadNested(Context& context, const xml::Node& node, record::Entry& entry);

}  // namespace milecastle::cda
