#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Who;
using record::ConsentKind;
using record::EncounterChange;
using record::EvidenceKind;
using record::PreferenceAnswer;
using record::PreferenceKind;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
const Who kAnna{.nhs_number = kOne, .local = "1"};

class Facts : public testing::Test {
 protected:
  record::PatientFacts Held() { return gateway_.FactsOf(gateway_.PersonOf(kOne)->id); }

  std::vector<record::Evidence> Live(EvidenceKind kind) {
    auto evidence = Held().evidence;
    std::erase_if(evidence, [&](const record::Evidence& one) {
      return one.kind != kind || !LiveAt(one.period, gateway_.clock().Now());
    });
    return evidence;
  }
  std::vector<record::Consent> Live(ConsentKind kind) {
    auto consents = Held().consents;
    std::erase_if(consents, [&](const record::Consent& one) {
      return one.kind != kind || !LiveAt(one, gateway_.clock().Now());
    });
    return consents;
  }

  void Visit(EncounterChange change, const std::string& number = "V1") {
    record::Contribution contribution = kit::About(kAnna);
    contribution.encounter = record::EncounterClaim{.number = number, .change = change};
    gateway_.Say(contribution);
  }
  void Prefer(PreferenceAnswer answer, PreferenceKind kind = PreferenceKind::kShareDetailedRecord) {
    record::Contribution contribution = kit::About(kAnna);
    contribution.preferences = {{kind, answer, "ZU8-2"}};
    gateway_.Say(contribution);
  }
  void Register(record::Update<std::string> practice) {
    record::Contribution contribution = kit::About(kAnna);
    contribution.patient.gp_practice = std::move(practice);
    gateway_.Say(contribution);
  }

  kit::SmallGateway gateway_;
};

TEST_F(Facts, AnAdmissionIsARelationshipUntilTheDischargeAndATailBeginsThen) {
  Visit(EncounterChange::kOpened);
  ASSERT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  EXPECT_EQ(Live(EvidenceKind::kOpenEncounter).front().organisation.text(), "RXX");
  EXPECT_EQ(Live(EvidenceKind::kOpenEncounter).front().reference, "V1");
  Visit(EncounterChange::kMoved);
  Visit(EncounterChange::kUpdated);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  Visit(EncounterChange::kClosed);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
  EXPECT_THAT(Live(EvidenceKind::kEndedEncounter), SizeIs(1));
}

TEST_F(Facts, AnUpdateAfterTheDischargeDoesNotReopenTheVisit) {
  Visit(EncounterChange::kOpened);
  Visit(EncounterChange::kClosed);
  Visit(EncounterChange::kUpdated);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
}

TEST_F(Facts, ACancelledAdmissionLeavesNoRelationshipAndNoTail) {
  Visit(EncounterChange::kOpened);
  Visit(EncounterChange::kOpeningCancelled);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
  EXPECT_THAT(Live(EvidenceKind::kEndedEncounter), IsEmpty());
}

TEST_F(Facts, ACancelledDischargeReopensTheVisitFromItsBeginning) {
  Visit(EncounterChange::kOpened);
  const auto began = Live(EvidenceKind::kOpenEncounter).front().period.from;
  Visit(EncounterChange::kClosed);
  Visit(EncounterChange::kClosingCancelled);
  ASSERT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  EXPECT_EQ(Live(EvidenceKind::kOpenEncounter).front().period.from, began);
  EXPECT_THAT(Live(EvidenceKind::kEndedEncounter), IsEmpty());
}

TEST_F(Facts, APlannedVisitBecomesAnOpenOne) {
  Visit(EncounterChange::kPlanned);
  EXPECT_THAT(Live(EvidenceKind::kPlannedEncounter), SizeIs(1));
  Visit(EncounterChange::kOpened);
  EXPECT_THAT(Live(EvidenceKind::kPlannedEncounter), IsEmpty());
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
}

TEST_F(Facts, ABeginningInTheFutureIsNotBelieved) {
  record::Contribution contribution = kit::About(kAnna);
  contribution.encounter = record::EncounterClaim{
      .number = "V1",
      .change = EncounterChange::kOpened,
      .began = record::When{gateway_.clock().Now() + std::chrono::hours(48)}};
  gateway_.Say(contribution);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
}

TEST_F(Facts, ADischargeAfterAMergeEndsTheVisitOfTheDiscardedNumber) {
  gateway_.Say(kit::About(kAnna));
  record::Contribution admitted = kit::About({.nhs_number = "", .local = "2"});
  admitted.encounter = record::EncounterClaim{.number = "V9", .change = EncounterChange::kOpened};
  gateway_.Say(admitted);
  gateway_.Say(kit::Merge(kAnna, "2"));
  ASSERT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  Visit(EncounterChange::kClosed, "V9");
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
}

TEST_F(Facts, TheRegisteredPracticeHasARelationshipUntilAnotherIsNamed) {
  Register(record::Update<std::string>::Set("A81001"));
  ASSERT_THAT(Live(EvidenceKind::kRegisteredPractice), SizeIs(1));
  Register({});
  EXPECT_THAT(Live(EvidenceKind::kRegisteredPractice), SizeIs(1)) << "empty leaves alone";
  Register(record::Update<std::string>::Set("A81002"));
  ASSERT_THAT(Live(EvidenceKind::kRegisteredPractice), SizeIs(1));
  EXPECT_EQ(Live(EvidenceKind::kRegisteredPractice).front().organisation.text(), "A81002");
  Register(record::Update<std::string>::Delete());
  EXPECT_THAT(Live(EvidenceKind::kRegisteredPractice), IsEmpty());
}

TEST_F(Facts, DissentIsAnObjectionAndSayingItAgainAddsNothing) {
  Prefer(PreferenceAnswer::kDissent);
  Prefer(PreferenceAnswer::kDissent);
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  const record::Consent objection = Live(ConsentKind::kObjection).front();
  EXPECT_EQ(objection.by, record::ConsentBy::kFeed);
  EXPECT_EQ(objection.recorded_at->text(), "RXX");
}

TEST_F(Facts, UnknownAskEachTimeAndAbsenceChangeNothing) {
  Prefer(PreferenceAnswer::kDissent);
  Prefer(PreferenceAnswer::kUnknown);
  Prefer(PreferenceAnswer::kAskEachTime);
  gateway_.Say(kit::About(kAnna));
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
}

TEST_F(Facts, ExpressConsentWithdrawsTheFeedsOwnObjectionAndNobodyElses) {
  Prefer(PreferenceAnswer::kDissent);
  record::Consent own_word;
  own_word.id = record::FactId::New(gateway_.clock().Now());
  own_word.recorded = own_word.period.from = gateway_.clock().Now();
  const auto person = gateway_.PersonOf(kOne)->id;
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
    return transaction.facts().AddConsent(person, own_word);
  }));
  gateway_.feed().organisations.push_back(*record::OdsCode::Parse("RYY"));
  record::Contribution other = kit::About({.nhs_number = kOne, .local = ""});
  other.preferences = {{PreferenceKind::kShareDetailedRecord, PreferenceAnswer::kDissent, "ZU8-2"}};
  gateway_.Send(gateway_.Script("other", other, "RYY"));
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(3));

  Prefer(PreferenceAnswer::kConsent);
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), SizeIs(1));
  const auto left = Live(ConsentKind::kObjection);
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_TRUE(std::none_of(left.begin(), left.end(), [](const record::Consent& one) {
    return one.recorded_at && one.recorded_at->text() == "RXX";
  }));
}

TEST_F(Facts, ALaterDissentTakesBackTheFeedsOwnConsent) {
  Prefer(PreferenceAnswer::kConsent);
  Prefer(PreferenceAnswer::kDissent);
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty());
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
}

TEST_F(Facts, ASummaryCareRecordChoiceIsKeptAndObjectsToNothingHere) {
  Prefer(PreferenceAnswer::kDissent, PreferenceKind::kSummaryCareRecord);
  EXPECT_THAT(Live(ConsentKind::kObjection), IsEmpty());
  ASSERT_THAT(Live(ConsentKind::kRestriction), SizeIs(1));
  EXPECT_EQ(Live(ConsentKind::kRestriction).front().scope.labels,
            std::vector<std::string>{"summary_care_record"});
}

TEST_F(Facts, LocationHidingIsFlaggedUntilItsSourceSaysOtherwise) {
  record::Contribution hidden = kit::About(kAnna);
  hidden.location_protection = record::LocationProtection::kNational;
  gateway_.Say(hidden);
  gateway_.Say(kit::About(kAnna));
  ASSERT_THAT(Held().location_flags, SizeIs(1));
  EXPECT_EQ(Held().location_flags.front().level, record::LocationProtection::kNational);
}

TEST_F(Facts, AnUntracedNumberIsStoredAndNotShared) {
  gateway_.Say(
      kit::About({.nhs_number = kOne, .local = "1", .tracing = record::Tracing::kUnstated}));
  EXPECT_THAT(Held().untraced_sources, SizeIs(1));
  gateway_.Say(kit::About(kAnna));
  EXPECT_THAT(Held().untraced_sources, IsEmpty());
  gateway_.Say(
      kit::About({.nhs_number = kOne, .local = "1", .tracing = record::Tracing::kTraceRequired}));
  EXPECT_THAT(Held().untraced_sources, IsEmpty()) << "a verified number is never lowered";
}

}  // namespace
}  // namespace milecastle::receive
