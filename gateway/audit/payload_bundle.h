// Payloads in an export, one item for each leaf of the entry bundle of the same name (FORMAT.md,
// "Export").
//
// Thread-safety: pure functions; items look into the bundle. Failure: ParsePayloads refuses what is
// not whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"

namespace milecastle::audit {

enum class PayloadState : std::uint8_t { kLeftOut = 0, kPresent = 1, kDisposed = 2 };

struct PayloadItem {
  PayloadState state = PayloadState::kLeftOut;
  std::string_view salt;     // when present
  std::string_view content;  // the payload, or the tombstone note
};

void AddLeftOut(std::string& bundle);
void AddPayload(std::string& bundle, const Record& record);  // its payload or its tombstone
std::optional<std::vector<PayloadItem>> ParsePayloads(std::string_view bundle);

}  // namespace milecastle::audit
