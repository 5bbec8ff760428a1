// Public sample messages that nobody here wrote: every one has an outcome. Skipped where the folder
// is absent. MILECASTLE_REPORT=1 prints the outcomes and what is most often not carried.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "acute/adapter.h"
#include "base/config.h"

namespace milecastle::acute {
namespace {

struct Tally {
  std::map<std::string, int> outcomes;
  std::map<std::string, int> not_carried;
  int messages = 0;
};

void Report(const Tally& tally) {
  if (std::getenv("MILECASTLE_REPORT") == nullptr) return;
  for (const auto& [name, count] : tally.outcomes) std::printf("%6d %s\n", count, name.c_str());
  std::vector<std::pair<int, std::string>> sorted;
  for (const auto& [name, count] : tally.not_carried) sorted.emplace_back(count, name);
  std::sort(sorted.rbegin(), sorted.rend());
  for (const auto& [count, name] : sorted) std::printf("%6d not carried %s\n", count, name.c_str());
}

void ReadAll(const std::filesystem::path& file, Tally& tally) {
  const auto bytes = base::ReadFile(file);
  ASSERT_TRUE(bytes) << file;
  const auto adapter = MakeAdapter();
  port::Feed feed;
  feed.name = "samples";
  feed.live = false;
  feed.organisations = {*record::OdsCode::Parse("RXX")};
  const auto messages = adapter->Split(*bytes, {});
  EXPECT_EQ(messages.empty(), bytes->empty()) << file;
  for (const std::string_view message : messages) {
    ++tally.messages;
    const port::Reading reading = adapter->Read(message, feed);
    port::Outcome outcome;
    for (const auto& patient : reading.patients) {
      if (!patient) continue;
      for (const auto& line : patient->not_carried) ++tally.not_carried[line.place];
      for (const auto& draft : patient->drafts) EXPECT_FALSE(draft.source_key.empty());
    }
    const auto& first = reading.patients.front();
    if (first) {
      outcome.disposition = port::Disposition::kAccepted;
      ++tally.outcomes["accepted"];
    } else {
      outcome.disposition = port::Disposition::kRejected;
      outcome.error = first.error();
      EXPECT_FALSE(outcome.error->place.empty()) << file;
      ++tally.outcomes[base::Describe(*outcome.error) +
                       (outcome.error->place == "MSH-9" ? " " + reading.envelope.event : "")];
      if (std::getenv("MILECASTLE_REPORT") != nullptr && outcome.error->place != "MSH-9") {
        std::printf("%s: %s\n", file.filename().c_str(), base::Describe(*outcome.error).c_str());
      }
    }
    const std::string reply = adapter->Reply(message, feed, outcome, base::Instant());
    EXPECT_TRUE(reply.empty() || reply.starts_with("MSH")) << file;
  }
}

class PublicMessages : public testing::TestWithParam<std::string> {};

TEST_P(PublicMessages, EachHasAnOutcome) {
  const auto folder =
      std::filesystem::path(MILECASTLE_SOURCE_DIR) / "../shared/testdata" / GetParam();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no public sample messages at " << folder;
  Tally tally;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) ReadAll(file.path(), tally);
  }
  EXPECT_GT(tally.messages, 0);
  Report(tally);
}

INSTANTIATE_TEST_SUITE_P(Samples, PublicMessages, testing::Values("hl7v2", "hostile-hl7v2"),
                         [](const auto& param) {
                           return param.index == 0 ? "Published" : "Hostile";
                         });

}  // namespace
}  // namespace milecastle::acute
