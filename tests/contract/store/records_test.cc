#include <gmock/gmock.h>

#include <array>

#include "contract.h"

namespace milecastle::store {
namespace {

using record::Section;
using record::Standing;
using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> BytesIn(const Segment& segment) {
  std::vector<std::string> all;
  for (const SegmentItem& item : segment.items) {
    all.push_back(segment.bytes.substr(item.offset, item.size));
  }
  return all;
}

TEST_P(StoreContract, SegmentHoldsCurrentEntriesBySectionNewestFirst) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry old_problem = Entry(identity, "p1", "old problem");
  StoredEntry new_problem = Entry(identity, "p2", "new problem");
  StoredEntry dateless = Entry(identity, "p3", "dateless problem");
  old_problem.effective = At(1);
  new_problem.effective = At(2);
  dateless.effective = std::nullopt;
  new_problem.encoding_version = 7;
  for (const auto& entry : {dateless, Entry(identity, "a1", "allergy", Section::kAllergies),
                            old_problem, new_problem}) {
    EXPECT_TRUE(Put(entry));
  }
  const auto segment = SegmentOf(person);
  EXPECT_THAT(BytesIn(*segment),
              ElementsAre("new problem", "old problem", "dateless problem", "allergy"));
  EXPECT_EQ(segment->items[0].encoding_version, 7);
  EXPECT_EQ(segment->items[0].effective_micros, At(2).time_since_epoch().count());
  EXPECT_EQ(segment->items[2].effective_micros, std::numeric_limits<std::int64_t>::min());
  ASSERT_THAT(segment->classes, SizeIs(2));
  EXPECT_EQ(segment->classes[segment->items[3].entry_class].section, Section::kAllergies);
  EXPECT_EQ(segment->superseded, 0U);
}

TEST_P(StoreContract, LinksLeadToCurrentEntriesOfTheSameSourceAlone) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const Identity other_source = SavedIdentity(person, "A81002");
  StoredEntry medicine = Entry(identity, "m1", "medicine");
  medicine.links = {{"part of", "c1"}, {"problem", "p1"}, {"problem", "gone"}, {"follows", "m0"}};
  for (const auto& entry :
       {medicine, Entry(identity, "p1", "asthma", Section::kAllergies),
        Entry(identity, "gone", "withdrawn"), Entry(other_source, "c1", "of another source")}) {
    EXPECT_TRUE(Put(entry));
  }
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "gone", At(30)));
    return {};
  });
  const auto segment = SegmentOf(person);
  std::vector<std::string> linked;
  for (const SegmentItem& item : segment->items) {
    for (std::uint32_t i = item.first_link; i < item.first_link + item.links; ++i) {
      const SegmentLink& link = segment->links[i];
      linked.push_back(segment->bytes.substr(item.offset, item.size) + " " +
                       segment->relations[link.relation] + " " + BytesIn(*segment)[link.target]);
    }
  }
  EXPECT_THAT(linked, ElementsAre("medicine problem asthma"));
  EXPECT_EQ((*Read()->records().Find(medicine.id))->links, medicine.links);
}

// Each item's bytes and its labels, "letter: hiv".
std::vector<std::string> LabelsIn(const Segment& segment) {
  std::vector<std::string> all;
  for (const SegmentItem& item : segment.items) {
    std::string line = segment.bytes.substr(item.offset, item.size) + ":";
    for (const std::string& label : segment.classes[item.entry_class].labels) line += " " + label;
    all.push_back(line);
  }
  return all;
}

StoredEntry Sensitive(StoredEntry entry) {
  entry.entry_class.labels = {"hiv"};
  return entry;
}
StoredEntry LinkedTo(const std::string& key, StoredEntry entry) {
  entry.links = {{"problem", key}};
  return entry;
}

TEST_P(StoreContract, WhatIsLinkedToASensitiveEntryBearsItsLabelWhicheverCameFirst) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(LinkedTo("p1", Entry(identity, "d1", "before", Section::kDocuments))));
  EXPECT_THAT(LabelsIn(*SegmentOf(person)), testing::UnorderedElementsAre("before:"));
  EXPECT_TRUE(Put(Sensitive(Entry(identity, "p1", "problem"))));
  EXPECT_TRUE(Put(LinkedTo("p1", Entry(identity, "d2", "after", Section::kDocuments))));
  EXPECT_TRUE(Put(Entry(identity, "d3", "apart", Section::kDocuments)));
  EXPECT_TRUE(Put(LinkedTo("p1", Entry(identity, "a1", "allergy", Section::kAllergies))));
  EXPECT_TRUE(Put(LinkedTo("p1", Entry(SavedIdentity(person, "A81002"), "d4", "another's"))));
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              testing::UnorderedElementsAre("before: hiv", "after: hiv", "problem: hiv",
                                            "apart:", "allergy:", "another's:"));
}

TEST_P(StoreContract, ASensitiveEntryThatWasTakenBackStillLabelsWhatIsLinkedToIt) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const auto put = [&](const std::string& key) {
    EXPECT_TRUE(Put(Sensitive(Entry(identity, key, "problem " + key))));
    EXPECT_TRUE(
        Put(LinkedTo(key, Entry(identity, "of " + key, "letter " + key, Section::kDocuments))));
  };
  put("p1");
  put("p2");
  put("p3");
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p1", At(30)));
    EXPECT_TRUE(in.records().KeepOnly(identity.id, "", std::array{Section::kProblems},
                                      std::array<std::string, 1>{"p3"}, At(31)));
    return {};
  });
  EXPECT_TRUE(Put(Entry(identity, "p3", "problem p3, and another code")));
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              testing::UnorderedElementsAre("letter p1: hiv", "letter p2: hiv",
                                            "letter p3:", "problem p3, and another code:"));
}

TEST_P(StoreContract, ASegmentSaysOfEachItemByWhatItIsKnownAgain) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry allergy = Entry(identity, "a1", "penicillin", Section::kAllergies);
  allergy.likeness = {record::Holding::kStands, {7, 0xFFFFFFFFFFFFFFFF}};
  EXPECT_TRUE(Put(allergy));
  EXPECT_TRUE(Put(Entry(identity, "d1", "a document")));
  const auto segment = SegmentOf(person);
  std::vector<std::string> told;
  for (const SegmentItem& item : segment->items) {
    std::string& line = told.emplace_back(segment->bytes.substr(item.offset, item.size));
    line += ' ' + std::to_string(static_cast<int>(item.holding));
    for (std::uint32_t i = item.first_key; i < item.first_key + item.keys; ++i) {
      line += ' ' + std::to_string(segment->keys[i]);
    }
  }
  EXPECT_THAT(told,
              testing::UnorderedElementsAre("penicillin 1 7 18446744073709551615", "a document 0"));
  EXPECT_EQ((*Read()->records().Find(allergy.id))->likeness, allergy.likeness);
}

TEST_P(StoreContract, AnEntryWhoseLinksChangedIsANewOne) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry entry = Entry(identity, "m1", "medicine");
  EXPECT_TRUE(Put(entry));
  entry.id = record::EntryId::New(At(2));
  EXPECT_FALSE(Put(entry));
  entry.links = {{"problem", "p1"}};
  EXPECT_TRUE(Put(entry));
}

TEST_P(StoreContract, LaterEntryOfTheSameKeySupersedesAndKeepsTheEarlier) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry first = Entry(identity, "p1", "asthma");
  EXPECT_TRUE(Put(first));
  const auto before = SegmentOf(person);
  EXPECT_TRUE(Put(Entry(identity, "p1", "asthma, resolved")));
  const auto after = SegmentOf(person);
  EXPECT_THAT(BytesIn(*after), ElementsAre("asthma, resolved"));
  EXPECT_GT(after->record_version, before->record_version);
  EXPECT_EQ(after->superseded, 1U);
  const auto kept = Read()->records().Find(first.id);
  ASSERT_TRUE(*kept);
  EXPECT_EQ((*kept)->entry_class.standing, Standing::kSuperseded);
  EXPECT_EQ((*kept)->bytes, "asthma");
  EXPECT_THAT(BytesIn(*before), ElementsAre("asthma")) << "a segment in use never changes";
}

TEST_P(StoreContract, SameEntryAgainWritesNothingAndKeepsTheVersion) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(Entry(identity, "p1", "asthma")));
  const auto version = Again(person).record_version;
  EXPECT_FALSE(Put(Entry(identity, "p1", "asthma")));
  EXPECT_EQ(Again(person).record_version, version);
}

TEST_P(StoreContract, SameEntryGivenAgainLaterTellsWhenItsSourceSpoke) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry entry = Entry(identity, "p1", "asthma");
  EXPECT_TRUE(Put(entry));
  const auto version = Again(person).record_version;
  EXPECT_EQ(Read()->records().SourcesOf(person.id)->front().second, entry.stored);
  entry.stored += std::chrono::hours(1);
  EXPECT_FALSE(Put(entry));
  EXPECT_EQ(Again(person).record_version, version + 1) << "a view would show another time";
  EXPECT_EQ(Read()->records().SourcesOf(person.id)->front().second, entry.stored);
}

TEST_P(StoreContract, SameBytesUnderOtherLabelsSupersede) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(Entry(identity, "p1", "asthma")));
  StoredEntry labelled = Entry(identity, "p1", "asthma");
  labelled.entry_class.labels = {"sexual_health"};
  EXPECT_TRUE(Put(labelled));
  const auto segment = SegmentOf(person);
  ASSERT_THAT(segment->items, SizeIs(1));
  EXPECT_THAT(segment->classes[segment->items[0].entry_class].labels, ElementsAre("sexual_health"));
}

TEST_P(StoreContract, WithdrawnEntryIsKeptAndShownToNobody) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry wrong = Entry(identity, "p1", "wrong");
  EXPECT_TRUE(Put(wrong));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p1", At(30)));
    EXPECT_FALSE(*in.records().Withdraw(identity.id, "p1", At(31)));
    EXPECT_FALSE(*in.records().Withdraw(identity.id, "unknown", At(31)));
    return {};
  });
  EXPECT_THAT(SegmentOf(person)->items, SizeIs(0));
  EXPECT_EQ(SegmentOf(person)->superseded, 1U);
  EXPECT_EQ((*Read()->records().Find(wrong.id))->entry_class.standing, Standing::kWithdrawn);
}

TEST_P(StoreContract, WhatWasWithdrawnOfAllergiesAndAlertsIsCountedByClassUntilItIsSentAgain) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  for (const auto& entry :
       {Entry(identity, "a1", "nuts", Section::kAllergies),
        Entry(identity, "a2", "milk", Section::kAllergies), Entry(identity, "p1", "asthma")}) {
    EXPECT_TRUE(Put(entry));
  }
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ((**in.records().Withdraw(identity.id, "a1", At(30))).section, Section::kAllergies);
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "a2", At(30)));
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p1", At(30)));
    return {};
  });
  const auto segment = SegmentOf(person);
  EXPECT_THAT(segment->items, SizeIs(0));
  ASSERT_THAT(segment->withdrawn, SizeIs(1));
  EXPECT_EQ(segment->withdrawn[0].count, 2U);
  EXPECT_EQ(segment->classes[segment->withdrawn[0].entry_class].section, Section::kAllergies);
  for (const char* key : {"a1", "a2"}) {
    EXPECT_TRUE(Put(Entry(identity, key, "again", Section::kAllergies)));
  }
  EXPECT_THAT(SegmentOf(person)->withdrawn, SizeIs(0));
}

TEST_P(StoreContract, SnapshotEndsWhatItNoLongerHoldsInItsSectionsAlone) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const Identity elsewhere = SavedIdentity(person, "RYY");
  const StoredEntry gone = Entry(identity, "p2", "gone");
  for (const auto& entry : {Entry(identity, "p1", "kept"), gone, Entry(elsewhere, "p2", "other's"),
                            Entry(identity, "a1", "allergy", Section::kAllergies)}) {
    EXPECT_TRUE(Put(entry));
  }
  const Section problems[] = {Section::kProblems};
  const std::string kept[] = {"p1"};
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ(*in.records().KeepOnly(identity.id, "", problems, kept, At(40)), 1U);
    EXPECT_EQ(*in.records().KeepOnly(identity.id, "", problems, kept, At(41)), 0U);
    return {};
  });
  EXPECT_THAT(SegmentOf(person)->items, SizeIs(3));
  EXPECT_EQ((*Read()->records().Find(gone.id))->entry_class.standing, Standing::kNoLongerSent);
}

TEST_P(StoreContract, ANewerDocumentEndsThePartsThatItDoesNotSend) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const StoredEntry gone = Entry(identity, "document:a/section:2", "of the older version alone");
  for (const StoredEntry& entry :
       {Entry(identity, "document:a", "letter"), Entry(identity, "document:a/section:1", "kept"),
        gone, Entry(identity, "document:ab/section:2", "of another document"),
        Entry(identity, "document:b", "other")}) {
    EXPECT_TRUE(Put(entry));
  }
  const std::string kept[] = {"document:a", "document:a/section:1"};
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ(*in.records().KeepOnlyBelow(identity.id, "document:a", kept, At(-1)), 0U)
        << "what came since stands";
    EXPECT_EQ(*in.records().KeepOnlyBelow(identity.id, "document:a", kept, At(40)), 1U);
    EXPECT_EQ(*in.records().KeepOnlyBelow(identity.id, "document:a", kept, At(41)), 0U);
    return {};
  });
  EXPECT_THAT(SegmentOf(person)->items, SizeIs(4));
  EXPECT_EQ((*Read()->records().Find(gone.id))->entry_class.standing, Standing::kNoLongerSent);
}

TEST_P(StoreContract, SegmentGathersAllIdentitiesAndFollowsALink) {
  const Person one = SavedPerson("9990000018");
  const Person two = SavedPerson("9990000026");
  const Identity at_one = SavedIdentity(one);
  const Identity at_two = SavedIdentity(two, "RYY");
  EXPECT_TRUE(Put(Entry(at_one, "p1", "of one")));
  EXPECT_TRUE(Put(Entry(at_two, "p1", "of two")));
  EXPECT_THAT(SegmentOf(two)->items, SizeIs(1));
  Commit([&](Transaction& in) { return in.patients().Link(Move(at_one, one, two, "merge:A40")); });
  EXPECT_THAT(SegmentOf(two)->items, SizeIs(2));
  EXPECT_THAT(SegmentOf(one)->items, SizeIs(0));
  Commit([&](Transaction& in) { return in.patients().Link(Move(at_one, two, one, "undo")); });
  EXPECT_THAT(BytesIn(*SegmentOf(two)), ElementsAre("of two"));
}

TEST_P(StoreContract, FailedWorkLeavesTheSegmentAsItWas) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry entry = Entry(identity, "p1", "never was");
  entry.entry_class.labels = {"a label of its own"};
  const auto refused = Try([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Put(entry));
    EXPECT_EQ((*in.records().SegmentOf(person.id))->items.size(), 1U);
    return base::Error{base::ErrorId::kConflict, "", ""};
  });
  EXPECT_FALSE(refused);
  EXPECT_THAT(SegmentOf(person)->items, SizeIs(0));
  EXPECT_TRUE(Put(Entry(identity, "p1", "is")));
  EXPECT_THAT(BytesIn(*SegmentOf(person)), ElementsAre("is"));
  EXPECT_TRUE(Put(entry)) << "the class that was rolled back is made anew";
  EXPECT_THAT(SegmentOf(person)->classes[0].labels, ElementsAre("a label of its own"));
}

TEST_P(StoreContract, SegmentOfNobodyIsNotFound) {
  const auto segment = Read()->records().SegmentOf(record::PersonId::New(At(0)));
  ASSERT_FALSE(segment);
  EXPECT_EQ(segment.error().id, base::ErrorId::kNotFound);
}

TEST_P(StoreContract, SourcesSayWhenTheyLastGaveAnything) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);  // at second 0
  SavedIdentity(person, "RYY");
  EXPECT_TRUE(Put(Entry(identity, "p1", "asthma")));  // at second 20
  const auto sources = Read()->records().SourcesOf(person.id);
  EXPECT_THAT(*sources,
              ElementsAre(testing::Pair(Ods("RXX"), At(20)), testing::Pair(Ods("RYY"), At(0))));
}

TEST_P(StoreContract, ASourceWasLastHeardWhenItGaveAnythingForAnybody) {
  const Identity one = SavedIdentity(SavedPerson("9990000018"));  // at second 0
  const Identity two = SavedIdentity(SavedPerson("9990000026"));
  SavedIdentity(SavedPerson("9990000034"), "RYY");
  EXPECT_TRUE(Put(Entry(two, "p1", "asthma")));  // at second 20
  const auto heard = [this](std::string_view source) {
    return *Read()->records().LastHeard(Ods(source));
  };
  EXPECT_EQ(heard("RXX"), At(20));
  EXPECT_EQ(heard("RYY"), At(0)) << "by its own word, not by another's";
  EXPECT_EQ(heard("RZZ"), std::nullopt);
  Commit([&](Transaction& in) -> base::Result<void> {
    return in.records().PutStatement(
        one.id, Said("RXX", Section::kAllergies, record::SectionSaying::kUnavailable, 30));
  });
  EXPECT_EQ(heard("RXX"), At(30));
}

TEST_P(StoreContract, AMessageThatLeftNothingIsNoWordOfItsSource) {
  Commit([](Transaction& in) {
    JournalRow refused = Message("RXX", "m1", 7);
    refused.disposition = "rejected";
    return in.journal().Append(refused);
  });
  EXPECT_EQ(*Read()->records().LastHeard(Ods("RXX")), std::nullopt);
}

TEST_P(StoreContract, KnowsWhatASourceSaidOfAnEntrySinceAMomentWhetherOrNotItChangedARow) {
  const Identity identity = SavedIdentity(SavedPerson("9990000018"));
  const auto said_since = [&](const std::string& key, int second,
                              std::optional<Section> section = std::nullopt) {
    bool said = false;
    Commit([&](Transaction& in) -> base::Result<void> {
      said = *in.records().WasSaidSince({identity.id, key, section, At(second)});
      return {};
    });
    return said;
  };
  StoredEntry entry = Entry(identity, "p1", "asthma");
  entry.stored = At(10);
  EXPECT_TRUE(Put(entry));
  EXPECT_TRUE(said_since("p1", 9));
  EXPECT_FALSE(said_since("p1", 10));
  EXPECT_FALSE(said_since("p2", 9));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p1", At(20)));
    return in.records().NoteSaidAgain(identity.id, {At(30), {Section::kAllergies}, {"p2", "p3"}});
  });
  EXPECT_TRUE(said_since("p1", 19)) << "it was withdrawn";
  EXPECT_FALSE(said_since("p1", 20));
  EXPECT_TRUE(said_since("p3", 29)) << "given again as it stood, or withdrawn before it was there";
  EXPECT_FALSE(said_since("p3", 30));
  EXPECT_TRUE(said_since("p9", 29, Section::kAllergies)) << "a snapshot says all of its section";
  EXPECT_FALSE(said_since("p9", 29, Section::kProblems));
}

TEST_P(StoreContract, KeepsWhichVersionASourceGaveLastOfAKeyOfOneIdentity) {
  const Person person = SavedPerson("9990000018");
  const Identity one = SavedIdentity(person);
  const Identity other = SavedIdentity(person, "RYY");
  const record::Version first{.number = 2, .made = record::Span{At(10), At(20)}};
  const record::Version second{.sent = record::Span{At(30), At(30)}};
  const auto of = [&](const Identity& identity, const std::string& key) {
    std::optional<record::Version> version;
    Commit([&](Transaction& in) -> base::Result<void> {
      version = *in.records().VersionOf(identity.id, key);
      return {};
    });
    return version;
  };
  const auto note = [&](const record::Version& version) {
    Commit([&](Transaction& in) { return in.records().NoteVersion(one.id, "p1", version); });
  };
  EXPECT_EQ(of(one, "p1"), std::nullopt);
  note(first);
  Reopen();
  EXPECT_EQ(of(one, "p1"), first);
  EXPECT_EQ(of(one, "p2"), std::nullopt);
  EXPECT_EQ(of(other, "p1"), std::nullopt);
  note(second);
  EXPECT_EQ(of(one, "p1"), second) << "the last takes the place of the one before";
}

}  // namespace
}  // namespace milecastle::store
