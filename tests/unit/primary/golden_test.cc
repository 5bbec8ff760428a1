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

// The items of a JSON array's text, up to its end.
std::vector<std::string> Items(std::string_view text, std::size_t* end) {
  std::vector<std::string> items;
  int depth = 0;
  bool in_string = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if ((c == ',' && depth == 0) || depth < 0) {
      items.emplace_back(text.substr(start, i - start));
      start = i + 1;
    }
    if (depth < 0) {
      *end = i;
      break;
    }
  }
  return items;
}

// The same bundle with its entries from last to first; the text of each stays as it is.
std::string Reversed(const std::string& message) {
  constexpr std::string_view kEntries = "\n \"entry\": [";
  const std::size_t found = message.find(kEntries);
  if (found == std::string::npos) return message;
  const std::size_t start = found + kEntries.size();
  std::size_t length = 0;
  const auto items = Items(std::string_view(message).substr(start), &length);
  std::string reversed = message.substr(0, start);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (item != items.rbegin()) reversed += ",";
    reversed += *item;
  }
  return reversed + message.substr(start + length);
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
  auto backwards = ReadMessage(Reversed(message)).patients.front();
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
