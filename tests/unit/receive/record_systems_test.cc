// Two record systems of one organisation: each has keys, lists and choices of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "identify/holder.h"
#include "kit/small_gateway.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using record::LocationProtection;
using record::PreferenceAnswer;
using record::Section;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kOne = "9990000018";
const kit::Who kAnna{.nhs_number = kOne, .local = "1"};

class RecordSystems : public testing::Test {
 protected:
  port::Received Say(const std::string& system, record::Contribution contribution) {
    port::Feed feed = gateway_.feed();
    feed.name = feed_name_;
    feed.record_system = system;
    gateway_.Use(std::move(feed));
    return gateway_.Say(std::move(contribution));
  }
  port::Received Say(const std::string& system, std::vector<record::Draft> drafts) {
    return Say(system, kit::About(kAnna, std::move(drafts)));
  }

  std::multiset<std::string> Shown() {
    const auto snapshot = gateway_.Look();
    const auto segment = *snapshot->records().SegmentOf(gateway_.PersonOf(kOne)->id);
    std::multiset<std::string> shown;
    for (const auto& item : segment->items) {
      const auto entry = wire::DecodeEntry(segment->bytes.substr(item.offset, item.size));
      shown.insert(entry ? entry->what.text : "?");
    }
    return shown;
  }
  std::vector<std::string> Asked() {
    std::vector<std::string> reasons;
    for (const auto& item : gateway_.Queued(store::QueueKind::kNullReview)) {
      reasons.push_back(item.reason);
    }
    return reasons;
  }

  // As of ZU8-2, which has no key.
  void Prefer(const std::string& system, PreferenceAnswer answer, const std::string& said = "") {
    record::Contribution contribution = kit::About(kAnna);
    contribution.preferences = {
        {.answer = answer, .place = "ZU8-2", .said = record::When::ParseIso(said)}};
    Say(system, contribution);
  }
  std::vector<record::Consent> Standing(record::ConsentKind kind) {
    auto consents = gateway_.FactsOf(gateway_.PersonOf(kOne)->id).consents;
    std::erase_if(consents, [&](const record::Consent& one) {
      return one.kind != kind || !LiveAt(one, gateway_.clock().Now());
    });
    return consents;
  }
  void Protect(const std::string& system, LocationProtection level, const kit::Who& who = kAnna) {
    record::Contribution contribution = kit::About(who);
    contribution.location_protection = level;
    Say(system, contribution);
  }
  // To a view of whatever purpose.
  bool IsProtected() {
    return *identify::IsLocationProtected(gateway_.Look()->facts(), gateway_.PersonOf(kOne)->id);
  }

  kit::SmallGateway gateway_;
  std::string feed_name_ = "royal-adt";
};

TEST_F(RecordSystems, AnAllergyOfOneIsNotOverwrittenByAnothersOfTheSameKey) {
  Say("pas", {Allergy("AllergyIntolerance/1", "Penicillin")});
  Say("epr", {Allergy("AllergyIntolerance/1", "Latex")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin", "Latex"));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(RecordSystems, TwoFeedsOfOneSystemSupersedeEachOther) {
  Say("pas", {Allergy("AllergyIntolerance/1", "Penicillin")});
  feed_name_ = "royal-resend";
  Say("pas", {Allergy("AllergyIntolerance/1", "Penicillin V")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin V"));
}

TEST_F(RecordSystems, AFeedThatSaysNothingIsASystemOfItsOwn) {
  Say("", {Allergy("AllergyIntolerance/1", "Penicillin")});
  Say("royal-adt", {Allergy("AllergyIntolerance/1", "Penicillin V")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin V")) << "it is called as the feed is";
  feed_name_ = "royal-lis";
  Say("", {Allergy("AllergyIntolerance/1", "Latex")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin V", "Latex"));
}

TEST_F(RecordSystems, AListOfOneEndsNothingOfAnother) {
  Say("pas", {Allergy("a", "Penicillin")});
  Say("epr", {Allergy("b", "Nuts")});
  record::Contribution list = kit::About(kAnna, {Allergy("c", "Latex")});
  list.snapshot_of = {Section::kAllergies};
  Say("epr", list);
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin", "Latex"));
}

TEST_F(RecordSystems, AWithdrawalOrANewerDocumentOfOneEndsNothingOfAnother) {
  Say("pas", {Allergy("d", "Penicillin"), Allergy("d/part", "Nuts")});
  Say("epr", {Allergy("d", "Latex"), Allergy("d/part", "Milk")});
  record::Contribution newer = kit::About(kAnna, {Allergy("d", "Latex, again")});
  newer.replaced_documents = {"d"};
  Say("epr", newer);
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin", "Nuts", "Latex, again"));
  record::Contribution gone = kit::About(kAnna);
  gone.withdrawn_keys = {"d"};
  Say("epr", gone);
  EXPECT_THAT(Shown(), UnorderedElementsAre("Penicillin", "Nuts"));
}

TEST_F(RecordSystems, WhatOneSaysOfASectionIsNotOverwrittenByAnother) {
  const auto says = [](record::SectionSaying saying) {
    record::Contribution contribution = kit::About(kAnna);
    contribution.statements = {{.section = Section::kAllergies, .saying = saying}};
    return contribution;
  };
  Say("pas", says(record::SectionSaying::kConfidentialItems));
  record::Contribution none = says(record::SectionSaying::kNoneKnown);
  none.snapshot_of = {Section::kAllergies};
  Say("epr", none);
  const auto said = [&] {
    std::multiset<std::string> all;
    const auto snapshot = gateway_.Look();
    const auto held = snapshot->records().StatementsOf(gateway_.PersonOf(kOne)->id);
    for (const store::SourceStatement& each : *held) {
      all.insert(each.system + std::to_string(static_cast<int>(each.statement.saying)));
    }
    return all;
  };
  EXPECT_THAT(said(), UnorderedElementsAre("pas|3", "epr|1"));
  Say("pas", says(record::SectionSaying::kNothingRecorded));
  EXPECT_THAT(said(), UnorderedElementsAre("pas|2", "epr|1")) << "it takes its own word back";
}

TEST_F(RecordSystems, ANewerListOfOneMakesNothingOfAnotherOld) {
  const base::Instant now = gateway_.clock().Now();
  const auto sent = [&](int hours) {
    const base::Instant at = now - std::chrono::hours(hours);
    return record::Version{.sent = record::Span{at, at}};
  };
  record::Contribution list = kit::About(kAnna, {Allergy("a", "Latex")});
  list.snapshot_of = {Section::kAllergies};
  list.version = sent(1);
  Say("epr", list);
  record::Contribution other = kit::About(kAnna, {Allergy("b", "Penicillin")});
  other.version = sent(5);
  Say("pas", other);
  EXPECT_THAT(Shown(), UnorderedElementsAre("Latex", "Penicillin"));
}

TEST_F(RecordSystems, ALinkLeadsToWhatTheSameSystemSent) {
  record::Draft medicine = Allergy("m", "Medicine");
  medicine.entry.links = {{"problem", "p"}};
  Say("pas", {Allergy("p", "Problem"), medicine});
  Say("epr", {Allergy("p", "Other problem")});
  const auto snapshot = gateway_.Look();
  const auto segment = *snapshot->records().SegmentOf(gateway_.PersonOf(kOne)->id);
  ASSERT_EQ(segment->links.size(), 1U);
  const auto& target = segment->items.at(segment->links.front().target);
  EXPECT_EQ(wire::DecodeEntry(segment->bytes.substr(target.offset, target.size))->what.text,
            "Problem");
}

TEST_F(RecordSystems, AChoiceThatOneTakesBackStandsWhereAnotherHasOneOfTheSameKey) {
  record::PreferenceClaim choice;
  choice.answer = record::PreferenceAnswer::kDissent;
  choice.key = "Consent/1";
  record::Contribution said = kit::About(kAnna);
  said.preferences = {choice};
  Say("pas", said);
  said.preferences.front().answer = record::PreferenceAnswer::kRetracted;
  Say("epr", said);
  const auto facts = gateway_.FactsOf(gateway_.PersonOf(kOne)->id);
  ASSERT_EQ(facts.consents.size(), 1U);
  EXPECT_FALSE(facts.consents.front().withdrawn);
}

// HL7 ZU8-2 of two systems names the same place and has no date.
TEST_F(RecordSystems, AnObjectionIsLiftedByTheSystemThatSentItAlone) {
  for (const std::string said : {"", "2026-01-04"}) {
    Prefer("pas", PreferenceAnswer::kDissent, "2025-06-01");
    Prefer("lis", PreferenceAnswer::kConsent, said);
    Prefer("lis", PreferenceAnswer::kConsent, said);
    EXPECT_THAT(Standing(record::ConsentKind::kObjection), SizeIs(1)) << said;
    EXPECT_THAT(Standing(record::ConsentKind::kExplicitConsent), IsEmpty()) << said;
  }
  Prefer("pas", PreferenceAnswer::kConsent, "2026-01-04");
  EXPECT_THAT(Standing(record::ConsentKind::kObjection), IsEmpty());
  EXPECT_THAT(Standing(record::ConsentKind::kExplicitConsent), SizeIs(1));
  Prefer("lis", PreferenceAnswer::kConsent, "2026-01-04");
  EXPECT_THAT(Standing(record::ConsentKind::kExplicitConsent), SizeIs(2)) << "nothing refuses now";
}

TEST_F(RecordSystems, AnUndatedYesOfAnotherSystemLiftsNoUndatedNo) {
  Prefer("pas", PreferenceAnswer::kDissent);
  Prefer("lis", PreferenceAnswer::kConsent);
  EXPECT_THAT(Standing(record::ConsentKind::kObjection), SizeIs(1));
  feed_name_ = "royal-resend";
  Prefer("pas", PreferenceAnswer::kConsent);
  EXPECT_THAT(Standing(record::ConsentKind::kObjection), IsEmpty()) << "another feed of the system";
}

TEST_F(RecordSystems, WhatAnotherSystemRefusedIsAskedAboutOnceAndClosingLiftsNothing) {
  Prefer("pas", PreferenceAnswer::kDissent);
  Prefer("lis", PreferenceAnswer::kConsent);
  Prefer("lis", PreferenceAnswer::kConsent);
  const auto asked = gateway_.Queued(store::QueueKind::kChoiceReview);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked.front().reason, "refusal_of_another_system");
  const auto said = gateway_.Look()->facts().FindConsent(record::FactId{asked.front().id.uuid});
  ASSERT_TRUE(said && *said) << "an officer sees which word it is of";
  EXPECT_TRUE((*said)->withdrawn);
  Prefer("pas", PreferenceAnswer::kDissent);
  Prefer("lis", PreferenceAnswer::kConsent, "2020-01-01");
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kChoiceReview), SizeIs(1)) << "older than the no";
}

TEST_F(RecordSystems, ANoOfOneSystemStandsBesideTheNewerYesOfAnother) {
  Prefer("lis", PreferenceAnswer::kConsent, "2026-01-04");
  Prefer("pas", PreferenceAnswer::kDissent, "2025-06-01");
  EXPECT_THAT(Standing(record::ConsentKind::kObjection), SizeIs(1));
  EXPECT_THAT(Standing(record::ConsentKind::kExplicitConsent), IsEmpty());
}

TEST_F(RecordSystems, AProtectionIsLiftedByTheSystemThatSetItAlone) {
  Protect("pas", LocationProtection::kLocal);
  Protect("lis", LocationProtection::kNone);
  Protect("lis", LocationProtection::kNone);
  EXPECT_TRUE(IsProtected());
  EXPECT_THAT(Asked(), UnorderedElementsAre("protection_of_another_record"));
  Protect("pas", LocationProtection::kNone);
  EXPECT_FALSE(IsProtected());
  Protect("pas", LocationProtection::kLocal);
  Protect("lis", LocationProtection::kNone);
  EXPECT_TRUE(IsProtected());
  EXPECT_THAT(Asked(), SizeIs(2)) << "it was set anew";
}

TEST_F(RecordSystems, AProtectionIsLiftedOnTheRecordThatItIsOnAlone) {
  Protect("pas", LocationProtection::kNational);
  Protect("pas", LocationProtection::kNone, {.nhs_number = kOne, .local = "2"});
  ASSERT_EQ(gateway_.IdentityOf("1")->person, gateway_.IdentityOf("2")->person);
  EXPECT_TRUE(IsProtected());
  EXPECT_THAT(Asked(), UnorderedElementsAre("protection_of_another_record"));
}

TEST_F(RecordSystems, AnotherThingInTheSamePlaceOfAnAllergyOrAlertIsAskedAbout) {
  record::Draft alert = Allergy("alert", "Knife");
  alert.entry.section = Section::kAlerts;
  alert.entry.kind = record::Kind::kAlert;
  record::Draft problem = Allergy("problem", "Asthma");
  problem.entry.section = Section::kProblems;
  problem.entry.kind = record::Kind::kProblem;
  Say("pas", {Allergy("a", "Penicillin"), alert, problem});
  alert.entry.what.text = "KNIFE";
  problem.entry.what.text = "Gout";
  record::Draft same = Allergy("a", "Penicillin");
  same.entry.free_text = {"Anaphylaxis in 2011"};
  Say("pas", {same, alert, problem});
  EXPECT_THAT(Asked(), IsEmpty()) << "more is said of the same, or another problem";
  alert.entry.what.text = "Dog";
  Say("pas", {Allergy("a", "Latex"), alert});
  EXPECT_THAT(Asked(), UnorderedElementsAre("allergy_changed", "alert_changed"));
  Say("pas", {Allergy("a", "Latex"), alert});
  EXPECT_EQ(Asked().size(), 2U);
}

TEST_F(RecordSystems, ACodeInCommonMakesItTheSameThing) {
  record::Draft coded = Allergy("a", "Penicillin");
  coded.entry.what.codings = {{"http://snomed.info/sct", "91936005", ""}};
  Say("pas", {coded});
  coded.entry.what.text = "Allergy to penicillin";
  Say("pas", {coded});
  EXPECT_THAT(Asked(), IsEmpty());
  coded.entry.what.codings.front().code = "300916003";
  coded.entry.what.text = "Latex allergy";
  Say("pas", {coded});
  EXPECT_THAT(Asked(), UnorderedElementsAre("allergy_changed"));
}

}  // namespace
}  // namespace milecastle::receive
