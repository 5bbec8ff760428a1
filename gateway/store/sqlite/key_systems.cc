#include "inside/key_systems.h"

#include <array>
#include <map>
#include <set>

#include "inside/entry_row.h"
#include "inside/fact_rows.h"
#include "inside/key_digest.h"
#include "inside/query.h"
#include "record/document_key.h"
#include "record/record_system.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kVersionsTable = "versions";
constexpr std::string_view kSaidTable = "said_again";
constexpr int kMostSections = 64;  // as a mask of them has

struct VersionRow {
  std::int64_t seq = 0;
  record::IdentityId identity;
  std::string name;
  std::string version;  // packed
};

VersionRow ReadVersionRow(Row& row) {
  return {row.seq(), row.IdOf<record::IdentityId>(), std::string(row.Bytes()),
          std::string(row.Bytes())};
}

struct SaidRow {
  std::int64_t seq = 0;
  record::IdentityId identity;
  base::Instant at;
  std::int64_t sections = 0;
  std::string keys;
};

SaidRow ReadSaidRow(Row& row) {
  return {row.seq(), row.IdOf<record::IdentityId>(), row.Time(), row.Int(),
          std::string(row.Bytes())};
}

base::Result<std::vector<record::IdentityId>> IdentitiesWithEntries(Connection& connection) {
  auto running = Running::Start(connection, "SELECT DISTINCT identity FROM entries", {});
  if (!running) return running.error();
  std::vector<record::IdentityId> identities;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return identities;
    Row row(running->statement(), 0);
    identities.push_back(row.IdOf<record::IdentityId>());
    if (row.broken()) return BrokenRow(kEntriesTable);
  }
}

// Empty where the journal does not know the message.
base::Result<std::string> FeedOf(Connection& connection, const record::MessageId& message) {
  auto running = Running::Start(connection, "SELECT feed FROM journal WHERE id = ?",
                                std::array{Value(message)});
  if (!running) return running.error();
  const auto found = running->Next();
  if (!found) return found.error();
  if (!*found) return std::string();
  Row row(running->statement(), 0);
  return row.Text();
}

// One source's keys for one patient.
class Keys {
 public:
  Keys(Connection& connection, record::IdentityId identity)
      : connection_(connection), identity_(identity) {}

  base::Result<void> Move() {
    if (auto moved = MoveEntries(); !moved) return moved;
    NameSections();
    if (auto moved = MoveVersions(); !moved) return moved;
    return MoveSaidAgain();
  }

 private:
  // The newest first: what was said last under a key that two feeds had is of the newer.
  base::Result<void> MoveEntries() {
    auto entries = All(connection_, "SELECT * FROM entries WHERE identity = ? ORDER BY seq DESC",
                       kEntriesTable, {identity_}, &ReadEntry);
    if (!entries) return entries.error();
    for (EntryRow& entry : *entries) {
      const auto feed = FeedOf(connection_, entry.message);
      if (!feed) return feed.error();
      if (feed->empty()) continue;
      const std::string system = record::OfSystem(*feed);
      systems_.insert(system);
      Name(entry.source_key, system);
      entry.source_key.insert(0, system);
      for (record::Link& link : entry.links) link.key.insert(0, system);
      if (auto saved = Save(entry); !saved) return saved;
    }
    return {};
  }

  base::Result<void> Save(const EntryRow& entry) {
    const auto links = Packed(entry.links);
    return Run(connection_, "UPDATE entries SET seal = ?, source_key = ?, links = ? WHERE seq = ?",
               {Blob{SealOfEntry(entry)}, entry.source_key, links ? Value(Blob{*links}) : Value(),
                entry.seq});
  }

  // A key, and each document that it may be a part of.
  void Name(const std::string& key, const std::string& system) {
    Note(key, system);
    Note(record::BelowDocument(key), system);
    for (std::size_t at = key.find('/'); at != std::string::npos; at = key.find('/', at + 1)) {
      Note(record::BelowDocument(key.substr(0, at)), system);
    }
  }

  void Note(const std::string& name, const std::string& system) {
    versions_.try_emplace(KeyDigest(name, kVersionBytes), std::set{system + name});
    said_.emplace(KeyDigest(name, kSaidAgainBytes), KeyDigest(system + name, kSaidAgainBytes));
  }

  // As receive/ names what a source said of a section: which of its feeds, nobody can tell.
  void NameSections() {
    for (int i = 1; i < kMostSections; ++i) {
      for (const char* const of : {"#whole/", "#any/"}) {
        const std::string name = of + std::to_string(i);
        auto& names = versions_[KeyDigest(name, kVersionBytes)];
        for (const std::string& system : systems_) names.insert(system + name);
      }
    }
  }

  base::Result<void> MoveVersions() {
    const auto rows = All(connection_, "SELECT * FROM versions WHERE identity = ?", kVersionsTable,
                          {identity_}, &ReadVersionRow);
    if (!rows) return rows.error();
    for (const VersionRow& row : *rows) {
      const auto names = versions_.find(row.name);
      if (names == versions_.end() || names->second.empty()) continue;
      for (const std::string& name : names->second) {
        const bool is_first = name == *names->second.begin();
        auto put = is_first ? Rename(row, name) : Copy(row, name);
        if (!put) return put;
      }
    }
    return {};
  }

  // A row stays where it is: one that is missing is a fault.
  base::Result<void> Rename(const VersionRow& row, const std::string& name) {
    const std::string digest = KeyDigest(name, kVersionBytes);
    const std::array<Value, 3> columns = {identity_, Blob{digest}, Blob{row.version}};
    return Run(connection_, "UPDATE versions SET seal = ?, key = ? WHERE seq = ?",
               {Blob{SealOf(kVersionsTable, columns)}, columns[1], row.seq});
  }

  base::Result<void> Copy(const VersionRow& row, const std::string& name) {
    const std::string digest = KeyDigest(name, kVersionBytes);
    return Insert(connection_,
                  "INSERT INTO versions (seal, identity, key, version) VALUES (?,?,?,?)",
                  kVersionsTable, {identity_, Blob{digest}, Blob{row.version}});
  }

  base::Result<void> MoveSaidAgain() {
    auto rows = All(connection_, "SELECT * FROM said_again WHERE identity = ?", kSaidTable,
                    {identity_}, &ReadSaidRow);
    if (!rows) return rows.error();
    for (SaidRow& row : *rows) {
      for (std::size_t at = 0; at + kSaidAgainBytes <= row.keys.size(); at += kSaidAgainBytes) {
        const auto known = said_.find(row.keys.substr(at, kSaidAgainBytes));
        if (known != said_.end()) row.keys.replace(at, kSaidAgainBytes, known->second);
      }
      const std::array<Value, 4> columns = {identity_, row.at, row.sections, Blob{row.keys}};
      auto saved = Run(connection_, "UPDATE said_again SET seal = ?, keys = ? WHERE seq = ?",
                       {Blob{SealOf(kSaidTable, columns)}, columns[3], row.seq});
      if (!saved) return saved;
    }
    return {};
  }

  Connection& connection_;
  const record::IdentityId identity_;
  std::set<std::string> systems_;
  std::map<std::string, std::set<std::string>> versions_;  // by a name's digest, the new names
  std::map<std::string, std::string> said_;                // digests of names
};

struct FlagRow {
  std::int64_t seq = 0;
  FactOwner owner;
  record::LocationFlag flag;
};

FlagRow ReadFlagRow(Row& row) {
  FlagRow read{.seq = row.seq(), .owner = ReadOwner(row), .flag = {}};
  read.flag.said_by = row.Text();
  read.flag.level = row.As<record::LocationProtection>();
  read.flag.as_of = row.Time();
  return read;
}

// By which a message came at a moment; empty where none did, or several.
base::Result<std::string> OnlyFeedAt(Connection& connection, base::Instant at) {
  auto running = Running::Start(connection, "SELECT DISTINCT feed FROM journal WHERE received = ?",
                                std::array{Value(at)});
  if (!running) return running.error();
  std::vector<std::string> feeds;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return feeds.size() == 1 ? feeds.front() : std::string();
    Row row(running->statement(), 0);
    feeds.push_back(row.Text());
  }
}

}  // namespace

base::Result<void> PutFlagsInSystems(Connection& connection) {
  auto flags = All(connection, "SELECT * FROM location_flags WHERE owner_kind = 1", kFlagsTable, {},
                   &ReadFlagRow);
  if (!flags) return flags.error();
  for (const FlagRow& row : *flags) {
    const auto feed = OnlyFeedAt(connection, row.flag.as_of);
    if (!feed) return feed.error();
    if (feed->empty() || *feed == row.flag.said_by) continue;
    const Value columns[] = {OwnerBytes(row.owner), OwnerKind(row.owner), *feed, row.flag.level,
                             row.flag.as_of};
    auto saved = Run(connection, "UPDATE location_flags SET seal = ?, said_by = ? WHERE seq = ?",
                     {Blob{SealOf(kFlagsTable, columns)}, columns[2], row.seq});
    if (!saved) return saved;
  }
  return {};
}

base::Result<void> PutKeysInSystems(Connection& connection) {
  const auto identities = IdentitiesWithEntries(connection);
  if (!identities) return identities.error();
  for (const record::IdentityId& identity : *identities) {
    if (auto moved = Keys(connection, identity).Move(); !moved) return moved;
  }
  return {};
}

}  // namespace milecastle::store::sqlite
