// What a source said that changed no row, and whether it said anything of an entry since a moment.
#include <algorithm>

#include "inside/key_digest.h"
#include "inside/query.h"
#include "inside/records_table.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "said_again";
constexpr std::size_t kDigestBytes = kSaidAgainBytes;

std::string Short(const std::string& key) { return KeyDigest(key, kDigestBytes); }

std::uint64_t BitOf(record::Section section) {
  return std::uint64_t{1} << static_cast<unsigned>(section);
}

// Behind its system's keys, as one of them.
std::string WholeOf(const std::string& system, record::Section section) {
  return Short(system + "#whole/" + std::to_string(static_cast<int>(section)));
}

struct Said {
  std::uint64_t sections = 0;
  std::string keys;
};

Said ReadSaid(Row& row) {
  Said said;
  row.IdOf<record::IdentityId>();
  row.Time();
  said.sections = static_cast<std::uint64_t>(row.Int());
  said.keys = row.Bytes();
  return said;
}

bool Names(const Said& said, const std::string& key) {
  for (std::size_t at = 0; at + kDigestBytes <= said.keys.size(); at += kDigestBytes) {
    if (said.keys.compare(at, kDigestBytes, key) == 0) return true;
  }
  return false;
}

// The row of an entry that its source gave, or ended, after the moment; whatever it is now. Not one
// that came late, which was over before it was stored.
base::Result<bool> HasNewerRow(Connection& connection, const Records::Word& word) {
  const auto found =
      Number(connection,
             "SELECT seq FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
             " AND source_key = ? AND (stored > ? OR ended > ?)"
             " AND coalesce(ended, stored) >= stored LIMIT 1",
             {word.identity, word.source_key, word.since, word.since});
  if (!found) return found.error();
  return found->has_value();
}

}  // namespace

base::Result<void> RecordsTable::NoteSaidAgain(record::IdentityId identity, const SaidAgain& said) {
  std::uint64_t sections = 0;
  std::string keys;
  for (const record::Section section : said.sections) {
    if (said.system.empty()) {
      sections |= BitOf(section);
    } else {
      keys += WholeOf(said.system, section);
    }
  }
  for (const std::string& key : said.keys) keys += Short(key);
  return Insert(connection_,
                "INSERT INTO said_again (seal, identity, at, sections, keys) VALUES (?,?,?,?,?)",
                kTable, {identity, said.at, static_cast<std::int64_t>(sections), Blob{keys}});
}

base::Result<bool> RecordsTable::WasSaidSince(const Word& word) {
  if (!word.source_key.empty()) {
    const auto newer = HasNewerRow(connection_, word);
    if (!newer || *newer) return newer;
  }
  const auto again = All(connection_, "SELECT * FROM said_again WHERE identity = ? AND at > ?",
                         kTable, {word.identity, word.since}, &ReadSaid);
  if (!again) return again.error();
  const std::string key = Short(word.source_key);
  const std::string whole = word.section ? WholeOf(word.system, *word.section) : std::string();
  return std::any_of(again->begin(), again->end(), [&](const Said& said) {
    if (word.section && (said.sections & BitOf(*word.section)) != 0) return true;
    if (!whole.empty() && Names(said, whole)) return true;
    return !word.source_key.empty() && Names(said, key);
  });
}

}  // namespace milecastle::store::sqlite
