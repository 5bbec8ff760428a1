#include "port/mapping.h"

#include <gtest/gtest.h>

namespace milecastle::port {
namespace {

std::string Day(std::string_view form, std::string_view text) {
  const auto when = DateIn(form, text);
  return when ? base::ToRfc3339(when->at).substr(0, 10) : "none";
}

TEST(Mapping, ReadsADateOfTheFormThatIsNamed) {
  EXPECT_EQ(Day("DD/MM/YYYY", "03/04/2026"), "2026-04-03");
  EXPECT_EQ(Day("MM/DD/YYYY", "03/04/2026"), "2026-03-04");
  EXPECT_EQ(Day("YYYYMMDD", "20260403"), "2026-04-03");
  EXPECT_EQ(DateIn("DD/MM/YYYY", "03/04/2026")->original, "03/04/2026");
}

TEST(Mapping, WhatIsNoDateOfTheFormIsNone) {
  for (const std::string_view text :
       {"31/02/2026", "3/4/2026", "03-04-2026", "45292", "aa/bb/cccc", "", "03/04/2026 ",
        "13/13/2026", "00/01/2026", "+3/04/2026"}) {
    EXPECT_EQ(Day("DD/MM/YYYY", text), "none") << text;
  }
}

TEST(Mapping, AFormHoldsYearMonthAndDayOnceEach) {
  EXPECT_TRUE(IsDateForm("DD.MM.YYYY"));
  for (const std::string_view form : {"", "DD/MM/YY", "DD/MM", "YYYY-MM-DD hh", "DDDD/MM/YYYY"}) {
    EXPECT_FALSE(IsDateForm(form)) << form;
  }
}

TEST(Mapping, FindsAValueWithoutRegardToCapitalsAndSpaces) {
  Mapping mapping;
  mapping.values["Event_Type"]["home help"] = "Service";
  EXPECT_EQ(ValueOf(mapping, "Event_Type", "  Home   HELP "), "Service");
  EXPECT_EQ(ValueOf(mapping, "Event_Type", "Home helper"), "Home helper");
  EXPECT_EQ(ValueOf(mapping, "Client_Type", "home help"), "home help");
}

TEST(Mapping, NamesSystemsAndUnitsAndKeepsAUnitsOwnText) {
  Mapping mapping;
  mapping.code_systems["local-snomed"] = "http://snomed.info/sct";
  mapping.units["mls"] = "mL";
  record::Contribution contribution;
  record::Draft& draft = contribution.drafts.emplace_back();
  draft.entry.what.codings = {{"LOCAL-SNOMED", "1", ""}, {"other", "2", ""}};
  draft.entry.value = record::Value{.original = "5 mls", .number = "5", .unit = "mls"};
  ApplyMapping(mapping, contribution);
  const record::Entry& entry = contribution.drafts[0].entry;
  EXPECT_EQ(entry.what.codings[0].system, "http://snomed.info/sct");
  EXPECT_EQ(entry.what.codings[1].system, "other");
  EXPECT_EQ(entry.value->unit, "mls");
  EXPECT_EQ(entry.value->unit_code, "mL");
  EXPECT_EQ(entry.value->original, "5 mls");
}

TEST(Mapping, AUnitCodeThatTheSenderGaveStays) {
  Mapping mapping;
  mapping.units["U"] = "[iU]";
  record::Contribution contribution;
  record::Draft& draft = contribution.drafts.emplace_back();
  draft.entry.value = record::Value{.original = "5 U", .unit = "U", .unit_code = "kU"};
  ApplyMapping(mapping, contribution);
  EXPECT_EQ(contribution.drafts[0].entry.value->unit_code, "kU");
}

}  // namespace
}  // namespace milecastle::port
