#include "govern/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "audit/log.h"
#include "gated_log.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::govern {
namespace {

constexpr base::Instant kNow{std::chrono::seconds(1'767'600'000)};

class Outbox : public testing::Test {
 protected:
  Outbox() {
    store::sqlite::Options options;
    options.path = folder_.path() / "store.db";
    options.clock = &clock_;
    store_ = std::move(*store::sqlite::Open(options));
    audit::LogOptions log_options;
    log_options.folder = folder_.path() / "log";
    log_options.segment_bytes = 1U << 20;
    log_ = std::move(*audit::Log::Open(
        log_options,
        std::move(*audit::SigningKey::Generate(folder_.path() / "key.pem", "test/log")), clock_));
    gate_ = std::make_unique<GatedLog>(*log_);
  }

  record::EventId Commit(const std::string& payload = "{}") {
    const record::EventId event = record::EventId::New(clock_.Now());
    const audit::Entry entry{event.uuid, audit::Kind::kIngest, payload};
    EXPECT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
      return transaction.outbox().Add({event, audit::Encode(entry)});
    }));
    return event;
  }
  std::uint64_t Waiting() { return *(*store_->Read())->outbox().Backlog(); }
  std::uint64_t Leaves() { return log_->DurableHead().size; }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{kNow};
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<audit::Log> log_;
  std::unique_ptr<GatedLog> gate_;
};

TEST_F(Outbox, WhatWasCommittedBecomesALeafAndLeavesTheOutbox) {
  const auto first = Commit();
  const auto second = Commit();
  OutboxLoop loop(*store_, *gate_);
  loop.Drain();
  EXPECT_EQ(Waiting(), 0U);
  EXPECT_EQ(Leaves(), 2U);
  EXPECT_LT(*log_->FindEvent(first.uuid), *log_->FindEvent(second.uuid)) << "in order of commit";
}

TEST_F(Outbox, AnEntryThatWasAppendedBeforeACrashIsAppendedOnce) {
  const auto event = Commit("{\"a\":1}");
  std::promise<void> durable;
  log_->Append({event.uuid, audit::Kind::kIngest, "{\"a\":1}"},
               [&](const base::Result<audit::Receipt>&) { durable.set_value(); });
  durable.get_future().wait();
  OutboxLoop loop(*store_, *gate_);
  loop.Drain();
  EXPECT_EQ(Waiting(), 0U);
  EXPECT_EQ(Leaves(), 1U);
}

TEST_F(Outbox, AReplyThatWaitsForItsLeafLearnsWhereItStands) {
  OutboxLoop loop(*store_, *gate_);
  loop.Drain();
  const audit::Entry entry{record::EventId::New(kNow).uuid, audit::Kind::kConsent, "{}"};
  std::promise<base::Result<LeafPlace>> told;
  loop.Expect({entry.event_id}, [&](base::Result<LeafPlace> leaf) { told.set_value(leaf); });
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    return transaction.outbox().Add({{entry.event_id}, audit::Encode(entry)});
  }));
  loop.Wake();
  const auto leaf = told.get_future().get();
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->index, *log_->FindEvent(entry.event_id));
  EXPECT_EQ(leaf->origin, "test/log");
}

TEST_F(Outbox, WhileTheLogRefusesEntriesStayAndTheirRepliesSaySo) {
  gate_->refuses = true;
  OutboxLoop loop(*store_, *gate_, {.batch = 256, .retry = std::chrono::milliseconds(1)});
  const audit::Entry entry{record::EventId::New(kNow).uuid, audit::Kind::kConsent, "{}"};
  std::promise<base::Result<LeafPlace>> told;
  loop.Expect({entry.event_id}, [&](base::Result<LeafPlace> leaf) { told.set_value(leaf); });
  ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
    return transaction.outbox().Add({{entry.event_id}, audit::Encode(entry)});
  }));
  loop.Wake();
  const auto leaf = told.get_future().get();
  ASSERT_FALSE(leaf);
  EXPECT_EQ(leaf.error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_EQ(Waiting(), 1U);
  EXPECT_EQ(loop.Backlog(), 1U);

  gate_->refuses = false;
  while (Waiting() != 0) loop.Drain();
  EXPECT_EQ(Leaves(), 1U);
}

TEST_F(Outbox, MoreThanABatchIsDrainedToTheEnd) {
  for (int i = 0; i < 7; ++i) Commit();
  OutboxLoop loop(*store_, *gate_, {.batch = 2, .retry = std::chrono::milliseconds(1)});
  loop.Drain();
  EXPECT_EQ(Waiting(), 0U);
  EXPECT_EQ(Leaves(), 7U);
}

TEST_F(Outbox, AnEntryThatIsNoneStaysAndHoldsNobodyUp) {
  ASSERT_TRUE(store::WriteAndWait(*store_, [](store::Transaction& transaction) {
    return transaction.outbox().Add({record::EventId::New(kNow), "not an entry"});
  }));
  Commit();
  OutboxLoop loop(*store_, *gate_, {.batch = 256, .retry = std::chrono::milliseconds(1)});
  loop.Drain();
  EXPECT_EQ(Leaves(), 1U);
  EXPECT_EQ(Waiting(), 1U);
}

}  // namespace
}  // namespace milecastle::govern
