#include "inside/administration.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "inside/fields.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Intent;

// Of a ward and of what sends for it; some messages tell their time to the minute. What is said to
// be complete is not doubted for that.
constexpr std::chrono::minutes kClocksDiffer{5};

std::optional<record::When> TimeOf(const hl7v2::Segment& rxa, std::size_t field) {
  return record::When::ParseHl7(Clean(rxa.field(field).component(1).text()));
}

bool IsFarAhead(const Reader& reader, std::optional<record::When> when) {
  if (!when) return false;
  when->at -= kClocksDiffer;
  return reader.IsAhead(*when);
}

bool HasReason(const hl7v2::Segment& rxa) {
  const auto reason = rxa.field(18);
  return reason.component(1).has_value() || reason.component(2).has_value();
}

struct Row {
  Given given;
  ClinicalStatus status;
  Intent intent;
  std::string_view words;
};
constexpr auto kRows = std::to_array<Row>({
    {Given::kWhole, ClinicalStatus::kCompleted, Intent::kDone, "given"},
    {Given::kInPart, ClinicalStatus::kStopped, Intent::kDone, "given in part"},
    {Given::kNotGiven, ClinicalStatus::kUnstated, Intent::kNotDone, "not given"},
    {Given::kToCome, ClinicalStatus::kUnstated, Intent::kPlanned, "to be given"},
    {Given::kUntold, ClinicalStatus::kUnstated, Intent::kUnstated,
     "it is not told whether it was given"},
});

// Of what RXA-20 does not tell.
Given GivenByTime(const Reader& reader, const hl7v2::Segment& rxa) {
  const auto began = TimeOf(rxa, 3);
  const auto ended = TimeOf(rxa, 4);
  if (began && reader.IsAhead(*began)) return Given::kToCome;
  const bool is_over = began && reader.IsPast(*began) && (!ended || reader.IsPast(*ended));
  const bool is_silent = rxa.field(20).component(1).empty();
  return is_over && is_silent ? Given::kWhole : Given::kUntold;
}

}  // namespace

Given GivenOf(const Reader& reader, const hl7v2::Segment& rxa, bool refused) {
  const std::string completion = Clean(rxa.field(20).component(1).text());
  const bool is_refused = refused || HasReason(rxa);
  if (completion == "RE" || completion == "NA") return Given::kNotGiven;
  if (completion == "CP" || completion == "PA") {
    if (is_refused || IsFarAhead(reader, TimeOf(rxa, 3))) return Given::kUntold;
    if (IsFarAhead(reader, TimeOf(rxa, 4))) return Given::kUntold;
    return completion == "CP" ? Given::kWhole : Given::kInPart;
  }
  return is_refused ? Given::kNotGiven : GivenByTime(reader, rxa);
}

void SetGiven(Given given, record::Entry& report) {
  const auto* const row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.given == given; });
  report.status = row->status;
  report.intent = row->intent;
  AddText(report, "event", std::string(row->words));
}

}  // namespace milecastle::acute
