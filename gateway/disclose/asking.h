// What a view and a call for one document have in common before they show anything: the decision's
// request, the limit on guesses, the time that live sources have, refusals, and the way out.
//
// Thread-safety: functions without state; Dispatch's `done` runs once, on the log's committing
// thread, where it MUST NOT block. Failure: as view.h.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "audit/appender.h"
#include "base/clock.h"
#include "decide/decision.h"
#include "disclose/facts_for.h"
#include "disclose/live.h"
#include "disclose/release.h"
#include "disclose/view.h"
#include "store/records.h"

namespace milecastle::disclose {

decide::Request RequestOf(const ViewRequest& request);
std::vector<record::OdsCode> Organisations(const std::vector<ExpectedSource>& sources,
                                           const gather::Gather* live = nullptr);

// Whether its user is told that they were refused too often, whatever was decided. Spends one of
// their guesses where the refusal is the uniform one.
bool IsCapped(const ViewRequest& request, const decide::Decision& decision, GuessLimit& guesses);

// Until when live sources are waited for: a tenth of what the caller's time is, and no less than so
// much, is ours, to decide, to splice, to make the entry durable.
std::chrono::nanoseconds LiveUntil(const ViewRequest& request, std::chrono::nanoseconds now,
                                   std::chrono::milliseconds limit);
// Less than this is not worth a question.
inline constexpr std::chrono::milliseconds kTooShort{20};

// What a reader is told who is shown nothing.
struct RefusalWords {
  std::string reason;
  std::string advice;
};
RefusalWords WordsOf(const ViewRequest& request, const decide::Decision& decision, bool capped);

// Where `document` is not empty, the leaf says that of the document that was asked for.
base::Result<Sealed> SealRefusal(const ViewRequest& request, const decide::Decision& decision,
                                 const Held& held, const Live& live,
                                 const std::string& document = "");
// Whatever was decided: the answer of a user who has spent their refusals.
base::Result<Sealed> SealCapped(const ViewRequest& request, const decide::Decision& decision,
                                const Held& held, const Live& live,
                                const std::string& document = "");

// A practice that answered for the number and birth date, under another name.
bool NameDiffers(const decide::Decision& decision, const Live& live);
void WarnOnce(std::vector<std::string>& warnings, const std::string& of);
// As this reader is told of them.
std::vector<wire::ShownDuty> DutiesOf(const decide::Decision& decision);

std::optional<base::Instant> EffectiveOf(const store::SegmentItem& item);

// Appends the answer's entry, and lets its bytes go when that is durable.
struct Outward {
  audit::Kind kind;
  Sealed sealed;
  bool on_grid = false;
};
void Dispatch(audit::Appender& log, base::Instant now, Outward outward, PatientViews::Done done);

}  // namespace milecastle::disclose
