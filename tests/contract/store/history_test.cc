#include <gmock/gmock.h>

#include "history_contract.h"

namespace milecastle::store {
namespace {

using record::Standing;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST_P(StoreHistory, HoldsEveryVersionTheLastThatCameFirst) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry first = Stored(Entry(identity, "p1", "first"), 1);
  const StoredEntry second = Stored(Entry(identity, "p1", "second"), 2);
  Put(first);
  Put(second);
  Put(Stored(Entry(identity, "p2", "another"), 3));
  for (const record::EntryId id : {first.id, second.id}) {
    const EntryHistory history = HistoryOf(person, id);
    EXPECT_THAT(BytesIn(history.segment), ElementsAre("second", "first"));
    ASSERT_THAT(history.versions, SizeIs(2));
    EXPECT_EQ(history.versions[0].standing, Standing::kCurrent);
    EXPECT_EQ(history.versions[0].message, second.message);
    EXPECT_EQ(history.versions[1].standing, Standing::kSuperseded);
    EXPECT_EQ(history.versions[1].ended, At(2));
    EXPECT_FALSE(history.versions[1].came_late);
    EXPECT_EQ(history.last_word, 0U);
    EXPECT_THAT(history.beyond, IsEmpty());
  }
}

TEST_P(StoreHistory, SaysWhatEndedAVersion) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry withdrawn = Stored(Entry(identity, "p1", "wrong"), 1);
  const StoredEntry left_out = Stored(Entry(identity, "d/1", "left out"), 1);
  Put(withdrawn);
  Put(left_out);
  Commit([&](Transaction& in) -> base::Result<void> {
    return in.records().Withdraw(identity.id, "p1", At(5)) ? base::Result<void>() : base::Error{};
  });
  Replace(identity, "d", {}, 6);
  EXPECT_EQ(HistoryOf(person, withdrawn.id).versions.at(0).standing, Standing::kWithdrawn);
  EXPECT_EQ(HistoryOf(person, withdrawn.id).versions.at(0).ended, At(5));
  EXPECT_EQ(HistoryOf(person, left_out.id).versions.at(0).standing, Standing::kNoLongerSent);
}

TEST_P(StoreHistory, AnOlderVersionIsKeptAndIsCurrentAtNoTime) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry newer = Stored(Entry(identity, "p1", "newer"), 1);
  const StoredEntry late = Stored(Entry(identity, "p1", "late"), 9);
  Put(newer);
  EXPECT_TRUE(PutOlder(late));
  EXPECT_FALSE(PutOlder(Stored(Entry(identity, "p1", "late"), 10))) << "kept already";
  EXPECT_FALSE(PutOlder(Stored(Entry(identity, "p1", "newer"), 10))) << "kept already";
  EXPECT_THAT(BytesIn(*SegmentOf(person)), ElementsAre("newer"));
  const EntryHistory history = HistoryOf(person, newer.id);
  EXPECT_THAT(BytesIn(history.segment), ElementsAre("late", "newer"));
  EXPECT_TRUE(history.versions.at(0).came_late);
  EXPECT_EQ(history.versions.at(1).standing, Standing::kCurrent);
  EXPECT_FALSE(*Read()->records().Find(late.id) == std::nullopt);
  Commit([&](Transaction& in) -> base::Result<void> {
    const auto said = in.records().WasSaidSince({identity.id, "p1", std::nullopt, At(5)});
    EXPECT_FALSE(*said) << "what comes late says nothing of today";
    return {};
  });
}

TEST_P(StoreHistory, AllButTheLastWordBearTheLabelsOfAllVersionsAndOfWhatTheyAreLinkedTo) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry first = Stored(Entry(identity, "p1", "first"), 1);
  first.entry_class.labels = {"old"};
  StoredEntry second = Stored(Entry(identity, "p1", "second"), 2);
  second.links = {{"problem", "p2"}};
  const StoredEntry third = Stored(Entry(identity, "p1", "third"), 3);
  StoredEntry linked = Stored(Entry(identity, "p2", "linked"), 1);
  linked.entry_class.labels = {"by_link"};
  for (const auto& entry : {linked, first, second, third}) Put(entry);
  const EntryHistory history = HistoryOf(person, third.id, {.versions = 2});
  EXPECT_THAT(BytesIn(history.segment), ElementsAre("third", "second"));
  const auto labels_of = [&](record::ClassIndex index) {
    return history.segment.classes.at(index).labels;
  };
  EXPECT_THAT(labels_of(history.segment.items[0].entry_class), IsEmpty()) << "as in a segment";
  EXPECT_THAT(SegmentOf(person)->classes.at(0).labels, IsEmpty());
  EXPECT_THAT(labels_of(history.segment.items[1].entry_class),
              UnorderedElementsAre("by_link", "old"));
  ASSERT_THAT(history.beyond, SizeIs(1));
  EXPECT_THAT(labels_of(history.beyond[0]), UnorderedElementsAre("by_link", "old"));
  EXPECT_EQ(history.asked, history.segment.items[0].entry_class);
  const EntryHistory of_first = HistoryOf(person, first.id, {.versions = 2});
  EXPECT_EQ(of_first.asked, of_first.beyond.at(0));
}

TEST_P(StoreHistory, WhatAVersionBeyondTheLimitIsLinkedToLabelsTheOthersStill) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry linked = Stored(Entry(identity, "p2", "linked"), 1);
  linked.entry_class.labels = {"by_link"};
  StoredEntry first = Stored(Entry(identity, "p1", "first"), 1);
  first.links = {{"problem", "p2"}};
  Put(linked);
  Put(first);
  for (int day = 2; day <= 5; ++day) {
    Put(Stored(Entry(identity, "p1", "version " + std::to_string(day)), day));
  }
  const StoredEntry last = Stored(Entry(identity, "p1", "last"), 6);
  Put(last);
  const EntryHistory history = HistoryOf(person, last.id, {.versions = 2});
  ASSERT_THAT(history.segment.items, SizeIs(2));
  const auto& older = history.segment.classes.at(history.segment.items[1].entry_class);
  EXPECT_THAT(older.labels, ElementsAre("by_link"));
}

TEST_P(StoreHistory, TheLastWordBearsWhatComesToItByItsLinks) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry linked = Stored(Entry(identity, "p2", "linked"), 1);
  linked.entry_class.labels = {"by_link"};
  StoredEntry last = Stored(Entry(identity, "p1", "last"), 2);
  last.links = {{"problem", "p2"}};
  Put(linked);
  Put(last);
  EXPECT_THAT(HistoryOf(person, last.id).segment.classes.at(0).labels, ElementsAre("by_link"));
  Commit([&](Transaction& in) -> base::Result<void> {
    return in.records().Withdraw(identity.id, "p1", At(5)) ? base::Result<void>() : base::Error{};
  });
  EXPECT_THAT(HistoryOf(person, last.id).segment.classes.at(0).labels, ElementsAre("by_link"));
}

TEST_P(StoreHistory, TheLastWordIsGivenHoweverManyCameLateSince) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry oldest = Stored(Entry(identity, "p1", "oldest"), 1);
  const StoredEntry last = Stored(Entry(identity, "p1", "last"), 2);
  Put(oldest);
  Put(last);
  for (int i = 3; i <= 6; ++i) {
    EXPECT_TRUE(PutOlder(Stored(Entry(identity, "p1", "late" + std::to_string(i)), i)));
  }
  const EntryHistory history = HistoryOf(person, oldest.id, {.versions = 3});
  EXPECT_THAT(BytesIn(history.segment), ElementsAre("late6", "late5", "last"));
  EXPECT_EQ(history.last_word, 2U);
  EXPECT_EQ(history.versions.at(2).standing, Standing::kCurrent);
  EXPECT_THAT(history.beyond, testing::Not(IsEmpty()));
  const EntryHistory small = HistoryOf(person, oldest.id, {.bytes = 6});
  EXPECT_THAT(BytesIn(small.segment), ElementsAre("late6", "last")) << "and by size";
  Commit([&](Transaction& in) -> base::Result<void> {
    return in.records().Withdraw(identity.id, "p1", At(9)) ? base::Result<void>() : base::Error{};
  });
  const EntryHistory gone = HistoryOf(person, oldest.id, {.versions = 2});
  EXPECT_EQ(gone.versions.at(gone.last_word).standing, Standing::kWithdrawn);
}

TEST_P(StoreHistory, IsNoLargerThanItsLimitButForTheLast) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  for (int i = 1; i <= 3; ++i) {
    Put(Stored(Entry(identity, "p1", std::string(100, static_cast<char>('0' + i))), i));
  }
  const StoredEntry last = Stored(Entry(identity, "p1", std::string(100, '4')), 4);
  Put(last);
  EXPECT_THAT(HistoryOf(person, last.id, {.bytes = 250}).versions, SizeIs(2));
  EXPECT_THAT(HistoryOf(person, last.id, {.bytes = 250}).beyond, SizeIs(1));
  EXPECT_THAT(HistoryOf(person, last.id, {.bytes = 10}).versions, SizeIs(1));
  EXPECT_THAT(HistoryOf(person, last.id, {.bytes = 400}).versions, SizeIs(4));
  EXPECT_THAT(HistoryOf(person, last.id, {.bytes = 400}).beyond, IsEmpty());
}

TEST_P(StoreHistory, OfAnotherPersonOrOfNoneIsEmpty) {
  const Person person = SavedPerson("9990000018");
  const Person other = SavedPerson("9990000026");
  const StoredEntry entry = Entry(SavedIdentity(person), "p1", "hers");
  Put(entry);
  EXPECT_THAT(HistoryOf(other, entry.id).versions, IsEmpty());
  EXPECT_THAT(HistoryOf(other, entry.id).segment.classes, IsEmpty());
  EXPECT_THAT(HistoryOf(person, record::EntryId::New(At(1))).versions, IsEmpty());
}

TEST_P(StoreHistory, APartWithANameOfItsOwnEndsWithTheDocumentsNewVersion) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  Put(In(Entry(identity, "Condition/1", "kept"), "d"));
  Put(In(Entry(identity, "Condition/2", "left out"), "d"));
  Put(In(Entry(identity, "Condition/3", "of another"), "d2"));
  Put(Entry(identity, "Condition/4", "of none"));
  Replace(identity, "d", {"Condition/1"}, 30);
  EXPECT_THAT(BytesIn(*SegmentOf(person)), UnorderedElementsAre("kept", "of another", "of none"));
}

TEST_P(StoreHistory, APartThatIsKnownFromElsewhereStands) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry other = Stored(In(Entry(identity, "Condition/2", "shared"), "other"), 3);
  StoredEntry of_other = Stored(Entry(identity, "other", "the other document"), 3);
  of_other.message = other.message;
  Put(Stored(Entry(identity, "Condition/1", "on its own"), 1));
  Put(Stored(In(Entry(identity, "Condition/1", "and in a document"), "d"), 2));
  Put(of_other);
  Put(other);
  Put(Stored(In(Entry(identity, "Condition/2", "shared"), "d"), 4));
  Replace(identity, "d", {}, 10);
  EXPECT_THAT(BytesIn(*SegmentOf(person)), IsSupersetOf({"and in a document", "shared"}));
  // The other document's new version has it no longer, nor has this one's.
  Put(Stored(Entry(identity, "other", "its new version"), 11));
  Replace(identity, "d", {}, 12);
  EXPECT_THAT(BytesIn(*SegmentOf(person)),
              UnorderedElementsAre("and in a document", "its new version"));
}

TEST_P(StoreHistory, WhatWasWithdrawnOnItsOwnIsNotKnownFromElsewhere) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  Put(Stored(Entry(identity, "Condition/1", "on its own"), 1));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "Condition/1", At(2)));
    return {};
  });
  Put(Stored(In(Entry(identity, "Condition/1", "in a document"), "d"), 3));
  Replace(identity, "d", {}, 10);
  EXPECT_THAT(BytesIn(*SegmentOf(person)), IsEmpty());
}

}  // namespace
}  // namespace milecastle::store
