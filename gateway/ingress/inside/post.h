// One listener's standing: its options, limits, handler and counts, shared with its connections.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "admission.h"
#include "base/log.h"
#include "ingress/frame_guard.h"
#include "ingress/ingress.h"

namespace milecastle::ingress {

enum class Count : std::uint8_t {
  kAccepted,
  kHandedOn,
  kRefusedTooMany,
  kRefusedSource,
  kRefusedCertificate,
  kRefusedDescriptors,
  kHandshakeFailed,
  kHandshakeTimeout,
  kFirstByteTimeout,
  kIdleTimeout,
  kNoLongerTrusted,
  kBytesIn,
  kBytesOut,
  kLast = kBytesOut,
};

struct Post {
  Post(const ListenerOptions& given, ConnectionHandler& behind)
      : options(given), admission(given), handler(behind) {}

  void Add(Count count, std::uint64_t by = 1) {
    counts[static_cast<std::size_t>(count)].fetch_add(by, std::memory_order_relaxed);
  }
  void Add(Breach breach) {
    breaches[static_cast<std::size_t>(breach)].fetch_add(1, std::memory_order_relaxed);
  }
  void AppendCounts(std::vector<ListenerCount>& lines) const;
  void AppendBreaches(std::vector<ListenerCount>& lines) const;
  // Whether one more line about an unknown peer may be logged: a flood of connections must not
  // become a flood of lines. The counts have them all.
  bool MayLog();
  void LogRefusal(std::string_view reason);

  const ListenerOptions options;
  Admission admission;
  ConnectionHandler& handler;
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Count::kLast) + 1> counts{};
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Breach::kLast) + 1> breaches{};
  std::atomic<std::int64_t> log_second = 0;
  std::atomic<int> logged = 0;
};

}  // namespace milecastle::ingress
