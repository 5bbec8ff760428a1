// Statements that something beside their own code turns: they are never plain facts (safety.md 10).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sample.h"

namespace milecastle::cda {
namespace {

using record::Kind;
using record::Section;
using record::Verification;

constexpr std::string_view kProblems = "11450-4";
constexpr std::string_view kAllergies = "48765-2";
constexpr std::string_view kMedications = "10160-0";

std::string Qualifier(std::string_view name, std::string_view value, std::string_view more = "") {
  return R"(<qualifier><name code=")" + std::string(name) + R"(" )" + std::string(more) +
         R"(/><value code=")" + std::string(value) + R"(" displayName="Words"/></qualifier>)";
}

std::string Value(std::string_view inside, std::string_view code = "99990001") {
  return R"(<value xsi:type="CD" code=")" + std::string(code) +
         R"(" codeSystem="2.16.840.1.113883.6.96" displayName="Imagined disease">)" +
         std::string(inside) + "</value>";
}

record::Contribution Listed(std::string_view section, std::string_view inside,
                            std::string_view attributes = "") {
  return Read(
      {.body = InSection(
           section, R"(<entry><act classCode="ACT" moodCode="EVN"><code code="CONC"/>)"
                    R"(<statusCode code="active"/><entryRelationship typeCode="SUBJ">)"
                    R"(<observation moodCode="EVN" )" +
                        std::string(attributes) + R"(><code code="55607006"/>)" +
                        std::string(inside) + "</observation></entryRelationship></act></entry>")});
}

std::vector<record::Entry> Problems(std::string_view inside, std::string_view attributes = "") {
  return Coded(Listed(kProblems, inside, attributes));
}

std::string Nested(std::string_view code, std::string_view value,
                   std::string_view attributes = R"(moodCode="EVN")") {
  return R"(<entryRelationship typeCode="REFR"><observation )" + std::string(attributes) +
         R"(><code code=")" + std::string(code) + R"("/><statusCode code="completed"/>)" +
         R"(<value xsi:type="CD" code=")" + std::string(value) + R"(" displayName="Words"/>)" +
         "</observation></entryRelationship>";
}

TEST(CdaContexts, WhatIsKnownToBeAbsentIsNoProblem) {
  for (const std::string& inside :
       {Value(Qualifier("408729009", "410516002")), Value("") + Nested("408729009", "410516002")}) {
    const auto coded = Problems(inside);
    ASSERT_EQ(coded.size(), 1U) << inside;
    EXPECT_TRUE(coded[0].negated) << inside;
    EXPECT_EQ(coded[0].kind, Kind::kStatement) << inside;
    EXPECT_EQ(coded[0].status, record::ClinicalStatus::kUnstated) << inside;
  }
}

TEST(CdaContexts, WhatIsSuspectedIsNotCertain) {
  for (const std::string& inside :
       {Value(Qualifier("408729009", "415684004")), Value(Qualifier("246103008", "2931005")),
        Value("") + Nested("408729009", "415684004")}) {
    const auto coded = Problems(inside);
    ASSERT_EQ(coded.size(), 1U) << inside;
    EXPECT_EQ(coded[0].verification, Verification::kSuspected) << inside;
  }
}

TEST(CdaContexts, WhatAMotherHasIsNotThePatients) {
  const auto coded = Problems(Value(Qualifier("408732007", "72705000")));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].subject, record::Subject::kFamily);
  EXPECT_EQ(coded[0].section, Section::kFamilyHistory);
  EXPECT_EQ(coded[0].kind, Kind::kStatement);
}

TEST(CdaContexts, AContextThatChangesNothingLeavesAProblem) {
  for (const char* value : {"410515003", "410605003"}) {
    const auto coded = Problems(Value(Qualifier("408729009", value)));
    ASSERT_EQ(coded.size(), 1U) << value;
    EXPECT_EQ(coded[0].kind, Kind::kProblem) << value;
    EXPECT_FALSE(coded[0].negated) << value;
  }
}

// Of a donor, probably not present, a qualifier of no known name, an expression, a denial denied.
TEST(CdaContexts, WhatIsQualifiedInAnyOtherWayStaysNarrativeAlone) {
  for (const std::string& inside :
       {Value(Qualifier("408732007", "105455006")), Value(Qualifier("408729009", "410593006")),
        Value(Qualifier("272741003", "7771000")), Value("", "73211009:408729009=410516002"),
        Value(Qualifier("408729009", "410515003", R"(inverted="true")")),
        Value(R"(<translation code="1">)" + Qualifier("1", "2") + "</translation>"),
        Value("") + Nested("1", "2"),
        Value("") + Nested("408729009", "410516002", R"(moodCode="EVN" negationInd="true")")}) {
    const auto read = Listed(kProblems, inside);
    EXPECT_TRUE(Coded(read).empty()) << inside;
    EXPECT_EQ(NarrativeOf(read), "Words.") << inside;
    EXPECT_FALSE(read.not_carried.empty()) << inside;
  }
  EXPECT_TRUE(
      Problems(Value(Qualifier("408729009", "410516002")), R"(negationInd="true")").empty());
}

TEST(CdaContexts, AMedicineOrAnAllergenThatIsQualifiedIsNotCarriedAsPlain) {
  EXPECT_TRUE(
      Coded(
          Read({.body = InSection(
                    kMedications,
                    R"(<entry><substanceAdministration moodCode="EVN"><statusCode code="active"/>)"
                    R"(<consumable><manufacturedProduct><manufacturedMaterial><code code="1")"
                    R"( displayName="Imagined medicine">)" +
                        Qualifier("1", "2") +
                        "</code></manufacturedMaterial></manufacturedProduct></consumable>"
                        "</substanceAdministration></entry>")}))
          .empty());
}

std::string Allergy(std::string_view code, std::string_view words) {
  return R"(<value xsi:type="CD" code=")" + std::string(code) +
         R"(" codeSystem="2.16.840.1.113883.6.96" displayName=")" + std::string(words) + R"("/>)";
}

// One list for all formats: gateway/record/none_known.h.
TEST(CdaAllergies, WhatDeniesAllergiesIsNeverAnAllergy) {
  const auto all = Listed(kAllergies, Allergy("716186003", "No known allergy"));
  EXPECT_TRUE(Coded(all).empty());
  ASSERT_EQ(all.statements.size(), 1U);
  EXPECT_EQ(all.statements[0].saying, record::SectionSaying::kNoneKnown);
  for (const char* code : {"409137002", "429625007", "428607008"}) {
    const auto one = Listed(kAllergies, Allergy(code, "No known drug allergies"));
    EXPECT_TRUE(one.statements.empty()) << "it denies one kind alone";
    ASSERT_EQ(Coded(one).size(), 1U) << code;
    EXPECT_TRUE(Coded(one)[0].negated) << code;
    EXPECT_EQ(Coded(one)[0].kind, Kind::kStatement) << code;
  }
}

// The same as in HL7 v2 (tests/unit/acute/allergies_test.cc).
TEST(CdaAllergies, ADenialThatGoesOnOrIsContradictedIsAnAllergyAsTold) {
  const std::string reaction =
      R"(<entryRelationship typeCode="MFST" inversionInd="true"><observation moodCode="EVN">)"
      R"(<value xsi:type="CD" code="39579001" codeSystem="2.16.840.1.113883.6.96")"
      R"( displayName="Anaphylaxis"/></observation></entryRelationship>)";
  for (const std::string& inside :
       {Allergy("716186003", "Latex"), Allergy("99990101", "NKDA. Latex allergy"),
        Allergy("99990101", "No known allergies except penicillin"),
        Allergy("716186003", "No known allergy") + reaction}) {
    const auto read = Listed(kAllergies, inside);
    EXPECT_TRUE(read.statements.empty()) << inside;
    ASSERT_EQ(Coded(read).size(), 1U) << inside;
    EXPECT_FALSE(Coded(read)[0].negated) << inside;
    EXPECT_EQ(Coded(read)[0].kind, Kind::kAllergy) << inside;
  }
  const auto denied =
      Listed(kAllergies, Allergy("419199007", "Allergy") + reaction, R"(negationInd="true")");
  EXPECT_TRUE(denied.statements.empty()) << "a reaction speaks against it";
}

TEST(CdaAllergies, ADenialThatIsDeniedStaysNarrativeAlone) {
  const auto read =
      Listed(kAllergies, Allergy("716186003", "No known allergy"), R"(negationInd="true")");
  EXPECT_TRUE(Coded(read).empty());
  EXPECT_TRUE(read.statements.empty());
  EXPECT_FALSE(read.not_carried.empty());
}

}  // namespace
}  // namespace milecastle::cda
