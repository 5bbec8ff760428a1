// A message without an NHS number that a trace joins to a person, with nobody asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Traced : public testing::Test {
 protected:
  void Say(const kit::Who& who) {
    record::Contribution contribution = kit::About(who, {kit::Allergy("a" + who.local, "Nuts")});
    contribution.patient.addresses =
        record::Update<std::vector<record::Address>>::Set({{{}, "NE28 6HE", "home"}});
    EXPECT_EQ(gateway_.Say(contribution).outcome.disposition, port::Disposition::kAccepted);
  }

  kit::SmallGateway gateway_;
};

TEST_F(Traced, ALinkThatNobodyWasAskedAboutIsInTheLogAndReviewed) {
  identify::TraceOptions options;
  options.auto_link = true;
  gateway_.tracer = std::make_shared<identify::Tracer>(options);
  gateway_.Restart();
  Say({.nhs_number = "9990000018"});
  Say({.nhs_number = "", .local = "77"});
  const auto person = gateway_.PersonOf("9990000018")->id;
  EXPECT_EQ(gateway_.EntriesOf(person), 2U);
  const auto outbox = gateway_.Outbox();
  ASSERT_THAT(outbox, SizeIs(2));
  EXPECT_THAT(outbox.front().bytes, Not(HasSubstr("linked")));
  EXPECT_THAT(outbox.back().bytes, HasSubstr("\"linked\":\"traced_certain\""));
  const auto reviews = gateway_.Queued(store::QueueKind::kMergeReview);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews.front().reason, "traced_certain");
  EXPECT_EQ(reviews.front().person, person);
}

TEST_F(Traced, WhoMayBeSomebodyIsTakenAndAskedAboutOnce) {
  Say({.nhs_number = "9990000018"});
  Say({.nhs_number = "", .local = "77"});
  Say({.nhs_number = "", .local = "77"});
  EXPECT_EQ(gateway_.EntriesOf(gateway_.PersonOf("9990000018")->id), 1U);
  const auto asked = gateway_.Queued(store::QueueKind::kMatchReview);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked.front().organisation, "RXX");
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kAwaitingIdentity), IsEmpty());
}

}  // namespace
}  // namespace milecastle::receive
