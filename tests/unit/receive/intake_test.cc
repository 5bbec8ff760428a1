#include "receive/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/entry.h"
#include "audit/payload.h"
#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const Who kAnna{.nhs_number = kOne, .local = "1"};

class Intake : public testing::Test {
 protected:
  audit::Entry LastAudited() { return *audit::Decode(gateway_.Outbox().back().bytes); }
  audit::Headline LastHeadline() { return *audit::ReadHeadline(LastAudited().payload); }
  std::size_t EntriesOf(const char* number) {
    return gateway_.EntriesOf(gateway_.PersonOf(number)->id);
  }

  kit::SmallGateway gateway_;
};

TEST_F(Intake, AnAcceptedMessageIsJournalledStoredAndAuditedBeforeItIsAcknowledged) {
  const auto received = gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  EXPECT_EQ(received.reply, "AA");
  EXPECT_EQ(received.outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(received.outcome.entries, 1U);
  EXPECT_EQ(gateway_.Journalled(received.outcome).disposition, "accepted");
  EXPECT_EQ(EntriesOf(kOne), 1U);
  const audit::Entry entry = LastAudited();
  EXPECT_EQ(entry.kind, audit::Kind::kIngest);
  EXPECT_EQ(LastHeadline().organisation, "RXX");
  EXPECT_EQ(LastHeadline().person, gateway_.PersonOf(kOne)->id.ToString());
}

TEST_F(Intake, TheAuditOfAMessageHoldsNoClinicalContent) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  EXPECT_THAT(LastAudited().payload, Not(HasSubstr("Penicillin")));
  EXPECT_THAT(LastAudited().payload, Not(HasSubstr("Example"))) << "nor the name";
}

TEST_F(Intake, ADuplicateIsAcknowledgedAndChangesNothing) {
  const std::string bytes = gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Send(bytes);
  const auto version = gateway_.PersonOf(kOne)->record_version;
  const auto again = gateway_.Send(bytes);
  EXPECT_EQ(again.reply, "AA");
  EXPECT_EQ(again.outcome.disposition, Disposition::kDuplicate);
  EXPECT_EQ(gateway_.PersonOf(kOne)->record_version, version);
  EXPECT_EQ(LastHeadline().outcome, "duplicate");
}

TEST_F(Intake, TheSameControlIdWithOtherContentIsQuarantinedAndQueued) {
  gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")})));
  const auto other = gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("b", "Nuts")})));
  EXPECT_EQ(other.reply, "AA");
  EXPECT_EQ(other.outcome.disposition, Disposition::kQuarantined);
  EXPECT_EQ(EntriesOf(kOne), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kConflictingDuplicate);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().message, other.outcome.message);
  EXPECT_EQ(LastAudited().kind, audit::Kind::kMessageRejected);
}

TEST_F(Intake, OfTwoContentsUnderOneControlIdEachIsKnownAgain) {
  const std::string first = gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")}));
  const std::string other = gateway_.Script("M", kit::About(kAnna, {Allergy("b", "Nuts")}));
  gateway_.Send(first);
  gateway_.Send(other);
  EXPECT_EQ(gateway_.Send(first).outcome.disposition, Disposition::kDuplicate);
  EXPECT_EQ(gateway_.Send(other).outcome.disposition, Disposition::kDuplicate);
  EXPECT_EQ(gateway_.Send(first).outcome.disposition, Disposition::kDuplicate);
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kConflictingDuplicate), SizeIs(1));
}

TEST_F(Intake, AMessageThatIsSentAgainAndAgainStaysADuplicateBeyondItsFirstWindow) {
  const std::string bytes = gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Send(bytes);
  for (int i = 0; i < 3; ++i) {
    gateway_.clock().Advance(gateway_.feed().duplicate_window - std::chrono::hours(1));
    EXPECT_EQ(gateway_.Send(bytes).outcome.disposition, Disposition::kDuplicate) << i;
  }
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kConflictingDuplicate), IsEmpty());
}

TEST_F(Intake, OutsideTheWindowAControlIdIsNew) {
  gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")})));
  gateway_.clock().Advance(gateway_.feed().duplicate_window + std::chrono::hours(1));
  const auto later = gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("b", "Nuts")})));
  EXPECT_EQ(later.outcome.disposition, Disposition::kAccepted);
}

TEST_F(Intake, ARejectedMessageMayBeMendedUnderItsControlIdAndHidesNoEarlierOne) {
  const base::Error wrong{base::ErrorId::kMessageInvalid, "PID-7", "write YYYYMMDD"};
  EXPECT_EQ(gateway_.Send(gateway_.ScriptRefused("M", wrong)).reply, "AR");
  const auto mended = gateway_.Send(gateway_.Script("M", kit::About(kAnna)));
  EXPECT_EQ(mended.outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(gateway_.Send(gateway_.ScriptRefused("M", wrong)).reply, "AR");
  const auto other = gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("b", "Nuts")})));
  EXPECT_EQ(other.outcome.disposition, Disposition::kQuarantined);
}

TEST_F(Intake, ARejectedMessageIsJournalledAndAuditedWithWhereAndWhy) {
  const auto received = gateway_.Send(
      gateway_.ScriptRefused("M", {base::ErrorId::kMessageInvalid, "PID-7", "write YYYYMMDD"}));
  EXPECT_EQ(received.reply, "AR");
  const auto row = gateway_.Journalled(received.outcome);
  EXPECT_EQ(row.disposition, "rejected");
  EXPECT_EQ(row.error_place, "PID-7");
  EXPECT_EQ(LastAudited().kind, audit::Kind::kMessageRejected);
  EXPECT_THAT(LastAudited().payload, HasSubstr("PID-7"));
}

TEST_F(Intake, ASenderThatTheFeedMayNotSpeakForIsRejectedJournalledAndAudited) {
  const std::string bytes =
      gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")}), "RYY");
  const auto received = gateway_.Send(bytes);
  EXPECT_EQ(received.reply, "AR");
  EXPECT_EQ(received.outcome.error->id, base::ErrorId::kSenderNotAllowed);
  EXPECT_EQ(gateway_.Journalled(received.outcome).bytes, bytes);
  EXPECT_EQ(LastAudited().kind, audit::Kind::kMessageRejected);
  EXPECT_FALSE(gateway_.PersonOf(kOne));
}

TEST_F(Intake, AMessageBeyondTheFeedsLimitIsRejected) {
  gateway_.feed().message_limit = 2;
  const auto received = gateway_.Send(gateway_.Script("M", kit::About(kAnna)));
  EXPECT_EQ(received.reply, "AR");
  EXPECT_EQ(received.outcome.error->id, base::ErrorId::kMessageTooLarge);
}

TEST_F(Intake, WhatATransportCouldNotTakeWholeIsJournalledAsRejected) {
  std::promise<port::Received> answer;
  gateway_.intake().Refuse(gateway_.shared_feed(), "the head of it",
                           {base::ErrorId::kMessageTooLarge, "frame", "send less"},
                           [&](port::Received received) { answer.set_value(std::move(received)); });
  const auto received = answer.get_future().get();
  EXPECT_EQ(received.reply, "AR");
  EXPECT_EQ(gateway_.Journalled(received.outcome).bytes, "the head of it");
  EXPECT_EQ(received.outcome.error->id, base::ErrorId::kMessageTooLarge);
}

TEST_F(Intake, AnEntryThatIsSentAgainSupersedesItsEarlierSelf) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin, severe")}));
  EXPECT_EQ(EntriesOf(kOne), 1U);
  const auto segment = *gateway_.Look()->records().SegmentOf(gateway_.PersonOf(kOne)->id);
  EXPECT_EQ(segment->superseded, 1U);
}

TEST_F(Intake, ASnapshotDropsWhatItsSourceNoLongerSendsInItsSectionsAlone) {
  record::Draft problem = Allergy("p", "Asthma");
  problem.entry.section = record::Section::kProblems;
  problem.entry.kind = record::Kind::kProblem;
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin"), Allergy("b", "Nuts"), problem}));
  record::Contribution snapshot = kit::About(kAnna, {Allergy("b", "Nuts")});
  snapshot.snapshot_of = {record::Section::kAllergies};
  gateway_.Say(snapshot);
  EXPECT_EQ(EntriesOf(kOne), 2U);
}

TEST_F(Intake, APlanThatIsMadeAgainAfterItEndedIsCurrentAgain) {
  const auto end = [&] {
    record::Contribution came = kit::About(kAnna);
    came.withdrawn_keys = {"planned_encounter:V1"};
    gateway_.Say(came);
  };
  end();  // before anything was planned
  gateway_.Say(kit::About(kAnna, {Allergy("planned_encounter:V1", "to come in")}));
  EXPECT_EQ(EntriesOf(kOne), 1U);
  end();
  EXPECT_EQ(EntriesOf(kOne), 0U);
  gateway_.Say(kit::About(kAnna, {Allergy("planned_encounter:V1", "to come in")}));
  EXPECT_EQ(EntriesOf(kOne), 1U);
}

TEST_F(Intake, AWithdrawnEntryIsNoLongerCurrent) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  record::Contribution withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"a"};
  gateway_.Say(withdrawal);
  EXPECT_EQ(EntriesOf(kOne), 0U);
}

TEST_F(Intake, AMessageAwaitingIdentityTouchesNobodysRecord) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  const auto version = gateway_.PersonOf(kOne)->record_version;
  const auto waits = gateway_.Say(kit::About(
      {.nhs_number = kOne, .local = "2", .birth_date = "1999-09-09"}, {Allergy("b", "Nuts")}));
  EXPECT_EQ(waits.reply, "AA");
  EXPECT_EQ(waits.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(gateway_.PersonOf(kOne)->record_version, version);
  EXPECT_EQ(gateway_.EntriesOf(gateway_.IdentityOf("2")->person), 0U);
  const auto queued = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().reason, "demographics_disagree");
  EXPECT_EQ(queued.front().organisation, "RXX");
}

TEST_F(Intake, OfWhomAVerifiedNumberSetBesideAnOfficerIsAsked) {
  gateway_.Say(kit::About({.nhs_number = kOne,
                           .local = "1",
                           .birth_date = "1999-09-09",
                           .tracing = record::Tracing::kNotTraced},
                          {Allergy("a", "Nuts")}));
  const auto verified =
      gateway_.Say(kit::About({.nhs_number = kOne, .local = "2"}, {Allergy("b", "Penicillin")}));
  EXPECT_EQ(verified.outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(EntriesOf(kOne), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kMatchReview);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().reason, "number_traced_by_another");
  EXPECT_EQ(queued.front().identity, gateway_.IdentityOf("1")->id);
  EXPECT_THAT(queued.front().candidates, testing::ElementsAre(gateway_.PersonOf(kOne)->id));
  gateway_.Say(
      kit::About({.nhs_number = kOne, .local = "1", .tracing = record::Tracing::kNotTraced}));
  EXPECT_EQ(EntriesOf(kOne), 2U) << "put right, it comes back with all that it said";
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kMatchReview), IsEmpty());
}

TEST_F(Intake, OfAFeedThatDoesNotTraceAVerifiedNumberIsItsOwnWord) {
  const Who squatter{.nhs_number = kOne, .local = "1", .birth_date = "1999-09-09"};
  port::Feed charity = gateway_.feed();
  const port::Feed hospital = charity;
  charity.traces_numbers = false;
  gateway_.Use(charity);
  const auto claimed = gateway_.Say(kit::About(squatter, {Allergy("a", "Nuts")}));
  ASSERT_THAT(claimed.outcome.not_carried, SizeIs(1));
  EXPECT_EQ(claimed.outcome.not_carried.front().place, "NHS number");
  EXPECT_FALSE(gateway_.IdentityOf("1")->shareable);
  gateway_.Use(hospital);
  const auto verified =
      gateway_.Say(kit::About({.nhs_number = kOne, .local = "2"}, {Allergy("b", "Penicillin")}));
  EXPECT_EQ(verified.outcome.disposition, Disposition::kAccepted) << "it keeps nobody out";
  EXPECT_TRUE(gateway_.IdentityOf("2")->shareable);
  gateway_.Use(charity);
  gateway_.Say(
      kit::About({.nhs_number = kTwo, .local = "3", .tracing = record::Tracing::kNotTraced}));
  const auto late = gateway_.Say(kit::About(
      {.nhs_number = kTwo, .local = "4", .birth_date = "1999-09-09"}, {Allergy("c", "Eggs")}));
  EXPECT_EQ(late.outcome.disposition, Disposition::kAwaitingIdentity) << "nor takes a number";
}

// That its numbers are shared on makes nobody else's room.
TEST_F(Intake, OfAFeedThatDoesNotTraceANumberThatIsSharedOnTakesNobodysPlace) {
  port::Feed charity = gateway_.feed();
  charity.traces_numbers = false;
  charity.share_untraced = true;
  gateway_.Say(
      kit::About({.nhs_number = kOne, .local = "1", .tracing = record::Tracing::kNotTraced}));
  const auto hospitals = gateway_.PersonOf(kOne)->id;
  gateway_.Use(charity);
  const auto late = gateway_.Say(kit::About(
      {.nhs_number = kOne, .local = "2", .birth_date = "1999-09-09"}, {Allergy("a", "Nuts")}));
  EXPECT_EQ(late.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(gateway_.PersonOf(kOne)->id, hospitals);
}

TEST_F(Intake, APersonTypedOverAnotherWaitsAndTheRecordStands) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  const auto over = gateway_.Say(kit::About({.nhs_number = kOne,
                                             .local = "1",
                                             .birth_date = "1999-09-09",
                                             .family = "Other",
                                             .given = "Zed"},
                                            {Allergy("b", "Nuts")}));
  EXPECT_EQ(over.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(EntriesOf(kOne), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().reason, "demographics_disagree");
  EXPECT_FALSE(queued.front().identity);
}

TEST_F(Intake, AProtectedIdentityIsQuarantinedToItsOwnQueueWithNobodyNamed) {
  gateway_.Say(kit::About(kAnna));
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
    auto person = **transaction.patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne));
    person.state = store::PersonState::kSevered;
    return transaction.patients().SavePerson(person);
  }));
  const auto linking = gateway_.Say(kit::About({.nhs_number = kTwo, .local = "1"}));
  EXPECT_EQ(linking.reply, "AA");
  EXPECT_EQ(linking.outcome.disposition, Disposition::kQuarantined);
  const auto queued = gateway_.Queued(store::QueueKind::kProtectedIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_FALSE(queued.front().identity);
  EXPECT_FALSE(queued.front().person);
  EXPECT_THAT(queued.front().candidates, IsEmpty());
  EXPECT_EQ(LastHeadline().person, "");
}

TEST_F(Intake, AMergeAsksForAReview) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Say(kit::About({.nhs_number = "", .local = "2"}, {Allergy("b", "Nuts")}));
  gateway_.Say(kit::Merge(kAnna, "2"));
  EXPECT_EQ(EntriesOf(kOne), 2U);
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kMergeReview), SizeIs(1));
  EXPECT_TRUE(gateway_.FactsOf(gateway_.PersonOf(kOne)->id).under_merge_review);
}

TEST_F(Intake, ANullThatMayNotDeleteOpensAReview) {
  record::Contribution contribution = kit::About(kAnna);
  contribution.reviews = {{record::ReviewKind::kNullOnNhsNumber, "PID-3"}};
  gateway_.Say(contribution);
  const auto queued = gateway_.Queued(store::QueueKind::kNullReview);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().reason, "null_on_nhs_number");
  EXPECT_EQ(queued.front().person, gateway_.PersonOf(kOne)->id);
}

TEST_F(Intake, LinksDeletionsAndMovesOfPatientsWaitForAnOfficerAndChangeNothing) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  const std::pair<record::ReviewKind, std::string> kinds[] = {
      {record::ReviewKind::kPatientsLinked, "patients_linked"},
      {record::ReviewKind::kPatientsUnlinked, "patients_unlinked"},
      {record::ReviewKind::kRecordDeleted, "record_deleted"},
      {record::ReviewKind::kRecordsMoved, "records_moved"}};
  std::vector<std::string> expected;
  for (const auto& [kind, reason] : kinds) {
    record::Contribution contribution = kit::About(kAnna);
    contribution.reviews = {{kind, "PID"}};
    gateway_.Say(contribution);
    expected.push_back(reason);
  }
  std::vector<std::string> reasons;
  for (const auto& item : gateway_.Queued(store::QueueKind::kNullReview)) {
    reasons.push_back(item.reason);
  }
  EXPECT_THAT(reasons, testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(EntriesOf(kOne), 1U);
}

TEST_F(Intake, NothingCommittedIsAnsweredSoThatTheSenderSendsAgain) {
  const std::string bytes = gateway_.Script("M", kit::About(kAnna));
  const auto before = *gateway_.Look()->journal().Count();
  gateway_.FailWrites(true);
  const auto failed = gateway_.Send(bytes);
  EXPECT_EQ(failed.reply, "AE");
  EXPECT_EQ(failed.outcome.disposition, Disposition::kFailed);
  EXPECT_FALSE(failed.outcome.message);
  EXPECT_EQ(*gateway_.Look()->journal().Count(), before);
  EXPECT_FALSE(gateway_.PersonOf(kOne));
  gateway_.FailWrites(false);
  EXPECT_EQ(gateway_.Send(bytes).reply, "AA") << "the next is unaffected";
}

TEST_F(Intake, AMessageCommittedButNotAnsweredIsADuplicateAfterTheRestartAndNotLost) {
  const std::string bytes = gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Start(bytes).wait();
  gateway_.Restart();
  const auto again = gateway_.Send(bytes);
  EXPECT_EQ(again.reply, "AA");
  EXPECT_EQ(again.outcome.disposition, Disposition::kDuplicate);
  EXPECT_EQ(EntriesOf(kOne), 1U);
}

}  // namespace
}  // namespace milecastle::receive
