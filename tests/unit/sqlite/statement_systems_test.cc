// A store that is older than the record systems of what is said of sections.
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
const record::OdsCode kSource = *record::OdsCode::Parse("RXX");

SourceStatement Said(record::SectionSaying saying, int second, const std::string& system) {
  return {.source = kSource,
          .statement = {.section = record::Section::kAllergies, .saying = saying},
          .stored = At(second),
          .system = system};
}

// The table as the program of before made it, with what it held.
constexpr const char* kOlder = R"(
CREATE TABLE older (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  source TEXT NOT NULL,
  section INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  statement BLOB NOT NULL,
  UNIQUE (identity, source, section)
) STRICT;
INSERT INTO older SELECT seq, seal, identity, source, section, stored, encoding_version, key_id, statement FROM statements;
DROP TABLE statements;
ALTER TABLE older RENAME TO statements;
DELETE FROM migrations WHERE name >= '0023';
)";

class StatementSystems : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "store.db"; }
  std::unique_ptr<Database> OpenIt() {
    Options options;
    options.path = path();
    auto opened = Open(options);
    EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
    return *std::move(opened);
  }
  void MakeOlder() {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, kOlder, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
  }

  kit::TemporaryFolder folder_;
};

TEST_F(StatementSystems, WhatAnOlderStoreHeldStandsUntilItsSourceSpeaksAgain) {
  using enum record::SectionSaying;
  ASSERT_TRUE(WriteAndWait(*OpenIt(), [](Transaction& in) {
    EXPECT_TRUE(in.patients().SavePerson({.id = kPerson}));
    EXPECT_TRUE(in.patients().SaveIdentity(
        {.id = kIdentity, .person = kPerson, .source = kSource, .updated = At(0)}));
    return in.records().PutStatement(kIdentity, Said(kConfidentialItems, 1, ""));
  }));
  MakeOlder();
  const auto store = OpenIt();
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty()) << "its rows keep their seals";
  const auto said = [&] { return *(*store->Read())->records().StatementsOf(kPerson); };
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(said()[0].statement.saying, kConfidentialItems);
  EXPECT_EQ(said()[0].system, "");
  ASSERT_TRUE(WriteAndWait(*store, [](Transaction& in) {
    EXPECT_TRUE(in.records().PutStatement(kIdentity, Said(kNothingRecorded, 2, "epr|")));
    return in.records().PutStatement(kIdentity, Said(kUnavailable, 3, "pas|"));
  }));
  EXPECT_EQ(said().size(), 2U);
  EXPECT_EQ(said()[0].system, "epr|");
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
}

}  // namespace
}  // namespace milecastle::store::sqlite
