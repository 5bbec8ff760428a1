#include "inside/journal_table.h"

#include <algorithm>

#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "journal";
constexpr std::string_view kBytesTable = "journal_bytes";
constexpr std::string_view kFeedsTable = "feeds";
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

// NULL where the message speaks of one alone.
std::optional<std::string> PackedPatientsOf(const JournalRow& row) {
  if (row.patients.empty()) return std::nullopt;
  return Pack(row.patients);
}
Value ColumnOf(const std::optional<std::string>& packed) {
  return packed ? Value(Blob{*packed}) : Value();
}

base::Error NoSuch(std::string advice) {
  return {base::ErrorId::kNotFound, "the journal", std::move(advice)};
}

// The row as it is once the patient, or the one that it speaks of, is settled.
base::Result<JournalRow> Settle(JournalRow row, const Journal::Settled& settled) {
  if (!DispositionOf(row, settled.patient)) return NoSuch("the message has no such patient");
  row.disposition = settled.disposition;
  row.entries = settled.entries;
  if (settled.patient == 0) return row;
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
  const auto patients = PackedPatientsOf(row);
  auto journalled =
      Insert(connection_,
             "INSERT INTO journal (seal, id, feed, control_id, event, sender, disposition,"
             " error_name, error_place, error_advice, received, digest, entries, not_carried,"
             " patients) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
             kTable,
             {row.id, row.feed, row.control_id, row.event, row.sender, row.disposition,
              row.error_name, row.error_place, row.error_advice, row.received, row.digest,
              row.entries, Blob{Pack(row.not_carried)}, ColumnOf(patients)});
  if (!journalled) return journalled;
  const std::int64_t seq = sqlite3_last_insert_rowid(connection_.raw());
  const Value body[] = {row.id, kEncodingVersion, kKeyId, Blob{row.bytes}};
  auto kept = Run(connection_,
                  "INSERT INTO journal_bytes (seq, seal, message, encoding_version, key_id,"
                  " bytes) VALUES (?,?,?,?,?,?)",
                  {seq, Blob{SealOf(kBytesTable, body)}, body[0], body[1], body[2], body[3]});
  if (kept) AddToFeed(row, row.disposition, 1);
  return kept;
}

base::Result<void> JournalTable::SetOutcome(record::MessageId id, const Settled& settled) {
  auto found = FindRow(connection_, id);
  if (!found) return found.error();
  if (!*found) return NoSuch("no message has this id");
  const std::string before = (*found)->row.disposition;
  const auto row = Settle(std::move((*found)->row), settled);
  if (!row) return row.error();
  const std::string not_carried = Pack(row->not_carried);
  const auto patients = PackedPatientsOf(*row);
  const Value columns[] = {row->id,           row->feed,         row->control_id, row->event,
                           row->sender,       row->disposition,  row->error_name, row->error_place,
                           row->error_advice, row->received,     row->digest,     row->entries,
                           Blob{not_carried}, ColumnOf(patients)};
  auto set = Run(connection_,
                 "UPDATE journal SET seal = ?, disposition = ?, entries = ?, patients = ?"
                 " WHERE seq = ?",
                 {Blob{SealOf(kTable, columns)}, row->disposition, row->entries, ColumnOf(patients),
                  (*found)->seq});
  if (!set) return set;
  AddToFeed(*row, before, -1);
  AddToFeed(*row, row->disposition, 1);
  return set;
}

void JournalTable::AddToFeed(const JournalRow& row, const std::string& disposition,
                             std::int64_t messages) {
  Session::FeedSum& sum = session_.feed_sums[{row.feed, disposition}];
  sum.messages += messages;
  sum.last_received = std::max(sum.last_received, row.received);
}

base::Result<void> JournalTable::WriteFeeds() {
  for (const auto& [which, more] : session_.feed_sums) {
    if (auto written = WriteFeed(which.first, which.second, more); !written) return written;
  }
  session_.feed_sums.clear();
  return {};
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
