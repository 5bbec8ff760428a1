// What a List says of a whole section: nothing recorded, items left out as confidential, a transfer
// not finished.
//
// Thread-safety: as Context. Failure: a warning of no known code is noted by Context::Miss.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::resources {

// http://hl7.org/fhir/list-empty-reason and GP Connect's own code.
std::optional<record::SectionSaying> SayingOfEmptyReason(const fhir::Element& reason);
// The security labels of a list; they hold for what it names.
std::set<std::string> LabelsOf(const fhir::Element& list);

// The statements that one list makes on its section.
class Statements {
 public:
  Statements(Context& context, const fhir::Element& list, record::Section section);

  void ReadWarnings();
  // A list of which everything was left out as confidential is empty too, and says nothing of what
  // is held.
  std::optional<record::SectionSaying> ReadEmptiness();

 private:
  void Say(record::SectionSaying saying);

  Context& context_;
  const fhir::Element list_;
  const record::Section section_;
  std::string text_;
  bool is_confidential_ = false;
};

}  // namespace milecastle::resources
