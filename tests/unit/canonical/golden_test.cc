// Every tests/golden/canonical/NAME.textproto is made into a message and read, and must give what
// stands in NAME.txt. MILECASTLE_GOLDEN_UPDATE=1 writes the expectations instead; read the
// difference before you commit it.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "canonical/adapter.h"
#include "kit/print.h"
#include "milecastle/v1/contribution.pb.h"

namespace milecastle::canonical {
namespace {

namespace fs = std::filesystem;

std::string Describe(const port::Reading& reading) {
  std::string text = "event " + reading.envelope.event + "\ncontrol id " +
                     reading.envelope.control_id + "\nsender " + reading.envelope.sender + "\n";
  for (const auto& patient : reading.patients) {
    text += patient ? kit::Print(*patient) : "refused " + base::Describe(patient.error()) + "\n";
  }
  return text;
}

std::string Bytes(const std::string& textproto) {
  v1::Contribution message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(textproto, &message));
  return message.SerializeAsString();
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& file :
       fs::directory_iterator(fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/canonical")) {
    if (file.path().extension() == ".textproto") cases.push_back(file.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

class Golden : public testing::TestWithParam<fs::path> {};

TEST_P(Golden, ReadsAsExpected) {
  fs::path expected = GetParam();
  expected.replace_extension(".txt");
  const std::string message = Bytes(base::ReadFile(GetParam()).value());
  const std::string actual = Describe(MakeAdapter()->Read(message, port::Feed{}));
  if (std::getenv("MILECASTLE_GOLDEN_UPDATE") != nullptr) std::ofstream(expected) << actual;
  const auto wanted = base::ReadFile(expected);
  ASSERT_TRUE(wanted) << "write " << expected;
  EXPECT_EQ(actual, *wanted);
}

std::string NameOf(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Canonical, Golden, testing::ValuesIn(Cases()), NameOf);

TEST(CanonicalAdapter, OneMessageSpeaksOfNoMorePatientsThanTheFeedAllows) {
  v1::Contribution message;
  message.mutable_header()->set_control_id("1");
  message.mutable_header()->set_event("visit");
  for (int i = 0; i < 3; ++i) {
    message.add_patients()->mutable_patient()->set_nhs_number("9990000018");
  }
  port::Feed feed;
  feed.patient_limit = 3;
  EXPECT_EQ(MakeAdapter()->Read(message.SerializeAsString(), feed).patients.size(), 3U);
  feed.patient_limit = 2;
  const auto refused = MakeAdapter()->Read(message.SerializeAsString(), feed);
  ASSERT_EQ(refused.patients.size(), 1U);
  EXPECT_EQ(refused.patients.front().error().id, base::ErrorId::kMessageTooLarge);
}

}  // namespace
}  // namespace milecastle::canonical
