// Every tests/golden/community/*.xml with what it must become in the .txt beside it. Adding a case
// is adding the two files; MILECASTLE_GOLDEN_UPDATE=1 writes the second, to be read before it is
// kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "community/adapter.h"
#include "kit/print.h"

namespace milecastle::cda {
namespace {

std::filesystem::path Folder() {
  return std::filesystem::path(MILECASTLE_SOURCE_DIR) / "tests/golden/community";
}

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(Folder())) {
    if (file.path().extension() == ".xml") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Print(const port::Reading& reading) {
  std::string text = "message " + reading.envelope.control_id + ": " + reading.envelope.event +
                     " from " + reading.envelope.sender + "\n";
  std::size_t number = 0;
  for (const auto& patient : reading.patients) {
    if (reading.patients.size() > 1) text += "--- patient " + std::to_string(++number) + "\n";
    text += patient ? kit::Print(*patient) : "refused " + base::Describe(patient.error()) + "\n";
  }
  return text;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, BecomesWhatIsWrittenBesideIt) {
  const auto input = base::ReadFile(Folder() / (GetParam() + ".xml"));
  ASSERT_TRUE(input);
  const std::string text = Print(community::MakeAdapter()->Read(*input, port::Feed{}));
  const auto beside = Folder() / (GetParam() + ".txt");
  if (std::getenv("MILECASTLE_GOLDEN_UPDATE") != nullptr) std::ofstream(beside) << text;
  const auto expected = base::ReadFile(beside);
  ASSERT_TRUE(expected) << "write " << beside;
  EXPECT_EQ(text, *expected);
}

INSTANTIATE_TEST_SUITE_P(Cda, Golden, testing::ValuesIn(Cases()), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace milecastle::cda
