// Which items lead every view: by what their codes say (labels `headline:…` of a code set), else by
// the section in which their source put them, and of a problem by the heading under which a
// document or list of its source has it.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "record/entry.h"
#include "record/facts.h"

namespace milecastle::normalise {

// Takes the `headline:…` labels out, and says which kind the entry leads by; kNone where it does
// not stand any more, had ended when it was received, is denied (plain_denial.h), or is of somebody
// else.
record::Headline TakeHeadline(const record::Entry& entry, std::optional<base::Instant> received,
                              std::vector<std::string>& labels);

bool IsHeadline(std::string_view label);
// `headline:` and a word that is no kind of headline.
bool IsUnknownHeadline(std::string_view label);

}  // namespace milecastle::normalise
