// Reviews of accesses: who closes them, who never does, and what the log keeps of it.
#include <gmock/gmock.h>

#include "govern/overdue.h"
#include "office.h"

namespace milecastle::govern {
namespace {

using base::ErrorId;
using store::QueueKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kReview = R"({"kind":"review","cause":"break_glass"})";
constexpr const char* kDeclared = R"({"kind":"review","cause":"self_declared"})";
constexpr const char* kNotice =
    R"({"kind":"tell_patient","cause":"break_glass","held_for":["child","location_protection"]})";

using Closed = base::Result<Audited<IdentityChange>>;

class Reviews : public Office {
 protected:
  // The item that a duty of an access by this user leaves.
  store::QueueItem After(const char* duty, QueueKind kind,
                         const std::string& user = "issuer doctor") {
    Append(*first_, BrokenGlass(duty, user));
    trail_->CatchUp();
    return gateway_.Queued(kind).back();
  }
  store::QueueItem Review(const std::string& user = "issuer doctor") {
    return After(kReview, QueueKind::kBreakGlassReview, user);
  }
  Closed Close(const record::Requester& officer, const record::QueueItemId& item,
               const std::string& outcome = "justified") {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(officer, item, outcome, done); });
  }
  std::vector<QueuedItem> Queue(const record::Requester& officer) {
    const auto queue = Await<Audited<std::vector<QueuedItem>>>(
        [&](const auto& done) { desk_->Queue(officer, {}, done); });
    return queue ? queue->value() : std::vector<QueuedItem>();
  }
  Overdue OverdueOf(QueueKind kind) {
    const auto counts = CountOverdue(PartsOf());
    EXPECT_TRUE(counts);
    for (const Overdue& count : *counts) {
      if (count.kind == kind) return count;
    }
    return {};
  }
  bool IsOpen(const record::QueueItemId& item) {
    return !(*gateway_.Look()->queues().Find(item))->closed;
  }
};

TEST_F(Reviews, AreClosedByAPrivacyOfficerWithACodeThatTheLogKeepsBesideTheAccess) {
  const auto review = Review();
  const auto closed = Close(PrivacyOfficer("RXX"), review.id, "not_justified");
  ASSERT_TRUE(closed) << base::Describe(closed.error());
  const auto kept = **gateway_.Look()->queues().Find(review.id);
  EXPECT_EQ(kept.resolution, "not_justified");
  EXPECT_EQ(kept.closed_by, "issuer officer-1");
  const std::string payload = first_->Read(closed->leaf().index)->body->payload;
  EXPECT_EQ(audit::ReadHeadline(payload)->purpose, "review.close");
  for (const char* said : {"\"act\":\"close\"", "\"reason\":\"not_justified\"",
                           "\"kind\":\"break_glass_review\"", "\"leaf_index\":0"}) {
    EXPECT_THAT(payload, HasSubstr(said));
  }
  EXPECT_EQ(Close(PrivacyOfficer("RXX"), review.id).error().id, ErrorId::kConflict)
      << "it is closed once";
}

TEST_F(Reviews, AreNeverClosedByTheUserWhoseAccessItWasAndTheirTryIsInTheLog) {
  for (const char* duty : {kReview, kDeclared}) {
    const auto kind =
        duty == kReview ? QueueKind::kBreakGlassReview : QueueKind::kSelfDeclaredReview;
    const auto own = After(duty, kind, "issuer officer-1");
    for (const auto& officer : {PrivacyOfficer("RXX"), SystemPrivacyOfficer()}) {
      const auto closed = Close(officer, own.id);
      ASSERT_FALSE(closed);
      EXPECT_EQ(closed.error().id, ErrorId::kNotPermitted);
      EXPECT_TRUE(IsOpen(own.id));
    }
    record::Requester another = PrivacyOfficer("RXX");
    another.user = "officer-2";
    EXPECT_TRUE(Close(another, own.id));
  }
  const auto refusals = EntriesOf(audit::Kind::kRefusal);
  EXPECT_THAT(refusals, SizeIs(4));
  EXPECT_THAT(refusals, Each(testing::Field(&audit::Headline::purpose, "review.close")));
}

TEST_F(Reviews, OfWhomItIsNotKnownAreClosedByNobody) {
  const auto review = Review("");
  EXPECT_EQ(Close(SystemPrivacyOfficer(), review.id).error().id, ErrorId::kNotPermitted);
  EXPECT_TRUE(IsOpen(review.id));
}

// They were opened before whose access it was was kept with them.
TEST_F(Reviews, OfBeforeTheirCauseWasKeptHaveItFromTheirEntry) {
  for (const bool names_its_log : {true, false}) {
    auto old = Review("issuer officer-1");
    old.id = record::QueueItemId::New(gateway_.clock().Now());
    old.caused_by.clear();
    old.leaf->event = record::EventId::New(gateway_.clock().Now());
    if (!names_its_log) old.leaf = store::LeafOrigin{"", old.leaf->index, {}};
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(),
                                    [&](store::Transaction& to) { return to.queues().Add(old); }));
    EXPECT_EQ(Close(PrivacyOfficer("RXX"), old.id).error().id, ErrorId::kNotPermitted)
        << "their own";
    EXPECT_EQ(Queue(PrivacyOfficer("RXX")).back().item.caused_by, "issuer officer-1");
    record::Requester another = PrivacyOfficer("RXX");
    another.user = "officer-2";
    EXPECT_TRUE(Close(another, old.id));
    gateway_.clock().Advance(std::chrono::seconds(1));
  }
}

TEST_F(Reviews, AreNotClosedByLinkingNorByWhoLinks) {
  const auto review = Review();
  for (const auto& officer : {Officer("RXX"), SystemOfficer()}) {
    const auto linked = Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Link(officer, review.id, {}, "papers-seen", done); });
    EXPECT_EQ(linked.error().id, ErrorId::kArgumentInvalid);
    EXPECT_EQ(Close(officer, review.id).error().id, ErrorId::kNotPermitted);
  }
  EXPECT_TRUE(IsOpen(review.id));
}

TEST_F(Reviews, AreTheConcernOfTheReadersOrganisationAndOfTheWholeSystems) {
  const auto review = Review();
  EXPECT_THAT(Queue(PrivacyOfficer("RYY")), IsEmpty());
  EXPECT_EQ(Close(PrivacyOfficer("RYY"), review.id).error(),
            Close(PrivacyOfficer("RYY"), record::QueueItemId::New(kit::kMorning)).error())
      << "another organisation's is as if it were not there";
  EXPECT_TRUE(Close(SystemPrivacyOfficer(), review.id));
}

TEST_F(Reviews, TakeNoCodeThatThePolicyDoesNotListAndSayWhichItDoes) {
  const auto review = Review();
  const auto closed = Close(PrivacyOfficer("RXX"), review.id, "told");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().id, ErrorId::kArgumentInvalid);
  EXPECT_THAT(closed.error().advice, HasSubstr("justified not_justified"));
  EXPECT_TRUE(IsOpen(review.id));
}

TEST_F(Reviews, SayWhoseAccessItWasAndWhenTheyAreOverdue) {
  Append(*first_,
         BrokenGlass(
             R"({"kind":"review","cause":"break_glass","by_micros":)" +
             std::to_string(
                 (gateway_.clock().Now() + std::chrono::hours(72)).time_since_epoch().count()) +
             "}"));
  trail_->CatchUp();
  auto queue = Queue(PrivacyOfficer("RXX"));
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_EQ(queue.front().item.caused_by, "issuer doctor");
  EXPECT_EQ(queue.front().item.reason, "break_glass");
  EXPECT_FALSE(queue.front().overdue);
  EXPECT_EQ(OverdueOf(QueueKind::kBreakGlassReview).items, 0U);
  gateway_.clock().Advance(std::chrono::hours(72));
  EXPECT_TRUE(Queue(PrivacyOfficer("RXX")).front().overdue);
  const base::Instant due = *queue.front().item.due;
  EXPECT_EQ(OverdueOf(QueueKind::kBreakGlassReview).items, 1U);
  EXPECT_EQ(OverdueOf(QueueKind::kBreakGlassReview).since, due);
  EXPECT_EQ(OverdueOf(QueueKind::kMergeReview).items, 0U);
  ASSERT_TRUE(Close(PrivacyOfficer("RXX"), queue.front().item.id));
  EXPECT_EQ(OverdueOf(QueueKind::kBreakGlassReview).items, 0U);
}

TEST_F(Reviews, AreCountedAsOverdueHoweverManyThereAre) {
  constexpr int kMany = 1100;
  ASSERT_TRUE(
      store::WriteAndWait(gateway_.store(), [&](store::Transaction& in) -> base::Result<void> {
        store::QueueItem item;
        item.kind = QueueKind::kMergeReview;  // has no time of its own: the policy gives it one
        item.organisation = "RXX";
        item.opened = gateway_.clock().Now();
        for (int i = 0; i < kMany; ++i) {
          item.id = record::QueueItemId::New(gateway_.clock().Now());
          if (auto added = in.queues().Add(item); !added) return added;
        }
        return {};
      }));
  gateway_.clock().Advance(std::chrono::days(6));
  EXPECT_EQ(OverdueOf(QueueKind::kMergeReview).items, 0U);
  gateway_.clock().Advance(std::chrono::days(1));
  EXPECT_EQ(OverdueOf(QueueKind::kMergeReview).items, kMany);
}

// What a notice is held for may be hidden from the reader's own organisation.
TEST_F(Reviews, NoticesToThePersonAreForTheSystemsOfficerWhoSeesWhyTheyAreHeld) {
  const auto notice = After(kNotice, QueueKind::kPatientNotice);
  EXPECT_THAT(Queue(PrivacyOfficer("RXX")), IsEmpty());
  EXPECT_EQ(Close(PrivacyOfficer("RXX"), notice.id, "told").error().id, ErrorId::kNotFound);
  const auto queue = Queue(SystemPrivacyOfficer());
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_THAT(queue.front().item.held_for, ElementsAre("child", "location_protection"));
  EXPECT_TRUE(Close(SystemPrivacyOfficer(), notice.id, "told"));
}

}  // namespace
}  // namespace milecastle::govern
