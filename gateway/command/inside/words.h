// What the codes of an answer mean, for people: one table for every subcommand. `--json` keeps the
// codes alone.
//
// Thread-safety: functions without state. Failure: a code that the table does not know (the
// policy's own, or a newer gateway's) is printed as it came.
#pragma once

#include <string>

namespace milecastle::command {

// "merge_review: after a merge or …", or the code alone.
std::string Worded(const std::string& code);
// The words alone, or the code.
std::string WordsOf(const std::string& code);
// A code that is words already: "birth_date" as "birth date".
std::string Spaced(const std::string& key);

}  // namespace milecastle::command
