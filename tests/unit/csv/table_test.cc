#include "csv/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace milecastle::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using namespace std::string_literals;

Table Read(std::string_view bytes, const Dialect& dialect = {}) {
  return std::move(Table::Parse(bytes, dialect)).value();
}

std::string Refusal(std::string_view bytes, const Dialect& dialect = {}) {
  const auto table = Table::Parse(bytes, dialect);
  return table ? "taken" : base::Describe(table.error());
}

std::vector<std::string> Cells(Table& table, std::size_t row) {
  std::vector<std::string> cells;
  for (std::size_t column = 0; column < table.header().size(); ++column) {
    cells.emplace_back(table.Text(row, column));
  }
  return cells;
}

TEST(CsvTable, ReadsQuotedDelimitersQuotesAndLineEnds) {
  Table table = Read("Name,Note\n\"Smith, Ann\",\"said \"\"yes\"\"\r\nand left\"\nLee,\n");
  ASSERT_EQ(table.size(), 2U);
  EXPECT_THAT(Cells(table, 0), ElementsAre("Smith, Ann", "said \"yes\"\nand left"));
  EXPECT_THAT(Cells(table, 1), ElementsAre("Lee", ""));
}

TEST(CsvTable, ReadsEveryKindOfLineEnd) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    Table table = Read("A,B" + end + "1,2" + end + end + "3,4");
    ASSERT_EQ(table.size(), 2U);
    EXPECT_THAT(Cells(table, 1), ElementsAre("3", "4"));
    EXPECT_EQ(table.LineOf(1), 4U);
  }
}

TEST(CsvTable, NamesTheLineOnWhichARowBeginsAcrossQuotedLineEnds) {
  Table table = Read("A,B\n1,\"two\nlines\r\nthree\rfour\"\n5\n");
  EXPECT_EQ(table.LineOf(0), 2U);
  ASSERT_TRUE(table.FaultOf(1));
  EXPECT_EQ(base::Describe(*table.FaultOf(1)),
            "message.invalid at line 6, column 2: the row has fewer columns than the header");
}

TEST(CsvTable, AByteOrderMarkIsNoPartOfTheFirstName) {
  EXPECT_THAT(Read("\xEF\xBB\xBFNHS_Number\n1\n").header(), ElementsAre("NHS_Number"));
}

TEST(CsvTable, FormulaLikeCellsAreData) {
  Table table = Read("A,B,C,D\n=1+1,+44 1632,-2,@SUM(1)\n");
  EXPECT_THAT(Cells(table, 0), ElementsAre("=1+1", "+44 1632", "-2", "@SUM(1)"));
}

TEST(CsvTable, ARaggedRowIsRefusedAndTheOthersAreRead) {
  Table table = Read("A,B\n1\n1,2,3\n4,5\n");
  ASSERT_EQ(table.size(), 3U);
  EXPECT_TRUE(table.FaultOf(0));
  EXPECT_EQ(base::Describe(*table.FaultOf(1)),
            "message.invalid at line 3, column 3: the row has more columns than the header");
  EXPECT_THAT(Cells(table, 1), ElementsAre("", "")) << "nothing of it is read";
  EXPECT_FALSE(table.FaultOf(2));
}

TEST(CsvTable, AQuoteInAnUnquotedCellRefusesItsRowAlone) {
  Table table = Read("A,B\n=\"9990000018\",1\n2,3\n");
  EXPECT_THAT(base::Describe(*table.FaultOf(0)), HasSubstr("line 2, column 1: put a field"));
  EXPECT_FALSE(table.FaultOf(1));
}

TEST(CsvTable, AQuoteThatNeverClosesRefusesTheFileWhereItOpened) {
  EXPECT_THAT(Refusal("A,B\n1,2\n3,\"Jane,Service\n4,5\n"),
              HasSubstr("message.unparseable at line 3, column 2: the quote that opens here"));
}

TEST(CsvTable, TextBehindAClosingQuoteRefusesTheFile) {
  EXPECT_THAT(Refusal("A,B\n1,\"Jane \"the boss\" Smith\"\n"),
              HasSubstr("line 2, column 2: text stands behind a closing quote"));
}

TEST(CsvTable, RefusesNulAndWhatIsNotUtf8) {
  EXPECT_THAT(Refusal("A,B\n1,\0002\n"s), HasSubstr("line 2: it holds a NUL"));
  EXPECT_THAT(Refusal("A\nZo\xEB\n"), HasSubstr("line 2: it is not UTF-8"));
  EXPECT_THAT(Refusal("A\n\xED\xA0\x80\n"), HasSubstr("line 2: it is not UTF-8"));
}

TEST(CsvTable, ReadsOtherCharacterSetsWhereTheMappingNamesThem) {
  const std::string utf16 = "\xFF\xFE"s + "N\0\n\0Z\0o\0\xEB\0"s;
  EXPECT_THAT(Refusal(utf16), HasSubstr("message.character_set"));
  Table wide = Read(utf16, {.charset = Charset::kUtf16});
  EXPECT_THAT(Cells(wide, 0), ElementsAre("Zo\xC3\xAB"));
  EXPECT_THAT(Refusal("N\0Z\0"s, {.charset = Charset::kUtf16}), HasSubstr("byte order mark"));
  EXPECT_THAT(Refusal("\xFF\xFE\x00\xD8\n\0"s, {.charset = Charset::kUtf16}), HasSubstr("charset"));
  Table western = Read("N\nZo\xEB \x80\n", {.charset = Charset::kWindows1252});
  EXPECT_THAT(Cells(western, 0), ElementsAre("Zo\xC3\xAB \xE2\x82\xAC"));
  EXPECT_THAT(Refusal("N\n\x81\n", {.charset = Charset::kWindows1252}), HasSubstr("line 2"));
}

TEST(CsvTable, RefusesAHeaderThatNamesAColumnTwiceOrNotAtAll) {
  EXPECT_THAT(Refusal("NHS_Number,Event,nhs number\n"),
              HasSubstr("line 1, column 3: another column has this name"));
  EXPECT_THAT(Refusal("A,,B\n"), HasSubstr("line 1, column 2: give each column a name"));
  EXPECT_THAT(Refusal(""), HasSubstr("line 1: the file is empty"));
  EXPECT_THAT(Refusal("\n\r\n"), HasSubstr("empty"));
}

TEST(CsvTable, RefusesWhatIsTooLarge) {
  Dialect small;
  small.limits = {.bytes = 1000, .rows = 2, .columns = 2, .header_bytes = 20, .field_bytes = 5};
  EXPECT_THAT(Refusal(std::string(1001, 'x'), small), HasSubstr("message.too_large"));
  EXPECT_THAT(Refusal("A\n1\n2\n3\n", small), HasSubstr("line 4"));
  EXPECT_THAT(Refusal("A,B,C\n", small), HasSubstr("too many columns"));
  EXPECT_THAT(Refusal("A,Bxxxxxxxxxxxxxxxxxxxx\n", small), HasSubstr("message.too_large"));
  Table table = Read("A,B\n1,123456\n1,2,3,4\n", small);
  EXPECT_EQ(base::Describe(*table.FaultOf(0)),
            "message.too_large at line 2, column 2: the cell is too long: shorten it");
  EXPECT_TRUE(table.FaultOf(1));
}

TEST(CsvTable, ListsEachColumnOfWhichSomethingWasNotRead) {
  Table table = Read("A,B,C,D\n1,,3,\n,2,3,\n");
  table.Text(0, 0);
  table.Text(0, 2);
  EXPECT_THAT(table.Unread({0}), IsEmpty());
  EXPECT_THAT(table.Unread({0, 1}), ElementsAre(1, 2));
}

TEST(CsvTable, APlaceNeverHoldsAHeaderThatNobodyNamed) {
  Table table = Read("Aelia Smith,9990000018\n1,2\n");
  EXPECT_EQ(table.Place(0, 1), "line 2, column 2");
  table.Name(1, "NHS_Number");
  EXPECT_EQ(table.Place(0, 1), "line 2, column NHS_Number");
}

TEST(CsvTable, FindsAColumnHoweverItsNameIsWritten) {
  const Table table = Read("la code,NHS-Number,Event Type\n");
  EXPECT_EQ(table.ColumnOf("LA_Code"), 0U);
  EXPECT_EQ(table.ColumnOf("nhs_number"), 1U);
  EXPECT_EQ(table.ColumnOf("Event_Types"), std::nullopt);
}

TEST(CsvTable, ControlCharactersDoNotReachAReader) {
  Table table = Read("A\n\x1B[31mred\x7F\n");
  EXPECT_THAT(Cells(table, 0), ElementsAre("\xEF\xBF\xBD[31mred\xEF\xBF\xBD"));
}

}  // namespace
}  // namespace milecastle::csv
