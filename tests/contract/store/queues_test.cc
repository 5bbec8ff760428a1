#include <gmock/gmock.h>

#include "contract.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

auto IdIs(const QueueItem& item) { return testing::Field(&QueueItem::id, item.id); }

TEST_P(StoreContract, MatchReviewsOfAnIdentityAreFoundOpenAndClosedAndNothingElseIs) {
  const Identity identity = SavedIdentity(SavedPerson(""));
  QueueItem closed = Waiting(QueueKind::kMatchReview, 2);
  QueueItem open = Waiting(QueueKind::kMatchReview, 3);
  QueueItem waiting = Waiting(QueueKind::kAwaitingIdentity, 4);
  for (QueueItem* item : {&closed, &open, &waiting}) item->identity = identity.id;
  Commit([&](Transaction& in) -> base::Result<void> {
    for (const QueueItem* item : {&open, &waiting, &closed}) EXPECT_TRUE(in.queues().Add(*item));
    return in.queues().Close(closed.id, "two_people", "officer", At(9));
  });
  const auto found = *Read()->queues().MatchesOf(identity.id);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].id, closed.id);
  EXPECT_EQ(found[0].resolution, "two_people");
  EXPECT_EQ(found[1].id, open.id);
}

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

TEST_P(StoreContract, FindsWhatWasAskedOfOneMessageOpenAndClosed) {
  const auto message = record::MessageId::New(At(0));
  QueueItem later = Waiting(QueueKind::kUnreadPatient, 4);
  QueueItem closed = Waiting(QueueKind::kAwaitingIdentity, 2);
  QueueItem other = Waiting(QueueKind::kAwaitingIdentity, 3);
  later.message = message;
  closed.message = message;
  other.message = record::MessageId::New(At(0));
  Commit([&](Transaction& in) -> base::Result<void> {
    for (const QueueItem& item : {later, closed, other}) EXPECT_TRUE(in.queues().Add(item));
    return in.queues().Close(closed.id, "turned_away", "officer", At(30));
  });
  EXPECT_THAT(*Read()->queues().OfMessage(message), ElementsAre(IdIs(closed), IdIs(later)));
}

TEST_P(StoreContract, KeepsAQueueItemWholeAndClosesItOnce) {
  QueueItem item = Waiting(QueueKind::kBreakGlassReview, 2);
  item.message = record::MessageId::New(At(0));
  item.patient = 3;
  item.identity = record::IdentityId::New(At(0));
  item.person = record::PersonId::New(At(0));
  item.leaf = LeafOrigin{"log-one", 77, record::EventId::New(At(1))};
  item.caused_by = "issuer doctor";
  item.held_for = {"child", "location_protection"};
  Commit([&](Transaction& in) { return in.queues().Add(item); });
  EXPECT_THAT(*Read()->queues().OpenFor(*item.identity), ElementsAre(IdIs(item)));
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
  EXPECT_EQ(found.patient, 3U);
  EXPECT_EQ(found.person, item.person);
  EXPECT_EQ(found.leaf, item.leaf);
  EXPECT_EQ(found.due, item.due);
  EXPECT_EQ(found.caused_by, item.caused_by);
  EXPECT_EQ(found.held_for, item.held_for);
  EXPECT_EQ(found.closed, At(30));
  EXPECT_EQ(found.resolution, "attended");
  EXPECT_THAT(*Read()->queues().Open({}, 9, {}), SizeIs(0));
  EXPECT_THAT(*Read()->queues().OpenFor(*item.identity), SizeIs(0));
  EXPECT_TRUE(*Read()->queues().HasSameCause(item)) << "closed, and still not to be opened again";
}

// What is opened once for one duty of one audit entry, and what is not held to be the same.
TEST_P(StoreContract, AReviewIsKnownByItsEventKindReasonAndOrganisation) {
  QueueItem item = Waiting(QueueKind::kBreakGlassReview, 2);
  item.leaf = LeafOrigin{"log-one", 0, record::EventId::New(At(1))};
  item.reason = "break_glass";
  item.organisation = "RXX";
  Commit([&](Transaction& in) { return in.queues().Add(item); });
  const auto has_like = [&](const std::function<void(QueueItem&)>& differing) {
    QueueItem other = item;
    other.id = record::QueueItemId::New(At(3));
    differing(other);
    return *Read()->queues().HasSameCause(other);
  };
  EXPECT_TRUE(has_like([](QueueItem&) {}));
  EXPECT_TRUE(has_like([](QueueItem& in_both) {
    in_both.leaf = LeafOrigin{"log-two", 9, in_both.leaf->event};
  })) << "one event that is in both logs";
  EXPECT_FALSE(has_like([](QueueItem& of_other_log) {
    of_other_log.leaf = LeafOrigin{"log-two", 0, record::EventId::New(At(1))};
  })) << "the second log numbers its leaves alike";
  EXPECT_FALSE(has_like([](QueueItem& cause) { cause.reason = "sealed"; }));
  EXPECT_FALSE(has_like([](QueueItem& officer) { officer.organisation = "RYY"; }));
  EXPECT_FALSE(has_like([](QueueItem& kind) { kind.kind = QueueKind::kPatientNotice; }));
  EXPECT_FALSE(has_like([](QueueItem& none) { none.leaf.reset(); }));
  QueueItem again = item;
  again.id = record::QueueItemId::New(At(3));
  EXPECT_FALSE(Try([&](Transaction& in) { return in.queues().Add(again); }));
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
  EXPECT_THAT(leaves({.after = TrailPlace{"log-one", 3}, .limit = 2}), ElementsAre(2, 1));
  EXPECT_THAT(leaves({.visible_to = "RXX"}), ElementsAre(3, 1, 0)) << "its readers or its data";
  EXPECT_THAT(leaves({.visible_to = "A81002"}), ElementsAre(2));
  EXPECT_THAT(leaves({.user = "nurse-two", .visible_to = "RXX"}), ElementsAre());
  EXPECT_EQ(snapshot->trail().Search({.kind = "refusal"})->front().sources, refusal.sources);
  EXPECT_EQ(*snapshot->trail().NextLeaf("log-one"), 4U);
  EXPECT_EQ(*snapshot->trail().NextLeaf("log-two"), 0U);
}

// After a failover: the first log's leaves 0 to 2, then the second's 0 to 2, and one moment in
// both.
TEST_P(StoreContract, TrailOfTwoLogsIsPagedNewestFirstWithoutGapOrRepetition) {
  Commit([&](Transaction& in) -> base::Result<void> {
    for (std::uint64_t leaf = 0; leaf < 3; ++leaf) {
      EXPECT_TRUE(in.trail().Put(View(leaf, "RXX", "9990000018")));
      TrailRow later = View(leaf, "RXX", "9990000018");
      later.origin = "log-two";
      later.at = At(static_cast<int>(leaf) + 2);
      EXPECT_TRUE(in.trail().Put(later));
    }
    return {};
  });
  const auto snapshot = Read();
  for (const TrailQuery& searched :
       {TrailQuery{}, TrailQuery{.nhs_number = "9990000018"}, TrailQuery{.user = "nurse-one"}}) {
    TrailQuery query = searched;
    query.limit = 1;
    std::vector<std::string> found;
    for (auto page = *snapshot->trail().Search(query); !page.empty();
         page = *snapshot->trail().Search(query)) {
      ASSERT_THAT(page, SizeIs(1));
      ASSERT_LT(found.size(), 6U);
      query.after = TrailPlace{page.front().origin, page.front().leaf};
      found.push_back(page.front().origin.substr(4) + std::to_string(page.front().leaf));
    }
    EXPECT_THAT(found, ElementsAre("two2", "two1", "two0", "one2", "one1", "one0"));
  }
  EXPECT_THAT(*snapshot->trail().Search({.after = TrailPlace{"log-three", 1}}), IsEmpty());
}

TEST_P(StoreContract, RemembersTheHeadOfEachLogAndNeverGoesBack) {
  const NotedHead two{"log-one", 2, base::Sha256("two"), At(2)};
  const NotedHead five{"log-one", 5, base::Sha256("five"), At(5)};
  const NotedHead other{"log-two", 1, base::Sha256("other"), At(1)};
  EXPECT_EQ(*Read()->trail().HeadOf("log-one"), std::nullopt);
  for (const NotedHead& head : {two, other, five, two})
    Commit([&](Transaction& in) { return in.trail().NoteHead(head); });
  Reopen();
  EXPECT_EQ(*Read()->trail().HeadOf("log-one"), five);
  EXPECT_EQ(*Read()->trail().HeadOf("log-two"), other);
}

}  // namespace
}  // namespace milecastle::store
