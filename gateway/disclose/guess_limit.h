// Who asks for one person after another, in the hope of meeting one: how often a user may be
// refused.
//
// Each uniform refusal (safety.md 9) costs its user one of a number that comes back with time,
// whatever was true of the person. Without any left, the user is told so instead, and a declared
// relationship opens nothing: it is the user's own word, and would go on telling who is here. What
// somebody else vouches for is answered as ever, and so are safeguarding and emergencies, which
// nothing caps (safety.md 1, 3). Refusals of a whole organisation are counted too, and alarmed, but
// stop nobody: one user must not close a hospital.
//
// So does each explanation that an officer asks for of somebody with whom their organisation has
// nothing to do (govern/explain.h).
//
// A count lives in memory, and a restart forgets it. Thread-safety: any thread. Failure: none; with
// more callers than are remembered, the one who has spent least is forgotten.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/text_map.h"
#include "record/requester.h"

namespace milecastle::disclose {

class GuessLimit {
 public:
  struct Options {
    std::uint32_t user_refusals = 30;           // at once; 0: no limit
    std::uint32_t organisation_refusals = 300;  // at once; 0: no alarm
    std::chrono::seconds refill{60};            // gives a user one back, and an organisation ten
    std::size_t callers = 65'536;               // remembered
  };

  GuessLimit(const Options& options, const base::Clock& clock);

  bool IsSpent(const record::Requester& requester) const;
  // A uniform refusal. False where none was left for it. The one that spends the last sounds an
  // alarm, which names nobody.
  bool Spend(const record::Requester& requester);

  std::uint64_t users_alarmed() const { return users_alarmed_; }
  std::uint64_t organisations_alarmed() const { return organisations_alarmed_; }

 private:
  // When all that was spent will have come back, on the monotonic clock.
  using Debts = base::TextMap<std::string, std::chrono::nanoseconds>;
  struct Charged {
    bool was_left = true;
    bool was_last = false;
  };
  Charged Charge(Debts& debts, const std::string& who, std::uint32_t most,
                 std::chrono::nanoseconds each);
  void Forget(Debts& debts, std::chrono::nanoseconds now) const;

  const Options options_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  Debts users_;
  Debts organisations_;
  std::atomic<std::uint64_t> users_alarmed_ = 0;
  std::atomic<std::uint64_t> organisations_alarmed_ = 0;
};

}  // namespace milecastle::disclose
