#include "inside/post.h"

namespace milecastle::ingress {
namespace {

constexpr int kLinesPerSecond = 10;

// In the order of Count.
constexpr std::array<std::string_view, static_cast<std::size_t>(Count::kLast) + 1> kNames = {
    "accepted",         "handed_on",           "refused_too_many",
    "refused_source",   "refused_certificate", "refused_descriptors",
    "handshake_failed", "handshake_timeout",   "first_byte_timeout",
    "idle_timeout",     "no_longer_trusted",   "bytes_in",
    "bytes_out"};

}  // namespace

void Post::AppendCounts(std::vector<ListenerCount>& lines) const {
  lines.push_back({options.name, "open", admission.live()});
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    lines.push_back({options.name, kNames.at(i), counts.at(i).load(std::memory_order_relaxed)});
  }
}

void Post::AppendBreaches(std::vector<ListenerCount>& lines) const {
  if (!options.frame_guard) return;
  for (std::size_t i = 1; i < breaches.size(); ++i) {
    lines.push_back({options.name, NameOf(static_cast<Breach>(i)),
                     breaches.at(i).load(std::memory_order_relaxed)});
  }
}

bool Post::MayLog() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (log_second.exchange(second) != second) logged = 0;
  return logged.fetch_add(1) < kLinesPerSecond;
}

void Post::LogRefusal(std::string_view reason) {
  if (!MayLog()) return;
  base::Log(base::LogId::kConnectionRefused,
            {{"listener", base::SafeText::Configured(options.name)},
             {"reason", base::SafeText::Catalogued(reason)}});
}

}  // namespace milecastle::ingress
