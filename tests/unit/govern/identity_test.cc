#include "govern/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "office.h"

namespace milecastle::govern {
namespace {

using kit::Allergy;
using kit::Who;
using store::QueueKind;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const Who kAnna{.nhs_number = kOne, .local = "1"};
const Who kStranger{
    .nhs_number = kOne, .local = "2", .birth_date = "1999-09-09", .family = "Stranger"};

using Changed = base::Result<Audited<IdentityChange>>;

class Identity : public Office {
 protected:
  Changed Settle(const record::QueueItemId& item, std::optional<record::PersonId> person) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Link(SystemOfficer(), item, person, "papers-seen", done); });
  }
  // The hospital renumbers its patient, and the officer finds that it is right to.
  Changed Renumber(const char* local, const char* number) {
    gateway_.Say(kit::About({.nhs_number = number, .local = local}));
    return Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(number));
  }
  Changed Unlink(const record::IdentityId& identity) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Unlink(SystemOfficer(), identity, "wrong-person", done); });
  }
  Changed Close(const record::QueueItemId& item, const std::string& outcome = "right") {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(SystemOfficer(), item, outcome, done); });
  }
  std::vector<QueueKind> Listed(const record::Requester& officer,
                                const std::vector<QueueKind>& kinds = {}) {
    const auto queue = Await<Audited<std::vector<QueuedItem>>>(
        [&](const auto& done) { desk_->Queue(officer, {.kinds = kinds}, done); });
    std::vector<QueueKind> listed;
    if (queue) {
      for (const QueuedItem& each : queue->value()) listed.push_back(each.item.kind);
    }
    return listed;
  }
  base::Result<Audited<ItemAtDesk>> Show(const record::Requester& officer,
                                         const record::QueueItemId& item) {
    return Await<Audited<ItemAtDesk>>(
        [&](const auto& done) { desk_->ShowItem(officer, item, done); });
  }
  Changed Sever(const record::PersonId& person) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Sever(SystemOfficer(), person, "superseded", done); });
  }
  std::string PayloadOf(const Changed& change) {
    return first_->Read(change->leaf().index)->body->payload;
  }

  record::PersonId PersonOf(const char* number) { return gateway_.PersonOf(number)->id; }
  bool UnderReview(const record::PersonId& person) {
    return (*gateway_.Look()->patients().FindPerson(person))->under_merge_review;
  }
  std::string OnlyText(const record::PersonId& person, const std::string& text) {
    const auto segment = *gateway_.Look()->records().SegmentOf(person);
    return segment->bytes.find(text) == std::string::npos ? "absent" : "there";
  }
};

TEST_F(Identity, SettlingAppliesWhatWaitedInTheOrderOfItsArrival) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger, {Allergy("a", "first"), Allergy("b", "kept")}));
  gateway_.Say(kit::About(kStranger, {Allergy("a", "second")}));
  const auto queued = gateway_.Queued(QueueKind::kAwaitingIdentity);
  ASSERT_THAT(queued, SizeIs(2));
  const auto change = Settle(queued.front().id, PersonOf(kOne));
  ASSERT_TRUE(change) << base::Describe(change.error());
  EXPECT_EQ(change->value().messages_applied, 2U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_EQ(OnlyText(PersonOf(kOne), "second"), "there");
  EXPECT_EQ(OnlyText(PersonOf(kOne), "first"), "absent");
  EXPECT_THAT(gateway_.Queued(QueueKind::kAwaitingIdentity), IsEmpty());
  const auto next = gateway_.Say(kit::About(kStranger));
  EXPECT_EQ(next.outcome.disposition, port::Disposition::kAccepted) << "it is settled for good";
}

TEST_F(Identity, EveryChangeIsALeafThatSaysWhoDidWhat) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger));
  const auto change =
      Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne));
  ASSERT_TRUE(change);
  const auto headline = audit::ReadHeadline(PayloadOf(change));
  EXPECT_EQ(headline->user, "issuer officer-1");
  EXPECT_EQ(headline->purpose, "identity.link");
  EXPECT_EQ(headline->person, PersonOf(kOne).ToString());
  EXPECT_THAT(PayloadOf(change), testing::HasSubstr("\"settle\""));
  EXPECT_THAT(PayloadOf(change), testing::HasSubstr("\"reason\":\"papers-seen\""));
  EXPECT_THAT(PayloadOf(change), testing::HasSubstr("\"rule\":\"duty_role.system-officer\""));
}

TEST_F(Identity, SettlingAsSomebodyNewKeepsThemApartFromTheNumbersPerson) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger, {Allergy("a", "Nuts")}));
  const auto change =
      Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, std::nullopt);
  ASSERT_TRUE(change);
  EXPECT_NE(change->value().person, PersonOf(kOne));
  EXPECT_EQ(gateway_.EntriesOf(change->value().person), 1U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 0U);
  const auto next = gateway_.Say(kit::About(kStranger));
  EXPECT_EQ(next.outcome.disposition, port::Disposition::kAccepted);
}

TEST_F(Identity, AConflictingNumberCanBeSettledAsACorrectionOfTheSource) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "9"}));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "1"}, {Allergy("b", "Nuts")}));
  const auto change =
      Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kTwo));
  ASSERT_TRUE(change) << base::Describe(change.error());
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kTwo)), 2U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 0U);
  const auto next = gateway_.Say(kit::About({.nhs_number = kTwo, .local = "1"}));
  EXPECT_EQ(next.outcome.disposition, port::Disposition::kAccepted);
  EXPECT_THAT(gateway_.Queued(QueueKind::kMergeReview), SizeIs(1));
}

TEST_F(Identity, AConflictingNumberCanBeSettledAsASlipOfTheMessage) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "1"}, {Allergy("b", "Nuts")}));
  ASSERT_TRUE(Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne)));
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_EQ(gateway_.IdentityOf("1")->nhs_number, record::NhsNumber::Parse(kOne));
}

TEST_F(Identity, AnOldSnapshotThatIsSettledLateReplacesNothingNewer) {
  gateway_.Say(kit::About(kAnna));
  const auto snapshot = [](const Who& who, const std::string& text) {
    record::Contribution contribution = kit::About(who, {Allergy("a", text)});
    contribution.snapshot_of = {record::Section::kAllergies};
    return contribution;
  };
  gateway_.Say(snapshot({.nhs_number = kTwo, .local = "1"}, "old"));
  gateway_.Say(snapshot(kAnna, "new"));
  ASSERT_TRUE(Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne)));
  EXPECT_EQ(OnlyText(PersonOf(kOne), "new"), "there");
  EXPECT_EQ(OnlyText(PersonOf(kOne), "old"), "absent");
}

TEST_F(Identity, AMessageThatNamesNobodyIsSettledToAPerson) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About({.nhs_number = ""}, {Allergy("a", "Nuts")}));
  ASSERT_TRUE(Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne)));
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 1U);
}

TEST_F(Identity, AnItemIsSettledOnce) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger));
  const auto item = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  ASSERT_TRUE(Settle(item, PersonOf(kOne)));
  const auto again = Settle(item, PersonOf(kOne));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().id, base::ErrorId::kConflict);
}

TEST_F(Identity, LinkingMovesARecordAndUnlinkingRestoresIt) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "9"}, {Allergy("b", "Nuts")}));
  const auto identity = gateway_.IdentityOf("9")->id;
  ASSERT_TRUE(Renumber("9", kOne));
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kTwo)), 0U);
  const auto version = gateway_.PersonOf(kOne)->record_version;
  ASSERT_TRUE(Unlink(identity));
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 1U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kTwo)), 1U);
  EXPECT_GT(gateway_.PersonOf(kOne)->record_version, version);
  const auto shown = work_->Show(PersonOf(kTwo));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->history.back().reason, "officer_unlink");
  EXPECT_EQ(shown->history.back().by, "issuer officer-1");
}

TEST_F(Identity, ClosingTheReviewOfAnUnclearRefusalLiftsWhatItHeldAndNothingElse) {
  record::Contribution refusing = kit::About(kAnna);
  for (const std::string key : {"a", "b"}) {
    refusing.preferences.push_back({.answer = record::PreferenceAnswer::kUnclear,
                                    .place = "Consent",
                                    .said = record::When::ParseIso("2025-11-01"),
                                    .key = key});
  }
  gateway_.Say(refusing);
  const auto standing = [&] {
    const auto consents = gateway_.FactsOf(PersonOf(kOne)).consents;
    return std::count_if(consents.begin(), consents.end(),
                         [](const record::Consent& one) { return !one.withdrawn; });
  };
  ASSERT_EQ(standing(), 2);
  const auto close = [&](const store::QueueItem& review) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(PrivacyOfficer("RXX"), review.id, "right", done); });
  };
  const auto reviews = gateway_.Queued(QueueKind::kChoiceReview);
  ASSERT_THAT(reviews, SizeIs(2));
  ASSERT_TRUE(close(reviews[0]));
  EXPECT_EQ(standing(), 1);
  gateway_.Say(refusing);
  EXPECT_EQ(standing(), 1) << "what was asked is not asked again";
  ASSERT_TRUE(close(reviews[1]));
  EXPECT_EQ(standing(), 0);
}

TEST_F(Identity, AfterAMergeTheTighterConsentHoldsForBothUntilEveryReviewIsClosed) {
  gateway_.Say(kit::About(kAnna));
  record::Contribution objecting = kit::About({.nhs_number = kTwo, .local = "9"});
  objecting.preferences = {
      {record::PreferenceKind::kShareDetailedRecord, record::PreferenceAnswer::kDissent, "ZU8-2"}};
  gateway_.Say(objecting);
  const auto identity = gateway_.IdentityOf("9")->id;
  ASSERT_TRUE(Renumber("9", kOne));
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, SizeIs(1));
  ASSERT_TRUE(Unlink(identity));
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, SizeIs(1)) << "until it is reviewed";

  const auto reviews = gateway_.Queued(QueueKind::kMergeReview);
  ASSERT_THAT(reviews, SizeIs(2));
  ASSERT_TRUE(Close(reviews[0].id));
  EXPECT_TRUE(UnderReview(PersonOf(kOne)));
  ASSERT_TRUE(Close(reviews[1].id));
  EXPECT_FALSE(UnderReview(PersonOf(kOne)));
  EXPECT_FALSE(UnderReview(PersonOf(kTwo)));
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, IsEmpty());
}

TEST_F(Identity, AMergeReviewSaysWhereTheLocationFlagsOfTheRecordsDiffer) {
  using record::LocationProtection;
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "9"}));
  const auto said = [&](const char* local, LocationProtection level) {
    const auto identity = gateway_.IdentityOf(local)->id;
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      return transaction.facts().PutLocationFlag(identity, {level, "adt", kit::kMorning});
    }));
  };
  const auto cautions = [&] {
    const auto review = gateway_.Queued(QueueKind::kMergeReview).front();
    return *IdentityWork::CautionsOf(*gateway_.Look(), review);
  };
  ASSERT_TRUE(Renumber("9", kOne));
  EXPECT_THAT(cautions(), IsEmpty());
  said("1", LocationProtection::kNone);
  EXPECT_THAT(cautions(), IsEmpty());
  said("9", LocationProtection::kNational);
  EXPECT_THAT(cautions(), testing::ElementsAre("location_protection_differs"));
  said("1", LocationProtection::kLocal);
  EXPECT_THAT(cautions(), testing::ElementsAre("location_protected"));
  auto closed = gateway_.Queued(QueueKind::kMergeReview).front();
  closed.closed = kit::kMorning;
  EXPECT_THAT(*IdentityWork::CautionsOf(*gateway_.Look(), closed), IsEmpty());
}

TEST_F(Identity, AMessageThatAnOfficerTurnsAwayIsNeverApplied) {
  gateway_.Say(kit::About(kAnna));
  const auto waits = gateway_.Say(kit::About(kStranger, {Allergy("a", "Nuts")}));
  ASSERT_TRUE(Close(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, "turned_away"));
  EXPECT_EQ(gateway_.Journalled(waits.outcome).disposition, "quarantined");
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 0U);
}

TEST_F(Identity, AWaitingMessageIsNotThrownAwayByTheWordThatEndsALook) {
  gateway_.Say(kit::About(kAnna));
  const auto waits = gateway_.Say(kit::About(kStranger, {Allergy("a", "Nuts")}));
  const auto item = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  const auto refused = Close(item, "right");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().advice, "write one of: turned_away");
  EXPECT_EQ(gateway_.Journalled(waits.outcome).disposition, "awaiting_identity");
  EXPECT_TRUE(Settle(item, PersonOf(kOne))) << "it can still be applied";
  ASSERT_TRUE(Unlink(gateway_.IdentityOf("2")->id));
  const auto review = gateway_.Queued(QueueKind::kMergeReview).front().id;
  EXPECT_EQ(Close(review, "turned_away").error().id, base::ErrorId::kArgumentInvalid);
}

// The doubtful one between two others, each with an entry.
port::Received OfThree(kit::SmallGateway& gateway) {
  return gateway.Send(gateway.ScriptAll(
      "S", {kit::About({.nhs_number = kTwo, .local = "7"}, {Allergy("a", "Eggs")}),
            kit::About(kStranger, {Allergy("a", "Nuts"), Allergy("b", "Milk")}),
            kit::About({.nhs_number = "", .local = "8"}, {Allergy("a", "Soya")})}));
}

TEST_F(Identity, SettlingOnePatientOfAMessageAppliesTheirPartAlone) {
  gateway_.Say(kit::About(kAnna));
  const auto received = OfThree(gateway_);
  const auto others = gateway_.PersonOf(kTwo)->record_version;
  const auto change =
      Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne));
  ASSERT_TRUE(change);
  EXPECT_EQ(change->value().messages_applied, 1U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_EQ(OnlyText(PersonOf(kOne), "Eggs"), "absent");
  EXPECT_EQ(OnlyText(PersonOf(kOne), "Soya"), "absent");
  EXPECT_EQ(gateway_.PersonOf(kTwo)->record_version, others);
  const auto row = gateway_.Journalled(received.outcome);
  EXPECT_EQ(row.disposition, "accepted");
  EXPECT_EQ(row.entries, 4U);
}

TEST_F(Identity, WhatWaitsIsSettledThoughTheFeedTakesLessThanItNow) {
  gateway_.Say(kit::About(kAnna));
  const auto received = OfThree(gateway_);
  gateway_.feed().patient_limit = 2;
  gateway_.feed().message_limit = 1;
  const auto change =
      Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, PersonOf(kOne));
  ASSERT_TRUE(change) << base::Describe(change.error());
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_EQ(gateway_.Journalled(received.outcome).disposition, "accepted");
}

TEST_F(Identity, APatientOfAMessageWhomAnOfficerTurnsAwayIsTheOnlyOneTurnedAway) {
  gateway_.Say(kit::About(kAnna));
  const auto received = OfThree(gateway_);
  ASSERT_TRUE(Close(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, "turned_away"));
  const auto row = gateway_.Journalled(received.outcome);
  EXPECT_EQ(row.disposition, "quarantined");
  EXPECT_EQ(row.patients[0].disposition, "accepted");
  EXPECT_EQ(row.patients[1].disposition, "quarantined");
  EXPECT_EQ(row.entries, 2U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 0U);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kTwo)), 1U);
}

TEST_F(Identity, APatientWhoCouldNotBeReadIsInTheQueueUntilSomebodyLooked) {
  gateway_.Send(gateway_.ScriptAll(
      "S", {kit::About(kAnna),
            base::Error{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"}}));
  const auto queue = work_->Queue({.kinds = {}, .organisation = "RXX"});
  ASSERT_TRUE(queue);
  ASSERT_THAT(*queue, SizeIs(1));
  EXPECT_EQ(queue->front().kind, QueueKind::kUnreadPatient);
  const auto shown = Show(Officer("RXX"), queue->front().id);
  ASSERT_TRUE(shown);
  const auto& unread = shown->value().queued.unread;
  ASSERT_TRUE(unread) << "what the sender has to mend";
  EXPECT_EQ(unread->control_id, "S");
  EXPECT_EQ(unread->error, "message.patient_missing");
  EXPECT_EQ(unread->place, "PID[2]-3");
  EXPECT_EQ(unread->advice, "send a number");
  ASSERT_TRUE(Close(queue->front().id));
  EXPECT_THAT(gateway_.Queued(QueueKind::kUnreadPatient), IsEmpty());
}

TEST_F(Identity, ASeveredPersonIsNeitherLinkedNorUnlinkedNorSuggestedNorFound) {
  gateway_.Say(kit::About(kAnna));
  const auto severed = PersonOf(kOne);
  const auto severed_identity = gateway_.IdentityOf("1")->id;
  gateway_.Say(kit::About({.nhs_number = ""}));
  ASSERT_THAT(gateway_.Queued(QueueKind::kAwaitingIdentity).front().candidates, Contains(severed));
  ASSERT_TRUE(Sever(severed));
  EXPECT_THAT(gateway_.Queued(QueueKind::kAwaitingIdentity).front().candidates,
              Not(Contains(severed)));
  EXPECT_EQ(*work_->Find(*record::NhsNumber::Parse(kOne)), std::nullopt);

  const auto into = Settle(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, severed);
  ASSERT_FALSE(into);
  EXPECT_EQ(into.error().id, base::ErrorId::kNotPermitted);
  EXPECT_EQ(Unlink(severed_identity).error().id, base::ErrorId::kNotPermitted);
}

TEST_F(Identity, SeveringSaysWhyInTheLogAndIsDoneOnce) {
  gateway_.Say(kit::About(kAnna));
  const auto severed = PersonOf(kOne);
  const auto change = Sever(severed);
  ASSERT_TRUE(change);
  EXPECT_THAT(PayloadOf(change), testing::HasSubstr("\"act\":\"sever\""));
  EXPECT_THAT(PayloadOf(change), testing::HasSubstr("\"reason\":\"superseded\""));
  EXPECT_EQ(audit::ReadHeadline(PayloadOf(change))->person, severed.ToString());
  const auto again = Sever(severed);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().id, base::ErrorId::kConflict);
  EXPECT_EQ(Sever(record::PersonId::New(kit::kMorning)).error().id, base::ErrorId::kNotFound);
}

TEST_F(Identity, WhatFailsOnItsWayChangesNothingAndHasOneEntry) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger, {Allergy("a", "Nuts")}));
  const auto item = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  EXPECT_FALSE(Settle(item, record::PersonId::New(kit::kMorning)));
  EXPECT_EQ(gateway_.Queued(QueueKind::kAwaitingIdentity).front().id, item);
  outbox_->Drain();
  EXPECT_THAT(EntriesOf(audit::Kind::kIdentity),
              testing::ElementsAre(testing::Field(&audit::Headline::outcome, "not_found")));
}

TEST_F(Identity, TheQueueIsTheOrganisationsOwnAndProtectedItemsAreAskedForByName) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger));
  ASSERT_TRUE(Sever(PersonOf(kOne)));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "1"}));
  const std::vector<QueueKind> waiting = {QueueKind::kAwaitingIdentity};
  EXPECT_THAT(Listed(SystemOfficer()),
              testing::ElementsAre(QueueKind::kAwaitingIdentity, QueueKind::kSeverReview))
      << "and what asks for a second person";
  EXPECT_EQ(Listed(Officer("RXX")), waiting);
  EXPECT_THAT(Listed(Officer("RYY")), IsEmpty());
  EXPECT_THAT(Listed(SystemOfficer(), {QueueKind::kProtectedIdentity}), SizeIs(1));
  EXPECT_THAT(Listed(Officer("RXX"), {QueueKind::kProtectedIdentity}), IsEmpty());
}

TEST_F(Identity, AnItemIsListedAndShownAsFarAsItMayBeClosed) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kStranger));
  const auto item = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  auto of_two_roles = Officer("RYY");
  of_two_roles.roles = {"R0001", "R0004"};  // links for RYY, looks at accesses everywhere
  EXPECT_THAT(Listed(of_two_roles), IsEmpty());
  of_two_roles.organisation = record::OdsCode::Parse("RXX");
  EXPECT_THAT(Listed(of_two_roles), SizeIs(1));
  EXPECT_TRUE(Show(Officer("RXX"), item));
  const auto kept = Show(PrivacyOfficer("RXX"), item);
  ASSERT_FALSE(kept) << "who may not close it";
  EXPECT_EQ(kept.error().id, base::ErrorId::kNotFound);
}

TEST_F(Identity, ASourceWhoseNameTellsIsNotNamedToAnotherOrganisationsOfficer) {
  gateway_.feed().organisations.push_back(*record::OdsCode::Parse("RZZ"));
  gateway_.Send(gateway_.Script("Z", kit::About({.nhs_number = kOne, .local = "77"}), "RZZ"));
  gateway_.Say(kit::About(kStranger));
  const auto item = gateway_.Queued(QueueKind::kAwaitingIdentity).front();
  ASSERT_EQ(item.organisation, "RXX");
  const auto own = Show(Officer("RXX"), item.id);
  ASSERT_TRUE(own);
  ASSERT_THAT(own->value().candidates, SizeIs(1));
  const store::Identity& candidate = own->value().candidates.front();
  EXPECT_THAT(own->value().unnamed, testing::ElementsAre(candidate.id));
  EXPECT_THAT(candidate.local_identifiers, IsEmpty());
  const auto all = Show(SystemOfficer(), item.id);
  ASSERT_TRUE(all);
  EXPECT_THAT(all->value().unnamed, IsEmpty());
  EXPECT_THAT(all->value().candidates.front().local_identifiers, SizeIs(1));
}

TEST_F(Identity, EveryoneShownTheWrongRecordIsListed) {
  const auto put = [&](std::uint64_t leaf, const char* number, const char* kind, int hours) {
    store::TrailRow row;
    row.origin = "test/log";
    row.leaf = leaf;
    row.event = record::EventId::New(kit::kMorning);
    row.kind = kind;
    row.at = kit::kMorning + std::chrono::hours(hours);
    row.nhs_number = number;
    row.user = "reader " + std::to_string(leaf);
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      return transaction.trail().Put(row);
    }));
  };
  put(1, kOne, "view", 1);
  put(2, kTwo, "emergency", 2);
  put(3, kOne, "refusal", 2);
  put(4, "9990000034", "view", 2);
  put(5, kOne, "view", 9);
  const auto shown =
      work_->ShownBetween({*record::NhsNumber::Parse(kOne), *record::NhsNumber::Parse(kTwo)},
                          kit::kMorning, kit::kMorning + std::chrono::hours(5));
  ASSERT_TRUE(shown);
  ASSERT_THAT(*shown, SizeIs(2));
  EXPECT_EQ((*shown)[0].user, "reader 2") << "newest first";
  EXPECT_EQ((*shown)[1].user, "reader 1");
}

}  // namespace
}  // namespace milecastle::govern
