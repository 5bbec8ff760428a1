#include "sqlite/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "kit/folder.h"

namespace milecastle::store::sqlite {
namespace {

using base::ErrorId;
using Path = std::filesystem::path;

base::Instant At(int second) { return base::Instant(std::chrono::seconds(second)); }

// Another hand on the file: plain SQLite.
void Tamper(const Path& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
}

// The seal of a row of entries, made anew over what it holds: gateway/store/sqlite/seal.cc.
void Reseal(const Path& path, const record::EntryId& id) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  sqlite3_stmt* row = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(raw, "SELECT * FROM entries WHERE id = ?", -1, &row, nullptr),
            SQLITE_OK);
  const std::string_view key = id.uuid.AsBytes();
  sqlite3_bind_blob(row, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
  ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
  const auto number = [](std::uint64_t value) {
    std::string text;
    for (unsigned shift = 0; shift < 64; shift += 8) text += static_cast<char>(value >> shift);
    return text;
  };
  int last = sqlite3_column_count(row) - 1;
  while (sqlite3_column_type(row, last) == SQLITE_NULL) --last;
  std::string text = "t" + number(7) + "entries";
  for (int i = 2; i <= last; ++i) {
    const int type = sqlite3_column_type(row, i);
    if (type == SQLITE_NULL) {
      text += 'n';
    } else if (type == SQLITE_INTEGER) {
      text += 'i' + number(static_cast<std::uint64_t>(sqlite3_column_int64(row, i)));
    } else {
      const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(row, i));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, i));
      text += (type == SQLITE_TEXT ? 't' : 'b') + number(size) + std::string(bytes, size);
    }
  }
  const std::string salt(16, 's');
  const base::Digest digest = base::Sha256(salt, text);
  sqlite3_finalize(row);
  Tamper(path, "UPDATE entries SET seal = x'" +
                   base::ToHex(salt + std::string(base::AsBytes(digest))) + "' WHERE id = x'" +
                   base::ToHex(key) + "'");
  sqlite3_close(raw);
}

const record::EntryId kLabelled{base::Uuid::New(At(0))};
const record::PersonId kPerson{base::Uuid::New(At(0))};
const record::IdentityId kIdentity{base::Uuid::New(At(0))};
const record::EntryId kEntry{base::Uuid::New(At(0))};
const record::MessageId kMessage{base::Uuid::New(At(0))};
const record::FactId kConsent{base::Uuid::New(At(0))};

// A row in every table.
base::Result<void> FillPatient(Transaction& in) {
  const auto source = *record::OdsCode::Parse("RXX");
  Identity identity{.id = kIdentity,
                    .person = kPerson,
                    .source = source,
                    .nhs_number_as_sent = {},
                    .nhs_number = record::NhsNumber::Parse("9990000018"),
                    .local_identifiers = {{"RXX", "MR", "1"}},
                    .demographics = {},
                    .updated = At(0)};
  identity.demographics.names = {{"Test", "One", "", "", ""}};
  identity.demographics.birth_date = record::BirthDate::Parse("1961-04-23");
  EXPECT_TRUE(in.patients().SavePerson({.id = kPerson, .nhs_number = identity.nhs_number}));
  EXPECT_TRUE(in.patients().SaveIdentity(identity));
  EXPECT_TRUE(in.patients().Link({kIdentity, {}, kPerson, "first_sighting", "feed", At(0)}));
  EXPECT_TRUE(in.patients().KeepApart({kIdentity, kIdentity, "officer", At(0)}));
  EXPECT_TRUE(in.records().Put({.id = kEntry,
                                .identity = kIdentity,
                                .message = kMessage,
                                .source_key = "p1",
                                .entry_class = {.source = source, .labels = {}},
                                .effective = std::nullopt,
                                .stored = At(0),
                                .bytes = "asthma"}));
  EXPECT_TRUE(in.records().PutStatement(kIdentity, {source, {}, At(0)}));
  EXPECT_TRUE(in.facts().PutEvidence(kIdentity, {.id = record::FactId::New(At(0)),
                                                 .organisation = source,
                                                 .user = {},
                                                 .reference = {},
                                                 .period = {},
                                                 .said_by = {}}));
  EXPECT_TRUE(in.facts().PutLocationFlag(kIdentity, {.said_by = "feed", .as_of = At(0)}));
  record::Consent consent;
  consent.id = kConsent;
  return in.facts().AddConsent(kPerson, consent);
}

base::Result<void> FillRest(Transaction& in) {
  JournalRow row;
  row.id = kMessage;
  row.feed = "feed";
  row.disposition = "accepted";
  row.bytes = "MSH|";
  row.digest = base::Sha256(row.bytes);
  EXPECT_TRUE(in.journal().Append(row));
  EXPECT_TRUE(in.journal().AddMending({kMessage, "closed", "officer", "right", "", At(0)}));
  EXPECT_TRUE(in.records().NoteSaidAgain(kIdentity, {At(0), {}, {"key"}}));
  EXPECT_TRUE(in.records().NoteVersion(kIdentity, "key", {.number = 1}));
  QueueItem item;
  item.id = record::QueueItemId::New(At(0));
  EXPECT_TRUE(in.queues().Add(item));
  TrailRow leaf;
  leaf.sources = {"RXX"};
  EXPECT_TRUE(in.trail().Put(leaf));
  EXPECT_TRUE(in.trail().NoteHead({"log", 1, base::Sha256("root"), At(0)}));
  return in.outbox().Add({record::EventId::New(At(0)), "entry"});
}

class SqliteStore : public testing::Test {
 protected:
  Path path() const { return folder_.path() / "store.db"; }
  Options Defaults() const {
    Options options;
    options.path = path();
    return options;
  }
  std::unique_ptr<Database> OpenIt(Options options) {
    auto opened = Open(std::move(options));
    EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
    return *std::move(opened);
  }
  std::unique_ptr<Database> OpenIt() { return OpenIt(Defaults()); }
  std::unique_ptr<Database> Filled() {
    auto store = OpenIt();
    EXPECT_TRUE(WriteAndWait(*store, &FillPatient));
    EXPECT_TRUE(WriteAndWait(*store, &FillRest));
    return store;
  }
  ErrorId WhyNotOpened() {
    const auto opened = Open(Defaults());
    EXPECT_FALSE(opened);
    return opened ? ErrorId::kInternal : opened.error().id;
  }
  void Put(Database& store, int number) {
    ASSERT_TRUE(WriteAndWait(store, [&](Transaction& in) {
      JournalRow row;
      row.id = record::MessageId::New(At(number));
      row.bytes = std::string(2000, 'x');
      return in.journal().Append(row);
    }));
  }

  kit::TemporaryFolder folder_;
};

TEST_F(SqliteStore, NewerDatabaseIsRefusedWithAdvice) {
  OpenIt().reset();
  Tamper(path(),
         "INSERT INTO migrations SELECT 998 + seq, seal, '0999_later', applied, schema"
         " FROM migrations");
  const auto opened = Open(Defaults());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, ErrorId::kConfigInvalid);
  EXPECT_THAT(opened.error().advice, testing::HasSubstr("newer program"));
}

TEST_F(SqliteStore, DatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  Tamper(path(), "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  const auto before = std::filesystem::file_size(path());
  EXPECT_EQ(WhyNotOpened(), ErrorId::kConfigInvalid);
  EXPECT_EQ(std::filesystem::file_size(path()), before);
  Tamper(path(), "INSERT INTO theirs VALUES (2)");
}

TEST_F(SqliteStore, FileThatIsNoDatabaseIsRefused) {
  folder_.Write("store.db", std::string(8192, 'x'));
  EXPECT_EQ(WhyNotOpened(), ErrorId::kStoreCorrupt);
}

TEST_F(SqliteStore, MissingFolderIsRefused) {
  Options options = Defaults();
  options.path = folder_.path() / "missing" / "store.db";
  const auto opened = Open(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, ErrorId::kStoreUnavailable);
}

TEST_F(SqliteStore, SchemaThatWasChangedByAnotherHandIsRefused) {
  OpenIt().reset();
  Tamper(path(), "CREATE TRIGGER quiet AFTER INSERT ON consents BEGIN DELETE FROM consents; END");
  EXPECT_EQ(WhyNotOpened(), ErrorId::kStoreCorrupt);
}

TEST_F(SqliteStore, DatabaseOfTheFirstVersionIsBroughtUpAndItsRowsHold) {
  Filled().reset();
  // As 0001_first left it.
  Tamper(path(),
         "DROP TABLE labellings; ALTER TABLE entries DROP COLUMN origin;"
         "DROP TABLE versions;"
         "DROP TABLE counts; DROP TABLE said_again; DROP TABLE mendings; DROP INDEX journal_open;"
         "ALTER TABLE journal DROP COLUMN done; ALTER TABLE journal DROP COLUMN organisation;"
         "DROP TABLE apart; ALTER TABLE links DROP COLUMN why; DROP INDEX queue_matches;"
         "DROP INDEX folded_names_by_family; DROP INDEX folded_names_by_given;"
         "DROP INDEX folded_names_by_postcode; ALTER TABLE folded_names DROP COLUMN sound;"
         "ALTER TABLE folded_names DROP COLUMN given;"
         "ALTER TABLE folded_names DROP COLUMN postcode;"
         "CREATE INDEX folded_names_by_family ON folded_names (birth_date, family);"
         "DROP INDEX sources_by_source;"
         "ALTER TABLE entries DROP COLUMN links;"
         "ALTER TABLE entries DROP COLUMN likeness;"
         "DROP TABLE heads; DROP INDEX queue_by_cause; DROP INDEX trail_by_time;"
         "DROP INDEX trail_by_nhs_number; DROP INDEX trail_by_user;"
         "ALTER TABLE queue DROP COLUMN caused_by; ALTER TABLE queue DROP COLUMN held_for;"
         "ALTER TABLE queue DROP COLUMN leaf_origin; ALTER TABLE queue DROP COLUMN leaf_event;"
         "ALTER TABLE identities DROP COLUMN merged_into; DROP INDEX persons_severed;"
         "DROP INDEX queue_by_message;"
         "ALTER TABLE evidence RENAME TO newer;"
         "CREATE TABLE evidence (seq INTEGER PRIMARY KEY, seal BLOB NOT NULL, owner BLOB NOT NULL,"
         " owner_kind INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL,"
         " organisation TEXT NOT NULL, reference TEXT NOT NULL, user TEXT NOT NULL,"
         " began INTEGER NOT NULL, ended INTEGER, said_by TEXT NOT NULL,"
         " UNIQUE (owner, kind, organisation, reference, user)) STRICT;"
         "INSERT INTO evidence SELECT * FROM newer; DROP TABLE newer;"
         "ALTER TABLE queue DROP COLUMN patient; ALTER TABLE journal DROP COLUMN patients;"
         "CREATE INDEX queue_by_leaf ON queue (leaf, kind) WHERE leaf IS NOT NULL;"
         "CREATE INDEX trail_by_leaf ON trail (leaf);"
         "CREATE INDEX trail_by_nhs_number ON trail (nhs_number, leaf);"
         "CREATE INDEX trail_by_user ON trail (user, leaf);"
         "CREATE TABLE trail_sources (seq INTEGER PRIMARY KEY, seal BLOB NOT NULL,"
         " trail INTEGER NOT NULL REFERENCES trail (seq), source TEXT NOT NULL) STRICT;"
         "CREATE UNIQUE INDEX trail_sources_by_trail ON trail_sources (trail, source);"
         "DELETE FROM migrations WHERE seq > 1");
  auto store = OpenIt();
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
  const auto counts = (*store->Read())->journal().Counts();
  ASSERT_THAT(*counts, testing::SizeIs(1)) << "what was there is counted";
  EXPECT_EQ(counts->front().messages, 1U);
  EXPECT_THAT(*(*store->Read())->queues().Open({}, 9, {}), testing::SizeIs(1));
  const auto born = *record::BirthDate::Parse("1961-04-23");
  EXPECT_THAT(*(*store->Read())->patients().FindBySound(born, "T230", 9), testing::SizeIs(1))
      << "whoever was there before is traced too";
  const auto waiting = (*store->Read())->queues().Open({}, 9, {})->front();
  ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) {
    return in.queues().Close(waiting.id, "looked at", "officer", At(1));
  }));
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty()) << "resealed as it is now";
}

// Rules that give nothing, and leave what is kept.
class NoRules final : public Rulebook {
 public:
  const base::Digest& digest() const override { return digest_; }
  Labelled Label(const ToLabel& entry) const override {
    return {.labels = entry.origin.kept, .headline = entry.entry_class.headline};
  }
  bool WouldLabel(const record::SectionStatement& /*statement*/) const override { return false; }

 private:
  base::Digest digest_ = base::Sha256("none");
};

base::Result<void> LookAtAll(Transaction& in, const Rulebook& rules) {
  Labelling labelling = *in.labels().Begin(rules.digest(), At(9));
  const auto due = in.labels().Due(labelling, {});
  for (const StoredEntry& entry : due->entries) {
    const auto now = rules.Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
    if (auto changed = in.labels().Relabel(entry.number, now); !changed) return changed;
  }
  labelling.looked_to = due->looked_to;
  labelling.ended = At(9);
  return in.labels().Note(labelling);
}

TEST_F(SqliteStore, LabelsOfBeforeTheirOriginWasKeptStay) {
  const record::EntryId known{base::Uuid::New(At(1))};
  {
    auto store = Filled();
    ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) -> base::Result<void> {
      const auto source = *record::OdsCode::Parse("RXX");
      StoredEntry entry{.id = kLabelled,
                        .identity = kIdentity,
                        .message = kMessage,
                        .source_key = "p2",
                        .entry_class = {.source = source, .labels = {"hiv"}},
                        .effective = std::nullopt,
                        .stored = At(0),
                        .bytes = "labelled"};
      EXPECT_TRUE(in.records().Put(entry));
      return {};
    }));
  }
  // As the program left it that knew of no origin: with the column, its part of the seal goes.
  Tamper(path(), "UPDATE entries SET origin = NULL");
  Reseal(path(), kLabelled);
  auto store = OpenIt();
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
  ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) -> base::Result<void> {
    StoredEntry entry = **in.records().Find(kLabelled);
    entry.id = known;
    entry.source_key = "p3";
    entry.origin = {};
    EXPECT_TRUE(in.records().Put(entry));
    return {};
  }));
  const auto rules = std::make_shared<const NoRules>();
  store->Follow(rules);
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) { return LookAtAll(in, *rules); }));
    const auto snapshot = *store->Read();
    EXPECT_THAT((*snapshot->records().Find(kLabelled))->entry_class.labels,
                testing::ElementsAre("hiv"))
        << "nobody knows what gave it";
    EXPECT_THAT((*snapshot->records().Find(known))->entry_class.labels, testing::IsEmpty());
  }
  EXPECT_THAT(store->Fsck({})->mismatches, testing::IsEmpty());
}

TEST_F(SqliteStore, ItIsReadBesideTheProgramThatWritesIt) {
  EXPECT_FALSE(OpenToRead(Defaults())) << "there is none";
  auto store = Filled();
  const auto reading = OpenToRead(Defaults());
  ASSERT_TRUE(reading) << base::Describe(reading.error());
  EXPECT_THAT(*(*(*reading)->Read())->labels().EntriesOf(kPerson), testing::SizeIs(1));
  Put(*store, 1);
  EXPECT_EQ(*(*(*reading)->Read())->journal().Count(), 2U);
  store.reset();
  Tamper(path(), "DELETE FROM migrations WHERE seq = (SELECT max(seq) FROM migrations)");
  EXPECT_EQ(OpenToRead(Defaults()).error().id, ErrorId::kConfigInvalid) << "an older program's";
}

TEST_F(SqliteStore, OnlyItsOwnUserMayReadTheFileAndItsLog) {
  auto store = OpenIt();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path().string() + suffix).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << suffix;
  }
}

TEST_F(SqliteStore, FsckOfASoundStoreFindsNothingAndSaysHowFarItIs) {
  auto store = Filled();
  std::set<std::string> tables;
  const auto report =
      store->Fsck([&](const FsckProgress& at) { tables.insert(std::string(at.table)); });
  ASSERT_TRUE(report);
  EXPECT_THAT(report->mismatches, testing::IsEmpty());
  EXPECT_GE(report->rows, 20U);
  EXPECT_EQ(tables.size(), 26U);
}

// One changed value in each table.
class SqliteTamper : public SqliteStore,
                     public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(SqliteTamper, ChangedRowIsFoundAndNamed) {
  const auto [table, change] = GetParam();
  Filled().reset();
  Tamper(path(), std::string("UPDATE ") + table + " SET " + change);
  const auto report = OpenIt()->Fsck({});
  EXPECT_THAT(report->mismatches,
              testing::Contains(Mismatch{table, "1", "the row does not match its digest"}));
}

TEST_P(SqliteTamper, SealOfAnotherRowIsNoSeal) {
  const auto [table, change] = GetParam();
  Filled().reset();
  const std::string other = std::string(table) == "persons" ? "identities" : "persons";
  Tamper(path(), std::string("UPDATE ") + table + " SET seal = (SELECT seal FROM " + other + ")");
  EXPECT_THAT(OpenIt()->Fsck({})->mismatches, testing::Not(testing::IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(
    Tables, SqliteTamper,
    testing::Values(std::pair("journal", "disposition = 'rejected'"),
                    std::pair("journal_bytes", "bytes = x'00'"), std::pair("feeds", "messages = 7"),
                    std::pair("counts", "open = 7"), std::pair("said_again", "sections = 7"),
                    std::pair("versions", "version = x'00'"), std::pair("mendings", "by = 'other'"),
                    std::pair("persons", "state = 3"), std::pair("identities", "shareable = 1"),
                    std::pair("local_identifiers", "value = '2'"),
                    std::pair("folded_names", "family = 'other'"),
                    std::pair("links", "reason = 'other'"), std::pair("apart", "by = 'other'"),
                    std::pair("classes", "class = x'00'"), std::pair("entries", "standing = 3"),
                    std::pair("statements", "stored = 9"), std::pair("sources", "last = 9"),
                    std::pair("evidence", "ended = 9"), std::pair("consents", "withdrawn = 9"),
                    std::pair("location_flags", "level = 2"), std::pair("queue", "closed = 9"),
                    std::pair("outbox", "bytes = x'00'"), std::pair("trail", "outcome = 'other'"),
                    std::pair("heads", "size = 9")),
    [](const auto& tested) { return std::string(tested.param.first); });

TEST_F(SqliteStore, FsckFindsThatRowsWereTakenAway) {
  Filled().reset();
  // The first of each, behind which others stand.
  Tamper(
      path(),
      "PRAGMA foreign_keys = OFF;"
      "INSERT INTO entries SELECT seq + 1, seal, x'01', identity, message, source_key, class,"
      " standing, effective, stored, ended, encoding_version, key_id, bytes, NULL, NULL, NULL FROM "
      "entries"
      " ORDER BY seq DESC LIMIT 1; DELETE FROM entries WHERE seq = 1");
  EXPECT_THAT(OpenIt()->Fsck({})->mismatches,
              testing::Contains(Mismatch{"entries", "1", "rows are missing from this one on"}));
}

TEST_F(SqliteStore, FsckFindsThatTheLastMessageWasTakenAway) {
  Filled().reset();
  Tamper(path(),
         "PRAGMA foreign_keys = OFF;"
         "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)");
  EXPECT_THAT(OpenIt()->Fsck({})->mismatches,
              testing::Contains(Mismatch{
                  "journal", "", "it does not hold the messages that its feeds have counted"}));
}

TEST_F(SqliteStore, ReadOfAChangedRowFailsRatherThanTellingALie) {
  Filled().reset();
  Tamper(path(),
         "UPDATE entries SET bytes = CAST('no asthma' AS BLOB);"
         "UPDATE consents SET withdrawn = 9; UPDATE journal_bytes SET bytes = x'00'");
  auto store = OpenIt();
  auto snapshot = *store->Read();
  EXPECT_EQ(snapshot->records().Find(kEntry).error().id, ErrorId::kStoreCorrupt);
  EXPECT_EQ(snapshot->records().SegmentOf(kPerson).error().id, ErrorId::kStoreCorrupt);
  EXPECT_EQ(snapshot->facts().FactsOf(kPerson).error().id, ErrorId::kStoreCorrupt);
  EXPECT_EQ(snapshot->facts().FindConsent(kConsent).error().id, ErrorId::kStoreCorrupt);
  EXPECT_EQ(snapshot->journal().Find(kMessage).error().id, ErrorId::kStoreCorrupt);
  EXPECT_TRUE(snapshot->patients().FindPerson(kPerson)) << "and the rest is read";
}

TEST_F(SqliteStore, DeletedRowIsNoticed) {
  Filled().reset();
  Tamper(path(), "DELETE FROM journal_bytes; DELETE FROM classes");
  EXPECT_THAT(OpenIt()->Fsck({})->mismatches, testing::Not(testing::IsEmpty()));
}

TEST_F(SqliteStore, SnapshotsBeyondTheReadersAreRefusedAndOneThatEndsMakesRoom) {
  Options options = Defaults();
  options.readers = 1;
  options.read_wait = std::chrono::milliseconds(0);
  auto store = OpenIt(options);
  auto first = *store->Read();
  const auto second = store->Read();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().id, ErrorId::kOverloaded);
  first.reset();
  EXPECT_TRUE(store->Read());
}

TEST_F(SqliteStore, LogStaysShortWhileMuchIsWritten) {
  Options options = Defaults();
  options.wal_autocheckpoint = 50;
  auto store = OpenIt(options);
  for (int i = 0; i < 300; ++i) Put(*store, i);
  EXPECT_LT(std::filesystem::file_size(path().string() + "-wal"), 4096U * 50 * 5);
  store.reset();
  EXPECT_FALSE(std::filesystem::exists(path().string() + "-wal"));
}

TEST_F(SqliteStore, SegmentLargerThanTheCacheIsBuiltEachTime) {
  Options options = Defaults();
  options.segment_cache_bytes = 1;
  auto store = OpenIt(options);
  ASSERT_TRUE(WriteAndWait(*store, &FillPatient));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ((*(*store->Read())->records().SegmentOf(kPerson))->bytes, "asthma");
  }
}

TEST_F(SqliteStore, SegmentIsSharedUntilTheVersionAdvances) {
  auto store = Filled();
  const auto one = *(*store->Read())->records().SegmentOf(kPerson);
  EXPECT_EQ(*(*store->Read())->records().SegmentOf(kPerson), one);
  ASSERT_TRUE(
      WriteAndWait(*store, [](Transaction& in) { return in.patients().AdvanceVersion(kPerson); }));
  EXPECT_NE(*(*store->Read())->records().SegmentOf(kPerson), one);
}

TEST_F(SqliteStore, LargeMessageIsKept) {
  auto store = OpenIt();
  JournalRow row;
  row.id = kMessage;
  row.bytes = std::string(20U << 20, 'x');
  ASSERT_TRUE(WriteAndWait(*store, [&](Transaction& in) { return in.journal().Append(row); }));
  EXPECT_EQ((*(*store->Read())->journal().Find(kMessage))->bytes.size(), row.bytes.size());
}

}  // namespace
}  // namespace milecastle::store::sqlite
