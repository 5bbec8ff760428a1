// Every tests/golden/community/NAME.json and NAME.fhir (XML) is read, and must give what stands in
// NAME.expected.txt. MILECASTLE_WRITE_GOLDEN=1 writes the expectations instead; read the difference
// before you commit it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "community/adapter.h"
#include "kit/print.h"
#include "kit/reversed_bundle.h"

namespace milecastle::community {
namespace {

namespace fs = std::filesystem;

port::Reading ReadMessage(std::string_view message) {
  return MakeAdapter()->Read(message, port::Feed{});
}

std::string Describe(const base::Result<record::Contribution>& one) {
  return one ? kit::Print(*one) : "refused " + base::Describe(one.error()) + "\n";
}

std::string Describe(const port::Reading& reading) {
  const auto& envelope = reading.envelope;
  std::string text = "event " + envelope.event + "\ncontrol id " + envelope.control_id +
                     "\nsender " + envelope.sender + "\n";
  if (envelope.sent) text += "sent " + envelope.sent->original + "\n";
  for (const auto& patient : reading.patients) text += Describe(patient);
  return text;
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& file :
       fs::directory_iterator(fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/community")) {
    const auto kind = file.path().extension();
    if (kind == ".json" || kind == ".fhir") cases.push_back(file.path());
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

// What is carried of each patient, whoever comes first; places are left out, for they count.
std::vector<std::string> Carried(port::Reading reading) {
  std::vector<std::string> carried;
  for (auto& patient : reading.patients) {
    if (!patient) {
      carried.emplace_back(base::LineOf(patient.error().id).name);
      continue;
    }
    patient->not_carried.clear();
    for (auto& preference : patient->preferences) preference.place.clear();
    carried.push_back(kit::Print(*patient));
  }
  std::sort(carried.begin(), carried.end());
  return carried;
}

TEST_P(Golden, ReadsTheSameInAnyOrderOfEntries) {
  const std::string message = base::ReadFile(GetParam()).value();
  EXPECT_EQ(Carried(ReadMessage(message)), Carried(ReadMessage(kit::Reversed(message))));
}

std::string NameOf(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Community, Golden, testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace milecastle::community
