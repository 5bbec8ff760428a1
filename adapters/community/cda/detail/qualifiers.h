// What turns a coded statement from outside its own code: qualifiers, and nested statements of
// SNOMED CT's situation model (finding context, subject relationship context, certainty).
//
// Thread-safety: as xml/document.h. Failure: what is not known makes the statement uncertain.
#pragma once

#include <vector>

#include "context.h"
#include "record/entry.h"
#include "xml/document.h"

namespace milecastle::cda {

struct Turn {
  bool certain = true;  // false: something qualifies it that is not known here
  bool negated = false;
  bool doubtful = false;
  bool confirmed = false;
  record::Coded relative;  // of the family, where it says so
};

// Of a statement's own code, value, agent and substance, and of what is nested in it. Marks what
// it knows.
Turn TurnOf(const xml::Node& statement);

// Whether a nested statement is one that TurnOf reads.
bool IsContext(const xml::Node& nested);

// Which side of the body a site is on, as its qualifiers of laterality say.
std::vector<record::Coded> SidesOf(Context& context, const xml::Node& code);

}  // namespace milecastle::cda
