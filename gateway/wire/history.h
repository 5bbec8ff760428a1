// The answer to a question for one entry's versions, as bytes: what stored bytes say is spliced in
// as it stands, the receipt is appended last (view.h).
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "wire/view.h"

namespace milecastle::wire {

// The numbers of milecastle.v1.VersionState.
enum class VersionState : std::uint8_t {
  kCurrent = 1,
  kSuperseded,
  kCorrected,
  kEnteredInError,
  kRefuted,
  kWithdrawn,
  kNoLongerSent,
  kCameLate,
};
std::string_view KeyOf(VersionState state);  // "came_late"

// Ids are 16 bytes, or empty.
struct ShownVersion {
  VersionState state = VersionState::kCameLate;
  base::Instant came;
  std::optional<base::Instant> ended;
  std::string_view message;
  std::string_view taken_over_by;
};

struct WithheldVersions {
  std::uint32_t count = 0;
  std::string reason;
};

struct HistoryHead {
  std::vector<ShownVersion> versions;  // the last that came first
  std::vector<WithheldVersions> withheld;
  bool truncated = false;
  std::vector<std::string> warnings;
  std::vector<ShownDuty> duties;
  std::string policy_version;
};

// The sentence that stands on every history.
extern const char* const kHistoryStatement;

// `entries`: of the versions, in their order, each the bytes of a milecastle.v1.Entry. Of a
// GetEntryHistoryResponse all but its receipt; a refusal is that of a view, byte for byte.
std::string EncodeHistory(const HistoryHead& head, std::span<const std::string> entries);

}  // namespace milecastle::wire
