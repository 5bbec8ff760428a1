// What a source says of whom it has named before: a correction, or another person typed over them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/identify/index.h"

namespace milecastle::identify {
namespace {

using testing::Contains;

constexpr const char* kBorn = "1950-01-01";

class Overwritten : public Index {
 protected:
  Settled SeeAnn(const std::string& number = kOne) {
    return MustSettle(Sight({.nhs_number = number,
                             .local = "1",
                             .birth_date = kBorn,
                             .family = "Test",
                             .given = "Ann"}));
  }
};

TEST_F(Overwritten, AnotherPersonTypedOverAKnownOneWaitsAndChangesNothing) {
  for (const char* number : {kOne, ""}) {
    const Settled ann = SeeAnn();
    const Waits waits = MustWait(Sight({.nhs_number = number,
                                        .local = "1",
                                        .birth_date = "1970-01-01",
                                        .family = "Other",
                                        .given = "Zed",
                                        .sex = "M"}));
    EXPECT_EQ(waits.reason, WaitReason::kDemographicsDisagree);
    EXPECT_FALSE(waits.identity) << "hers moves nowhere with it";
    EXPECT_THAT(waits.candidates, Contains(ann.person)) << "it may be a correction";
    EXPECT_EQ(IdentityBy(ann.identity).demographics.birth_date, record::BirthDate::Parse(kBorn));
    EXPECT_EQ(SeeAnn().identity, ann.identity) << "the next message of hers is unaffected";
  }
}

TEST_F(Overwritten, AnOfficerSaysWhetherItIsACorrectionOrSomebodyElse) {
  const Settled ann = SeeAnn();
  const Settled zed = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}, kPractice));
  const record::Contribution over = kit::About({.nhs_number = kOne, .local = "1"});
  MustWait(Sight(over));
  const auto settle_in = [&](const record::PersonId& person) {
    Verdict verdict;
    EXPECT_TRUE(
        store::WriteAndWait(*store_, [&](store::Transaction& transaction) -> base::Result<void> {
          auto said = IdentifyAs(transaction,
                                 {over.patient, over.merge, kHospital, "feed", false, clock_.Now()},
                                 {}, person);
          if (!said) return said.error();
          verdict = std::move(*said);
          return {};
        }));
    return MustSettle(verdict);
  };
  EXPECT_NE(settle_in(zed.person).identity, ann.identity);
  EXPECT_EQ(IdentityBy(ann.identity).person, ann.person);
  EXPECT_EQ(IdentityBy(ann.identity).demographics.birth_date, record::BirthDate::Parse(kBorn));
  EXPECT_EQ(settle_in(ann.person).identity, ann.identity);
  EXPECT_NE(IdentityBy(ann.identity).demographics.birth_date, record::BirthDate::Parse(kBorn));
}

TEST_F(Overwritten, ABirthDateWithEitherNameOrBothNamesWait) {
  SeeAnn();
  EXPECT_EQ(MustWait(Sight({.nhs_number = kOne,
                            .local = "1",
                            .birth_date = "1970-01-01",
                            .family = "Test",
                            .given = "Zed"}))
                .reason,
            WaitReason::kDemographicsDisagree);
  MustWait(Sight({.nhs_number = kOne,
                  .local = "1",
                  .birth_date = "1970-01-01",
                  .family = "Other",
                  .given = "Ann"}));
  MustWait(Sight(
      {.nhs_number = kOne, .local = "1", .birth_date = kBorn, .family = "Other", .given = "Zed"}));
}

TEST_F(Overwritten, ABirthDateOrOneNameAloneIsACorrection) {
  SeeAnn();
  const kit::Who married{
      .nhs_number = kOne, .local = "1", .birth_date = kBorn, .family = "Wed", .given = "Ann"};
  EXPECT_FALSE(MustSettle(Sight(married)).created_person);
  kit::Who mended = married;
  mended.birth_date = "1950-10-01";
  MustSettle(Sight(mended));
  mended.given = "Annette";
  MustSettle(Sight(mended));
  mended.given = "Rose";
  MustSettle(Sight(mended));
  const Settled last = MustSettle(Sight(
      {.nhs_number = kOne, .local = "1", .birth_date = "", .family = "Wed", .given = "Rose"}));
  EXPECT_EQ(IdentityBy(last.identity).demographics.birth_date,
            record::BirthDate::Parse("1950-10-01"));
}

TEST_F(Overwritten, ASpellingMendedWithTheBirthDateIsACorrection) {
  SeeAnn();
  MustSettle(Sight({.nhs_number = kOne,
                    .local = "1",
                    .birth_date = "1950-10-01",
                    .family = "Testt",
                    .given = "Anne"}));
}

TEST_F(Overwritten, WhatAnotherSourceSaysOfThePersonIsACorrection) {
  const Settled ann = SeeAnn();
  kit::Who there{
      .nhs_number = kOne, .local = "7", .birth_date = kBorn, .family = "Wed", .given = "Ann"};
  MustSettle(Sight(there, kPractice));
  there.birth_date = "1950-10-01";
  MustSettle(Sight(there, kPractice));
  kit::Who here = there;
  here.local = "1";
  EXPECT_EQ(MustSettle(Sight(here)).person, ann.person);
}

TEST_F(Overwritten, WhoHadNoNameOfTheirOwnIsGivenOne) {
  const kit::Who baby{
      .nhs_number = kOne, .local = "1", .birth_date = kBorn, .family = "Mother", .given = "Baby"};
  MustSettle(Sight(baby));
  kit::Who named = baby;
  named.family = "Father";
  named.given = "Rose";
  MustSettle(Sight(named));
  record::Contribution unknown = kit::About(
      {.nhs_number = "", .local = "2", .birth_date = "1900-01-01", .family = "X", .given = "Y"});
  unknown.patient.pseudo_person = true;
  MustSettle(Sight(unknown));
  MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
}

TEST_F(Overwritten, ATwinUnderHerSistersNumberWaits) {
  const Settled ann = SeeAnn();
  const kit::Who beth{
      .nhs_number = kOne, .local = "93", .birth_date = kBorn, .family = "Test", .given = "Beth"};
  const Waits waits = MustWait(Sight(beth));
  EXPECT_EQ(waits.reason, WaitReason::kDemographicsDisagree);
  EXPECT_THAT(waits.candidates, Contains(ann.person));
  kit::Who later = beth;
  later.nhs_number = "";
  later.local = "94";
  MustSettle(Sight(later));
  later.nhs_number = kOne;
  EXPECT_EQ(MustWait(Sight(later)).reason, WaitReason::kDemographicsDisagree)
      << "the number is new to whom the source knew without one";
}

}  // namespace
}  // namespace milecastle::identify
