#include "work.h"

#include <gtest/gtest.h>

#include <map>

namespace milecastle::store {
namespace {

record::IdentityId TheIdentity() {
  return *record::IdentityId::Parse("01900000-0000-7000-8000-000000000002");
}

StoredEntry EntryOf(record::MessageId message, char which) {
  return {.id = record::EntryId::New(Then()),
          .identity = TheIdentity(),
          .message = message,
          .source_key = message.ToString() + which,
          .entry_class = {.source = *record::OdsCode::Parse("RXX"), .labels = {}},
          .effective = std::nullopt,
          .stored = Then(),
          .bytes = message.ToString()};
}

}  // namespace

sqlite::Options OptionsFor(const std::filesystem::path& folder) {
  sqlite::Options options;
  options.path = folder / "store.db";
  options.readers = 1;
  return options;
}

std::unique_ptr<sqlite::Database> OpenOrDie(sqlite::Options options) {
  auto opened = sqlite::Open(std::move(options));
  EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
  return opened ? *std::move(opened) : nullptr;
}

record::PersonId ThePerson() {
  return *record::PersonId::Parse("01900000-0000-7000-8000-000000000001");
}

base::Result<void> SaveThePerson(Store& store) {
  return WriteAndWait(store, [](Transaction& in) -> base::Result<void> {
    const auto saved = in.patients().SavePerson({.id = ThePerson(), .nhs_number = std::nullopt});
    if (!saved) return saved;
    return in.patients().SaveIdentity({.id = TheIdentity(),
                                       .person = ThePerson(),
                                       .source = *record::OdsCode::Parse("RXX"),
                                       .nhs_number_as_sent = {},
                                       .nhs_number = std::nullopt,
                                       .local_identifiers = {},
                                       .demographics = {},
                                       .updated = Then()});
  });
}

Store::Work Ingest(record::MessageId message) {
  return [message](Transaction& in) -> base::Result<void> {
    JournalRow row;
    row.id = message;
    row.feed = "royal-adt";
    row.control_id = message.ToString();
    row.disposition = "accepted";
    row.received = Then();
    row.bytes = message.ToString();
    row.digest = base::Sha256(row.bytes);
    if (const auto done = in.journal().Append(row); !done) return done;
    for (const char which : {'a', 'b'}) {
      const StoredEntry entry = EntryOf(message, which);
      if (const auto put = in.records().Put(entry); !put) return put.error();
      const record::Version version{.number = 1, .made = {}, .sent = {}};
      auto noted = in.records().NoteVersion(entry.identity, entry.source_key, version);
      if (!noted) return noted;
    }
    return in.outbox().Add({record::EventId{message.uuid}, message.ToString()});
  };
}

std::set<std::string> WholeMessages(sqlite::Database& store) {
  auto snapshot = *store.Read();
  std::set<std::string> events;
  const auto pending = snapshot->outbox().Pending(1'000'000);
  for (const OutboxRow& row : *pending) events.insert(row.bytes);
  EXPECT_EQ(*snapshot->journal().Count(), events.size());
  const auto segment = *snapshot->records().SegmentOf(ThePerson());
  std::map<std::string, int> entries;
  for (const SegmentItem& item : segment->items) {
    ++entries[segment->bytes.substr(item.offset, item.size)];
  }
  EXPECT_EQ(entries.size(), events.size());
  for (const std::string& event : events) {
    const auto row = snapshot->journal().Find(*record::MessageId::Parse(event));
    EXPECT_TRUE(row && *row && (*row)->bytes == event) << event;
    EXPECT_EQ(entries[event], 2) << event;
  }
  snapshot.reset();
  const auto report = store.Fsck({});
  EXPECT_TRUE(report);
  EXPECT_TRUE(report->mismatches.empty()) << report->mismatches.front().table;
  return events;
}

}  // namespace milecastle::store
