// The log as those who append to it and read from it see it.
#include "audit/log.h"

#include <set>
#include <thread>

#include "audit/checkpoint.h"
#include "audit/proof.h"
#include "log_fixture.h"

namespace milecastle::audit {
namespace {

using AuditLog = LogTest;

TEST_F(AuditLog, GivesAReceiptForWhatIsDurable) {
  Open();
  const auto receipt = Append(Event("who saw what"));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->origin(), kOrigin);
  EXPECT_EQ(receipt->index(), 0U);
  EXPECT_TRUE(receipt->Covers("who saw what"));
  EXPECT_FALSE(receipt->Covers("who saw something else"));
  const auto record = log_->Read(0);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->body->payload, "who saw what");
  EXPECT_EQ(record->leaf_hash, receipt->leaf_hash());
  EXPECT_EQ(record->leaf.payload_digest, receipt->payload_digest());
}

TEST_F(AuditLog, KeepsEverythingAcrossAStart) {
  Open();
  AppendMany(300);
  const Head head = log_->DurableHead();
  Reopen();
  EXPECT_EQ(log_->DurableHead(), head);
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto record = log_->Read(i);
    ASSERT_TRUE(record) << base::Describe(record.error());
    EXPECT_TRUE(record->body->payload.starts_with("payload " + std::to_string(i) + " "));
    EXPECT_EQ(*log_->FindLeaf(record->leaf_hash), i);
    EXPECT_EQ(*log_->FindEvent(record->leaf.event_id), i);
  }
  AppendMany(1);
  EXPECT_EQ(log_->DurableHead().size, 301U);
}

TEST_F(AuditLog, HoldsNothingOfThePayloadInItsLeaf) {
  Open();
  ASSERT_TRUE(Append(Event("999 000 0018")));
  ASSERT_TRUE(Append(Event("999 000 0018")));
  EXPECT_NE(log_->Read(0)->leaf.payload_digest, log_->Read(1)->leaf.payload_digest);
  EXPECT_NE(log_->Read(0)->body->salt, log_->Read(1)->body->salt);
}

TEST_F(AuditLog, ProvesEveryEntryAndEveryGrowth) {
  Open();
  std::vector<Head> heads = {log_->DurableHead()};
  for (int i = 0; i < 40; ++i) {
    AppendMany(1);
    heads.push_back(log_->DurableHead());
  }
  Reopen();
  for (const Head& head : heads) {
    for (std::uint64_t index = 0; index < head.size; ++index) {
      const auto proof = log_->ProveInclusion(index, head.size);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(VerifyInclusion(log_->Read(index)->leaf_hash, index, head, *proof));
    }
    EXPECT_TRUE(VerifyConsistency(head, heads.back(),
                                  *log_->ProveConsistency(head.size, heads.back().size)));
  }
  EXPECT_EQ(log_->ProveInclusion(0, 41).error().id, base::ErrorId::kNotFound);
}

TEST_F(AuditLog, ProvesAcrossTilesAndSegments) {
  segment_bytes_ = 1024 * 1024;
  Open();
  std::atomic<int> left = 3000;
  std::promise<void> all;
  for (int i = 0; i < 3000; ++i) {
    log_->Append(Event(std::string(1000, 'x')), [&](base::Result<Receipt> receipt) {
      EXPECT_TRUE(receipt);
      if (--left == 0) all.set_value();
    });
  }
  all.get_future().get();
  Reopen();
  const Head head = log_->DurableHead();
  ASSERT_EQ(head.size, 3000U);
  EXPECT_FALSE(std::filesystem::exists(segment(3000)));
  for (std::uint64_t index : {0, 255, 256, 257, 1023, 2047, 2048, 2815, 2816, 2999}) {
    const auto proof = log_->ProveInclusion(index, head.size);
    ASSERT_TRUE(proof) << base::Describe(proof.error());
    EXPECT_TRUE(VerifyInclusion(log_->Read(index)->leaf_hash, index, head, *proof)) << index;
  }
}

TEST_F(AuditLog, SignsCheckpointsThatItsPublicKeyVerifies) {
  Open();
  EXPECT_EQ(VerifyCheckpoint(*log_->Checkpoint(), Vkey())->size, 0U);
  AppendMany(3);
  EXPECT_EQ(*VerifyCheckpoint(*log_->Checkpoint(), Vkey()), log_->DurableHead());
  Close();
  EXPECT_EQ(VerifyCheckpoint(ReadFile(folder() / "checkpoint"), Vkey())->size, 3U);
}

TEST_F(AuditLog, GivesTheFirstReceiptAgainForTheSameEvent) {
  Open();
  const Entry event = Event("drained twice", Kind::kIngest);
  const auto first = Append(event);
  AppendMany(2);
  const auto again = Append(event);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->index(), first->index());
  EXPECT_EQ(again->leaf_hash(), first->leaf_hash());
  EXPECT_TRUE(again->Covers("drained twice"));
  EXPECT_EQ(log_->DurableHead().size, 3U);
}

TEST_F(AuditLog, KnowsAnEventAgainAfterAStartAndInOlderSegments) {
  Open();
  std::vector<Entry> events;
  for (int i = 0; i < 60; ++i) {
    events.push_back(Event("event " + std::to_string(i)));
    ASSERT_TRUE(Append(events.back()));
    clock_.Advance(std::chrono::seconds(1));
  }
  for (int start = 0; start < 3; ++start) {
    Reopen();
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto receipt = Append(events[i]);
      ASSERT_TRUE(receipt) << base::Describe(receipt.error());
      EXPECT_EQ(receipt->index(), i);
    }
    EXPECT_EQ(log_->DurableHead().size, 60U);
  }
}

TEST_F(AuditLog, RefusesAnotherEntryUnderATakenEventId) {
  Open();
  const Entry event = Event("first");
  ASSERT_TRUE(Append(event));
  Entry other = event;
  other.payload = "second";
  EXPECT_EQ(Append(other).error().id, base::ErrorId::kConflict);
  other = event;
  other.kind = Kind::kRefusal;
  EXPECT_EQ(Append(other).error().id, base::ErrorId::kConflict);
  EXPECT_EQ(log_->DurableHead().size, 1U);
}

TEST_F(AuditLog, WritesAnEventOnceHoweverManyAppendItAtTheSameTime) {
  Open();
  const Entry event = Event("race");
  std::atomic<int> receipts = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto receipt = Append(event);
        if (receipt && receipt->index() == 0 && receipt->Covers("race")) ++receipts;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(receipts, 400);
  EXPECT_EQ(log_->DurableHead().size, 1U);
}

TEST_F(AuditLog, WritesAnEventOnceThatTwoOfOneGroupAppend) {
  Open();
  std::promise<void> blocked;
  std::promise<void> release;
  log_->Append(Event("holds the committer"), [&](base::Result<Receipt>) {
    blocked.set_value();
    release.get_future().get();
  });
  blocked.get_future().get();
  const Entry event = Event("twice");
  Entry other = event;
  other.payload = "another";
  std::vector<std::promise<base::Result<Receipt>>> answers(3);
  for (std::size_t i = 0; i < 3; ++i) {
    log_->Append(i == 2 ? other : event, [&answers, i](base::Result<Receipt> receipt) {
      answers[i].set_value(std::move(receipt));
    });
  }
  release.set_value();
  for (std::size_t i = 0; i < 2; ++i) {
    const auto receipt = answers[i].get_future().get();
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->index(), 1U);
    EXPECT_EQ(receipt->payload_digest(), log_->Read(1)->leaf.payload_digest);
  }
  EXPECT_EQ(answers[2].get_future().get().error().id, base::ErrorId::kConflict);
  EXPECT_EQ(log_->DurableHead().size, 2U);
}

TEST_F(AuditLog, TakesAppendsFromManyThreads) {
  segment_bytes_ = 256 * 1024;
  Open();
  std::mutex mutex;
  std::set<std::uint64_t> indexes;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        const std::string payload = std::to_string(t) + "/" + std::to_string(i);
        const How how = (t + i) % 2 == 0 ? &Appender::Append : &Appender::AppendAtOnce;
        const auto receipt = Append(Event(payload), how);
        ASSERT_TRUE(receipt) << base::Describe(receipt.error());
        EXPECT_TRUE(receipt->Covers(payload));
        EXPECT_EQ(log_->Read(receipt->index())->body->payload, payload);
        const std::lock_guard lock(mutex);
        indexes.insert(receipt->index());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(indexes.size(), 1600U);
  EXPECT_EQ(*indexes.rbegin(), 1599U);
  EXPECT_EQ(log_->DurableHead().size, 1600U);
}

TEST_F(AuditLog, WritesAtOnceOnTheThreadOfWhoeverAsks) {
  Open();
  how_ = &Appender::AppendAtOnce;
  AppendMany(2);
  std::optional<std::uint64_t> index;
  log_->AppendAtOnce(Event("at once"), [&, asker = std::this_thread::get_id()](auto receipt) {
    ASSERT_TRUE(receipt);
    EXPECT_EQ(std::this_thread::get_id(), asker);
    EXPECT_TRUE(receipt->Covers("at once"));
    index = receipt->index();
  });
  EXPECT_EQ(index, 2U);
  how_ = &Appender::Append;
  AppendMany(1);
  Reopen();
  EXPECT_EQ(log_->DurableHead().size, 4U);
}

// Two who wrote at the same time would write over each other.
TEST_F(AuditLog, WaitsForWhoeverWritesInsteadOfWritingAtOnce) {
  Open();
  std::promise<void> blocked;
  std::promise<void> release;
  std::jthread first([&] {
    log_->AppendAtOnce(Event("holds the file"), [&](base::Result<Receipt>) {
      blocked.set_value();
      release.get_future().get();
    });
  });
  blocked.get_future().get();
  std::vector<std::promise<std::uint64_t>> answers(2);
  log_->AppendAtOnce(Event("second"),
                     [&](auto receipt) { answers[0].set_value(receipt->index()); });
  log_->Append(Event("third"), [&](auto receipt) { answers[1].set_value(receipt->index()); });
  auto second = answers[0].get_future();
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  std::jthread closing([&] { Close(); });
  release.set_value();
  EXPECT_EQ(second.get(), 1U);
  EXPECT_EQ(answers[1].get_future().get(), 2U);
  first.join();
  closing.join();
  Open();
  EXPECT_EQ(log_->DurableHead().size, 3U);
}

TEST_F(AuditLog, FinishesWhatItTookBeforeItCloses) {
  Open();
  std::atomic<int> receipts = 0;
  for (int i = 0; i < 500; ++i) {
    log_->Append(Event("last words"), [&](base::Result<Receipt> receipt) {
      if (receipt) ++receipts;
    });
  }
  Close();
  EXPECT_EQ(receipts, 500);
  Open();
  EXPECT_EQ(log_->DurableHead().size, 500U);
}

TEST_F(AuditLog, TakesAPayloadLargerThanASegment) {
  Open();
  AppendMany(3);
  const std::string large(300'000, 'L');
  ASSERT_TRUE(Append(Event(large)));
  AppendMany(3);
  Reopen();
  EXPECT_EQ(log_->Read(3)->body->payload, large);
  EXPECT_EQ(log_->DurableHead().size, 7U);
}

TEST_F(AuditLog, RefusesWhatIsNoEntry) {
  Open();
  EXPECT_EQ(Append(Event(std::string(kMaxPayloadBytes + 1, 'x'))).error().id,
            base::ErrorId::kArgumentInvalid);
  EXPECT_EQ(Append(Event("x", static_cast<Kind>(0))).error().id, base::ErrorId::kArgumentInvalid);
  EXPECT_EQ(log_->DurableHead().size, 0U);
}

TEST_F(AuditLog, RefusesMoreThanItsQueueHolds) {
  max_waiting_entries_ = 1;
  Open();
  std::promise<void> blocked;
  std::promise<void> release;
  log_->Append(Event("first"), [&](base::Result<Receipt>) {
    blocked.set_value();
    release.get_future().get();
  });
  blocked.get_future().get();
  std::promise<bool> second;
  log_->Append(Event("second"),
               [&](base::Result<Receipt> receipt) { second.set_value(receipt.has_value()); });
  EXPECT_EQ(Append(Event("third")).error().id, base::ErrorId::kOverloaded);
  release.set_value();
  EXPECT_TRUE(second.get_future().get());
  EXPECT_EQ(log_->DurableHead().size, 2U);
}

TEST_F(AuditLog, IsOpenInOneProcessAtATime) {
  Open();
  EXPECT_EQ(TryOpen().error().id, base::ErrorId::kConflict);
}

TEST_F(AuditLog, StartsWithoutReadingWhatIsSealed) {
  std::uint64_t read_before = 0;
  for (int rounds = 0; rounds < 2; ++rounds) {
    Open();
    AppendMany(200);  // 14 segments
    Close();
    const std::uint64_t start = disk_.bytes_read();
    Open();
    const std::uint64_t read = disk_.bytes_read() - start;
    EXPECT_LE(read, 3 * segment_bytes_);
    if (rounds == 1) {
      EXPECT_LE(read, read_before + segment_bytes_ + 4096);
    }
    read_before = read;
    Close();
  }
}

TEST_F(AuditLog, BelongsToOneKeyAndOneOrigin) {
  Open();
  AppendMany(1);
  Close();
  const auto other = Log::Open({folder()}, Key("milecastle.example/another"), clock_, disk_);
  EXPECT_EQ(other.error().id, base::ErrorId::kConfigInvalid);
}

TEST_F(AuditLog, ScansFromAnyIndexUntilToldToStop) {
  Open();
  AppendMany(10);
  std::vector<std::uint64_t> seen;
  ASSERT_TRUE(log_->Scan(4, [&](const Record& record) {
    seen.push_back(record.index);
    return record.index < 7;
  }));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{4, 5, 6, 7}));
}

TEST_F(AuditLog, RecordsBothClocks) {
  Open();
  AppendMany(1);
  clock_.Advance(std::chrono::seconds(5));
  AppendMany(1);
  EXPECT_EQ(log_->Read(1)->leaf.wall_clock - log_->Read(0)->leaf.wall_clock,
            std::chrono::seconds(5));
  EXPECT_EQ(log_->Read(1)->leaf.monotonic - log_->Read(0)->leaf.monotonic, std::chrono::seconds(5));
}

TEST_F(AuditLog, DisposesOfAPayloadAndKeepsItsLeaf) {
  Open();
  AppendMany(5);
  const Entry event = Event("to be forgotten");
  const std::uint64_t index = Append(event)->index();
  AppendMany(5);
  const Head head = log_->DurableHead();
  const base::Digest leaf_hash = log_->Read(index)->leaf_hash;
  ASSERT_TRUE(log_->Dispose(index, "order 17/2026"));
  ASSERT_TRUE(log_->Dispose(index, "order 17/2026"));
  for (int start = 0; start < 2; ++start) {
    const auto record = log_->Read(index);
    ASSERT_TRUE(record) << base::Describe(record.error());
    EXPECT_FALSE(record->body);
    EXPECT_NE(record->tombstone.find("order 17/2026"), std::string::npos);
    EXPECT_TRUE(VerifyInclusion(leaf_hash, index, head, *log_->ProveInclusion(index, head.size)));
    EXPECT_FALSE(Append(event)->Covers("to be forgotten"));
    Reopen();
  }
  EXPECT_EQ(log_->DurableHead(), head);
  EXPECT_EQ(ReadFile(segment()).find("to be forgotten"), std::string::npos);
  EXPECT_EQ(log_->Dispose(index + 1, "line\nbreak").error().id, base::ErrorId::kArgumentInvalid);
  EXPECT_EQ(log_->Dispose(99, "x").error().id, base::ErrorId::kNotFound);
}

TEST(Entry, ComesBackFromItsOutboxRow) {
  const Entry entry{base::Uuid::New(base::Instant(std::chrono::seconds(1))), Kind::kConsent,
                    std::string("bytes \0 of any kind", 19), 7};
  const std::string row = Encode(entry);
  EXPECT_EQ(*Decode(row), entry);
  EXPECT_FALSE(Decode(row + "x"));
  EXPECT_FALSE(Decode(""));
  for (std::size_t i = 0; i < row.size(); ++i) EXPECT_FALSE(Decode(row.substr(0, i)));
}

}  // namespace
}  // namespace milecastle::audit
