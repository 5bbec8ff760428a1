// One coded statement of a document: whether it is so, and what it is of.
//
// Thread-safety: as Context. Failure: none; what is not certain says so.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "context.h"
#include "record/entry.h"
#include "xml/document.h"

namespace milecastle::cda {

enum class Mood : std::uint8_t { kEvent, kPlanned, kOrdered };

// What turns a statement into another: read before anything else of it is believed.
struct Standing {
  Mood mood = Mood::kEvent;
  bool negated = false;
  bool doubtful = false;  // uncertaintyCode, or a context
  bool confirmed = false;
  record::Coded relative;  // whose it is, where a context says that it is of the family
  // False where the mood is another (goal, definition, criterion …) or not said, where it has a
  // null flavour, where it is both planned and negated or negated twice, and where a qualifier or a
  // nested statement that is not known changes it.
  bool certain = true;
  std::string status;  // statusCode, as sent
};
Standing StandingOf(const xml::Node& node);
bool IsOfFamily(const Standing& standing);
// It is so, and of the patient.
bool IsPlain(const Standing& standing);
void SetStanding(const Standing& standing, record::Entry& entry);

bool HasTemplate(const xml::Node& node, std::span<const std::string_view> roots);
// C-CDA's observation of a problem or allergy, which an act of concern holds. Senders turn the
// relation either way: it is what is held, and takes nothing back.
bool IsOfConcern(const xml::Node& nested);

// The code, value, substance and dose of a statement. False: nothing says what it is of.
bool ReadWhat(Context& context, const xml::Node& node, record::Entry& entry);

// Nested statements that are known: reaction, severity, status, criticality, age, source, comment,
// instruction …
void ReadNested(Context& context, const xml::Node& node, record::Entry& entry);

}  // namespace milecastle::cda
