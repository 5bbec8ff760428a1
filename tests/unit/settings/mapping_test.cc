#include "settings/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "acute/adapter.h"
#include "base/config.h"
#include "social_care/adapter.h"
#include "third_sector/adapter.h"

namespace milecastle::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const port::Mappable kTable{.fields = {"LA_Code", "NHS_Number", "Event_Type"}, .names = true};
const port::Mappable kHl7{.fields = {}, .names = true, .local_segments = true};

port::Mapping Good(std::string_view toml, const port::Mappable& mappable = kTable) {
  auto loaded = ParseMapping(toml, "a.toml", mappable);
  EXPECT_THAT(loaded.problems, IsEmpty());
  return loaded.mapping.value_or(port::Mapping{});
}

std::string Problem(std::string_view toml, const port::Mappable& mappable = kTable) {
  const auto loaded = ParseMapping(toml, "a.toml", mappable);
  EXPECT_FALSE(loaded.mapping);
  return loaded.problems.empty() ? "none" : base::Describe(loaded.problems.front());
}

TEST(MappingFile, ReadsWhatATableSays) {
  const port::Mapping mapping = Good(R"(
delimiter = ";"
charset = "windows-1252"
dates = ["DD.MM.YYYY"]
[columns]
"NHS  No" = "NHS_Number"
[values.LA_Code]
"Northmarch" = "ZL1"
[[code]]
field = "Event_Type"
value = "Service"
system = "https://northmarch.example/events"
code = "S"
[code_systems]
"LOCAL" = "https://northmarch.example/codes"
[units]
"mls" = "mL"
)");
  EXPECT_EQ(mapping.delimiter, ';');
  EXPECT_EQ(mapping.charset, "windows-1252");
  EXPECT_THAT(mapping.dates, ElementsAre("DD.MM.YYYY"));
  EXPECT_EQ(mapping.columns.at("nhs no"), "NHS_Number");
  EXPECT_EQ(port::ValueOf(mapping, "LA_Code", "NORTHMARCH"), "ZL1");
  EXPECT_EQ(port::CodeOf(mapping, "Event_Type", "service")->code, "S");
  EXPECT_EQ(mapping.code_systems.at("local"), "https://northmarch.example/codes");
  EXPECT_EQ(mapping.units.at("mls"), "mL");
}

TEST(MappingFile, ReadsLocalSegments) {
  const port::Mapping mapping = Good(R"(
[[local]]
segment = "ZRA"
section = "individual_requirements"
heading = "Reasonable adjustments"
[local.details]
2 = "adjustment"
)",
                                     kHl7);
  ASSERT_EQ(mapping.local_segments.size(), 1U);
  EXPECT_EQ(mapping.local_segments[0].details.at(2), "adjustment");
}

TEST(MappingFile, SaysWhichLineIsWrongAndWhatToWrite) {
  EXPECT_EQ(Problem("[columns]\n\"NHS No\" = \"NHS_Nummer\"\n"),
            "config.invalid at a.toml:2: `NHS No`: there is no such field; write \"NHS_Number\", "
            "or another of the adapter's");
  EXPECT_THAT(Problem("[values.Event_Typ]\n"), HasSubstr("write \"Event_Type\""));
  EXPECT_THAT(Problem("colums = 1\n"), HasSubstr("a.toml:1: `colums` is not a setting here"));
  EXPECT_THAT(Problem("charset = \"latin1\"\n"), HasSubstr("write \"utf-8\""));
  EXPECT_THAT(Problem("delimiter = \"::\"\n"), HasSubstr("or \"tab\""));
  EXPECT_THAT(Problem("dates = [\"DD/MM/YY\"]\n"), HasSubstr("YYYY, MM and DD once each"));
  EXPECT_THAT(Problem("[values.LA_Code]\nx = \"\"\n"), HasSubstr("a.toml:2: `x`: write the"));
  EXPECT_THAT(Problem("[code_systems]\nLOCAL = \"local\"\n"), HasSubstr("URI"));
}

TEST(MappingFile, RefusesTwoFormsThatOneDateCanHave) {
  EXPECT_THAT(Problem("dates = [\"DD/MM/YYYY\", \"MM/DD/YYYY\"]\n"), HasSubstr("two forms"));
}

TEST(MappingFile, RefusesTwoColumnsOfOneFieldAndOneValueTwice) {
  EXPECT_THAT(Problem("[columns]\n\"A\" = \"LA_Code\"\n\"B\" = \"LA_Code\"\n"),
              HasSubstr("a.toml:3: `B`: another column is \"LA_Code\" already"));
  EXPECT_THAT(Problem("[values.LA_Code]\n\"x\" = \"1\"\n\"X \" = \"2\"\n"),
              HasSubstr("stands here twice"));
}

TEST(MappingFile, RefusesWhatWouldHaveNoEffect) {
  EXPECT_THAT(Problem("[columns]\n", kHl7), HasSubstr("its format has no columns"));
  EXPECT_THAT(Problem("charset = \"utf-8\"\n", kHl7), HasSubstr("no columns"));
  EXPECT_THAT(Problem("[units]\nml = \"mL\"\n", {}), HasSubstr("reads none"));
  EXPECT_THAT(Problem("[[local]]\nsegment = \"ZRA\"\n"), HasSubstr("no effect"));
}

TEST(MappingFile, RefusesALocalSegmentThatIsNone) {
  const auto local = [](const std::string& segment, const std::string& section,
                        const std::string& field) {
    return Problem("[[local]]\nsegment = \"" + segment + "\"\nsection = \"" + section +
                       "\"\nheading = \"h\"\n[local.details]\n" + field + " = \"d\"\n",
                   kHl7);
  };
  EXPECT_THAT(local("PID", "alerts", "2"), HasSubstr("a.toml:2: `segment`: write Z"));
  EXPECT_THAT(local("ZU3", "alerts", "2"), HasSubstr("read as the UK's"));
  EXPECT_THAT(local("ZRA", "allergy", "2"), HasSubstr("is no heading"));
  EXPECT_THAT(local("ZRA", "alerts", "0"), HasSubstr("number of a field"));
  EXPECT_THAT(local("ZRA", "alerts", "two"), HasSubstr("number of a field"));
}

TEST(MappingFile, RefusesALocalFieldThatIsCarriedTwice) {
  const std::string one =
      "[[local]]\nsegment = \"ZRA\"\nsection = \"alerts\"\nheading = \"h\"\n[local.details]\n2 = "
      "\"d\"\n";
  EXPECT_THAT(Problem(one + one, kHl7), HasSubstr("carried already"));
}

TEST(MappingFile, RefusesWhatIsNoFile) {
  for (const char* const path : {"/dev/zero", "/", "/nowhere.toml"}) {
    const auto loaded = LoadMapping(path, kTable);
    EXPECT_FALSE(loaded.mapping);
    EXPECT_EQ(loaded.problems.size(), 1U);
  }
}

// Of the adapter that a worked file names in its first line.
port::Mappable MappableOf(const std::string& toml) {
  if (toml.starts_with("# adapter: social_care.")) return social_care::MakeAdapter()->mappable();
  if (toml.starts_with("# adapter: third_sector.")) return third_sector::MakeAdapter()->mappable();
  if (toml.starts_with("# adapter: acute.")) return acute::MakeAdapter()->mappable();
  return {};
}

TEST(MappingFile, NoMappingRewritesWhoSomebodyIs) {
  const auto sheet = third_sector::MakeAdapter()->mappable();
  for (const std::string field : {"NHS number", "NHS number traced", "Local id", "Family name",
                                  "Given names", "Date of birth"}) {
    EXPECT_THAT(Problem("[values.\"" + field + "\"]\nx = \"y\"\n", sheet), HasSubstr("a.toml:1"))
        << field;
  }
  const auto council = social_care::MakeAdapter()->mappable();
  for (const std::string field : {"NHS_Number", "LA_Person_Unique_Identifier", "Family_Name",
                                  "First_Name", "Date_of_Birth"}) {
    EXPECT_THAT(Problem("[values." + field + "]\nx = \"y\"\n", council), HasSubstr("who somebody"))
        << field;
  }
}

TEST(MappingFile, NoMappingMakesAnEmptyCellSaySomething) {
  EXPECT_THAT(Problem("[values.Event_Type]\n\"\" = \"Service\"\n"), HasSubstr("a.toml:2"));
  EXPECT_THAT(Problem("[values.Event_Type]\n\"  \" = \"Service\"\n"), HasSubstr("empty"));
}

TEST(MappingFile, NoMappingTurnsAPlainRefusalOrRiskIntoAnythingElse) {
  const auto sheet = third_sector::MakeAdapter()->mappable();
  const auto line = [](const std::string& field, const std::string& sent, const std::string& is) {
    return "[values.\"" + field + "\"]\n\"" + sent + "\" = \"" + is + "\"\n";
  };
  for (const std::string sent : {"No", "n", "NO.", "Refused"}) {
    for (const std::string is : {"Yes", "not asked", "perhaps"}) {
      EXPECT_THAT(Problem(line("Consent to share", sent, is), sheet), HasSubstr("a.toml:2"));
    }
  }
  for (const std::string field : {"Confidential", "Address confidential", "Risk to worker",
                                  "Risk to self", "Risk to others", "Safeguarding concern"}) {
    EXPECT_THAT(Problem(line(field, "Yes", "No"), sheet), HasSubstr("plain answer")) << field;
  }
  Good(line("Consent to share", "Refused", "No"), sheet);
  Good(line("Consent to share", "nobody asked", "not asked"), sheet);
  Good(line("Confidential", "Y", "Yes"), sheet);
}

TEST(MappingFile, TheWorkedFilesLoad) {
  std::size_t loaded = 0;
  for (const auto& file : std::filesystem::directory_iterator(
           std::filesystem::path(MILECASTLE_SOURCE_DIR) / "config/mappings")) {
    if (file.path().extension() != ".toml") continue;
    const auto result = LoadMapping(file.path(), MappableOf(*base::ReadFile(file.path())));
    EXPECT_THAT(result.problems, IsEmpty()) << file.path();
    ++loaded;
  }
  EXPECT_GE(loaded, 2U);
}

}  // namespace
}  // namespace milecastle::settings
