#include "govern/trail.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "office.h"

namespace milecastle::govern {
namespace {

using store::QueueKind;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kBroken = R"({"kind":"review","cause":"break_glass"})";
constexpr const char* kTwoCauses =
    R"({"kind":"review","cause":"break_glass"},{"kind":"review","cause":"sealed"})";

class Trail : public Office {
 protected:
  std::vector<store::QueueItem> Reviews() { return gateway_.Queued(QueueKind::kBreakGlassReview); }
  AuditReading ReadingOf(const Logs& logs, TrailLoop& trail) {
    return {{gateway_.store(), *gate_, *policy_, gateway_.clock(), *outbox_}, logs, trail};
  }
  // A permitted view by a doctor of RXX whose duty is a review of a declared relationship.
  void View(const std::string& duty, const std::string& declared) {
    Append(*first_,
           EntryOf(audit::Kind::kView,
                   {.organisation = "RXX",
                    .user = "doctor",
                    .nhs_number = "9990000018",
                    .outcome = "permitted",
                    .person = gateway_.PersonOf("9990000018")->id.ToString()},
                   R"({"user":"doctor","declared_relationship":")" + declared +
                       R"(","duties":[{"kind":"review","cause":"self_declared")" + duty + "}]}"));
    trail_->CatchUp();
  }
  // The declaration that the store keeps from then on.
  std::optional<record::FactId> DeclareAndView() {
    gateway_.Say(kit::About({.nhs_number = "9990000018", .local = "1"}));
    View("", "NEW-PATIENT");
    const auto facts = gateway_.FactsOf(gateway_.PersonOf("9990000018")->id);
    for (const auto& evidence : facts.evidence) {
      if (evidence.kind == record::EvidenceKind::kSelfDeclared) return evidence.id;
    }
    return std::nullopt;
  }
  void ViewOn(record::FactId declaration) {
    View(R"(,"declaration":")" + declaration.ToString() + "\"", "");
  }
  std::size_t Declared() { return gateway_.Queued(QueueKind::kSelfDeclaredReview).size(); }
  base::Result<Audited<EntriesFound>> Search(const Logs& logs, TrailLoop& trail,
                                             const store::TrailQuery& query) {
    AuditReading reading = ReadingOf(logs, trail);
    return Await<Audited<EntriesFound>>(
        [&](const auto& done) { reading.Search(SystemOfficer(), query, "CASE-1", done); });
  }
  // Another hand changes a payload that the first log holds.
  void DamageFirst(const std::string& text) {
    const auto path = FolderOf("first") / "segment" / "00000000000000000000";
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto at = bytes.find(text);
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('#');
  }
};

TEST_F(Trail, OneEntryWithTwoCausesOpensTwoReviewsAndOnlyOnce) {
  Append(*first_, BrokenGlass(kTwoCauses));
  EXPECT_THAT(trail_->CatchUp(), IsEmpty());
  EXPECT_THAT(Reviews(),
              UnorderedElementsAre(Field("reason", &store::QueueItem::reason, "break_glass"),
                                   Field("reason", &store::QueueItem::reason, "sealed")));
  trail_->CatchUp();
  EXPECT_THAT(Reviews(), SizeIs(2));
}

TEST_F(Trail, AReviewOfTheSecondLogIsOpenedThoughItsLeafHasTheSameNumber) {
  ASSERT_EQ(Append(*first_, BrokenGlass(kBroken)), 0U);
  ASSERT_EQ(Append(*second_, BrokenGlass(kBroken)), 0U);
  trail_->CatchUp();
  const auto reviews = Reviews();
  ASSERT_THAT(reviews, SizeIs(2));
  std::vector<std::string> origins;
  for (const auto& review : reviews) origins.push_back(review.leaf->origin);
  EXPECT_THAT(origins, UnorderedElementsAre(first_->origin(), second_->origin()));
}

TEST_F(Trail, AnEventThatIsInBothLogsIsReviewedOnce) {
  const audit::Entry in_doubt = BrokenGlass(kBroken);
  Append(*first_, in_doubt);
  Append(*second_, in_doubt);
  trail_->CatchUp();
  EXPECT_THAT(Reviews(), SizeIs(1));
}

// safety.md 16 and 17: each is reviewed, and a ward that goes on looking floods nobody.
TEST_F(Trail, ADeclarationIsReviewedOnceForEachDayOnWhichViewsRestOnIt) {
  const auto declaration = DeclareAndView();
  ASSERT_TRUE(declaration);
  EXPECT_EQ(Declared(), 1U);
  ViewOn(*declaration);
  EXPECT_EQ(Declared(), 1U) << "the day of the declaration";
  gateway_.clock().Advance(std::chrono::hours(24));
  ViewOn(*declaration);
  ViewOn(*declaration);
  EXPECT_EQ(Declared(), 2U) << "the next day, once";
  DeclareAndView();
  EXPECT_EQ(Declared(), 3U) << "another declaration";
  const auto reviews = gateway_.Queued(QueueKind::kSelfDeclaredReview);
  EXPECT_THAT(reviews, Each(Field("organisation", &store::QueueItem::organisation, "RXX")));
  EXPECT_EQ(reviews.back().leaf->index, first_->DurableHead().size - 1) << "its own entry";
}

TEST_F(Trail, NotesHowFarEachLogGoesAndWhatItIsThere) {
  Append(*first_, BrokenGlass(kBroken));
  Append(*first_, BrokenGlass(kBroken));
  trail_->CatchUp();
  const auto noted = *gateway_.Look()->trail().HeadOf(first_->origin());
  ASSERT_TRUE(noted);
  EXPECT_EQ(noted->size, 2U);
  EXPECT_TRUE(*first_->GoesOnFrom({noted->size, noted->root}));
  EXPECT_EQ(*gateway_.Look()->trail().HeadOf(second_->origin()), std::nullopt);
}

TEST_F(Trail, ASearchAnswersFromTheSecondLogWhileTheFirstCannotBeReadAndSaysSo) {
  trail_.reset();  // it might read the first log before it is damaged
  Append(*first_, BrokenGlass(kBroken));
  Append(*first_, BrokenGlass(R"({"kind":"review","cause":"damaged"})"));
  Append(*second_, BrokenGlass(kBroken));
  DamageFirst("damaged");
  TrailLoop trail(gateway_.store(), {first_.get(), second_.get()}, gateway_.clock());
  const auto found = Search(*logs_, trail, {.kind = "emergency"});
  ASSERT_TRUE(found) << base::Describe(found.error());
  EXPECT_THAT(found->value().rows,
              UnorderedElementsAre(Field(&store::TrailRow::origin, second_->origin()),
                                   Field(&store::TrailRow::origin, first_->origin())))
      << "all of the second, and of the first what comes before the damage";
  EXPECT_THAT(found->value().unread, ElementsAre(first_->origin()));
  EXPECT_THAT(Reviews(), SizeIs(2));
  const auto behind = trail.Behind();
  ASSERT_THAT(behind, SizeIs(1));
  EXPECT_THAT(behind.front().error.place, testing::HasSubstr("first/segment"))
      << "where the operator looks";
}

// safety.md 21: who names a case that nobody can look up is told, and not answered as without one.
TEST_F(Trail, ACaseThatNobodyCanLookUpIsRefusedWithAdvice) {
  Append(*first_, BrokenGlass(kBroken));
  AuditReading reading = ReadingOf(*logs_, *trail_);
  const auto show = [&](const std::string& case_reference) {
    return Await<Audited<EntryRead>>([&](const auto& done) {
      reading.Get(SystemOfficer(), {first_->origin(), 0}, case_reference, done);
    });
  };
  const auto search = [&](const std::string& case_reference) {
    return Await<Audited<EntriesFound>>([&](const auto& done) {
      reading.Search(SystemOfficer(), {.limit = 5}, case_reference, done);
    });
  };
  for (const char* const reference : {"C1", "--", "7"}) {
    ASSERT_FALSE(show(reference)) << reference;
    EXPECT_EQ(show(reference).error().id, base::ErrorId::kArgumentInvalid);
    EXPECT_EQ(show(reference).error().place, "case_reference");
    EXPECT_FALSE(search(reference)) << reference;
  }
  for (const char* const reference : {"", "C-17"}) {
    EXPECT_TRUE(show(reference)) << reference;
    EXPECT_TRUE(search(reference)) << reference;
  }
}

TEST_F(Trail, ALogThatCouldNotBeOpenedIsNamedAndNeverStoodInFor) {
  Append(*second_, BrokenGlass(kBroken));
  TrailLoop of_second(gateway_.store(), {second_.get()}, gateway_.clock());
  const Logs without_first({second_.get()}, first_->origin());
  AuditReading reading = ReadingOf(without_first, of_second);
  const auto found = Search(without_first, of_second, {.kind = "emergency"});
  ASSERT_TRUE(found);
  EXPECT_THAT(found->value().rows, SizeIs(1));
  EXPECT_THAT(found->value().unread, ElementsAre(first_->origin()));
  for (const char* origin : {"", "milecastle.example/first"}) {
    const auto read = Await<Audited<EntryRead>>([&](const auto& done) {
      reading.Get(SystemOfficer(), {origin, 0}, "CASE-1", done);
    });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().id, base::ErrorId::kAuditUnavailable);
  }
}

}  // namespace
}  // namespace milecastle::govern
