#include "normalise/release_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace milecastle::normalise {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ReferenceSet kSet{"set.txt", "999", "sexual_health"};
constexpr std::string_view kHeader =
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\n";

std::string Refusal(const std::string& tsv, const ReferenceSet& from = kSet) {
  const auto read = ParseReferenceSet(tsv, from);
  return read ? "taken" : base::Describe(read.error());
}

TEST(ReferenceSet, HoldsTheActiveMembersOfTheSetThatIsNamed) {
  const auto read = ParseReferenceSet(std::string(kHeader) +
                                          "a\t20260401\t1\tm\t999\t111\r\n"
                                          "b\t20260401\t0\tm\t999\t222\r\n"
                                          "c\t20260401\t1\tm\t998\t333\r\n\r\n"
                                          "d\t20260401\t1\tm\t999\t444",
                                      kSet);
  ASSERT_TRUE(read) << base::Describe(read.error());
  EXPECT_THAT(*read, ElementsAre(CodeLabel{"http://snomed.info/sct", "111", "sexual_health"},
                                 CodeLabel{"http://snomed.info/sct", "444", "sexual_health"}));
}

TEST(ReferenceSet, OneWithoutAMemberProtectsNobodyAndIsRefused) {
  EXPECT_THAT(Refusal(std::string(kHeader)), HasSubstr("no active member"));
  EXPECT_THAT(Refusal(std::string(kHeader) + "a\t20260401\t0\tm\t999\t111\r\n"),
              HasSubstr("no active member"));
}

TEST(ReferenceSet, WhatIsNoSnapshotIsRefusedWithItsLine) {
  EXPECT_THAT(Refusal(""), HasSubstr("set.txt:1: the file is empty"));
  EXPECT_THAT(Refusal("system,code,label\n"), HasSubstr("set.txt:1: there is no column active"));
  EXPECT_THAT(Refusal(std::string(kHeader) + "a\t20260401\t1\tm\t999\n"), HasSubstr("set.txt:2"));
  EXPECT_THAT(Refusal(std::string(kHeader) + "a\t2\t1\tm\t999\t1\n", {"set.txt", "999", "Bad"}),
              HasSubstr("write the label"));
  EXPECT_FALSE(LoadReferenceSet({"/nowhere", "999", "hiv"}));
}

TEST(CodeMap, AnOldCodeThatMeansALabelledOneBearsItsLabelHoweverItIsWritten) {
  std::vector<CodeLabel> labels = {{"http://snomed.info/sct", "111", "hiv"},
                                   {"local", "222", "gender"}};
  const auto read = AddMapped(
      "MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus\n"
      "1\tA78..\t00\t111\t\t0\t20200401\t1\n"
      "2\tA79..\t00\t111\t\t1\t20200401\t0\n"
      "3\tA80..\t00\t222\t\t1\t20200401\t1\n",
      {"map.txt", OldSystem::kReadV2}, labels);
  ASSERT_TRUE(read) << base::Describe(read.error());
  std::vector<std::string> codes;
  for (const auto& one : labels) {
    if (one.system == "http://read.info/readv2") codes.push_back(one.code + " " + one.label);
  }
  EXPECT_THAT(codes, ElementsAre("A78 hiv", "A78.. hiv", "A78..00 hiv"));
}

TEST(CodeMap, ReadsCtv3) {
  std::vector<CodeLabel> labels = {{"http://snomed.info/sct", "111", "hiv"}};
  const auto read = AddMapped(
      "MAPID\tCTV3_CONCEPTID\tCTV3_TERMID\tCTV3_TERMTYPE\tSCT_CONCEPTID\tSCT_DESCRIPTIONID\t"
      "MAPSTATUS\tEFFECTIVEDATE\tIS_ASSURED\n"
      "1\tXaBLc\tYaBLd\tP\t111\t2\t1\t20200401\t1\n"
      "2\tXaBLe\tYaBLf\tP\t_DRUG\t_DRUG\t1\t20200401\t1\n",
      {"map.txt", OldSystem::kCtv3}, labels);
  ASSERT_TRUE(read);
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[1], (CodeLabel{"http://read.info/ctv3", "XaBLc", "hiv"}));
}

TEST(CodeMap, AMapOfAnotherFormIsRefused) {
  std::vector<CodeLabel> labels;
  const auto read = AddMapped("MAPID\tCTV3_CONCEPTID\n", {"map.txt", OldSystem::kReadV2}, labels);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().place, "map.txt:1");
  EXPECT_THAT(labels, IsEmpty());
}

}  // namespace
}  // namespace milecastle::normalise
