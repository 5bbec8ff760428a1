// Match reviews at the desk: what an officer is told of them, and what becomes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "office.h"

namespace milecastle::govern {
namespace {

using kit::Allergy;
using kit::Update;
using kit::Who;
using store::QueueKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const Who kAnna{.nhs_number = kOne, .local = "1"};
const Who kUnnumbered{.nhs_number = "", .local = "77"};

using Changed = base::Result<Audited<IdentityChange>>;

record::Contribution At(const Who& who, const char* postcode) {
  record::Contribution contribution = kit::About(who, {Allergy("a" + who.local, "Penicillin")});
  contribution.patient.addresses = Update<std::vector<record::Address>>::Set({{{}, postcode, ""}});
  return contribution;
}

class Match : public Office {
 protected:
  void Meet(const Who& known = kAnna, const Who& unnumbered = kUnnumbered) {
    gateway_.Say(At(known, "NE28 6HE"));
    gateway_.Say(At(unnumbered, "NE28 6HE"));
  }
  store::QueueItem OnlyItem() {
    const auto queued = gateway_.Queued(QueueKind::kMatchReview);
    EXPECT_THAT(queued, SizeIs(1));
    return queued.empty() ? store::QueueItem{} : queued.front();
  }
  Changed Link(const store::QueueItem& item, std::optional<record::PersonId> person) {
    return Await<Audited<IdentityChange>>([&](const auto& done) {
      desk_->Link(SystemOfficer(), item.id, person, "papers-seen", done);
    });
  }
  Changed Close(const store::QueueItem& item, const std::string& outcome) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(SystemOfficer(), item.id, outcome, done); });
  }
  Changed Unlink(const record::IdentityId& identity) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Unlink(SystemOfficer(), identity, "wrong-person", done); });
  }
  Changed Sever(const record::PersonId& person) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Sever(SystemOfficer(), person, "superseded", done); });
  }
  ItemAtDesk Shown(const store::QueueItem& item,
                   const record::Requester& officer = SystemOfficer()) {
    const auto shown = Await<Audited<ItemAtDesk>>(
        [&](const auto& done) { desk_->ShowItem(officer, item.id, done); });
    EXPECT_TRUE(shown) << base::Describe(shown.error());
    return shown ? shown->value() : ItemAtDesk{};
  }
  PersonAtDesk ShownPerson(const record::PersonId& person) {
    const auto shown = Await<Audited<PersonAtDesk>>(
        [&](const auto& done) { desk_->ShowPerson(SystemOfficer(), person, done); });
    EXPECT_TRUE(shown) << base::Describe(shown.error());
    return shown->value();
  }
  void Protect(const char* local) {
    const auto identity = gateway_.IdentityOf(local)->id;
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& in) {
      return in.facts().PutLocationFlag(
          identity, {record::LocationProtection::kNational, "RXX", gateway_.clock().Now()});
    }));
  }
  record::PersonId PersonOf(const char* number) { return gateway_.PersonOf(number)->id; }
  bool UnderReview(const record::PersonId& person) {
    return (*gateway_.Look()->patients().FindPerson(person))->under_merge_review;
  }
  static std::string VerdictOn(const store::MatchNote& note, std::string_view field) {
    for (const store::FieldNote& said : note.fields) {
      if (said.field == field) return said.verdict;
    }
    return "";
  }
};

TEST_F(Match, IsToldWithItsScoreFieldByFieldAndItsConfiguration) {
  Meet(kAnna, {.nhs_number = "", .local = "77", .birth_date = "1970-02-01"});
  const ItemAtDesk shown = Shown(OnlyItem());
  ASSERT_THAT(shown.matches, SizeIs(1));
  const store::MatchNote& note = shown.matches.front().note;
  EXPECT_EQ(shown.matches.front().person, PersonOf(kOne));
  EXPECT_EQ(note.configuration, gateway_.tracer->version());
  EXPECT_EQ(note.verdict, "possible");
  EXPECT_EQ(VerdictOn(note, "birth_date"), "day_and_month_swapped");
  EXPECT_EQ(VerdictOn(note, "local_identifier"), "differs");
}

TEST_F(Match, LinkedMovesTheWholeRecordUnderReviewWithAnExplanationAndIsUndone) {
  Meet();
  const auto item = OnlyItem();
  const record::PersonId was = gateway_.IdentityOf("77")->person;
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 1U);
  ASSERT_TRUE(Link(item, PersonOf(kOne)));
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 2U);
  EXPECT_TRUE(UnderReview(PersonOf(kOne)));
  EXPECT_TRUE(UnderReview(was));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
  EXPECT_THAT(gateway_.Queued(QueueKind::kMergeReview), SizeIs(1));
  const store::LinkEvent link = ShownPerson(PersonOf(kOne)).person.history.back();
  EXPECT_EQ(link.reason, "officer_link");
  ASSERT_TRUE(link.why);
  EXPECT_EQ(VerdictOn(*link.why, "family_name"), "agrees");

  ASSERT_TRUE(Unlink(gateway_.IdentityOf("77")->id));
  EXPECT_EQ(gateway_.IdentityOf("77")->person, was);
  EXPECT_EQ(gateway_.EntriesOf(PersonOf(kOne)), 1U);
  EXPECT_THAT(gateway_.Queued(QueueKind::kMergeReview), SizeIs(2));
  gateway_.Say(At(kUnnumbered, "NE28 6HE"));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty()) << "an unlink is a word on it";
}

TEST_F(Match, TheTighterConsentOfBothHoldsOnceLinked) {
  gateway_.Say(At(kAnna, "NE28 6HE"));
  record::Contribution objecting = At(kUnnumbered, "NE28 6HE");
  objecting.preferences = {
      {record::PreferenceKind::kShareDetailedRecord, record::PreferenceAnswer::kDissent, "ZU8-2"}};
  gateway_.Say(objecting);
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, IsEmpty());
  ASSERT_TRUE(Link(OnlyItem(), PersonOf(kOne)));
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, SizeIs(1));
  ASSERT_TRUE(Unlink(gateway_.IdentityOf("77")->id));
  EXPECT_THAT(gateway_.FactsOf(PersonOf(kOne)).consents, SizeIs(1)) << "until it is reviewed";
}

TEST_F(Match, AsksForACandidateAndNotForANewPerson) {
  Meet();
  const auto none = Link(OnlyItem(), std::nullopt);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().id, base::ErrorId::kArgumentInvalid);
}

TEST_F(Match, ClosedSaysThatTheyAreTwoPeopleAndIsNotAskedAgain) {
  Meet();
  EXPECT_FALSE(Close(OnlyItem(), "right")) << "a code of its own";
  ASSERT_TRUE(Close(OnlyItem(), "two_people"));
  gateway_.Say(At(kUnnumbered, "NE28 6HE"));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
  gateway_.Say(At({.nhs_number = kTwo, .local = "2"}, "NE28 6HE"));
  gateway_.Say(At(kUnnumbered, "NE28 6HE"));
  EXPECT_THAT(OnlyItem().candidates, ElementsAre(PersonOf(kTwo))) << "of others it still is";
}

TEST_F(Match, IsSettledByANumberThatComesLater) {
  Meet();
  const auto item = OnlyItem();
  gateway_.Say(At({.nhs_number = kTwo, .local = "77"}, "NE28 6HE"));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
  const auto late = Link(item, PersonOf(kOne));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().id, base::ErrorId::kConflict);
}

TEST_F(Match, WhereAProtectedCandidateIsIsToldNeitherByAVerdictNorByTheScore) {
  Meet();
  const int before = Shown(OnlyItem()).matches.front().note.score;
  Protect("1");
  const store::MatchNote note = Shown(OnlyItem()).matches.front().note;
  EXPECT_EQ(VerdictOn(note, "postcode"), "not_compared");
  EXPECT_EQ(note.score, before - 20);
  ASSERT_TRUE(Link(OnlyItem(), PersonOf(kOne)));
  const auto linked = ShownPerson(PersonOf(kOne)).person.history.back().why;
  EXPECT_EQ(VerdictOn(*linked, "postcode"), "not_compared");
}

TEST_F(Match, WhatALinkSaidOfWhereSomebodyIsIsNotToldOnceTheyAreProtected) {
  Meet();
  ASSERT_TRUE(Link(OnlyItem(), PersonOf(kOne)));
  Protect("1");
  const auto why = ShownPerson(PersonOf(kOne)).person.history.back().why;
  EXPECT_EQ(VerdictOn(*why, "postcode"), "not_compared");
  EXPECT_EQ(why->verdict, "");
}

TEST_F(Match, OfASeveredPersonIsTakenOutOfTheQueue) {
  Meet();
  ASSERT_TRUE(Sever(PersonOf(kOne)));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
  gateway_.Say(At(kUnnumbered, "NE28 6HE"));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
}

TEST_F(Match, OfOneWhoIsSeveredThemselvesEndsAndOtherCandidatesStay) {
  gateway_.Say(At({.nhs_number = kTwo, .local = "2"}, "NE28 6HE"));
  Meet();
  ASSERT_TRUE(Sever(PersonOf(kOne)));
  EXPECT_THAT(OnlyItem().candidates, ElementsAre(PersonOf(kTwo)));
  ASSERT_TRUE(Sever(gateway_.IdentityOf("77")->person));
  EXPECT_THAT(gateway_.Queued(QueueKind::kMatchReview), IsEmpty());
}

}  // namespace
}  // namespace milecastle::govern
