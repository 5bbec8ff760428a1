// When each configured source last gave anything for anybody: what manifests call stale, or never
// heard from (safety.md 8).
//
// Judged by organisation and by what was taken: a feed that several share may hear but one of
// them, and a message that was refused said nothing (safety.md 7).
//
// One look-up for each source is too much for every view, so that the answers are remembered for
// kRemembered: for so long may a source that spoke again still be called silent.
//
// Thread-safety: any thread; threads that find the answers too old at once each look up. Failure:
// the store's, which is not remembered.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "record/identifiers.h"
#include "store/records.h"

namespace milecastle::disclose {

class Heard {
 public:
  using Times = std::map<record::OdsCode, base::Instant>;  // without who was never heard from
  static constexpr std::chrono::seconds kRemembered{5};

  Heard(std::vector<record::OdsCode> sources, const base::Clock& clock);

  base::Result<std::shared_ptr<const Times>> In(store::ReadRecords& records);

 private:
  std::shared_ptr<const Times> Remembered(std::chrono::nanoseconds now) const;

  const std::vector<record::OdsCode> sources_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Times> times_;    // none yet: nobody asked
  std::chrono::nanoseconds looked_up_{};  // on the monotonic clock
};

}  // namespace milecastle::disclose
