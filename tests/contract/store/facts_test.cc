#include <gmock/gmock.h>

#include <algorithm>

#include "contract.h"
#include "record/labels.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

record::LocationFlag Flag(record::LocationProtection level, std::string_view by, int second) {
  return {.level = level, .said_by = std::string(by), .as_of = At(second)};
}
// As it is read: of whose record it is.
record::LocationFlag Of(const Identity& identity, record::LocationFlag flag) {
  flag.identity = identity.id;
  flag.source = identity.source;
  return flag;
}

TEST_P(StoreContract, FactsOfAPersonAreItsOwnAndThoseOfAllItsIdentities) {
  const Person person = SavedPerson("9990000018");
  const Identity one = SavedIdentity(person);
  const Identity two = SavedIdentity(person, "RYY");
  record::Consent by_source = Objection(3);
  by_source.scope = {.sections = {record::Section::kProblems},
                     .sources = {Ods("RXX")},
                     .consumers = {Ods("RYY")},
                     .purposes = {record::Purpose::kReferral},
                     .labels = {"x"}};
  by_source.period.until = At(900);
  const record::Consent at_gateway = Objection(8);
  const record::Evidence admission = Admission("RXX", "V1");
  const auto flag = Flag(record::LocationProtection::kNational, "royal-adt", 4);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().AddConsent(one.id, by_source));
    EXPECT_TRUE(in.facts().AddConsent(person.id, at_gateway));
    EXPECT_TRUE(in.facts().PutLocationFlag(two.id, flag));
    return in.facts().PutEvidence(two.id, admission);
  });
  Reopen();
  const auto facts = FactsOf(person);
  EXPECT_THAT(facts.consents, testing::UnorderedElementsAre(by_source, at_gateway));
  EXPECT_THAT(facts.evidence, ElementsAre(admission));
  EXPECT_THAT(facts.location_flags, ElementsAre(Of(two, flag)));
  EXPECT_EQ(facts.consents_as_of, At(8));
  EXPECT_TRUE(facts.active);
  EXPECT_THAT(facts.untraced_sources, testing::IsEmpty());
  EXPECT_EQ(**Read()->facts().FindConsent(by_source.id), by_source);
  EXPECT_EQ(**Read()->facts().OwnerOf(by_source.id), FactOwner(one.id));
  EXPECT_EQ(**Read()->facts().OwnerOf(at_gateway.id), FactOwner(person.id));
  EXPECT_EQ(**Read()->facts().OwnerOf(admission.id), FactOwner(two.id));
  EXPECT_FALSE(*Read()->facts().OwnerOf(record::FactId::New(At(0))));
}

TEST_P(StoreContract, PersonIsActiveWhileTheirNumberIsInUseAndAnIdentityIsTheirs) {
  Person person = SavedPerson("9990000018");
  EXPECT_FALSE(FactsOf(person).active) << "merged away: none is left";
  SavedIdentity(person);
  EXPECT_TRUE(FactsOf(person).active);
  person.state = PersonState::kSevered;
  Commit([&](Transaction& in) { return in.patients().SavePerson(person); });
  EXPECT_FALSE(FactsOf(person).active);
}

TEST_P(StoreContract, ASourceIsUntracedUntilItTracedOneOfItsIdentities) {
  const Person person = SavedPerson("9990000018");
  Identity untraced = IdentityOf(person, "RYY");
  untraced.shareable = false;
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(untraced); });
  SavedIdentity(person, "RXX");
  EXPECT_THAT(FactsOf(person).untraced_sources, ElementsAre(Ods("RYY")))
      << "whoever else traced the person";
  SavedIdentity(person, "RYY");
  EXPECT_THAT(FactsOf(person).untraced_sources, testing::IsEmpty());
}

TEST_P(StoreContract, EntriesOfAnUntracedIdentityAreMarkedAmongThoseOfATracedPerson) {
  const Person person = SavedPerson("9990000018");
  Identity untraced = IdentityOf(person, "RYY");
  untraced.shareable = false;
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(untraced); });
  const Identity traced = SavedIdentity(person);
  Put(Entry(traced, "problem:1", "traced"));
  Put(Entry(untraced, "problem:1", "untraced"));
  const auto marked = [&] {
    std::size_t count = 0;
    const auto segment = SegmentOf(person);
    for (const SegmentItem& item : segment->items) {
      const auto& labels = segment->classes.at(item.entry_class).labels;
      count += static_cast<std::size_t>(
          std::count(labels.begin(), labels.end(), record::kUntracedLabel));
    }
    EXPECT_EQ(segment->items.size(), 2U);
    return count;
  };
  EXPECT_EQ(marked(), 1U);
  untraced.shareable = true;  // its source traced it later, and sent nothing else
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(untraced); });
  EXPECT_EQ(marked(), 0U);
}

TEST_P(StoreContract, EvidenceOfTheSameVisitIsReplacedAndEnds) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  record::Evidence visit = Admission("RXX", "V1");
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().PutEvidence(identity.id, visit));
    EXPECT_TRUE(in.facts().PutEvidence(identity.id, Admission("RXX", "V2")));
    visit.period.from = At(7);
    EXPECT_TRUE(in.facts().PutEvidence(identity.id, visit));
    return in.facts().EndEvidence(identity.id, visit.kind, Ods("RXX"), "V1", At(70));
  });
  const auto facts = FactsOf(person);
  ASSERT_THAT(facts.evidence, SizeIs(2));
  EXPECT_EQ(facts.evidence[0].period, (record::Period{At(7), At(70)}));
  EXPECT_EQ(facts.evidence[1].period.until, std::nullopt);
}

TEST_P(StoreContract, EvidenceOfOneReferenceIsTheWholePersonsAndNobodyElses) {
  const Person person = SavedPerson("9990000018");
  const Person gone = SavedPerson("9990000026");
  const Person other = SavedPerson("9990000034");
  const Identity one = SavedIdentity(person);
  const Identity moved = SavedIdentity(gone, "RYY");
  const Identity others = SavedIdentity(other, "RZZ");
  const record::Evidence own = Admission("RXX", "V1");
  const record::Evidence of_gone = Admission("RYY", "V1");
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().PutEvidence(one.id, own));
    EXPECT_TRUE(in.facts().PutEvidence(one.id, Admission("RXX", "V2")));
    EXPECT_TRUE(in.facts().PutEvidence(gone.id, of_gone));
    EXPECT_TRUE(in.facts().PutEvidence(others.id, Admission("RZZ", "V1")));
    return in.patients().Link(Move(moved, gone, person, "merge:A40"));
  });
  EXPECT_THAT(*Read()->facts().EvidenceOf(person.id, "V1"), ElementsAre(own, of_gone));
  EXPECT_THAT(*Read()->facts().EvidenceOf(person.id, ""), SizeIs(0));
}

TEST_P(StoreContract, WorkFindsEvidenceWhereverMergesHaveTakenItSinceTheLastWork) {
  const Person person = SavedPerson("9990000018");
  const Person gone = SavedPerson("9990000026");
  SavedIdentity(person);
  const Identity moved = SavedIdentity(gone, "RYY");
  const record::Evidence of_moved = Admission("RYY", "V1");
  const record::Evidence of_gone = Admission("RZZ", "V1");
  const auto found = [&] {
    std::vector<record::Evidence> evidence;
    Commit([&](Transaction& in) -> base::Result<void> {
      evidence = *in.facts().EvidenceOf(person.id, "V1");
      return {};
    });
    return evidence;
  };
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().PutEvidence(moved.id, of_moved));
    return in.facts().PutEvidence(gone.id, of_gone);
  });
  EXPECT_THAT(found(), SizeIs(0));
  Commit(
      [&](Transaction& in) { return in.patients().Link(Move(moved, gone, person, "merge:A40")); });
  EXPECT_THAT(found(), ElementsAre(of_moved, of_gone));
  SavedIdentity(gone, "RWW");
  EXPECT_THAT(found(), ElementsAre(of_moved)) << "somebody of their own again";
  Commit([&](Transaction& in) {
    return in.patients().Link(Move(moved, person, gone, "officer_unlink"));
  });
  EXPECT_THAT(found(), SizeIs(0));
}

TEST_P(StoreContract, SelfDeclarationsOfTwoUsersStandSideBySide) {
  const Person person = SavedPerson("9990000018");
  record::Evidence one = Admission("RXX", "");
  one.kind = record::EvidenceKind::kSelfDeclared;
  one.user = "nurse-one";
  record::Evidence two = one;
  two.id = record::FactId::New(At(1));
  two.user = "nurse-two";
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().PutEvidence(person.id, one));
    return in.facts().PutEvidence(person.id, two);
  });
  EXPECT_THAT(FactsOf(person).evidence, ElementsAre(one, two));
}

TEST_P(StoreContract, WithdrawnConsentIsKeptWithWhenItEnded) {
  const Person person = SavedPerson("9990000018");
  const record::Consent objection = Objection(3);
  Commit([&](Transaction& in) { return in.facts().AddConsent(person.id, objection); });
  Commit([&](Transaction& in) { return in.facts().WithdrawConsent(objection.id, At(30), "dr"); });
  const auto facts = FactsOf(person);
  ASSERT_THAT(facts.consents, SizeIs(1));
  EXPECT_EQ(facts.consents[0].withdrawn, At(30));
  EXPECT_EQ(facts.consents_as_of, At(30));
  const auto again =
      Try([&](Transaction& in) { return in.facts().WithdrawConsent(objection.id, At(31), "dr"); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().id, base::ErrorId::kConflict);
  EXPECT_EQ(FactsOf(person).consents[0].withdrawn, At(30));
  const auto unknown = Try([&](Transaction& in) {
    return in.facts().WithdrawConsent(record::FactId::New(At(0)), At(31), "dr");
  });
  EXPECT_EQ(unknown.error().id, base::ErrorId::kNotFound);
}

TEST_P(StoreContract, NewestLocationFlagOfEachSystemCountsOnEachRecord) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const Identity other = SavedIdentity(person);
  const auto hidden = Flag(record::LocationProtection::kNational, "royal-adt", 9);
  const auto open = Flag(record::LocationProtection::kNone, "royal-adt", 11);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().PutLocationFlag(identity.id, hidden));
    EXPECT_TRUE(in.facts().PutLocationFlag(other.id, open));
    EXPECT_TRUE(in.facts().PutLocationFlag(
        identity.id, Flag(record::LocationProtection::kNone, "royal-adt", 5)));
    return in.facts().PutLocationFlag(identity.id,
                                      Flag(record::LocationProtection::kLocal, "gp", 1));
  });
  EXPECT_THAT(FactsOf(person).location_flags, SizeIs(3));
  EXPECT_THAT(FactsOf(person).location_flags, testing::Contains(Of(identity, hidden)));
  EXPECT_THAT(FactsOf(person).location_flags, testing::Contains(Of(other, open)));
}

TEST_P(StoreContract, AfterAMergeTheConsentsOfThePersonTakenUpHoldForGood) {
  const Person gone = SavedPerson("9990000018");
  const Person kept = SavedPerson("9990000026");
  const Identity identity = SavedIdentity(gone);
  const record::Consent objection = Objection(3);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().AddConsent(gone.id, objection));
    return in.patients().Link(Move(identity, gone, kept, "merge:A40"));
  });
  EXPECT_THAT(FactsOf(kept).consents, ElementsAre(objection));
}

TEST_P(StoreContract, WhatIsRecordedForSomebodyTakenUpHoldsAtOnceForWhoTookThemUp) {
  const Person gone = SavedPerson("9990000018");
  const Person kept = SavedPerson("9990000026");
  const Identity identity = SavedIdentity(gone);
  EXPECT_THAT(FactsOf(kept).consents, SizeIs(0));
  Commit(
      [&](Transaction& in) { return in.patients().Link(Move(identity, gone, kept, "merge:A40")); });
  EXPECT_THAT(FactsOf(kept).consents, SizeIs(0));
  const record::Consent objection = Objection(3);
  Commit([&](Transaction& in) { return in.facts().AddConsent(gone.id, objection); });
  EXPECT_THAT(FactsOf(kept).consents, ElementsAre(objection));
}

TEST_P(StoreContract, EveryChangeOfFactsAndStatementsIsInTheNextSnapshot) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const record::Consent objection = Objection(3);
  const record::Evidence admission = Admission("RXX", "V1");
  EXPECT_THAT(FactsOf(person).consents, SizeIs(0));
  Commit([&](Transaction& in) { return in.facts().AddConsent(identity.id, objection); });
  EXPECT_THAT(FactsOf(person).consents, ElementsAre(objection));
  Commit([&](Transaction& in) { return in.facts().WithdrawConsent(objection.id, At(9), "user"); });
  EXPECT_EQ(FactsOf(person).consents.front().withdrawn, At(9));
  Commit([&](Transaction& in) { return in.facts().PutEvidence(identity.id, admission); });
  EXPECT_THAT(FactsOf(person).evidence, ElementsAre(admission));
  EXPECT_THAT(*Read()->records().StatementsOf(person.id), SizeIs(0));
  Commit([&](Transaction& in) {
    const record::SectionStatement none{.section = record::Section::kAllergies,
                                        .saying = record::SectionSaying::kNoneKnown,
                                        .when = {},
                                        .by = {},
                                        .text = ""};
    return in.records().PutStatement(identity.id, {Ods("RXX"), none, At(9)});
  });
  EXPECT_THAT(*Read()->records().StatementsOf(person.id), SizeIs(1));
  EXPECT_THAT(FactsOf(person).statements, SizeIs(1));
}

TEST_P(StoreContract, AfterAnUnlinkWhatRestrictsHoldsForBothUntilReviewed) {
  Person one = SavedPerson("9990000018");
  Person two = SavedPerson("9990000026");
  const Identity moved = SavedIdentity(one);
  const Identity stays = SavedIdentity(one, "RYY");
  const record::Consent objection = Objection(3);
  record::Consent opening = Objection(4);
  opening.kind = record::ConsentKind::kExplicitConsent;
  one.under_merge_review = true;
  two.under_merge_review = true;
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.facts().AddConsent(stays.id, objection));
    EXPECT_TRUE(in.facts().AddConsent(one.id, opening));
    EXPECT_TRUE(in.facts().PutEvidence(one.id, Admission("RXX", "V1")));
    EXPECT_TRUE(in.patients().SavePerson(one));
    EXPECT_TRUE(in.patients().SavePerson(two));
    return in.patients().Link(Move(moved, one, two, "officer_unlink"));
  });
  EXPECT_THAT(FactsOf(two).consents, ElementsAre(objection)) << "the other's, and not what opens";
  EXPECT_THAT(FactsOf(two).evidence, SizeIs(0)) << "another's relationships are not one's own";
  EXPECT_TRUE(FactsOf(two).under_merge_review);
  EXPECT_THAT(FactsOf(one).consents, testing::UnorderedElementsAre(objection, opening));

  two.under_merge_review = false;
  Commit([&](Transaction& in) { return in.patients().SavePerson(two); });
  EXPECT_THAT(FactsOf(two).consents, SizeIs(0));
}

TEST_P(StoreContract, FactOfNobodyIsRefused) {
  const auto added = Try([&](Transaction& in) {
    return in.facts().AddConsent(record::PersonId::New(At(0)), Objection(1));
  });
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().id, base::ErrorId::kNotFound);
  EXPECT_FALSE(Read()->facts().FactsOf(record::PersonId::New(At(0))));
}

}  // namespace
}  // namespace milecastle::store
