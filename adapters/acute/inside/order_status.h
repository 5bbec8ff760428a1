// What a message orders, and what ORC-1 (what is to become of an order) and ORC-5 (how it stands)
// say together: where they differ the tighter holds, so that nothing that was ended or held by one
// of them shows as active.
//
// Thread-safety: pure. Failure: a code that nobody knows says nothing.
#pragma once

#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::acute {

struct OrderStanding {
  record::ClinicalStatus status = record::ClinicalStatus::kUnstated;
  std::string words;  // of ORC-1
  bool is_earlier_result = false;
};
OrderStanding StandingOfOrder(const std::string& control, const std::string& status);

// Cancelled before stopped, on hold, completed, active and unstated.
record::ClinicalStatus Tighter(record::ClinicalStatus one, record::ClinicalStatus other);
void SetStatus(record::Entry& order, record::ClinicalStatus status);
bool EndsOrHolds(record::ClinicalStatus status);

// What an ORC without anything behind it is an order of, by MSH-9.1.
struct OrderFamily {
  std::string_view code;
  record::Section section;
  record::Kind kind;
  bool reports = false;  // on an order: what it restates of the order makes no entry
};
const OrderFamily& FamilyOf(std::string_view code);

}  // namespace milecastle::acute
