// The manifest: what was found where, and what was not and why, exceptions first (safety.md 6 to
// 8).
//
// Every line is decided like an item. What a decision hides leaves no line and changes none.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "decide/decision.h"
#include "disclose/heard.h"
#include "disclose/live.h"
#include "disclose/sources.h"
#include "store/records.h"
#include "wire/view.h"

namespace milecastle::disclose {

struct ManifestInput {
  const decide::Decision& decision;
  const store::Segment& segment;
  const std::vector<store::SourceStatement>& statements;
  const std::vector<std::pair<record::OdsCode, base::Instant>>&
      sources;  // that hold something, with when each last sent
  const std::vector<ExpectedSource>& expected;
  const Heard::Times& heard;
  const std::vector<std::uint32_t>& shown_per_class;  // entries disclosed, by class index
  const std::vector<LiveState>& live;                 // of configured live sources
};
// What a line calls what became of a live source's question: "no_answer_in_time" …
std::string_view ReasonOf(gather::Outcome outcome);

std::vector<wire::ManifestLine> MakeManifest(const ManifestInput& input);

}  // namespace milecastle::disclose
