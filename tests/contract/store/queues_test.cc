#include <gmock/gmock.h>

#include "contract.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

auto IdIs(const QueueItem& item) { return testing::Field(&QueueItem::id, item.id); }

TEST_P(StoreContract, OpenItemsComeOldestFirstAndByPage) {
  const QueueItem late = Waiting(QueueKind::kAwaitingIdentity, 9);
  const QueueItem early = Waiting(QueueKind::kMergeReview, 2);
  const QueueItem same = Waiting(QueueKind::kAwaitingIdentity, 9);
  Commit([&](Transaction& in) -> base::Result<void> {
    for (const auto& item : {late, early, same}) EXPECT_TRUE(in.queues().Add(item));
    return {};
  });
  auto snapshot = Read();
  auto& queues = snapshot->queues();
  EXPECT_THAT(*queues.Open({}, 9, {}), ElementsAre(IdIs(early), IdIs(late), IdIs(same)));
  EXPECT_THAT(*queues.Open({}, 1, early.id), ElementsAre(IdIs(late)));
  EXPECT_THAT(*queues.Open({}, 9, late.id), ElementsAre(IdIs(same)));
  EXPECT_THAT(*queues.Open({QueueKind::kAwaitingIdentity}, 9, {}), SizeIs(2));
  EXPECT_THAT(*queues.Open({QueueKind::kPatientNotice, QueueKind::kMergeReview}, 9, {}),
              ElementsAre(IdIs(early)));
}

TEST_P(StoreContract, KeepsAQueueItemWholeAndClosesItOnce) {
  QueueItem item = Waiting(QueueKind::kBreakGlassReview, 2);
  item.message = record::MessageId::New(At(0));
  item.identity = record::IdentityId::New(At(0));
  item.person = record::PersonId::New(At(0));
  item.leaf = 77;
  Commit([&](Transaction& in) { return in.queues().Add(item); });
  EXPECT_THAT(*Read()->queues().OpenFor(*item.identity), ElementsAre(IdIs(item)));
  EXPECT_TRUE(*Read()->queues().HasLeaf(77, item.kind));
  EXPECT_FALSE(*Read()->queues().HasLeaf(77, QueueKind::kPatientNotice));
  const auto close = [&](Transaction& in) {
    return in.queues().Close(item.id, "attended", "officer", At(30));
  };
  Commit(close);
  const auto again = Try(close);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().id, base::ErrorId::kConflict);
  const auto found = **Read()->queues().Find(item.id);
  EXPECT_EQ(found.candidates, item.candidates);
  EXPECT_EQ(found.message, item.message);
  EXPECT_EQ(found.person, item.person);
  EXPECT_EQ(found.due, item.due);
  EXPECT_EQ(found.closed, At(30));
  EXPECT_EQ(found.resolution, "attended");
  EXPECT_THAT(*Read()->queues().Open({}, 9, {}), SizeIs(0));
  EXPECT_THAT(*Read()->queues().OpenFor(*item.identity), SizeIs(0));
  EXPECT_TRUE(*Read()->queues().HasLeaf(77, item.kind))
      << "closed, and still not to be opened again";
}

TEST_P(StoreContract, OutboxGivesWhatIsPendingInTheOrderOfItsCommit) {
  std::vector<OutboxRow> rows;
  for (int i = 0; i < 4; ++i) {
    // Ids that do not sort in the order of their commit.
    rows.push_back({record::EventId::New(At(100 - i)), std::string("\0entry", 6) + char('0' + i)});
    Commit([&](Transaction& in) { return in.outbox().Add(rows.back()); });
  }
  const auto pending = Read()->outbox().Pending(3);
  ASSERT_THAT(*pending, SizeIs(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ((*pending)[i].event, rows[i].event);
    EXPECT_EQ((*pending)[i].bytes, rows[i].bytes);
  }
  EXPECT_EQ(*Read()->outbox().Backlog(), 4U);
  Commit([&](Transaction& in) {
    return in.outbox().Remove({rows[0].event, rows[1].event, record::EventId::New(At(0))});
  });
  EXPECT_EQ(Read()->outbox().Pending(9)->front().event, rows[2].event);
  EXPECT_EQ(*Read()->outbox().Backlog(), 2U);
}

TEST_P(StoreContract, EventGoesToTheOutboxOnce) {
  const OutboxRow row{record::EventId::New(At(0)), "entry"};
  Commit([&](Transaction& in) { return in.outbox().Add(row); });
  const auto again = Try([&](Transaction& in) { return in.outbox().Add(row); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().id, base::ErrorId::kConflict);
}

TrailRow View(std::uint64_t leaf, std::string_view organisation, std::string_view nhs_number) {
  return {.origin = "log-one",
          .leaf = leaf,
          .event = record::EventId::New(At(0)),
          .kind = "view",
          .at = At(static_cast<int>(leaf)),
          .organisation = std::string(organisation),
          .user = "nurse-one",
          .nhs_number = std::string(nhs_number),
          .purpose = "direct-care",
          .outcome = "permitted",
          .sources = {"RXX", "A81001"}};
}

std::vector<std::uint64_t> Leaves(Snapshot& snapshot, const TrailQuery& query) {
  std::vector<std::uint64_t> leaves;
  const auto found = snapshot.trail().Search(query);
  for (const TrailRow& row : *found) leaves.push_back(row.leaf);
  return leaves;
}

TEST_P(StoreContract, TrailIsSearchedByEachOfItsFieldsNewestFirst) {
  TrailRow refusal = View(2, "RYY", "9990000026");
  refusal.kind = "refusal";
  refusal.user = "nurse-two";
  refusal.sources = {"A81002"};
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.trail().Put(View(0, "RXX", "9990000018")));
    EXPECT_TRUE(in.trail().Put(View(1, "RYY", "9990000018")));
    EXPECT_TRUE(in.trail().Put(refusal));
    EXPECT_TRUE(in.trail().Put(refusal)) << "again: nothing happens";
    return in.trail().Put(View(3, "RXX", "9990000026"));
  });
  auto snapshot = Read();
  const auto leaves = [&](const TrailQuery& query) { return Leaves(*snapshot, query); };
  EXPECT_THAT(leaves({}), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(leaves({.nhs_number = "9990000018"}), ElementsAre(1, 0));
  EXPECT_THAT(leaves({.user = "nurse-one"}), ElementsAre(3, 1, 0));
  EXPECT_THAT(leaves({.organisation = "RYY"}), ElementsAre(2, 1));
  EXPECT_THAT(leaves({.source = "A81002"}), ElementsAre(2));
  EXPECT_THAT(leaves({.kind = "refusal"}), ElementsAre(2));
  EXPECT_THAT(leaves({.from = At(1), .until = At(3)}), ElementsAre(2, 1));
  EXPECT_THAT(leaves({.nhs_number = "9990000018", .organisation = "RXX"}), ElementsAre(0));
  EXPECT_THAT(leaves({.before_leaf = 3, .limit = 2}), ElementsAre(2, 1));
  EXPECT_THAT(leaves({.visible_to = "RXX"}), ElementsAre(3, 1, 0)) << "its readers or its data";
  EXPECT_THAT(leaves({.visible_to = "A81002"}), ElementsAre(2));
  EXPECT_THAT(leaves({.user = "nurse-two", .visible_to = "RXX"}), ElementsAre());
  EXPECT_EQ(snapshot->trail().Search({.kind = "refusal"})->front().sources, refusal.sources);
  EXPECT_EQ(*snapshot->trail().NextLeaf("log-one"), 4U);
  EXPECT_EQ(*snapshot->trail().NextLeaf("log-two"), 0U);
}

}  // namespace
}  // namespace milecastle::store
