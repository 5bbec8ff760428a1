// Rows that no view shows, and that what it shows is made with: changed, they are refused too.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::store::sqlite {
namespace {

base::Instant At(int second) { return base::Instant(std::chrono::seconds(second)); }

class Seals : public testing::Test {
 protected:
  void SetUp() override {
    store_ = std::move(*Open({.path = path()}));
    Write([&](Transaction& in) -> base::Result<void> {
      EXPECT_TRUE(in.patients().SavePerson(
          {.id = kPerson, .nhs_number = record::NhsNumber::Parse("9990000018")}));
      return in.patients().SaveIdentity({.id = kIdentity,
                                         .person = kPerson,
                                         .source = kSource,
                                         .nhs_number_as_sent = {},
                                         .local_identifiers = {},
                                         .demographics = {},
                                         .updated = At(0)});
    });
  }
  record::EntryId Holds(const std::string& bytes, int second, std::vector<std::string> labels) {
    const StoredEntry entry{.id = record::EntryId::New(At(second)),
                            .identity = kIdentity,
                            .message = record::MessageId::New(At(second)),
                            .source_key = "p1",
                            .entry_class = {.source = kSource, .labels = std::move(labels)},
                            .effective = std::nullopt,
                            .stored = At(second),
                            .bytes = bytes};
    Write([&](Transaction& in) -> base::Result<void> {
      const auto put = in.records().Put(entry);
      return put ? base::Result<void>() : put.error();
    });
    return entry.id;
  }
  void TakesBack() {
    Write([&](Transaction& in) -> base::Result<void> {
      EXPECT_TRUE(*in.records().Withdraw(kIdentity, "p1", At(9)));
      return {};
    });
  }
  void Tamper(const std::string& sql) {
    store_.reset();
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(raw);
    sqlite3_close(raw);
    store_ = std::move(*Open({.path = path()}));
  }
  template <class T>
  static bool IsRefused(const base::Result<T>& read) {
    return !read && read.error().id == base::ErrorId::kStoreCorrupt;
  }
  auto Segment() { return (*store_->Read())->records().SegmentOf(kPerson); }
  auto History(record::EntryId entry, const HistoryLimit& limit = {}) {
    return (*store_->Read())->records().HistoryOf(kPerson, entry, limit);
  }

  const record::PersonId kPerson{base::Uuid::New(At(0))};
  const record::IdentityId kIdentity{base::Uuid::New(At(0))};
  const record::OdsCode kSource = *record::OdsCode::Parse("RXX");

 private:
  void Write(const Store::Work& work) { ASSERT_TRUE(WriteAndWait(*store_, work)); }
  std::filesystem::path path() const { return folder_.path() / "store.db"; }

  kit::TemporaryFolder folder_;
  std::unique_ptr<Database> store_;
};

TEST_F(Seals, WhatWasWithdrawnGivesItsLabelsOnlyWhereItIsWhatWasWritten) {
  Holds("syphilis", 1, {"sexual_health"});
  TakesBack();
  ASSERT_TRUE(Segment());
  Tamper("UPDATE entries SET links = x'00' WHERE seq = 1");
  EXPECT_TRUE(IsRefused(Segment()));
}

TEST_F(Seals, AnEndedRowThatLostItsLabelIsRefused) {
  Holds("anything", 1, {});
  Holds("syphilis", 2, {"sexual_health"});
  TakesBack();
  Tamper("UPDATE entries SET class = (SELECT class FROM entries WHERE seq = 1) WHERE seq = 2");
  EXPECT_TRUE(IsRefused(Segment()));
}

TEST_F(Seals, AVersionBeyondTheLimitThatLostItsLabelIsRefused) {
  Holds("syphilis", 1, {"sexual_health"});
  Holds("a rash", 2, {});
  const auto last = Holds("no rash", 3, {});
  ASSERT_TRUE(History(last, {.versions = 2}));
  Tamper("UPDATE entries SET class = (SELECT class FROM entries WHERE seq = 3) WHERE seq = 1");
  EXPECT_TRUE(IsRefused(History(last, {.versions = 2})));
}

TEST_F(Seals, AVersionThatLostItsEndIsRefused) {
  Holds("syphilis", 1, {});
  const auto last = Holds("a rash", 2, {});
  Tamper("UPDATE entries SET ended = 0 WHERE seq = 1");
  EXPECT_TRUE(IsRefused(History(last)));
}

}  // namespace
}  // namespace milecastle::store::sqlite
