#include "disclose/heard.h"

#include <utility>

namespace milecastle::disclose {

Heard::Heard(std::vector<record::OdsCode> sources, const base::Clock& clock)
    : sources_(std::move(sources)), clock_(clock) {}

std::shared_ptr<const Heard::Times> Heard::Remembered(std::chrono::nanoseconds now) const {
  const std::lock_guard lock(mutex_);
  return times_ && now - looked_up_ < kRemembered ? times_ : nullptr;
}

base::Result<std::shared_ptr<const Heard::Times>> Heard::In(store::ReadRecords& records) {
  const auto now = clock_.Monotonic();
  if (auto remembered = Remembered(now)) return remembered;
  auto times = std::make_shared<Times>();
  for (const record::OdsCode& source : sources_) {
    const auto last = records.LastHeard(source);
    if (!last) return last.error();
    if (*last) times->emplace(source, **last);
  }
  const std::lock_guard lock(mutex_);
  times_ = times;
  looked_up_ = now;
  return std::shared_ptr<const Times>(std::move(times));
}

}  // namespace milecastle::disclose
