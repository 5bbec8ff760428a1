#include "identify/identify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/identify/index.h"

namespace milecastle::identify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(Index, TheFirstSightingOfAValidNumberMakesAPerson) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  EXPECT_TRUE(first.created_person);
  EXPECT_EQ(PersonBy(first.person).nhs_number, record::NhsNumber::Parse(kOne));
  EXPECT_EQ(PersonBy(first.person).state, store::PersonState::kActive);
  EXPECT_THAT(ReasonsOf(first.person), ElementsAre("first_sighting"));
}

TEST_F(Index, AnotherSourceJoinsThePersonByNumberWithAgreeingDemographics) {
  const Settled hospital = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled practice = MustSettle(Sight({.nhs_number = kOne}, kPractice));
  EXPECT_EQ(practice.person, hospital.person);
  EXPECT_NE(practice.identity, hospital.identity);
}

TEST_F(Index, ASourceWithoutLocalIdentifiersKeepsOneIdentity) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne}, kPractice));
  EXPECT_EQ(MustSettle(Sight({.nhs_number = kOne}, kPractice)).identity, first.identity);
}

TEST_F(Index, DisagreeingDemographicsWaitWithTheNumbersPersonAsCandidate) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Waits waits = MustWait(
      Sight({.nhs_number = kOne, .local = "2", .birth_date = "1999-09-09", .family = "Stranger"}));
  EXPECT_EQ(waits.reason, WaitReason::kDemographicsDisagree);
  EXPECT_THAT(waits.candidates, ElementsAre(first.person));
  EXPECT_EQ(PersonBy(IdentityBy(*waits.identity).person).state, store::PersonState::kUnidentified);
}

TEST_F(Index, ASparseMessageWaitsRatherThanJoinsByNumberAlone) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  EXPECT_EQ(MustWait(Sight({.nhs_number = kOne, .local = "2", .birth_date = ""})).reason,
            WaitReason::kDemographicsMissing);
}

TEST_F(Index, LaterMessagesOfAnUnsettledIdentityWaitBehindTheFirst) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Waits first =
      MustWait(Sight({.nhs_number = kOne, .local = "2", .birth_date = "1999-09-09"}));
  const Waits second = MustWait(Sight({.nhs_number = kOne, .local = "2"}));
  EXPECT_EQ(second.reason, WaitReason::kBehindAnother);
  EXPECT_EQ(second.identity, first.identity);
}

TEST_F(Index, AKnownLocalIdentifierFindsItsIdentityWithoutANumber) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled again = MustSettle(Sight({.nhs_number = "", .local = "1", .family = "Renamed"}));
  EXPECT_EQ(again.identity, first.identity);
  EXPECT_EQ(IdentityBy(first.identity).nhs_number, record::NhsNumber::Parse(kOne));
}

TEST_F(Index, AKnownLocalIdentifierWithAnotherNumberMovesNothing) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled other = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  const Waits waits = MustWait(Sight({.nhs_number = kTwo, .local = "1"}));
  EXPECT_EQ(waits.reason, WaitReason::kNumberDiffers);
  EXPECT_EQ(waits.identity, first.identity);
  EXPECT_THAT(waits.candidates, ElementsAre(other.person, first.person));
  EXPECT_EQ(IdentityBy(first.identity).person, first.person);
  EXPECT_EQ(IdentityBy(first.identity).nhs_number, record::NhsNumber::Parse(kOne));
  const Settled next = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  EXPECT_EQ(next.identity, first.identity) << "the next message is unaffected";
}

TEST_F(Index, WithoutANumberAnUnknownPatientIsAPersonThatNobodyCanAskFor) {
  const Settled first = MustSettle(Sight({.nhs_number = "", .local = "1"}));
  EXPECT_EQ(PersonBy(first.person).state, store::PersonState::kUnidentified);
  EXPECT_FALSE(IdentityBy(first.identity).shareable);
  EXPECT_EQ(MustSettle(Sight({.nhs_number = "", .local = "1"})).identity, first.identity);
}

TEST_F(Index, ANumberThatArrivesLaterJoinsAnUnidentifiedPerson) {
  const Settled known = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled unknown = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  EXPECT_NE(unknown.person, known.person);
  const Settled joined = MustSettle(Sight({.nhs_number = kOne, .local = "2"}));
  EXPECT_EQ(joined.identity, unknown.identity);
  EXPECT_EQ(joined.person, known.person);
  EXPECT_THAT(ReasonsOf(unknown.person), ElementsAre("first_sighting", "nhs_number_agrees"));
}

TEST_F(Index, ANewNumberThatArrivesLaterIdentifiesThePersonThatIsThere) {
  const Settled unknown = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  const Settled named = MustSettle(Sight({.nhs_number = kOne, .local = "2"}));
  EXPECT_EQ(named.person, unknown.person);
  EXPECT_EQ(PersonBy(named.person).nhs_number, record::NhsNumber::Parse(kOne));
}

TEST_F(Index, InvalidNumbersAndPlaceholdersAreKeptAndNeverMatchedOn) {
  for (const char* number : {"1234567890", "9999999999", "\"\""}) {
    const Settled one =
        MustSettle(Sight({.nhs_number = number, .local = std::string("a") + number}));
    const Settled two =
        MustSettle(Sight({.nhs_number = number, .local = std::string("b") + number}));
    EXPECT_NE(one.person, two.person) << number;
    EXPECT_EQ(IdentityBy(one.identity).nhs_number_as_sent, number);
  }
}

TEST_F(Index, AMessageThatNamesNobodyWaitsWithSimilarPersons) {
  const Settled similar = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Waits waits = MustWait(Sight({.nhs_number = ""}));
  EXPECT_EQ(waits.reason, WaitReason::kNoIdentifier);
  EXPECT_THAT(waits.candidates, ElementsAre(similar.person));
}

TEST_F(Index, NobodyIsSuggestedForAPseudoPersonByItsDemographics) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  record::Contribution pseudo = kit::About({.nhs_number = ""});
  pseudo.patient.pseudo_person = true;
  EXPECT_THAT(MustWait(Sight(pseudo)).candidates, IsEmpty());
}

TEST_F(Index, LocalIdentifiersOfTwoPatientsInOneMessageWait) {
  const Settled one = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled two = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  record::Contribution both = kit::About({.nhs_number = kOne, .local = "1"});
  both.patient.local_identifiers.push_back(kit::HospitalNumber("2"));
  const Waits waits = MustWait(Sight(both));
  EXPECT_EQ(waits.reason, WaitReason::kLocalIdentifiersDisagree);
  EXPECT_THAT(waits.candidates, ElementsAre(one.person, two.person));
}

TEST_F(Index, AMergeMovesTheDiscardedIdentityAndPutsBothPersonsUnderReview) {
  const Settled keep = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled gone = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  const auto before = PersonBy(gone.person).record_version;
  const Settled merged = MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  EXPECT_EQ(merged.person, keep.person);
  EXPECT_EQ(IdentityBy(gone.identity).person, keep.person);
  EXPECT_TRUE(PersonBy(keep.person).under_merge_review);
  EXPECT_TRUE(PersonBy(gone.person).under_merge_review);
  EXPECT_GT(PersonBy(gone.person).record_version, before);
  EXPECT_THAT(ReasonsOf(gone.person), ElementsAre("first_sighting", "merge"));
}

TEST_F(Index, AMergeBeforeTheDiscardedPatientWasSeenBindsItsLaterMessages) {
  const Settled keep = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  EXPECT_EQ(MustSettle(Sight({.nhs_number = "", .local = "2"})).person, keep.person);
}

TEST_F(Index, AMergeTakesAlongWhoeverWasMergedIntoTheDiscardedPatient) {
  const Settled oldest = MustSettle(Sight({.nhs_number = "", .local = "1"}));
  MustSettle(Sight({.nhs_number = "", .local = "2"}));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "1")));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "0")));  // never seen before
  const Settled last = MustSettle(Sight({.nhs_number = "", .local = "3"}));
  const Settled merged = MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "3"}, "2")));
  EXPECT_EQ(merged.person, last.person);
  EXPECT_EQ(IdentityBy(oldest.identity).person, last.person);
  EXPECT_EQ(MustSettle(Sight({.nhs_number = "", .local = "0"})).person, last.person);
}

// 9 and, by mistake, 2 were merged into 1; that 2 was somebody else moves 2 alone.
TEST_F(Index, AMergePutRightTakesAlongNobodyWhoWasMergedIntoTheSamePerson) {
  const Settled one = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled nine = MustSettle(Sight({.nhs_number = "", .local = "9"}));
  const Settled two = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  const Settled bob = MustSettle(Sight({.nhs_number = kTwo, .local = "7"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "9")));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  MustSettle(Sight(kit::Merge({.nhs_number = kTwo, .local = "7"}, "2")));
  EXPECT_EQ(IdentityBy(two.identity).person, bob.person);
  EXPECT_EQ(IdentityBy(nine.identity).person, one.person);
}

TEST_F(Index, AChainThroughASurvivorWithoutANumberIsHeldLikeAMergeOfTheTwoNumbers) {
  const Settled first = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "1")));
  MustSettle(Sight({.nhs_number = kTwo, .local = "3", .birth_date = "2001-01-01"}));
  const Waits waits = MustWait(
      Sight(kit::Merge({.nhs_number = kTwo, .local = "3", .birth_date = "2001-01-01"}, "2")));
  EXPECT_EQ(waits.reason, WaitReason::kMergeOfTwoNumbers);
  EXPECT_EQ(IdentityBy(first.identity).person, first.person);
}

TEST_F(Index, AMergeTakesAlongEarlierOnesAfterTheirPersonGotANumber) {
  const Settled oldest = MustSettle(Sight({.nhs_number = "", .local = "1"}));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "1")));
  MustSettle(Sight({.nhs_number = kOne}, kPractice));
  MustSettle(Sight({.nhs_number = kOne, .local = "2"}));  // joins the number's holder
  const Settled last = MustSettle(Sight({.nhs_number = kTwo, .local = "3"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kTwo, .local = "3"}, "2")));
  EXPECT_EQ(IdentityBy(oldest.identity).person, last.person);
}

TEST_F(Index, WhoWasMergedIntoASurvivorGoesWhereTheSurvivorGoes) {
  const Settled oldest = MustSettle(Sight({.nhs_number = "", .local = "1"}));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "1")));
  const Settled numbered = MustSettle(Sight({.nhs_number = kOne, .local = "3"}));
  MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "2"}, "3")));
  EXPECT_EQ(IdentityBy(oldest.identity).person, numbered.person);
}

TEST_F(Index, AnUnlinkedIdentityNoLongerFollowsWhatItWasMergedInto) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled gone = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    const auto to = UnlinkIdentity(transaction, {gone.identity, "officer", clock_.Now()});
    return to ? base::Result<void>() : base::Result<void>(to.error());
  }));
  EXPECT_EQ(IdentityBy(gone.identity).merged_into, std::nullopt);
}

TEST_F(Index, AMergeLeavesWhereItIsWhatTheSourceNeverMerged) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled beside = MustSettle(Sight({.nhs_number = kOne, .local = "2"}));
  const Settled elsewhere = MustSettle(Sight({.nhs_number = kOne}, kPractice));
  const Settled keep = MustSettle(Sight({.nhs_number = kTwo, .local = "3"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kTwo, .local = "3"}, "1")));
  EXPECT_NE(beside.person, keep.person);
  EXPECT_EQ(IdentityBy(beside.identity).person, beside.person);
  EXPECT_EQ(IdentityBy(elsewhere.identity).person, beside.person);
}

TEST_F(Index, AMergeIntoASurvivorWithoutANumberKeepsTheRecordWhereItsNumberFindsIt) {
  const Settled numbered = MustSettle(Sight({.nhs_number = kOne, .local = "2"}));
  const Settled merged = MustSettle(Sight(kit::Merge({.nhs_number = "", .local = "1"}, "2")));
  EXPECT_EQ(merged.person, numbered.person);
}

TEST_F(Index, TwoNumbersAreMergedOnAHospitalsWordOnlyWhereDemographicsAgree) {
  const Settled keep = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  MustSettle(Sight({.nhs_number = "9990000034", .local = "3", .birth_date = "2001-01-01"}));
  EXPECT_EQ(MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2"))).person,
            keep.person);
  EXPECT_EQ(MustWait(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "3"))).reason,
            WaitReason::kMergeOfTwoNumbers);
}

TEST_F(Index, AMergeThatIsSentAgainChangesNothing) {
  MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled gone = MustSettle(Sight({.nhs_number = "", .local = "2"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  EXPECT_THAT(MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2"))).merged,
              IsEmpty());
  EXPECT_THAT(ReasonsOf(gone.person), ElementsAre("first_sighting", "merge"));
}

TEST_F(Index, ProtectedIdentitiesAreNeverLinkedByANewNumber) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  Sever(old.person);
  EXPECT_TRUE(std::holds_alternative<Protected>(Sight({.nhs_number = kTwo, .local = "1"})));
  EXPECT_EQ(IdentityBy(old.identity).nhs_number, record::NhsNumber::Parse(kOne));
}

TEST_F(Index, ProtectedIdentitiesAreNeverLinkedByAnOldNumber) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  Sever(old.person);
  const Settled renewed = MustSettle(Sight({.nhs_number = kTwo, .local = "9", .family = "New"}));
  EXPECT_NE(renewed.person, old.person);
  EXPECT_TRUE(std::holds_alternative<Protected>(Sight({.nhs_number = kOne, .local = "9"})));
}

TEST_F(Index, ProtectedIdentitiesAreNeverLinkedByAMergeInEitherDirection) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  Sever(old.person);
  const Settled renewed = MustSettle(Sight({.nhs_number = kTwo, .local = "9"}));
  EXPECT_TRUE(std::holds_alternative<Protected>(
      Sight(kit::Merge({.nhs_number = kTwo, .local = "9"}, "1"))));
  EXPECT_TRUE(std::holds_alternative<Protected>(
      Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "9"))));
  EXPECT_EQ(IdentityBy(old.identity).person, old.person);
  EXPECT_EQ(IdentityBy(renewed.identity).person, renewed.person);
}

TEST_F(Index, ProtectedIdentitiesAreNeverSuggested) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  Sever(old.person);
  EXPECT_THAT(MustWait(Sight({.nhs_number = ""})).candidates, IsEmpty());
}

TEST_F(Index, ASeveredPersonGoesOnReceivingWhatNamesItAlone) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  Sever(old.person);
  EXPECT_EQ(MustSettle(Sight({.nhs_number = kOne, .local = "1"})).person, old.person);
  EXPECT_EQ(MustSettle(Sight({.nhs_number = kOne}, kPractice)).person, old.person);
}

TEST_F(Index, TheOwnNumberOfASeveredPersonWhoseIdentitiesWereMergedAwayMakesNobodyNew) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  MustSettle(Sight({.nhs_number = "", .local = "2"}));
  // Merged away, and the number with it: the person alone still has it.
  MustSettle(Sight({.nhs_number = kTwo, .local = "3"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kTwo, .local = "3"}, "1")));
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    store::Identity renumbered = **transaction.patients().FindIdentity(old.identity);
    renumbered.nhs_number = record::NhsNumber::Parse(kTwo);
    return transaction.patients().SaveIdentity(renumbered);
  }));
  Sever(old.person);
  for (const char* local : {"9", "2"}) {
    EXPECT_TRUE(std::holds_alternative<Protected>(Sight({.nhs_number = kOne, .local = local})));
  }
  EXPECT_TRUE(std::holds_alternative<Protected>(Sight({.nhs_number = kOne}, kPractice)));
  EXPECT_FALSE(
      *(*store_->Read())->patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne)));
}

TEST_F(Index, UnlinkingGivesBackToASeveredPersonWhatWasTheirsAndOpensTheirNumberToNobody) {
  const Settled old = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  MustSettle(Sight({.nhs_number = kOne}, kPractice));
  const Settled renewed = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kTwo, .local = "2"}, "1")));
  ASSERT_EQ(IdentityBy(old.identity).person, renewed.person);
  Sever(old.person);
  ASSERT_EQ(MustUnlink(old.identity), old.person);
  EXPECT_EQ(IdentityBy(old.identity).person, old.person);
  EXPECT_EQ(PersonBy(old.person).state, store::PersonState::kSevered);
  EXPECT_THAT(ReasonsOf(old.person), testing::Contains("officer_unlink"));
  EXPECT_FALSE(
      *(*store_->Read())->patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne)));
}

TEST_F(Index, UnlinkingNeverGivesASeveredPersonWhatAnUnlinkHadTakenOutOfThem) {
  const Settled keep = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled gone = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  MustSettle(Sight({.nhs_number = kTwo}, kPractice));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  ASSERT_EQ(MustUnlink(gone.identity), gone.person);
  Sever(keep.person);
  const auto to = MustUnlink(gone.identity);
  EXPECT_NE(to, keep.person);
  EXPECT_EQ(PersonBy(to).state, store::PersonState::kUnidentified);
}

TEST_F(Index, UnlinkingMakesNobodyNewOfANumberThatASeveredPersonHas) {
  const Settled severed = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled other = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  const Settled beside = MustSettle(Sight({.nhs_number = kTwo, .local = "3"}));
  ASSERT_EQ(beside.person, other.person);
  Sever(severed.person);
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    store::Identity wrong = **transaction.patients().FindIdentity(beside.identity);
    wrong.nhs_number = record::NhsNumber::Parse(kOne);
    return transaction.patients().SaveIdentity(wrong);
  }));
  EXPECT_EQ(PersonBy(MustUnlink(beside.identity)).nhs_number, std::nullopt);
}

TEST_F(Index, UnlinkingRestoresWhoseItWasBeforeTheMerge) {
  const Settled keep = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const Settled gone = MustSettle(Sight({.nhs_number = kTwo, .local = "2"}));
  MustSettle(Sight(kit::Merge({.nhs_number = kOne, .local = "1"}, "2")));
  ASSERT_EQ(IdentityBy(gone.identity).person, keep.person);
  ASSERT_EQ(MustUnlink(gone.identity), gone.person);
  EXPECT_EQ(IdentityBy(gone.identity).person, gone.person);
  EXPECT_TRUE(PersonBy(gone.person).under_merge_review);
  EXPECT_THAT(ReasonsOf(gone.person), ElementsAre("first_sighting", "merge", "officer_unlink"));
}

TEST_F(Index, ThereIsNothingToUnlinkFromAPersonOfOneIdentity) {
  const Settled only = MustSettle(Sight({.nhs_number = kOne, .local = "1"}));
  const auto unlinked = store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    const auto to = UnlinkIdentity(transaction, {only.identity, "officer", clock_.Now()});
    return to ? base::Result<void>() : base::Result<void>(to.error());
  });
  ASSERT_FALSE(unlinked);
  EXPECT_EQ(unlinked.error().id, base::ErrorId::kConflict);
}

}  // namespace
}  // namespace milecastle::identify
