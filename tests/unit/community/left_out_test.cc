// What is left out of a section is said of it, and never that there is nothing (safety.md 7, 8).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

using record::Section;
using record::SectionSaying;

constexpr std::string_view kPatient =
    R"({"resource":{"resourceType":"Patient","id":"p","identifier":[
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})";
constexpr const char* kRule =
    R"("modifierExtension":[{"url":"https://x.example/rule","valueBoolean":true}])";

std::string Resource(std::string_view type, std::string_view members, std::string_view id = "x") {
  return R"(,{"resource":{"resourceType":")" + std::string(type) + R"(","id":")" + std::string(id) +
         R"(","subject":{"reference":"Patient/p"},"patient":{"reference":"Patient/p"},)" +
         std::string(members) + "}}";
}

record::Contribution Carried(std::string_view entries, std::string_view type = "collection") {
  const std::string bundle = R"({"resourceType":"Bundle","type":")" + std::string(type) +
                             R"(","entry":[)" + std::string(kPatient) + std::string(entries) + "]}";
  auto reading = MakeAdapter()->Read(bundle, port::Feed{});
  EXPECT_TRUE(reading.patients.front().has_value());
  return reading.patients.front() ? std::move(*reading.patients.front()) : record::Contribution{};
}

using Said = std::vector<std::pair<Section, SectionSaying>>;
Said SaidBy(const record::Contribution& carried) {
  Said said;
  for (const auto& statement : carried.statements) {
    said.emplace_back(statement.section, statement.saying);
  }
  return said;
}

TEST(CommunityLeftOut, ASectionSaysThatAResourceOfItCouldNotBeRead) {
  for (const auto& [type, section] : {std::pair{"AllergyIntolerance", Section::kAllergies},
                                      {"Flag", Section::kAlerts},
                                      {"Condition", Section::kProblems},
                                      {"MedicationStatement", Section::kMedications},
                                      {"MedicationRequest", Section::kMedications}}) {
    const auto carried = Carried(Resource(type, kRule));
    ASSERT_EQ(SaidBy(carried), (Said{{section, SectionSaying::kUnavailable}})) << type;
    EXPECT_FALSE(carried.statements[0].text.empty());
    EXPECT_TRUE(SaidBy(Carried(Resource(type, R"("code":{"text":"c"})"))).empty()) << type;
  }
}

TEST(CommunityLeftOut, WhateverTheReason) {
  for (const std::string& members :
       {std::string(kRule), std::string(R"("implicitRules":"https://x.example/rules")"),
        R"("code":{"text":"Penicillin",)" + std::string(kRule) + "}",
        std::string(R"("verificationStatus":{"coding":[{"code":"disproved-perhaps"}]})"),
        std::string(R"("notGiven":true)")}) {
    EXPECT_EQ(SaidBy(Carried(Resource("AllergyIntolerance", members))),
              (Said{{Section::kAllergies, SectionSaying::kUnavailable}}))
        << members;
  }
  const std::string nobodys =
      R"(,{"resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/q"}}})";
  EXPECT_EQ(SaidBy(Carried(nobodys)), (Said{{Section::kAllergies, SectionSaying::kUnavailable}}))
      << "it may be a slip for the only patient";
  const std::string contained = R"(,{"resource":{"resourceType":"ServiceRequest","id":"s",
      "subject":{"reference":"Patient/p"},"contained":[{"resourceType":"Condition","id":"c",
      "subject":{"reference":"Patient/p"},)" +
                                std::string(kRule) + "}]}}";
  EXPECT_EQ(SaidBy(Carried(contained)), (Said{{Section::kProblems, SectionSaying::kUnavailable}}));
}

TEST(CommunityLeftOut, TakesThePlaceOfNoneKnownAndOfNothingRecorded) {
  const std::string left_out = Resource("AllergyIntolerance", kRule);
  const std::string none =
      Resource("AllergyIntolerance", R"("code":{"coding":[{"code":"716186003"}]})", "none");
  const auto list = [](std::string_view reason) {
    return Resource("List",
                    R"("status":"current","mode":"snapshot","code":{"coding":[)"
                    R"({"code":"886921000000105"}]},"emptyReason":{"coding":[{"code":")" +
                        std::string(reason) + R"("}]})",
                    "l");
  };
  for (const std::string& other : {none, list("nilknown"), list("no-content-recorded")}) {
    EXPECT_EQ(SaidBy(Carried(left_out + other)),
              (Said{{Section::kAllergies, SectionSaying::kUnavailable}}))
        << other;
    EXPECT_TRUE(Carried(left_out + other).snapshot_of.empty())
        << "what was there before may be what could not be read";
  }
  EXPECT_EQ(SaidBy(Carried(Resource("List", std::string(kRule) +
                                                R"(,"status":"current","code":{)"
                                                R"("coding":[{"code":"886921000000105"}]})"))),
            (Said{{Section::kAllergies, SectionSaying::kUnavailable}}));
}

TEST(CommunityLeftOut, IsNotSaidOfWhatIsToldOrIsSomebodyElses) {
  const std::string told = Resource("AllergyIntolerance", R"("code":{"text":"Penicillin"})");
  EXPECT_TRUE(Carried(told + told).statements.empty()) << "the second is the same";
  const std::string erroneous =
      R"(,{"resource":{"resourceType":"Composition","id":"c","status":"entered-in-error",
          "subject":{"reference":"Patient/p"},"section":[{"title":"Allergies"}]}})" +
      Resource("AllergyIntolerance", kRule);
  EXPECT_TRUE(Carried(erroneous, "document").statements.empty());
  EXPECT_TRUE(Carried(Resource("Observation", kRule)).statements.empty());
}

// The same as in HL7 v2 (tests/unit/acute/allergies_test.cc).
record::Entry AllergyOf(std::string_view members, Said said) {
  const auto carried = Carried(Resource("AllergyIntolerance", members));
  EXPECT_EQ(SaidBy(carried), said) << members;
  for (const auto& draft : carried.drafts) {
    if (draft.source_key.starts_with("AllergyIntolerance")) return draft.entry;
  }
  ADD_FAILURE() << members;
  return {};
}

TEST(CommunityAllergies, ADenialThatGoesOnOrIsContradictedIsAnAllergyAsTold) {
  for (const char* members :
       {R"("code":{"text":"No known allergies apart from latex"})",
        R"("code":{"text":"NKDA. Latex allergy"})",
        R"("code":{"text":"NKDA"},"reaction":[{"severity":"severe"}])",
        R"("code":{"text":"NKA"},"reaction":[{"description":"anaphylaxis to penicillin"}])",
        R"("code":{"coding":[{"code":"716186003"}],"text":"Penicillin - anaphylaxis"})",
        R"("code":{"coding":[{"code":"716186003","display":"Latex"}]})",
        R"("code":{"coding":[{"code":"716186003"}]},"reaction":[{"manifestation":[
             {"text":"Anaphylaxis"}]}])",
        R"("code":{"coding":[{"code":"716186003"}]},"criticality":"high")"}) {
    const record::Entry entry = AllergyOf(members, {});
    EXPECT_FALSE(entry.negated) << members;
    EXPECT_EQ(entry.kind, record::Kind::kAllergy) << members;
  }
}

TEST(CommunityAllergies, ADenialOfOneCategoryIsSaidOfThatCategoryAlone) {
  const record::Entry entry =
      AllergyOf(R"("category":["food"],"code":{"coding":[{"code":"716186003"}]})", {});
  EXPECT_TRUE(entry.negated);
  EXPECT_EQ(entry.what.text, "Food allergy: none known");
  const Said none = {{Section::kAllergies, SectionSaying::kNoneKnown}};
  EXPECT_TRUE(AllergyOf(R"("category":["food","medication","environment"],"type":"allergy",
                           "code":{"coding":[{"code":"716186003"}]})",
                        none)
                  .negated);
  EXPECT_TRUE(AllergyOf(R"("note":[{"text":"but see penicillin"}],
                           "code":{"coding":[{"code":"716186003"}]})",
                        {})
                  .negated)
      << "a note may say anything: nothing is said of them all";
}

}  // namespace
}  // namespace milecastle::community
