// Every tests/golden/primary/NAME.json is read, and must give what stands in NAME.expected.txt.
// MILECASTLE_WRITE_GOLDEN=1 writes the expectations instead; read the difference before you commit
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "kit/print.h"
#include "kit/reversed_bundle.h"
#include "primary/adapter.h"

namespace milecastle::primary {
namespace {

namespace fs = std::filesystem;

port::Reading ReadMessage(std::string_view message) {
  return MakeAdapter()->Read(message, port::Feed{});
}

std::string Describe(const port::Reading& reading) {
  std::string text = "event " + reading.envelope.event + "\ncontrol id " +
                     reading.envelope.control_id + "\nsender " + reading.envelope.sender + "\n";
  if (!reading.patients.front())
    return text + "refused " + base::Describe(reading.patients.front().error()) + "\n";
  return text + kit::Print(*reading.patients.front());
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& file :
       fs::directory_iterator(fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/primary")) {
    if (file.path().extension() == ".json") cases.push_back(file.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

class Golden : public testing::TestWithParam<fs::path> {};

TEST_P(Golden, ReadsAsExpected) {
  fs::path expected = GetParam();
  expected.replace_extension(".expected.txt");
  const std::string actual = Describe(ReadMessage(base::ReadFile(GetParam()).value()));
  if (std::getenv("MILECASTLE_WRITE_GOLDEN") != nullptr) std::ofstream(expected) << actual;
  const auto wanted = base::ReadFile(expected);
  ASSERT_TRUE(wanted) << "write " << expected;
  EXPECT_EQ(actual, *wanted);
}

TEST_P(Golden, ReadsTheSameInAnyOrderOfEntries) {
  const std::string message = base::ReadFile(GetParam()).value();
  // Where two entries of one id differ, the first is kept under its own name: there order speaks.
  if (message.find("Four, again") != std::string::npos) GTEST_SKIP() << "two entries of one id";
  auto forwards = ReadMessage(message).patients.front();
  auto backwards = ReadMessage(kit::Reversed(message)).patients.front();
  ASSERT_EQ(forwards.has_value(), backwards.has_value());
  if (!forwards) return;
  EXPECT_EQ(forwards->not_carried.size(), backwards->not_carried.size());
  for (auto* contribution : {&*forwards, &*backwards}) {
    contribution->not_carried.clear();  // names places
    for (auto& preference : contribution->preferences) preference.place.clear();
  }
  EXPECT_EQ(kit::Print(*forwards), kit::Print(*backwards));
}

std::string NameOf(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Primary, Golden, testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace milecastle::primary
