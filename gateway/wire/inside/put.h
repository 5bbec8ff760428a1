// The parts that several answers share, written at once. For wire/ alone.
//
// Thread-safety: functions of their arguments. Failure: none.
#pragma once

#include <cstdint>
#include <optional>

#include "encoder.h"
#include "record/entry.h"
#include "record/patient.h"
#include "wire/view.h"

namespace milecastle::wire {

template <class Enumeration>
std::uint64_t NumberOf(Enumeration value) {
  return static_cast<std::uint64_t>(value);
}

void Put(Encoder& out, int field, base::Instant instant);
void Put(Encoder& out, int field, const record::When& when);
void Put(Encoder& out, int field, const record::Address& address);
void Put(Encoder& out, int field, const record::Telecom& telecom);
void Put(Encoder& out, int field, const record::PersonName& name);
void Put(Encoder& out, int field, const record::Document& document);
void Put(Encoder& out, int field, const ShownDuty& duty);

// Nothing where there is nothing.
template <class Part>
void Put(Encoder& out, int field, const std::optional<Part>& part) {
  if (part) Put(out, field, *part);
}

}  // namespace milecastle::wire
