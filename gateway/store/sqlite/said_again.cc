// What a source said that changed no row, and whether it said anything of an entry since a moment.
#include <algorithm>

#include "base/crypto.h"
#include "inside/query.h"
#include "inside/records_table.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "said_again";
// Of a key's digest. Two keys of one patient that share them hold a replayed entry back, and no
// more.
constexpr std::size_t kDigestBytes = 8;

std::string Short(const std::string& key) {
  const base::Digest digest = base::Sha256(key);
  return std::string(base::AsBytes(digest).substr(0, kDigestBytes));
}

std::uint64_t BitOf(record::Section section) {
  return std::uint64_t{1} << static_cast<unsigned>(section);
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

// The row of an entry that its source gave, or ended, after the moment; whatever it is now.
base::Result<bool> HasNewerRow(Connection& connection, const Records::Word& word) {
  const auto found =
      Number(connection,
             "SELECT seq FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
             " AND source_key = ? AND (stored > ? OR ended > ?) LIMIT 1",
             {word.identity, word.source_key, word.since, word.since});
  if (!found) return found.error();
  return found->has_value();
}

}  // namespace

base::Result<void> RecordsTable::NoteSaidAgain(record::IdentityId identity, const SaidAgain& said) {
  std::uint64_t sections = 0;
  for (const record::Section section : said.sections) sections |= BitOf(section);
  std::string keys;
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
  return std::any_of(again->begin(), again->end(), [&](const Said& said) {
    const bool whole = word.section && (said.sections & BitOf(*word.section)) != 0;
    return whole || (!word.source_key.empty() && Names(said, key));
  });
}

}  // namespace milecastle::store::sqlite
