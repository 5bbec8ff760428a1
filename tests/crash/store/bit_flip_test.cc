// T38, R12: flipped bits in the file.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "kit/count.h"
#include "kit/folder.h"
#include "work.h"

namespace milecastle::store {
namespace {

using Path = std::filesystem::path;

std::string Slurp(const Path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Closer {
  void operator()(sqlite3* raw) const { sqlite3_close_v2(raw); }
  void operator()(sqlite3_stmt* raw) const { sqlite3_finalize(raw); }
};

// All that `sql` gives, as bytes, with a word where it fails.
std::string Everything(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(database, sql.c_str(), -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
  std::string all;
  if (raw == nullptr) return "unreadable";
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      all += static_cast<char>('0' + sqlite3_column_type(raw, i));
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(raw, i));
      all.append(bytes == nullptr ? "" : bytes, sqlite3_column_bytes(raw, i));
      all += '|';
    }
  }
  return code == SQLITE_DONE ? all : all + "unreadable";
}

// The data that the file holds, as plain SQLite reads it.
std::string DataOf(const Path& path, const std::vector<std::string>& tables) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, Closer> database(raw);
  std::string all = Everything(raw, "SELECT * FROM sqlite_schema");
  for (const auto& table : tables) all += Everything(raw, "SELECT rowid, * FROM " + table);
  return all;
}

std::vector<std::string> TablesOf(const Path& path) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, Closer> database(raw);
  std::vector<std::string> tables;
  sqlite3_exec(
      raw, "SELECT name FROM sqlite_schema WHERE type = 'table'",
      [](void* to, int, char** columns, char**) {
        static_cast<std::vector<std::string>*>(to)->emplace_back(columns[0]);
        return 0;
      },
      &tables, nullptr);
  return tables;
}

// A store with something in its tables, closed.
void Fill(const Path& folder) {
  auto store = OpenOrDie(OptionsFor(folder));
  ASSERT_TRUE(SaveThePerson(*store));
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(WriteAndWait(*store, Ingest(record::MessageId::New(Then()))));
  }
}

TEST(StoreBitFlips, EveryFlipThatChangesDataIsFoundOrTheFileRefused) {
  const int flips = kit::Count(700);
  kit::TemporaryFolder folder;
  Fill(folder.path());
  const Path original = folder.path() / "store.db";
  ASSERT_FALSE(std::filesystem::exists(folder.path() / "store.db-wal")) << "folded in at closing";
  const std::string bytes = Slurp(original);
  const auto tables = TablesOf(original);
  const std::string data = DataOf(original, tables);
  std::mt19937 random(11);
  int refused = 0;
  int found = 0;
  int harmless = 0;
  int without_effect_but_found = 0;
  for (int flip = 0; flip < flips; ++flip) {
    kit::TemporaryFolder elsewhere;
    std::string flipped = bytes;
    const auto bit = std::uniform_int_distribution<std::size_t>(0, bytes.size() * 8 - 1)(random);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Path path = elsewhere.Write("store.db", flipped);
    const bool changed = DataOf(path, tables) != data;
    auto opened = sqlite::Open(OptionsFor(elsewhere.path()));
    if (!opened) {
      ++refused;
      continue;
    }
    const auto report = (*opened)->Fsck({});
    const bool noticed = !report || !report->mismatches.empty();
    EXPECT_TRUE(noticed || !changed) << "bit " << bit << " of page " << bit / 8 / 4096 + 1;
    found += noticed && changed ? 1 : 0;
    without_effect_but_found += noticed && !changed ? 1 : 0;
    harmless += noticed ? 0 : 1;
  }
  std::printf(
      "T38: store: %d flips: %d changed data and were found, %d refused at open, %d in indexes or "
      "structure and"
      " found, %d in unused bytes, 0 missed\n",
      flips, found, refused, without_effect_but_found, harmless);
  EXPECT_GT(found, flips / 4);
}

}  // namespace
}  // namespace milecastle::store
