// To what an entry belongs, by the keys that the other entry has in whatever message told of it.
//
// Thread-safety: one thread per Reader. Failure: none; a link that leads to nothing does no harm.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "hl7v2/message.h"
#include "record/contribution.h"

namespace milecastle::acute {

class Reader;

// Of the visit that a number names, or what names it where it has none (Visit::which).
std::string KeyOfVisit(const std::string& which);
std::string KeyOfPlannedVisit(const std::string& which);

// Of the referral that RF1 numbers, empty where it has no number. A question about one (REF^I15)
// makes no entry of it, and names it.
std::string KeyOfReferral(const Reader& reader);

// The drafts from `first` on: what came with an appointment or a referral belongs to that, all else
// to the visit of PV1. What has a group already keeps it.
void LinkToOccasion(Reader& reader, std::size_t first);

// As Reader::WholeText gives them. An order may be known by either.
struct OrderNumbers {
  std::string placer;
  std::string filler;
};
void LinkToOrder(record::Entry& entry, std::string_view relation, const OrderNumbers& numbers);
// Where no test is named: to all that was asked for under the number (order_keys.h).
void LinkToAllOrdered(record::Entry& entry, std::string_view relation, const OrderNumbers& numbers);
// ORC-8, OBR-29: both numbers in one field.
void LinkToParentOrder(record::Entry& entry, const hl7v2::Field& parent);

}  // namespace milecastle::acute
