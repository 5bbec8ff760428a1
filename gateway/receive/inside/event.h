// The audit entry of a message: which, from where, what became of it, whose it is. Never clinical
// content. A message that speaks of several patients has one for each: none names two people.
//
// Thread-safety: pure but for its new event id. Failure: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "message.h"
#include "port/adapter.h"
#include "store/outbox.h"

namespace milecastle::receive {

struct Whose {
  std::optional<record::IdentityId> identity;
  std::optional<record::PersonId> person;
  std::optional<record::NhsNumber> nhs_number;
};

struct Happened {
  port::PatientOutcome outcome;
  std::size_t not_carried = 0;
  std::size_t older = 0;      // entries and ends of entries that are older than what stands
  std::uint32_t patient = 0;  // which of the message's; 0: it speaks of one alone, or of nobody
  Whose whose;
  std::string_view linked = {};  // why this very message joined them to a person, with nobody asked
};

store::OutboxRow EventOf(const Message& message, const Happened& happened);

}  // namespace milecastle::receive
