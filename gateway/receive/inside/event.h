// The audit entry of a message: which, from where, what became of it, whose it is. Never clinical
// content.
//
// Thread-safety: pure but for its new event id. Failure: none.
#pragma once

#include <optional>
#include <string>

#include "message.h"
#include "port/adapter.h"
#include "store/outbox.h"

namespace milecastle::receive {

struct Whose {
  std::optional<record::IdentityId> identity;
  std::optional<record::PersonId> person;
  std::optional<record::NhsNumber> nhs_number;
};

store::OutboxRow EventOf(const Message& message, const port::Outcome& outcome, const Whose& whose);

}  // namespace milecastle::receive
