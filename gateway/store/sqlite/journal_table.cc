#include "inside/journal_table.h"

#include <algorithm>

#include "inside/counts.h"
#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "journal";
constexpr std::string_view kBytesTable = "journal_bytes";
constexpr std::string_view kFeedsTable = "feeds";
constexpr std::string_view kMendingsTable = "mendings";
constexpr int kEncodingVersion = 1;  // of the bytes: as they arrived
constexpr int kKeyId = 0;            // the disk's encryption

struct Numbered {
  std::int64_t seq = 0;
  JournalRow row;
};

Numbered ReadRow(Row& row) {
  Numbered read{.seq = row.seq(), .row = {}};
  JournalRow& to = read.row;
  to.id = row.IdOf<record::MessageId>();
  to.feed = row.Text();
  to.control_id = row.Text();
  to.event = row.Text();
  to.sender = row.Text();
  to.disposition = row.Text();
  to.error_name = row.Text();
  to.error_place = row.Text();
  to.error_advice = row.Text();
  to.received = row.Time();
  to.digest = row.Digest();
  to.entries = static_cast<std::uint32_t>(row.Int());
  auto not_carried = Unpack<std::vector<record::NotCarried>>(row.Bytes());
  if (!not_carried) row.Break();
  to.not_carried = std::move(not_carried).value_or(std::vector<record::NotCarried>());
  if (const auto packed = row.Maybe(&Row::Bytes)) {
    auto patients = Unpack<std::vector<JournalPatient>>(*packed);
    if (!patients) row.Break();
    to.patients = std::move(patients).value_or(std::vector<JournalPatient>());
  }
  to.organisation = row.Maybe(&Row::Text).value_or(std::string());
  to.done = row.Maybe(&Row::Time);
  return read;
}

struct Body {
  record::MessageId message;
  std::string bytes;
};

Body ReadBody(Row& row) {
  Body body;
  body.message = row.IdOf<record::MessageId>();
  row.Int();  // encoding_version
  row.Int();  // key_id
  body.bytes = row.Bytes();
  return body;
}

Mending ReadMending(Row& row) {
  Mending mending;
  mending.message = row.IdOf<record::MessageId>();
  mending.act = row.Text();
  mending.by = row.Text();
  mending.reason = row.Text();
  mending.error = row.Text();
  mending.at = row.Time();
  mending.correction = row.Maybe(&Row::IdOf<record::MessageId>);
  return mending;
}

struct FeedSum {
  std::int64_t seq = 0;
  std::string feed;
  std::string disposition;
  std::int64_t messages = 0;
  base::Instant last_received;
};

FeedSum ReadFeedSum(Row& row) {
  return {.seq = row.seq(),
          .feed = row.Text(),
          .disposition = row.Text(),
          .messages = row.Int(),
          .last_received = row.Time()};
}

// The columns that a later word may change, as they are bound and sealed.
struct LateColumns {
  explicit LateColumns(const JournalRow& row)
      : not_carried_(Pack(row.not_carried)), patients_(Pack(row.patients)) {
    not_carried = Blob{not_carried_};
    if (!row.patients.empty()) patients = Blob{patients_};  // NULL: it speaks of one alone
    if (!row.organisation.empty()) organisation = row.organisation;
    if (row.done) done = *row.done;
  }
  LateColumns(const LateColumns&) = delete;
  Value not_carried, patients, organisation, done;

 private:
  std::string not_carried_;
  std::string patients_;
};

Seal SealOfRow(const JournalRow& row, const LateColumns& late) {
  const Value columns[] = {row.id,           row.feed,        row.control_id,    row.event,
                           row.sender,       row.disposition, row.error_name,    row.error_place,
                           row.error_advice, row.received,    row.digest,        row.entries,
                           late.not_carried, late.patients,   late.organisation, late.done};
  return SealOf(kTable, columns);
}

base::Error NoSuch(std::string advice) {
  return {base::ErrorId::kNotFound, "the journal", std::move(advice)};
}

// The row as it is once the patient, or the one that it speaks of, is settled.
base::Result<JournalRow> Settle(JournalRow row, const Journal::Settled& settled) {
  if (!DispositionOf(row, settled.patient)) return NoSuch("the message has no such patient");
  row.disposition = settled.disposition;
  row.entries = settled.entries;
  if (settled.patient == 0) {
    row.done = settled.done;
    return row;
  }
  JournalPatient& patient = row.patients[settled.patient - 1];
  patient.disposition = settled.disposition;
  patient.entries = settled.entries;
  std::vector<std::string_view> dispositions;
  row.entries = 0;
  for (const JournalPatient& each : row.patients) {
    dispositions.emplace_back(each.disposition);
    row.entries += each.entries;
  }
  row.disposition = dispositions[GravestOf(dispositions)];
  if (std::count(dispositions.begin(), dispositions.end(), "quarantined") == 1) {
    row.done = settled.done;
  }
  return row;
}

base::Result<std::optional<Numbered>> FindRow(Connection& connection, record::MessageId id) {
  return First(connection, "SELECT * FROM journal WHERE id = ?", kTable, {id}, &ReadRow);
}

}  // namespace

base::Result<std::optional<JournalRow>> JournalTable::Find(record::MessageId id) {
  auto found = FindRow(connection_, id);
  if (!found) return found.error();
  if (!*found) return std::optional<JournalRow>();
  auto body = First(connection_, "SELECT * FROM journal_bytes WHERE seq = ?", kBytesTable,
                    {(*found)->seq}, &ReadBody);
  if (!body) return body.error();
  if (!*body || (*body)->message != id) return BrokenRow(kBytesTable);
  (*found)->row.bytes = std::move((*body)->bytes);
  return std::optional<JournalRow>(std::move((*found)->row));
}

base::Result<std::optional<JournalRow>> JournalTable::FindByControlId(const std::string& feed,
                                                                      const std::string& control_id,
                                                                      base::Instant since) {
  auto found = First(connection_,
                     "SELECT * FROM journal WHERE feed = ? AND control_id = ? AND received >= ?"
                     " ORDER BY received DESC, seq DESC LIMIT 1",
                     kTable, {feed, control_id, since}, &ReadRow);
  if (!found) return found.error();
  if (!*found) return std::optional<JournalRow>();
  return std::optional<JournalRow>(std::move((*found)->row));
}

base::Result<std::vector<JournalRow>> JournalTable::FindRepeated(const Sent& sent) {
  auto found = All(connection_,
                   "SELECT * FROM (SELECT * FROM journal WHERE feed = ? AND control_id = ?"
                   " AND disposition != 'duplicate' ORDER BY received DESC, seq DESC LIMIT ?)"
                   " WHERE digest = ? ORDER BY received DESC, seq DESC",
                   kTable, {sent.feed, sent.control_id, kRepeatedAmong, sent.digest}, &ReadRow);
  if (!found) return found.error();
  std::vector<JournalRow> rows;
  for (Numbered& one : *found) rows.push_back(std::move(one.row));
  return rows;
}

base::Result<std::vector<FeedState>> JournalTable::Feeds() {
  if (auto written = WriteFeeds(); !written) return written.error();
  auto sums = All(connection_, "SELECT * FROM feeds ORDER BY feed, disposition", kFeedsTable, {},
                  &ReadFeedSum);
  if (!sums) return sums.error();
  std::vector<FeedState> states;
  for (const FeedSum& sum : *sums) {
    if (states.empty() || states.back().feed != sum.feed) {
      states.push_back({.feed = sum.feed,
                        .last_received = sum.last_received,
                        .last_accepted = std::nullopt,
                        .by_disposition = {}});
    }
    FeedState& state = states.back();
    state.last_received = std::max(state.last_received, sum.last_received);
    if (sum.messages == 0) continue;
    if (sum.disposition == "accepted") state.last_accepted = sum.last_received;
    state.by_disposition.emplace_back(sum.disposition, static_cast<std::uint64_t>(sum.messages));
  }
  return states;
}

base::Result<std::uint64_t> JournalTable::Count() {
  if (auto written = WriteFeeds(); !written) return written.error();
  const auto count = Number(connection_, "SELECT sum(messages) FROM feeds", {});
  if (!count) return count.error();
  return static_cast<std::uint64_t>(count->value_or(0));
}

base::Result<void> JournalTable::Append(const JournalRow& row) {
  const LateColumns late(row);
  auto journalled =
      Insert(connection_,
             "INSERT INTO journal (seal, id, feed, control_id, event, sender, disposition,"
             " error_name, error_place, error_advice, received, digest, entries, not_carried,"
             " patients, organisation, done) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
             kTable,
             {row.id, row.feed, row.control_id, row.event, row.sender, row.disposition,
              row.error_name, row.error_place, row.error_advice, row.received, row.digest,
              row.entries, late.not_carried, late.patients, late.organisation, late.done});
  if (!journalled) return journalled;
  const std::int64_t seq = sqlite3_last_insert_rowid(connection_.raw());
  const Value body[] = {row.id, kEncodingVersion, kKeyId, Blob{row.bytes}};
  auto kept = Run(connection_,
                  "INSERT INTO journal_bytes (seq, seal, message, encoding_version, key_id,"
                  " bytes) VALUES (?,?,?,?,?,?)",
                  {seq, Blob{SealOf(kBytesTable, body)}, body[0], body[1], body[2], body[3]});
  if (kept) AddToSums(row, 1);
  return kept;
}

base::Result<void> JournalTable::Update(const JournalRow& before, const JournalRow& row,
                                        std::int64_t seq) {
  const LateColumns late(row);
  auto set = Run(connection_,
                 "UPDATE journal SET seal = ?, disposition = ?, error_name = ?, error_place = ?,"
                 " error_advice = ?, entries = ?, not_carried = ?, patients = ?, organisation = ?,"
                 " done = ? WHERE seq = ?",
                 {Blob{SealOfRow(row, late)}, row.disposition, row.error_name, row.error_place,
                  row.error_advice, row.entries, late.not_carried, late.patients, late.organisation,
                  late.done, seq});
  if (!set) return set;
  AddToSums(before, -1);
  AddToSums(row, 1);
  return set;
}

base::Result<void> JournalTable::SetOutcome(record::MessageId id, const Settled& settled) {
  auto found = FindRow(connection_, id);
  if (!found) return found.error();
  if (!*found) return NoSuch("no message has this id");
  const auto row = Settle((*found)->row, settled);
  if (!row) return row.error();
  return Update((*found)->row, *row, (*found)->seq);
}

base::Result<void> JournalTable::SetRead(const JournalRow& row) {
  auto found = FindRow(connection_, row.id);
  if (!found) return found.error();
  if (!*found) return NoSuch("no message has this id");
  JournalRow now = (*found)->row;
  now.disposition = row.disposition;
  now.error_name = row.error_name;
  now.error_place = row.error_place;
  now.error_advice = row.error_advice;
  now.entries = row.entries;
  now.not_carried = row.not_carried;
  now.patients = row.patients;
  now.organisation = row.organisation;
  now.done = row.done;
  return Update((*found)->row, now, (*found)->seq);
}

base::Result<void> JournalTable::AddMending(const Mending& mending) {
  return Insert(connection_,
                "INSERT INTO mendings (seal, message, act, by, reason, error, at, correction)"
                " VALUES (?,?,?,?,?,?,?,?)",
                kMendingsTable,
                {mending.message, mending.act, mending.by, mending.reason, mending.error,
                 mending.at, mending.correction});
}

base::Result<std::vector<Mending>> JournalTable::MendingsOf(record::MessageId id) {
  return All(connection_, "SELECT * FROM mendings WHERE message = ? OR correction = ? ORDER BY seq",
             kMendingsTable, {id, id}, &ReadMending);
}

base::Result<std::vector<JournalRow>> JournalTable::Open(std::size_t limit,
                                                         std::optional<record::MessageId> after) {
  constexpr std::string_view kOpen =
      "SELECT * FROM journal WHERE done IS NULL AND disposition IN ('rejected', 'quarantined')"
      " AND seq > ? ORDER BY seq LIMIT ?";
  std::int64_t from = 0;
  if (after) {
    const auto found = FindRow(connection_, *after);
    if (!found) return found.error();
    if (*found) from = (*found)->seq;
  }
  auto found = All(connection_, kOpen, kTable, {from, limit}, &ReadRow);
  if (!found) return found.error();
  std::vector<JournalRow> rows;
  for (Numbered& one : *found) rows.push_back(std::move(one.row));
  return rows;
}

void JournalTable::AddToSums(const JournalRow& row, std::int64_t messages) {
  const auto add = [&](Session::FeedSum& sum) {
    sum.messages += messages;
    sum.open += IsOpen(row) ? messages : 0;
    sum.last_received = std::max(sum.last_received, row.received);
  };
  add(session_.feed_sums[{row.feed, row.disposition}]);
  add(session_.counts[{row.feed, row.organisation, row.disposition, row.error_name}]);
}

base::Result<void> JournalTable::WriteFeeds() {
  for (const auto& [which, more] : session_.feed_sums) {
    if (auto written = WriteFeed(which.first, which.second, more); !written) return written;
  }
  session_.feed_sums.clear();
  for (const auto& [which, more] : session_.counts) {
    if (auto written = AddCount(connection_, which, more); !written) return written;
  }
  session_.counts.clear();
  return {};
}

base::Result<std::vector<OutcomeCount>> JournalTable::Counts() {
  if (auto written = WriteFeeds(); !written) return written.error();
  return CountsIn(connection_);
}

base::Result<void> JournalTable::WriteFeed(const std::string& feed, const std::string& disposition,
                                           const Session::FeedSum& more) {
  const auto found = First(connection_, "SELECT * FROM feeds WHERE feed = ? AND disposition = ?",
                           kFeedsTable, {feed, disposition}, &ReadFeedSum);
  if (!found) return found.error();
  if (!*found) {
    return Insert(connection_,
                  "INSERT INTO feeds (seal, feed, disposition, messages, last_received)"
                  " VALUES (?,?,?,?,?)",
                  kFeedsTable, {feed, disposition, more.messages, more.last_received});
  }
  const FeedSum& sum = **found;
  const Value columns[] = {sum.feed, sum.disposition, sum.messages + more.messages,
                           std::max(sum.last_received, more.last_received)};
  return Run(connection_,
             "UPDATE feeds SET seal = ?, messages = ?, last_received = ? WHERE seq = ?",
             {Blob{SealOf(kFeedsTable, columns)}, columns[2], columns[3], sum.seq});
}

}  // namespace milecastle::store::sqlite
