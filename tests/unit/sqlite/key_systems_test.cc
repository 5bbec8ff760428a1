// A store that is older than its keys' record systems.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::store::sqlite {
namespace {

base::Instant At(int second) { return base::Instant(std::chrono::seconds(second)); }

const record::PersonId kPerson{base::Uuid::New(At(0))};
const record::IdentityId kIdentity{base::Uuid::New(At(0))};
const record::MessageId kMessage{base::Uuid::New(At(0))};
const record::EntryId kPart{base::Uuid::New(At(0))};
const record::EntryId kStray{base::Uuid::New(At(0))};

StoredEntry Entry(const std::string& key) {
  return {.id = record::EntryId::New(At(0)),
          .identity = kIdentity,
          .message = kMessage,
          .source_key = key,
          .entry_class = {.source = *record::OdsCode::Parse("RXX"), .labels = {}},
          .effective = std::nullopt,
          .stored = At(0),
          .bytes = key};
}

// A problem, a part of a document that is linked to it, and an entry of no message of the journal.
base::Result<void> Fill(Transaction& in) {
  Identity identity{.id = kIdentity,
                    .person = kPerson,
                    .source = *record::OdsCode::Parse("RXX"),
                    .updated = At(0)};
  EXPECT_TRUE(in.patients().SavePerson({.id = kPerson}));
  EXPECT_TRUE(in.patients().SaveIdentity(identity));
  JournalRow row;
  row.id = kMessage;
  row.feed = "royal";
  row.disposition = "accepted";
  EXPECT_TRUE(in.journal().Append(row));
  StoredEntry part = Entry("d/part");
  part.id = kPart;
  part.links = {{"problem", "p1"}};
  StoredEntry stray = Entry("of no message");
  stray.id = kStray;
  stray.message = record::MessageId::New(At(3));
  auto& records = in.records();
  for (const StoredEntry& entry : {Entry("p1"), part, stray}) EXPECT_TRUE(records.Put(entry));
  EXPECT_TRUE(records.NoteSaidAgain(kIdentity, {At(20), {}, {"p1"}}));
  EXPECT_TRUE(records.NoteVersion(kIdentity, "p1", {.number = 4}));
  EXPECT_TRUE(records.NoteVersion(kIdentity, "d/", {.number = 5}));
  EXPECT_TRUE(records.NoteVersion(kIdentity, "#any/3", {.number = 6}));
  return records.NoteVersion(kIdentity, "unknown", {.number = 7});
}

class KeySystems : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "store.db"; }
  std::unique_ptr<Database> OpenIt() {
    Options options;
    options.path = path();
    auto opened = Open(options);
    EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
    return *std::move(opened);
  }
  // As the program left it that knew of no record systems.
  void MakeOlder() {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(
        sqlite3_exec(raw, "DELETE FROM migrations WHERE name >= '0020'", nullptr, nullptr, nullptr),
        SQLITE_OK);
    sqlite3_close(raw);
  }

  kit::TemporaryFolder folder_;
};

TEST_F(KeySystems, KeysOfAnOlderStoreArePutBehindTheFeedThatBroughtThem) {
  ASSERT_TRUE(WriteAndWait(*OpenIt(), &Fill));
  MakeOlder();
  const auto store = OpenIt();
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
  const auto reader = *store->Read();
  EXPECT_EQ((*reader->records().Find(kPart))->source_key, "royal|d/part");
  EXPECT_EQ((*reader->records().Find(kStray))->source_key, "of no message");
  const auto segment = *reader->records().SegmentOf(kPerson);
  EXPECT_EQ(segment->items.size(), 3U);
  EXPECT_EQ(segment->links.size(), 1U) << "the link leads where it led";
}

TEST_F(KeySystems, WhatIsKnownByTheDigestsOfKeysGoesWithThem) {
  ASSERT_TRUE(WriteAndWait(*OpenIt(), &Fill));
  MakeOlder();
  const auto store = OpenIt();
  ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) -> base::Result<void> {
    auto& records = in.records();
    EXPECT_EQ((*records.VersionOf(kIdentity, "royal|p1"))->number, 4U);
    EXPECT_EQ((*records.VersionOf(kIdentity, "royal|d/"))->number, 5U);
    EXPECT_EQ((*records.VersionOf(kIdentity, "royal|#any/3"))->number, 6U);
    EXPECT_FALSE(*records.VersionOf(kIdentity, "p1"));
    EXPECT_EQ((*records.VersionOf(kIdentity, "unknown"))->number, 7U);
    EXPECT_TRUE(*records.WasSaidSince({kIdentity, "royal|p1", std::nullopt, At(10)}));
    EXPECT_FALSE(*records.WasSaidSince({kIdentity, "p1", std::nullopt, At(10)}));
    return {};
  }));
}

// A later word of the same feed takes it back, as it would have; one of another does not.
TEST_F(KeySystems, AProtectionOfAnOlderStoreIsPutUnderTheFeedThatBroughtIt) {
  const auto flag = [](base::Instant at, const std::string& by, record::LocationProtection level) {
    return record::LocationFlag{.level = level, .said_by = by, .as_of = at};
  };
  const auto second = record::IdentityId::New(At(1));
  ASSERT_TRUE(WriteAndWait(*OpenIt(), [&](Transaction& in) {
    EXPECT_TRUE(Fill(in));
    Identity other{.id = second,
                   .person = kPerson,
                   .source = *record::OdsCode::Parse("RXX"),
                   .updated = At(0)};
    EXPECT_TRUE(in.patients().SaveIdentity(other));
    JournalRow row;
    row.id = record::MessageId::New(At(40));
    row.feed = "royal-lis";
    row.disposition = "accepted";
    row.received = At(40);
    EXPECT_TRUE(in.journal().Append(row));
    const auto local = record::LocationProtection::kLocal;
    EXPECT_TRUE(in.facts().PutLocationFlag(kIdentity, flag(At(40), "RXX", local)));
    return in.facts().PutLocationFlag(second, flag(At(41), "RXX", local));
  }));
  MakeOlder();
  const auto store = OpenIt();
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
  const auto flags = (*store->Read())->facts().FactsOf(kPerson)->location_flags;
  ASSERT_EQ(flags.size(), 2U);
  EXPECT_EQ(flags[0].said_by, "royal-lis");
  EXPECT_EQ(flags[0].identity, kIdentity);
  EXPECT_EQ(flags[1].said_by, "RXX") << "no message came then";
}

}  // namespace
}  // namespace milecastle::store::sqlite
