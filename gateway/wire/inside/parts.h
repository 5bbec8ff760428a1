// The parts that entries and demographics share, between plain structs and protobuf. For wire/
// alone.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <string>

#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"
#include "record/entry.h"
#include "record/patient.h"
#include "wire/timestamp.h"

namespace milecastle::wire {

void Fill(v1::When& out, const record::When& when);

record::When WhenOf(const v1::When& when);
record::Coded CodedOf(const v1::Coded& coded);
record::Address AddressOf(const v1::Address& address);
record::Telecom TelecomOf(const v1::Telecom& telecom);
record::Performer PerformerOf(const v1::Performer& performer);
// Without its group and links, which are not in it.
record::Entry EntryOf(const v1::Entry& entry);

// Deterministic: the same message gives the same bytes.
std::string Serialise(const google::protobuf::MessageLite& message);

}  // namespace milecastle::wire
