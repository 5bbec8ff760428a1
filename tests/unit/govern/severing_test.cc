// Severing: it holds at once, a second person confirms or undoes it, and nothing queues who was
// severed beside another.
#include <gmock/gmock.h>

#include "office.h"

namespace milecastle::govern {
namespace {

using base::ErrorId;
using kit::Allergy;
using store::QueueKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const kit::Who kAnna{.nhs_number = kOne, .local = "1"};
const kit::Who kBella{.nhs_number = kTwo, .local = "9"};

using Changed = base::Result<Audited<IdentityChange>>;

class Severing : public Office {
 protected:
  static record::Requester Second() {
    record::Requester second = SystemOfficer();
    second.user = "officer-2";
    return second;
  }
  Changed Sever(const record::PersonId& person) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Sever(SystemOfficer(), person, "superseded", done); });
  }
  Changed Close(const record::Requester& officer, const record::QueueItemId& item,
                const std::string& outcome) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(officer, item, outcome, done); });
  }
  std::vector<QueuedItem> Queue(const record::Requester& officer, QueueKind kind) {
    const auto queue = Await<Audited<std::vector<QueuedItem>>>(
        [&](const auto& done) { desk_->Queue(officer, {.kinds = {kind}}, done); });
    return queue ? queue->value() : std::vector<QueuedItem>();
  }
  record::PersonId PersonOf(const char* number) { return gateway_.PersonOf(number)->id; }
  store::Person Kept(const record::PersonId& person) {
    return **gateway_.Look()->patients().FindPerson(person);
  }
  bool IsSevered(const record::PersonId& person) {
    return Kept(person).state == store::PersonState::kSevered;
  }
  std::string PayloadOf(const Changed& change) {
    return first_->Read(change->leaf().index)->body->payload;
  }
  void SayThatBellaObjects() {
    record::Contribution objecting = kit::About(kBella);
    objecting.preferences = {{record::PreferenceKind::kShareDetailedRecord,
                              record::PreferenceAnswer::kDissent, "ZU8-2"}};
    gateway_.Say(objecting);
  }
  Changed Unlink(const record::IdentityId& identity) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Unlink(SystemOfficer(), identity, "wrong-person", done); });
  }
  // Of two hospital numbers of Anna's, the one with an allergy is merged into Bella.
  void MergeAnnaIntoBella() {
    gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
    gateway_.Say(kit::About({.nhs_number = kOne, .local = "5"}));
    gateway_.Say(kit::About(kBella));
    gateway_.Say(kit::Merge(kBella, "1"));
  }
  // Bella's number is given to Anna's local one, an officer joins them, and takes them apart again.
  void MixUp() {
    gateway_.Say(kit::About({.nhs_number = kOne, .local = "9"}));
    const auto waiting = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
    ASSERT_TRUE(Await<Audited<IdentityChange>>([&](const auto& done) {
      desk_->Link(SystemOfficer(), waiting, PersonOf(kOne), "papers-seen", done);
    }));
    ASSERT_TRUE(Await<Audited<IdentityChange>>([&](const auto& done) {
      desk_->Unlink(SystemOfficer(), gateway_.IdentityOf("9")->id, "wrong-person", done);
    }));
  }
};

TEST_F(Severing, HoldsAtOnceAndStandsAsOverdueUntilASecondPersonConfirmsIt) {
  gateway_.Say(kit::About(kAnna));
  const auto anna = PersonOf(kOne);
  const auto severed = Sever(anna);
  ASSERT_TRUE(severed) << base::Describe(severed.error());
  EXPECT_TRUE(IsSevered(anna));
  EXPECT_FALSE(gateway_.FactsOf(anna).active) << "shown to nobody";
  auto queue = Queue(Second(), QueueKind::kSeverReview);
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_EQ(queue.front().item.id, severed->value().to_confirm);
  EXPECT_EQ(queue.front().item.caused_by, "issuer officer-1");
  EXPECT_FALSE(queue.front().overdue);
  gateway_.clock().Advance(std::chrono::hours(24));
  EXPECT_TRUE(Queue(Second(), QueueKind::kSeverReview).front().overdue);
  EXPECT_TRUE(IsSevered(anna)) << "what nobody looked at still protects";
  const auto confirmed = Close(Second(), queue.front().item.id, "confirmed");
  ASSERT_TRUE(confirmed) << base::Describe(confirmed.error());
  EXPECT_TRUE(IsSevered(anna));
  EXPECT_THAT(PayloadOf(severed), HasSubstr("officer-1"));
  EXPECT_THAT(PayloadOf(confirmed), HasSubstr("officer-2"));
  EXPECT_THAT(PayloadOf(confirmed), HasSubstr("\"kind\":\"sever_review\""));
  EXPECT_EQ(Close(Second(), queue.front().item.id, "undone").error().id, ErrorId::kConflict)
      << "confirmed, it is for good";
}

TEST_F(Severing, IsNeitherConfirmedNorUndoneByWhoSeveredNorByOneOrganisationsOfficer) {
  gateway_.Say(kit::About(kAnna));
  const auto anna = PersonOf(kOne);
  const auto item = *Sever(anna)->value().to_confirm;
  for (const char* outcome : {"confirmed", "undone"}) {
    EXPECT_EQ(Close(SystemOfficer(), item, outcome).error().id, ErrorId::kNotPermitted);
    EXPECT_EQ(Close(Officer("RXX"), item, outcome).error().id, ErrorId::kNotPermitted);
    EXPECT_EQ(Close(PrivacyOfficer("RXX"), item, outcome).error().id, ErrorId::kNotPermitted);
  }
  EXPECT_THAT(Queue(Officer("RXX"), QueueKind::kSeverReview), IsEmpty());
  EXPECT_TRUE(IsSevered(anna));
  EXPECT_THAT(EntriesOf(audit::Kind::kRefusal), SizeIs(6));
}

TEST_F(Severing, IsUndoneByASecondPersonAndTheRecordIsFoundAgain) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Penicillin")}));
  const auto anna = PersonOf(kOne);
  const auto item = *Sever(anna)->value().to_confirm;
  const auto undone = Close(Second(), item, "undone");
  ASSERT_TRUE(undone) << base::Describe(undone.error());
  EXPECT_EQ(PersonOf(kOne), anna);
  EXPECT_TRUE(gateway_.FactsOf(anna).active);
  EXPECT_EQ(gateway_.EntriesOf(anna), 1U);
  EXPECT_THAT(PayloadOf(undone), HasSubstr("\"undone\":true"));
  EXPECT_TRUE(Sever(anna)) << "and may be severed again";
}

TEST_F(Severing, OfSomebodyWithoutANumberIsUndoneToOneWithoutANumber) {
  gateway_.Say(kit::About({.nhs_number = "", .local = "5"}));
  const auto person = gateway_.IdentityOf("5")->person;
  ASSERT_TRUE(Close(Second(), *Sever(person)->value().to_confirm, "undone"));
  EXPECT_EQ(Kept(person).state, store::PersonState::kUnidentified);
}

// safety.md 14 and 15: the tighter consent holds, and nothing says with whom they were mixed.
TEST_F(Severing, TakesAnOpenMergeReviewApartAndTheTighterConsentHoldsForEach) {
  gateway_.Say(kit::About(kAnna));
  SayThatBellaObjects();
  const auto anna = PersonOf(kOne);
  const auto bella = PersonOf(kTwo);
  MixUp();
  ASSERT_TRUE(Sever(bella));
  const auto reviews = gateway_.Queued(QueueKind::kMergeReview);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews.front().person, anna);
  EXPECT_THAT(reviews.front().candidates, ElementsAre(anna));
  EXPECT_EQ(reviews.front().identity, std::nullopt);
  EXPECT_EQ(reviews.front().message, std::nullopt);
  const auto kept_apart = gateway_.Queued(QueueKind::kProtectedIdentity);
  ASSERT_THAT(kept_apart, SizeIs(1));
  EXPECT_EQ(kept_apart.front().person, bella);
  EXPECT_THAT(kept_apart.front().candidates, ElementsAre(bella));

  EXPECT_THAT(gateway_.FactsOf(anna).consents, SizeIs(1)) << "Bella's objection holds for Anna too";
  ASSERT_TRUE(Close(SystemOfficer(), reviews.front().id, "right"));
  EXPECT_THAT(gateway_.FactsOf(anna).consents, IsEmpty()) << "until Anna's own item is closed";
  EXPECT_TRUE(Kept(bella).under_merge_review) << "and Bella's is not";
  ASSERT_TRUE(Close(SystemOfficer(), kept_apart.front().id, "right"));
  EXPECT_FALSE(Kept(bella).under_merge_review);
}

TEST_F(Severing, TakesTheSeveredOutOfTheHistoryThatAnOrganisationsOfficerSees) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "6"}));
  const auto bella = PersonOf(kTwo);
  gateway_.Say(kit::About({.nhs_number = kOne, .local = "9"}));
  const auto waiting = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  ASSERT_TRUE(Await<Audited<IdentityChange>>([&](const auto& done) {
    desk_->Link(SystemOfficer(), waiting, PersonOf(kOne), "papers-seen", done);
  }));
  const auto names_bella = [&](const record::Requester& officer) {
    const auto shown = Await<Audited<PersonAtDesk>>(
        [&](const auto& done) { desk_->ShowPerson(officer, PersonOf(kOne), done); });
    const auto& history = shown->value().person.history;
    return std::any_of(history.begin(), history.end(),
                       [&](const auto& event) { return event.from == bella; });
  };
  ASSERT_TRUE(names_bella(Officer("RXX")));
  ASSERT_TRUE(Sever(bella));
  EXPECT_FALSE(names_bella(Officer("RXX")));
  EXPECT_TRUE(names_bella(SystemOfficer()));
}

TEST_F(Severing, WhatIsUnlinkedGoesBackToTheSeveredWhoseItWasAndIsAuditedAndReviewedApart) {
  MergeAnnaIntoBella();
  const auto anna = PersonOf(kOne);
  const auto bella = PersonOf(kTwo);
  ASSERT_TRUE(Sever(anna));
  const auto identity = gateway_.IdentityOf("1")->id;
  ASSERT_EQ(gateway_.IdentityOf("1")->person, bella);
  const auto unlinked = Unlink(identity);
  ASSERT_TRUE(unlinked) << base::Describe(unlinked.error());
  EXPECT_EQ(gateway_.IdentityOf("1")->person, anna);
  EXPECT_TRUE(IsSevered(anna));
  EXPECT_FALSE(gateway_.PersonOf(kOne)) << "the number is open to nobody";
  EXPECT_EQ(gateway_.EntriesOf(bella), 0U);
  EXPECT_THAT(PayloadOf(unlinked), HasSubstr("\"to\":\"" + anna.ToString()));
  for (const auto& item : gateway_.Queued(QueueKind::kMergeReview)) {
    EXPECT_THAT(item.candidates, ElementsAre(bella));
    EXPECT_EQ(item.person, bella);
    EXPECT_EQ(item.identity, std::nullopt);
  }
  const auto kept_apart = gateway_.Queued(QueueKind::kProtectedIdentity);
  ASSERT_THAT(kept_apart, SizeIs(2)) << "of the merge, and of the unlink";
  for (const auto& item : kept_apart) EXPECT_THAT(item.candidates, ElementsAre(anna));
  EXPECT_TRUE(Kept(anna).under_merge_review);
  EXPECT_TRUE(Kept(bella).under_merge_review);
}

TEST_F(Severing, OfSomebodyWhoseIdentitiesWereMergedAwayIsRefusedUntilTheyAreUnlinked) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  const auto anna = PersonOf(kOne);
  gateway_.Say(kit::Merge(kBella, "1"));
  const auto refused = Sever(anna);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, ErrorId::kConflict);
  EXPECT_THAT(refused.error().advice, HasSubstr("unlink"));
  EXPECT_FALSE(IsSevered(anna));
  ASSERT_TRUE(Unlink(gateway_.IdentityOf("1")->id));
  EXPECT_TRUE(Sever(anna));
}

// Severed by an earlier release, when nothing refused it; a message then took the number.
TEST_F(Severing, ThatCannotBeUndoneSaysInWordsWhatStandsAgainstIt) {
  gateway_.Say(kit::About(kAnna));
  const auto anna = PersonOf(kOne);
  const auto item = *Sever(anna)->value().to_confirm;
  const auto add = [&](store::PersonState state) {
    const store::Person another{.id = record::PersonId::New(gateway_.clock().Now()),
                                .nhs_number = record::NhsNumber::Parse(kOne),
                                .state = state};
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      return transaction.patients().SavePerson(another);
    }));
  };
  add(store::PersonState::kSevered);
  const auto beside_severed = Close(Second(), item, "undone");
  EXPECT_EQ(beside_severed.error().id, ErrorId::kConflict);
  EXPECT_THAT(beside_severed.error().advice, HasSubstr("another severed person"));
  add(store::PersonState::kActive);
  const auto beside_active = Close(Second(), item, "undone");
  EXPECT_EQ(beside_active.error().id, ErrorId::kConflict);
  EXPECT_THAT(beside_active.error().advice, HasSubstr("another person has its NHS number"));
  EXPECT_TRUE(IsSevered(anna));
  EXPECT_FALSE((*gateway_.Look()->queues().Find(item))->closed) << "and may be tried again";
}

TEST_F(Severing, KeepsWhatWaitedForThePersonFromWhomItWasOfferedTo) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  // Bella's local number with Anna's NHS number: it waits, and either may be meant.
  const auto waits = gateway_.Say(kit::About({.nhs_number = kOne, .local = "9"}));
  ASSERT_TRUE(Sever(PersonOf(kTwo)));
  EXPECT_THAT(gateway_.Queued(QueueKind::kAwaitingIdentity), IsEmpty());
  const auto kept_apart = gateway_.Queued(QueueKind::kProtectedIdentity);
  ASSERT_THAT(kept_apart, SizeIs(1));
  EXPECT_EQ(kept_apart.front().message, waits.outcome.message);
  EXPECT_THAT(kept_apart.front().candidates, IsEmpty());
  EXPECT_EQ(gateway_.Journalled(waits.outcome).disposition, "quarantined");
}

TEST_F(Severing, ThatIsUndoneLetsWhatWaitedForThePersonWaitAgain) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  const auto waits =
      gateway_.Say(kit::About({.nhs_number = kOne, .local = "9"}, {Allergy("a", "Nuts")}));
  const auto bella = PersonOf(kTwo);
  const auto item = *Sever(bella)->value().to_confirm;
  ASSERT_EQ(gateway_.Journalled(waits.outcome).disposition, "quarantined");
  ASSERT_TRUE(Close(Second(), item, "undone"));
  EXPECT_EQ(gateway_.Journalled(waits.outcome).disposition, "awaiting_identity");
  EXPECT_THAT(gateway_.Queued(QueueKind::kProtectedIdentity), IsEmpty());
  const auto waiting = gateway_.Queued(QueueKind::kAwaitingIdentity);
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_THAT(waiting.front().candidates, ElementsAre(PersonOf(kOne), bella));
  ASSERT_TRUE(Await<Audited<IdentityChange>>([&](const auto& done) {
    desk_->Link(SystemOfficer(), waiting.front().id, bella, "papers-seen", done);
  }));
  EXPECT_EQ(gateway_.EntriesOf(bella), 1U) << "nothing was lost by it";
}

TEST_F(Severing, ShowsNobodyBesideTheSeveredInAnItemThatWasClosedBeforeOrGaveWay) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  const auto anna = PersonOf(kOne);
  const auto bella = PersonOf(kTwo);
  gateway_.Say(kit::About({.nhs_number = kOne, .local = "9"}));
  const auto replaced = gateway_.Queued(QueueKind::kAwaitingIdentity).front().id;
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "8", .birth_date = "1999-09-09"}));
  const auto settled = gateway_.Queued(QueueKind::kAwaitingIdentity).back().id;
  ASSERT_TRUE(Close(SystemOfficer(), settled, "turned_away"));
  const auto show = [&](const record::Requester& officer, const record::QueueItemId& item) {
    return Await<Audited<ItemAtDesk>>(
        [&](const auto& done) { desk_->ShowItem(officer, item, done); });
  };
  ASSERT_THAT(show(Officer("RXX"), replaced)->value().candidates, SizeIs(2));
  ASSERT_THAT(show(Officer("RXX"), settled)->value().queued.item.candidates, ElementsAre(bella));
  const auto to_confirm = *Sever(bella)->value().to_confirm;

  EXPECT_EQ(show(Officer("RXX"), replaced).error().id, ErrorId::kNotFound);
  const auto to_system = show(SystemOfficer(), replaced)->value();
  EXPECT_THAT(to_system.queued.item.candidates, ElementsAre(anna));
  EXPECT_THAT(to_system.candidates, SizeIs(1));
  EXPECT_FALSE(to_system.claim) << "the claim is the severed person's own";
  EXPECT_FALSE(to_system.queued.item.identity);
  EXPECT_FALSE(to_system.queued.item.message);
  const auto to_own = show(Officer("RXX"), settled)->value();
  EXPECT_THAT(to_own.queued.item.candidates, IsEmpty());
  EXPECT_THAT(to_own.candidates, IsEmpty());
  EXPECT_THAT(show(Second(), to_confirm)->value().candidates, SizeIs(1))
      << "who confirms sees whom, alone";
}

TEST_F(Severing, TheSeveredPartOfAMergeReviewIsDueCautionedAndListedOnceItIsOverdue) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  MixUp();
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
    return transaction.facts().PutLocationFlag(
        gateway_.IdentityOf("9")->id,
        {record::LocationProtection::kNational, "adt", kit::kMorning});
  }));
  const auto opened = gateway_.Queued(QueueKind::kMergeReview).front().opened;
  const auto item = *Sever(PersonOf(kTwo))->value().to_confirm;
  const auto apart = Queue(SystemOfficer(), QueueKind::kProtectedIdentity);
  ASSERT_THAT(apart, SizeIs(1));
  EXPECT_EQ(apart.front().item.due, opened + std::chrono::hours(7 * 24));
  EXPECT_THAT(apart.front().cautions, ElementsAre("location_protected"));
  const auto listed = [&](const record::Requester& officer) {
    const auto queue = Await<Audited<std::vector<QueuedItem>>>(
        [&](const auto& done) { desk_->Queue(officer, {}, done); });
    const auto& items = queue->value();
    return std::count_if(items.begin(), items.end(), [](const QueuedItem& one) {
      return one.item.kind == QueueKind::kProtectedIdentity;
    });
  };
  ASSERT_TRUE(Close(Second(), item, "undone"));
  EXPECT_TRUE(Kept(PersonOf(kTwo)).under_merge_review) << "until somebody has looked";
  EXPECT_EQ(listed(SystemOfficer()), 0);
  gateway_.clock().Advance(std::chrono::hours(7 * 24));
  EXPECT_EQ(listed(SystemOfficer()), 1);
  EXPECT_EQ(listed(Officer("RXX")), 0);
}

TEST_F(Severing, AMergeReviewIsDueWithinThePolicysTime) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About(kBella));
  MixUp();
  const auto opened = gateway_.Queued(QueueKind::kMergeReview).front().opened;
  auto queue = Queue(Officer("RXX"), QueueKind::kMergeReview);
  ASSERT_THAT(queue, SizeIs(2));
  EXPECT_EQ(queue.front().item.due, opened + std::chrono::hours(7 * 24));
  EXPECT_FALSE(queue.front().overdue);
  gateway_.clock().Advance(std::chrono::hours(7 * 24));
  EXPECT_TRUE(Queue(Officer("RXX"), QueueKind::kMergeReview).front().overdue);
}

}  // namespace
}  // namespace milecastle::govern
