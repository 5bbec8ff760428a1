// Every tests/golden/canonical/NAME.textproto, made into a message, with what it must become in
// NAME.txt (kit/golden.h).
#include "kit/golden.h"

#include <google/protobuf/text_format.h>

#include "canonical/adapter.h"
#include "kit/print_versions.h"
#include "milecastle/v1/contribution.pb.h"

namespace milecastle::canonical {
namespace {

std::string Bytes(const std::string& textproto) {
  v1::Contribution message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(textproto, &message));
  return message.SerializeAsString();
}

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, ReadsAsExpected) {
  const std::string message = Bytes(kit::GoldenInput(GetParam()));
  kit::ExpectBeside(GetParam(), ".txt", kit::Describe(*MakeAdapter(), message));
}

INSTANTIATE_TEST_SUITE_P(Canonical, Golden,
                         testing::ValuesIn(kit::GoldenCases("canonical", {".textproto"})),
                         kit::CaseName);

// tests/golden/versions: what tells the versions of its entries apart.
class Versions : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Versions, AreToldAsExpected) {
  const std::string message = Bytes(kit::GoldenInput(GetParam()));
  kit::ExpectBeside(GetParam(), ".txt", kit::DescribeVersions(*MakeAdapter(), message));
}

INSTANTIATE_TEST_SUITE_P(Canonical, Versions,
                         testing::ValuesIn(kit::GoldenCases("versions", {".textproto"})),
                         kit::CaseName);

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
