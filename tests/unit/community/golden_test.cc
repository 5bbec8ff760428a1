// Every tests/golden/community/NAME.json and NAME.fhir (XML) with what it must become in
// NAME.expected.txt (kit/golden.h).
#include "kit/golden.h"

#include "community/adapter.h"
#include "kit/print_versions.h"
#include "kit/reversed_bundle.h"

namespace milecastle::community {
namespace {

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, ReadsAsExpected) {
  const std::string text = kit::Describe(*MakeAdapter(), kit::GoldenInput(GetParam()));
  kit::ExpectBeside(GetParam(), ".expected.txt", text);
}

TEST_P(Golden, ReadsTheSameInAnyOrderOfEntries) {
  const std::string message = kit::GoldenInput(GetParam());
  const auto adapter = MakeAdapter();
  EXPECT_EQ(kit::CarriedInAnyOrder(adapter->Read(message, {})),
            kit::CarriedInAnyOrder(adapter->Read(kit::Reversed(message), {})));
}

// tests/golden/versions: documents and resources, with what tells their versions apart.
class Versions : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Versions, AreToldAsExpected) {
  const std::string text = kit::DescribeVersions(*MakeAdapter(), kit::GoldenInput(GetParam()));
  kit::ExpectBeside(GetParam(), ".txt", text);
}

INSTANTIATE_TEST_SUITE_P(Community, Versions,
                         testing::ValuesIn(kit::GoldenCases("versions", {".json", ".xml"})),
                         kit::CaseName);

INSTANTIATE_TEST_SUITE_P(Community, Golden,
                         testing::ValuesIn(kit::GoldenCases("community", {".json", ".fhir"})),
                         kit::CaseName);

// tests/golden/itk3: of STU3, as JSON and as XML, with one expectation.
INSTANTIATE_TEST_SUITE_P(Itk3, Golden, testing::ValuesIn(kit::GoldenCases("itk3", {".json"})),
                         kit::CaseName);
INSTANTIATE_TEST_SUITE_P(Itk3Xml, Golden, testing::ValuesIn(kit::GoldenCases("itk3", {".fhir"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::community
