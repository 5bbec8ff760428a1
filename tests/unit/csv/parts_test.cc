#include "csv/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "csv/table.h"

namespace milecastle::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Parts(std::string_view file, const PartLimits& limits,
                               const Dialect& dialect = {}) {
  return SplitFile(file, dialect, limits, [](const auto&) { return std::vector<std::size_t>{0}; });
}

TEST(CsvParts, EachPartRepeatsTheHeaderAndSaysWhereItBegins) {
  const std::string header = "Person,\"Note\nof it\"\r\n";
  EXPECT_THAT(Parts(header + "1,a\r\n\r\n2,\"b\r\nb\"\r\n3,c\r\n4,d", {.rows = 2}),
              ElementsAre("#part,3\n" + header + "1,a\r\n\r\n2,\"b\r\nb\"\r\n",
                          "#part,7\n" + header + "3,c\r\n4,d"));
}

TEST(CsvParts, ARowsLineIsThatOfTheWholeFile) {
  const auto parts = Parts("A,B\n1,x\n\n\n2,x\n3\n4,x\n", {.rows = 2});
  ASSERT_EQ(parts.size(), 2U);
  const auto first = Table::Parse(parts[0], {});
  EXPECT_EQ(first->LineOf(0), 2U);
  EXPECT_EQ(first->LineOf(1), 5U) << "behind two empty lines";
  const auto second = Table::Parse(parts[1], {});
  EXPECT_THAT(base::Describe(*second->FaultOf(0)), HasSubstr("line 6, column 2"));
}

TEST(CsvParts, APartHoldsNoMorePeopleThanAllowed) {
  EXPECT_THAT(Parts("A\n1\n2\n1\n2\n3\n1\n", {.people = 2}),
              ElementsAre("#part,2\nA\n1\n2\n1\n2\n", "#part,6\nA\n3\n1\n"));
}

TEST(CsvParts, AFileThatFitsIntoOneStaysAsItIs) {
  const std::string file =
      "\xEF\xBB\xBF"
      "A\n1\n2\n";
  EXPECT_THAT(Parts(file, {}), ElementsAre(file));
  EXPECT_THAT(Parts("", {}), IsEmpty());
}

TEST(CsvParts, APartIsNotSplitAgain) {
  for (const auto& part : Parts("A\n1\n2\n3\n4\n", {.rows = 2})) {
    EXPECT_THAT(Parts(part, {.rows = 1}), ElementsAre(part));
  }
}

TEST(CsvParts, WhatCannotBeReadStaysWhole) {
  for (const std::string file :
       {"A\n1\n2\n\"3\n", "A\n1\n2\nZo\xEB\n", ",B\n1,2\n3,4\n", "A,a\n1,2\n3,4\n"}) {
    EXPECT_THAT(Parts(file, {.rows = 1}), ElementsAre(file));
  }
}

TEST(CsvParts, PartsAreUtf8WhateverTheFileWas) {
  const Dialect western{.charset = Charset::kWindows1252};
  const auto parts = Parts("N\nZo\xEB\nZo\xEB\n", {.rows = 1}, western);
  ASSERT_EQ(parts.size(), 2U);
  auto table = Table::Parse(parts[1], western);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->Text(0, 0), "Zo\xC3\xAB");
}

TEST(CsvParts, AHeaderRepeatedTooOftenLeavesTheFileWhole) {
  std::string file = std::string(1000, 'h') + "\n";
  for (int row = 0; row < 100; ++row) file += std::to_string(row) + "\n";
  EXPECT_EQ(Parts(file, {.rows = 1, .all_parts = 50'000}).size(), 1U);
  EXPECT_EQ(Parts(file, {.rows = 1}).size(), 100U);
}

}  // namespace
}  // namespace milecastle::csv
