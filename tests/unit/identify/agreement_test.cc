#include "identify/agreement.h"

#include <gtest/gtest.h>

#include "identify/claim.h"
#include "kit/claims.h"

namespace milecastle::identify {
namespace {

store::Demographics Of(const kit::Who& who) { return Apply(kit::ClaimOf(who), {}); }

constexpr const char* kNumber = "9990000018";

TEST(Agreement, EqualBirthDateAndFamilyNameAgreeWhateverTheSpelling) {
  EXPECT_EQ(Compare(Of({.nhs_number = kNumber, .family = "O'Brién-Smith"}),
                    Of({.nhs_number = kNumber, .family = "OBRIEN SMITH"})),
            Agreement::kAgree);
}

TEST(Agreement, AnotherGivenNameIsATwinOfWhicheverSex) {
  EXPECT_EQ(Compare(Of({.given = "Ann"}), Of({.given = "Beth"})), Agreement::kDisagree);
  EXPECT_EQ(Compare(Of({.given = "Ann Rose"}), Of({.given = "Beth Jo", .sex = ""})),
            Agreement::kDisagree);
}

TEST(Agreement, AGivenNameThatIsShortOrASecondOneOrSpeltOtherwiseAgrees) {
  for (const char* other : {"A", "ANNA", "Hannah Anna", "Anna-Maria", "Ana", "Anna Rose", "",
                            "Baby", "Baby Girl", "Twin 1", "Unknown"}) {
    EXPECT_EQ(Compare(Of({.given = "Anna"}), Of({.given = other})), Agreement::kAgree) << other;
  }
  EXPECT_EQ(Compare(Of({.given = "Margaret"}), Of({.given = "Peggy"})), Agreement::kAgree);
}

TEST(Agreement, ANameThatSomebodyIsKnownByAgrees) {
  store::Demographics held = Of({.given = "Mohammed"});
  held.names.push_back(
      {.family = "Example", .given = "Zak", .prefix = {}, .suffix = {}, .use = "N"});
  EXPECT_EQ(Compare(held, Of({.given = "Zak"})), Agreement::kAgree);
}

TEST(Agreement, ADifferentBirthDateNeverAgrees) {
  EXPECT_EQ(Compare(Of({.birth_date = "1970-01-02"}), Of({.birth_date = "1970-02-01"})),
            Agreement::kDisagree);
}

TEST(Agreement, AMarriedNameAgreesByBirthDateAndGivenName) {
  EXPECT_EQ(Compare(Of({.family = "Before", .given = "Anna Maria"}),
                    Of({.family = "After", .given = "ANNA"})),
            Agreement::kAgree);
  EXPECT_EQ(Compare(Of({.family = "Before", .given = "A"}), Of({.family = "After"})),
            Agreement::kAgree)
      << "an initial";
  EXPECT_EQ(
      Compare(Of({.family = "Before", .given = "Anna"}), Of({.family = "After", .given = "Berta"})),
      Agreement::kDisagree);
}

TEST(Agreement, AMaidenNameAgrees) {
  store::Demographics held = Of({.family = "Married", .given = "Anna"});
  held.names.push_back(
      {.family = "Maiden", .given = "Anna", .prefix = {}, .suffix = {}, .use = "M"});
  EXPECT_EQ(Compare(held, Of({.family = "Maiden", .given = "Anna"})), Agreement::kAgree);
}

TEST(Agreement, TwinsOfDifferentSexAreNotOnePerson) {
  EXPECT_EQ(Compare(Of({.given = "Anna", .sex = "F"}), Of({.given = "Bert", .sex = "male"})),
            Agreement::kDisagree);
}

TEST(Agreement, WhatIsNotSaidIsTooLittleNotADisagreement) {
  EXPECT_EQ(Compare(Of({.birth_date = ""}), Of({})), Agreement::kTooLittle);
  EXPECT_EQ(Compare(Of({.family = ""}), Of({})), Agreement::kTooLittle);
}

store::Identity Held(const kit::Who& who) {
  store::Identity identity{{}, {}, *record::OdsCode::Parse("RXX")};
  Absorb(kit::ClaimOf(who), UsableNumber(kit::ClaimOf(who)), false, identity);
  return identity;
}

TEST(Claim, NullDeletesAndEmptyLeavesAlone) {
  store::Identity identity = Held({.nhs_number = kNumber, .local = "1"});
  record::PatientClaim claim;
  claim.sex = record::Update<std::string>::Delete();
  Absorb(claim, std::nullopt, false, identity);
  EXPECT_EQ(identity.demographics.sex, "");
  EXPECT_EQ(identity.demographics.names.front().family, "Example");
}

TEST(Claim, NothingRemovesAnNhsNumberOrALocalIdentifier) {
  store::Identity identity = Held({.nhs_number = kNumber, .local = "1"});
  record::PatientClaim claim;
  claim.nhs_number_as_sent = "\"\"";
  Absorb(claim, UsableNumber(claim), false, identity);
  EXPECT_EQ(identity.nhs_number, record::NhsNumber::Parse(kNumber));
  EXPECT_EQ(identity.local_identifiers.size(), 1U);
}

TEST(Claim, ATracingStateNeverLowersAVerifiedNumber) {
  using record::Tracing;
  for (const Tracing later : {Tracing::kUnstated, Tracing::kNotTraced, Tracing::kTraceRequired,
                              Tracing::kNotRequired, Tracing::kPostponed}) {
    store::Identity identity = Held({.nhs_number = kNumber, .tracing = Tracing::kVerified});
    const auto claim = kit::ClaimOf({.nhs_number = kNumber, .tracing = later});
    Absorb(claim, UsableNumber(claim), false, identity);
    EXPECT_EQ(identity.tracing, Tracing::kVerified);
    EXPECT_TRUE(identity.shareable);
  }
}

TEST(Claim, OnlyAVerifiedNumberIsSharedUnlessTheFeedIsTrustedWhereItSaysNothing) {
  using record::Tracing;
  const auto shareable = [](Tracing tracing, bool share_untraced) {
    store::Identity identity{{}, {}, *record::OdsCode::Parse("RXX")};
    const auto claim = kit::ClaimOf({.nhs_number = kNumber, .tracing = tracing});
    Absorb(claim, UsableNumber(claim), share_untraced, identity);
    return identity.shareable;
  };
  EXPECT_TRUE(shareable(Tracing::kVerified, false));
  EXPECT_FALSE(shareable(Tracing::kUnstated, false)) << "the default: store, do not share";
  EXPECT_TRUE(shareable(Tracing::kUnstated, true));
  EXPECT_FALSE(shareable(Tracing::kNotTraced, true));
  EXPECT_FALSE(shareable(Tracing::kInProgress, true));
}

TEST(Claim, ANumberThatFailedItsTraceIsNotMatchedOn) {
  EXPECT_FALSE(
      UsableNumber(kit::ClaimOf({.nhs_number = kNumber, .tracing = record::Tracing::kNoMatch})));
  EXPECT_EQ(
      NumberStateOf(kit::ClaimOf({.nhs_number = kNumber, .tracing = record::Tracing::kConflict})),
      "trace_failed");
  EXPECT_EQ(NumberStateOf(kit::ClaimOf({.nhs_number = "9990000019"})), "wrong_check_digit");
  EXPECT_EQ(NumberStateOf(kit::ClaimOf({.nhs_number = "9999999999"})), "placeholder");
  EXPECT_EQ(NumberStateOf(kit::ClaimOf({.nhs_number = "ABC"})), "wrong_form");
  EXPECT_EQ(NumberStateOf(kit::ClaimOf({.nhs_number = ""})), "absent");
  EXPECT_EQ(NumberStateOf(kit::ClaimOf({.nhs_number = "999 000 0018"})), "valid");
}

}  // namespace
}  // namespace milecastle::identify
