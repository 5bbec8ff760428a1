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
  // A message of choices, each with its key and, where it has one, its date.
  struct Choice {
    PreferenceAnswer answer;
    std::string key = "Consent/1";
    std::string said = "";
    record::PreferenceBy by = record::PreferenceBy::kUnknown;
  };
  void Choose(const std::vector<Choice>& choices) {
    record::Contribution contribution = kit::About(kAnna);
    for (const Choice& one : choices) {
      contribution.preferences.push_back({.answer = one.answer,
                                          .place = "Consent",
                                          .said = record::When::ParseIso(one.said),
                                          .by = one.by,
                                          .key = one.key});
    }
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

// What ended when it began never was (decide/relationship.h): it has no tail.
TEST_F(Facts, WhatIsCancelledIsEvidenceOfNoTime) {
  const auto all_void = [&] {
    const auto evidence = Held().evidence;
    return !evidence.empty() &&
           std::all_of(evidence.begin(), evidence.end(), [](const record::Evidence& one) {
             return one.period.until == one.period.from;
           });
  };
  Visit(EncounterChange::kPlanned, "V2");
  Visit(EncounterChange::kPlanCancelled, "V2");
  EXPECT_TRUE(all_void()) << "a plan";
  Visit(EncounterChange::kOpened);
  Visit(EncounterChange::kOpeningCancelled);
  EXPECT_TRUE(all_void()) << "an admission";
  Visit(EncounterChange::kOpened);
  Visit(EncounterChange::kClosed);
  Visit(EncounterChange::kOpeningCancelled);
  EXPECT_TRUE(all_void()) << "an admission that had ended";
  Visit(EncounterChange::kUpdated);
  EXPECT_TRUE(all_void()) << "an update of it opens nothing";
}

TEST_F(Facts, WhatIsCancelledLeavesTheEndOfAnEarlierVisit) {
  Visit(EncounterChange::kOpened, "");
  Visit(EncounterChange::kClosed, "");
  record::Contribution again = kit::About(kAnna);
  again.encounter = record::EncounterClaim{.change = EncounterChange::kOpened};
  gateway_.clock().Advance(std::chrono::hours(1));
  again.encounter->began = record::When{.at = gateway_.clock().Now()};
  gateway_.Say(again);
  Visit(EncounterChange::kOpeningCancelled, "");
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
  EXPECT_THAT(Live(EvidenceKind::kEndedEncounter), SizeIs(1));
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

TEST_F(Facts, APlanThatIsTakenBackEndsNoVisitThatBegan) {
  Visit(EncounterChange::kPlanned);
  Visit(EncounterChange::kPlanCancelled);
  EXPECT_THAT(Live(EvidenceKind::kPlannedEncounter), IsEmpty());
  Visit(EncounterChange::kPlanned);
  Visit(EncounterChange::kOpened);
  Visit(EncounterChange::kPlanCancelled);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  Visit(EncounterChange::kPlanned);
  EXPECT_THAT(Live(EvidenceKind::kPlannedEncounter), IsEmpty());
}

TEST_F(Facts, AVisitThatGotAnotherNumberIsDischargedUnderTheNewOne) {
  Visit(EncounterChange::kOpened, "OLD");
  const auto began = Live(EvidenceKind::kOpenEncounter).front().period.from;
  record::Contribution renumbered = kit::About(kAnna);
  renumbered.encounter = record::EncounterClaim{
      .number = "NEW", .change = EncounterChange::kUpdated, .former_number = "OLD"};
  gateway_.Say(renumbered);
  ASSERT_THAT(Live(EvidenceKind::kOpenEncounter), SizeIs(1));
  EXPECT_EQ(Live(EvidenceKind::kOpenEncounter).front().reference, "NEW");
  EXPECT_EQ(Live(EvidenceKind::kOpenEncounter).front().period.from, began);
  Visit(EncounterChange::kClosed, "NEW");
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
}

TEST_F(Facts, ANewNumberOfAVisitThatIsNotKnownOpensNothing) {
  record::Contribution renumbered = kit::About(kAnna);
  renumbered.encounter = record::EncounterClaim{
      .number = "NEW", .change = EncounterChange::kUpdated, .former_number = "OLD"};
  gateway_.Say(renumbered);
  EXPECT_THAT(Live(EvidenceKind::kOpenEncounter), IsEmpty());
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

TEST_F(Facts, AConsentLoosensOnlyARefusalThatItIsNewerThan) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  for (const std::string said :
       {"2019-01-01", "2025", "2025-11", "2025-11-01T23:00:00Z", "2030", ""}) {
    Choose({{PreferenceAnswer::kConsent, "Consent/b", said}});
    EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1)) << said;
    EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty()) << said;
  }
  Choose({{PreferenceAnswer::kConsent, "Consent/b", "2025-11-02"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), IsEmpty());
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), SizeIs(1));
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), IsEmpty()) << "the old refusal came again";
  Choose({{PreferenceAnswer::kDissent, "Consent/c"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1)) << "one without a date is of today";
}

TEST_F(Facts, AnUndatedConsentLoosensOnlyWhatTheSameFieldSaidBefore) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a"}});
  Choose({{PreferenceAnswer::kConsent, "Consent/b"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  Choose({{PreferenceAnswer::kConsent, "Consent/a"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), IsEmpty());
}

TEST_F(Facts, OfTheSameDayTheRefusalHoldsWhicheverStandsFirst) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"},
          {PreferenceAnswer::kConsent, "Consent/b", "2025-11-01"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty());
  Choose({{PreferenceAnswer::kConsent, "Consent/d", "2025-12-01"},
          {PreferenceAnswer::kDissent, "Consent/c", "2025-12-01"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(1)) << "a's is older than d";
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty());
}

TEST_F(Facts, SomebodyElsesRefusalInAFeedBindsNobodyAndOpensAReview) {
  const auto refuse = [&](const std::string& said) {
    Choose({{PreferenceAnswer::kDissent, "Consent/a", said, record::PreferenceBy::kSomebodyElse}});
  };
  refuse("2025-11-01");
  refuse("2025-11-01");
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  EXPECT_EQ(Live(ConsentKind::kObjection).front().by, record::ConsentBy::kSomeoneElse);
  const auto reviews = gateway_.Queued(store::QueueKind::kChoiceReview);
  ASSERT_THAT(reviews, SizeIs(1)) << "the same word again asks nobody again";
  EXPECT_EQ(reviews.front().reason, "objection_by_someone_else");
  EXPECT_EQ(reviews.front().person, gateway_.PersonOf(kOne)->id);
}

TEST_F(Facts, SomebodyElsesConsentLoosensNothing) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  Choose({{PreferenceAnswer::kConsent, "Consent/b", "2025-12-01",
           record::PreferenceBy::kSomebodyElse}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
}

TEST_F(Facts, AnUnclearRefusalWithholdsWhatItsSourceSaidAndOpensAReview) {
  Choose({{PreferenceAnswer::kUnclear, "Consent/a", "2025-11-01"}});
  Choose({{PreferenceAnswer::kUnclear, "Consent/a", "2025-11-01"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  const record::Consent held = Live(ConsentKind::kObjection).front();
  EXPECT_EQ(held.by, record::ConsentBy::kFeed);
  EXPECT_EQ(held.scope.sources, std::vector{*record::OdsCode::Parse("RXX")});
  const auto reviews = gateway_.Queued(store::QueueKind::kChoiceReview);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews.front().reason, "unclear_choice");
  EXPECT_EQ(reviews.front().caused_by, held.recorded_by) << "or nobody could close it";
  Choose({{PreferenceAnswer::kUnclear, "Consent/a", "2025-12-01"}});
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kChoiceReview), SizeIs(2)) << "said anew";
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
}

TEST_F(Facts, ARefusalThatWasEnteredInErrorIsLiftedAndNoOther) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"},
          {PreferenceAnswer::kDissent, "Consent/b", "2025-11-01"},
          {PreferenceAnswer::kUnclear, "Consent/c", "2025-11-01"}});
  Choose({{PreferenceAnswer::kRetracted, "Consent/x"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(3));
  Choose({{PreferenceAnswer::kRetracted, "Consent/a"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(2));
  Choose({{PreferenceAnswer::kRetracted, "Consent/c"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  EXPECT_THAT(Live(ConsentKind::kObjection).front().scope.sources, IsEmpty()) << "b stands";
}

TEST_F(Facts, AConsentThatWasEnteredInErrorGivesBackTheRefusalThatItLoosened) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  Choose({{PreferenceAnswer::kConsent, "Consent/b", "2025-12-01"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), IsEmpty());
  Choose({{PreferenceAnswer::kRetracted, "Consent/b"}});
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty());
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
}

// What each of these makes of a permit that had loosened a refusal of 2025.
TEST_F(Facts, AConsentThatIsOneNoMoreGivesBackTheRefusalThatItLoosened) {
  for (const auto answer :
       {PreferenceAnswer::kUnknown, PreferenceAnswer::kUnclear, PreferenceAnswer::kRetracted}) {
    const std::string which = std::to_string(static_cast<int>(answer));
    Choose({{PreferenceAnswer::kDissent, "Consent/a" + which, "2025-11-01"}});
    Choose({{PreferenceAnswer::kConsent, "Consent/b" + which, "2025-12-01"}});
    ASSERT_THAT(Live(ConsentKind::kExplicitConsent), SizeIs(1)) << which;
    Choose({{PreferenceAnswer::kUnknown, "Consent/x"}});
    ASSERT_THAT(Live(ConsentKind::kExplicitConsent), SizeIs(1)) << "another's end";
    Choose({{answer, "Consent/b" + which, "2026-01-01"}});
    EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty()) << which;
    const auto refusals = Live(ConsentKind::kObjection);
    EXPECT_TRUE(std::any_of(refusals.begin(), refusals.end(), [](const record::Consent& one) {
      return one.scope.sources.empty();
    })) << which;
    Choose({{PreferenceAnswer::kRetracted, "Consent/a" + which},
            {PreferenceAnswer::kRetracted, "Consent/b" + which}});
    ASSERT_THAT(Live(ConsentKind::kObjection), IsEmpty()) << which;
  }
}

TEST_F(Facts, AConsentWhoseDateIsMadeEarlierLoosensNoMoreThanItMay) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  Choose({{PreferenceAnswer::kConsent, "Consent/b", "2025-12-01"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), IsEmpty());
  Choose({{PreferenceAnswer::kConsent, "Consent/b", "2025-01-01"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty());
}

TEST_F(Facts, AnEndedChoiceTakesNoRefusalBack) {
  Choose({{PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"},
          {PreferenceAnswer::kUnclear, "Consent/b", "2025-11-01"}});
  Choose({{PreferenceAnswer::kUnknown, "Consent/a", "2025-12-01"},
          {PreferenceAnswer::kUnknown, "Consent/b", "2025-12-01"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(2));
}

TEST_F(Facts, ALaterYesOfTheSameColumnShowsWhatItsNoWithheldAndNothingElse) {
  Choose({{PreferenceAnswer::kUnclear, "consent", "2025-11-01"},
          {PreferenceAnswer::kUnclear, "consent-row:1", "2025-11-01"},
          {PreferenceAnswer::kDissent, "Consent/a", "2025-11-01"}});
  ASSERT_THAT(Live(ConsentKind::kObjection), SizeIs(3));
  for (const std::string said : {"", "2025-10-31", "2025-11", "2025-11-01", "2062-01-01"}) {
    Choose({{PreferenceAnswer::kAskEachTime, "consent", said}});
    EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(3)) << said;
  }
  Choose({{PreferenceAnswer::kAskEachTime, "Consent/a", "2025-11-02"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(3)) << "a whole refusal is no sheet's";
  Choose({{PreferenceAnswer::kAskEachTime, "consent", "2025-11-02"}});
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(2));
  EXPECT_THAT(Live(ConsentKind::kExplicitConsent), IsEmpty()) << "it opens nothing";
}

TEST_F(Facts, ARefusalThatItsMessageAnswersIsNotAskedAboutAndOneOfAVagueOrFutureDateIs) {
  const auto say = [&](const std::string& no, const std::string& yes) {
    Choose({{PreferenceAnswer::kUnclear, "consent", no},
            {PreferenceAnswer::kAskEachTime, "consent", yes}});
    return gateway_.Queued(store::QueueKind::kChoiceReview).size();
  };
  EXPECT_EQ(say("2025-05-01", "2025-05-02"), 0U);
  EXPECT_THAT(Live(ConsentKind::kObjection), IsEmpty());
  EXPECT_EQ(say("2025-05", "2025-05-03"), 1U);
  EXPECT_THAT(Live(ConsentKind::kObjection), SizeIs(1));
  EXPECT_EQ(say("2025-06-01", "2062-04-01"), 2U) << "a day that is yet to come dates nothing";
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

TEST_F(Facts, AnAllergyOrAlertThatItsSourceTakesBackIsAskedAboutOnce) {
  record::Draft alert = kit::Allergy("alert:1", "Knife");
  alert.entry.section = record::Section::kAlerts;
  alert.entry.kind = record::Kind::kAlert;
  record::Draft problem = kit::Allergy("problem:1", "Asthma");
  problem.entry.section = record::Section::kProblems;
  problem.entry.kind = record::Kind::kProblem;
  gateway_.Say(kit::About(
      kAnna, {kit::Allergy("a:1", "Nuts"), kit::Allergy("a:2", "Milk"), alert, problem}));
  record::Contribution withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"problem:1", "a:none"};
  gateway_.Say(withdrawal);
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kNullReview), IsEmpty());
  withdrawal.withdrawn_keys = {"a:1", "a:2", "alert:1"};
  gateway_.Say(withdrawal);
  gateway_.Say(withdrawal);
  std::vector<std::string> reasons;
  for (const auto& item : gateway_.Queued(store::QueueKind::kNullReview)) {
    EXPECT_EQ(item.person, gateway_.PersonOf(kOne)->id);
    EXPECT_EQ(item.organisation, "RXX");
    reasons.push_back(item.reason);
  }
  EXPECT_THAT(reasons, testing::UnorderedElementsAre("allergy_withdrawn", "alert_withdrawn"));
}

}  // namespace
}  // namespace milecastle::receive
