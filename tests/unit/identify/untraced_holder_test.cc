// Who was first to send an NHS number does not hold it against whoever had it traced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/identify/index.h"

namespace milecastle::identify {
namespace {

using record::Tracing;

const record::OdsCode kCharity = *record::OdsCode::Parse("LOCALFRIENDS");

class UntracedHolder : public Index {
 protected:
  static kit::Who Slip(Tracing tracing = Tracing::kNotTraced) {
    return {.nhs_number = kOne, .local = "m1", .birth_date = "1970-01-20", .tracing = tracing};
  }
  static kit::Who Traced() { return {.nhs_number = kOne, .local = "1"}; }
  std::optional<store::Person> HolderOfOne() {
    return *(*store_->Read())->patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne));
  }
};

TEST_F(UntracedHolder, MakesRoomForAVerifiedClaimAndIsSetBesideUnshared) {
  const Settled charity = MustSettle(Sight(Slip(), kCharity));
  const Settled hospital = MustSettle(Sight(Traced()));
  EXPECT_NE(hospital.person, charity.person);
  ASSERT_TRUE(HolderOfOne());
  EXPECT_EQ(HolderOfOne()->id, hospital.person);
  EXPECT_EQ(PersonBy(charity.person).state, store::PersonState::kUnidentified);
  EXPECT_EQ(IdentityBy(charity.identity).person, charity.person);
  EXPECT_FALSE(IdentityBy(charity.identity).shareable);
  EXPECT_EQ(MustWait(Sight(Slip(), kCharity)).reason, WaitReason::kDemographicsDisagree);
}

TEST_F(UntracedHolder, MakesRoomForWhomTheirSourceKnewWithoutANumber) {
  MustSettle(Sight(Slip(), kCharity));
  kit::Who before = Traced();
  before.nhs_number = "";
  const Settled known = MustSettle(Sight(before));
  EXPECT_EQ(MustSettle(Sight(Traced())).identity, known.identity);
  EXPECT_EQ(HolderOfOne()->id, known.person);
}

TEST_F(UntracedHolder, ComesBackWithAllThatItSaidOnceItIsPutRight) {
  const Settled charity = MustSettle(Sight(Slip(), kCharity));
  const Settled hospital = MustSettle(Sight(Traced()));
  kit::Who right = Slip();
  right.birth_date = Traced().birth_date;
  const Settled back = MustSettle(Sight(right, kCharity));
  EXPECT_EQ(back.identity, charity.identity);
  EXPECT_EQ(back.person, hospital.person);
  EXPECT_FALSE(IdentityBy(back.identity).shareable);
}

TEST_F(UntracedHolder, MakesRoomForNobodyWhoWasNotTracedEither) {
  const Settled charity = MustSettle(Sight(Slip(), kCharity));
  for (const Tracing tracing : {Tracing::kNotTraced, Tracing::kUnstated, Tracing::kInProgress}) {
    kit::Who untraced = Traced();
    untraced.local = "x" + std::to_string(static_cast<int>(tracing));
    untraced.tracing = tracing;
    EXPECT_EQ(MustWait(Sight(untraced)).reason, WaitReason::kDemographicsDisagree);
  }
  EXPECT_EQ(HolderOfOne()->id, charity.person);
}

TEST_F(UntracedHolder, AVerifiedOneMakesRoomForNobody) {
  const Settled charity = MustSettle(Sight(Slip(Tracing::kVerified), kCharity));
  EXPECT_EQ(MustWait(Sight(Traced())).reason, WaitReason::kDemographicsDisagree);
  EXPECT_EQ(HolderOfOne()->id, charity.person);
}

TEST_F(UntracedHolder, WhomAnOfficerLinkedIsNotSetBeside) {
  const Settled charity = MustSettle(Sight(Slip(), kCharity));
  const Settled other = MustSettle(Sight({.nhs_number = "", .local = "9"}, kPractice));
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    const auto left = MoveIdentity(
        transaction, {other.identity, charity.person, "officer_link", "officer", clock_.Now()});
    return left ? base::Result<void>() : base::Result<void>(left.error());
  }));
  kit::Who traced = Traced();
  traced.birth_date = "1970-09-09";
  MustWait(Sight(traced));
  EXPECT_EQ(HolderOfOne()->id, charity.person);
}

}  // namespace
}  // namespace milecastle::identify
