// Messages of a few segments, about one patient, and what becomes of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "acute/adapter.h"

namespace milecastle::acute {

constexpr std::string_view kPid = "PID|1||9990000018^^^NHS^NH\r";

// `sent`: MSH-7.
inline record::Contribution ReadWell(const std::string& event, const std::string& segments,
                                     const std::string& sent = "20261122") {
  const std::string message =
      "MSH|^~\\&|PAS|RXX|||" + sent + "||" + event + "|1|P|2.5.1\r" + segments;
  auto reading = MakeAdapter()->Read(message, {});
  EXPECT_TRUE(reading.patients.front())
      << event << ": " << base::Describe(reading.patients.front().error());
  if (!reading.patients.front()) return {};
  return *std::move(reading.patients.front());
}

// The segment with `value` as its field of that number, which it does not reach yet.
inline std::string Field(std::string segment, std::size_t number, std::string_view value) {
  while (static_cast<std::size_t>(std::count(segment.begin(), segment.end(), '|')) < number) {
    segment += '|';
  }
  return segment + std::string(value);
}

}  // namespace milecastle::acute
