// What stands where in the segments of orders (HL7 v2.8.2 chapters 4 and 4A), as tables for
// fields.h.
//
// Thread-safety: constant. Failure: none.
#pragma once

#include <span>

#include "fields.h"

namespace milecastle::acute {

std::span<const FieldRow> FieldsOfOrc();
std::span<const FieldRow> FieldsOfObr();
std::span<const FieldRow> FieldsOfRxo();  // as prescribed
std::span<const FieldRow> FieldsOfRxe();  // as the pharmacy encoded it
std::span<const FieldRow> FieldsOfRxd();  // as dispensed
std::span<const FieldRow> FieldsOfRxg();  // as it is to be given
std::span<const FieldRow> FieldsOfRxa();  // as given
std::span<const FieldRow> FieldsOfRxr();
std::span<const FieldRow> FieldsOfBpo();
std::span<const FieldRow> FieldsOfRqd();
std::span<const FieldRow> FieldsOfIpc();

}  // namespace milecastle::acute
