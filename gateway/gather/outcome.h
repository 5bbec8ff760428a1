// What became of asking one live source, and what each of GP Connect's errors means for that.
//
// None of them but kReturned says anything of what the source holds: an error, a refusal or a
// dissent is never 'none held' (safety.md 7).
//
// Thread-safety: functions without state. Failure: none; a code that nobody knows counts by its
// HTTP status.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace milecastle::gather {

enum class Outcome : std::uint8_t {
  kReturned = 1,
  kDissent,        // the person does not wish the practice to share
  kNotFound,       // no record, not verified, deceased or protected: it does not say which
  kRefused,        // the source refuses us, or what we asked
  kUnavailable,    // not reached, or it failed
  kTimedOut,       // within the time that the reader has
  kInvalidAnswer,  // no answer to this question, or none that can be read
  kWrongPatient,   // somebody else's record: nothing of it was used
  // It was not asked.
  kBusy,         // as many questions as it may have were under way
  kCircuitOpen,  // it failed too often in a row, and is given time
  kNoTime,       // the reader's time was too short
};
std::string_view KeyOf(Outcome outcome);  // "returned", "dissent" …
inline bool WasAsked(Outcome outcome) { return outcome < Outcome::kBusy; }

// Codes of Spine-ErrorOrWarningCode-1 that a provider of GP Connect may answer with.
struct ErrorCode {
  std::string_view code;
  Outcome outcome;
};
std::span<const ErrorCode> ErrorCodes();

// Of an answer that is no record: by its code where that is known, else by its status. Never
// kReturned.
Outcome OutcomeOf(int http_status, std::string_view code);

}  // namespace milecastle::gather
