// What a sender is told of a claim that agrees with what is held, that does not, and that is kept
// apart: the same.
#include "port/told.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using testing::ElementsAre;
using testing::Pair;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
constexpr const char* kThree = "9990000034";
const Who kRight{.nhs_number = kOne, .local = "7"};
const Who kWrong{.nhs_number = kOne, .local = "8", .birth_date = "1999-09-09"};
const Who kApart{.nhs_number = kTwo, .local = "9", .birth_date = "1999-09-09"};

bool AreAlike(const port::Outcome& left, const port::Outcome& right) {
  const auto alike = [](const auto& one, const auto& other) {
    return one.disposition == other.disposition &&
           one.error.has_value() == other.error.has_value() && one.entries == other.entries;
  };
  if (!alike(left, right) || left.not_carried != right.not_carried) return false;
  return std::equal(left.patients.begin(), left.patients.end(), right.patients.begin(),
                    right.patients.end(), alike);
}

class Told : public testing::Test {
 protected:
  // Anna and Ben are known of another hospital; Ben is severed.
  Told() {
    gateway_.Say(kit::About({.nhs_number = kOne, .local = "1"}, {Allergy("a", "Penicillin")}));
    gateway_.Say(kit::About({.nhs_number = kTwo, .local = "2"}));
    EXPECT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      auto ben = **transaction.patients().FindPerson(gateway_.PersonOf(kTwo)->id);
      ben.state = store::PersonState::kSevered;
      return transaction.patients().SavePerson(ben);
    }));
  }

  // What its reply is made of; of what became of it the outcome has the truth.
  port::Outcome Tell(record::Contribution said, Disposition becomes) {
    const auto received = gateway_.Say(std::move(said));
    EXPECT_EQ(received.outcome.disposition, becomes);
    EXPECT_TRUE(AreAlike(port::AsTold(received.outcome), gateway_.adapter().told()));
    return gateway_.adapter().told();
  }

  static record::Contribution About(const Who& who, int made = 2) {
    record::Contribution said = kit::About(who, {Allergy("k", "Nuts"), Allergy("l", "Eggs")});
    const base::Instant then{std::chrono::hours(made)};
    said.drafts.front().version.made = record::Span{then, then};
    said.not_carried = {{"PID-8", "it has no place"}};
    return said;
  }

  kit::SmallGateway gateway_;
};

TEST_F(Told, ABirthDateThatAgreesIsToldFromNoOther) {
  const auto right = Tell(About(kRight), Disposition::kAccepted);
  EXPECT_TRUE(AreAlike(right, Tell(About(kWrong), Disposition::kAwaitingIdentity)));
  EXPECT_TRUE(AreAlike(right, Tell(About(kApart), Disposition::kQuarantined)));
  EXPECT_EQ(right.disposition, Disposition::kAccepted);
  EXPECT_EQ(right.entries, 2U);
  EXPECT_EQ(right.not_carried.size(), 1U) << "what is wrong with its form";
}

TEST_F(Told, NorByWhatItSaidLaterAndMadeEarlier) {
  Tell(About(kRight, 5), Disposition::kAccepted);
  Tell(About(kWrong, 5), Disposition::kAwaitingIdentity);
  EXPECT_TRUE(AreAlike(Tell(About(kRight, 3), Disposition::kAccepted),
                       Tell(About(kWrong, 3), Disposition::kAwaitingIdentity)));
}

TEST_F(Told, NorAmongOthersOfOneMessage) {
  const auto told = [this](const Who& who) {
    const auto bytes = gateway_.ScriptAll(
        who.local, {About(who), kit::About({.nhs_number = kThree, .local = "3"})});
    gateway_.Send(bytes);
    return gateway_.adapter().told();
  };
  const auto right = told(kRight);
  EXPECT_TRUE(AreAlike(right, told(kWrong)));
  EXPECT_TRUE(AreAlike(right, told(kApart)));
}

TEST_F(Told, ThatNobodyIsNamedIsOfTheForm) {
  const auto told = Tell(kit::About({}, {Allergy("k", "Nuts")}), Disposition::kAwaitingIdentity);
  ASSERT_EQ(told.not_carried.size(), 1U);
  EXPECT_EQ(told.not_carried.front().place, "patient");
}

TEST_F(Told, WhoWaitsOrIsKeptApartIsCountedByItsSource) {
  Tell(About(kRight), Disposition::kAccepted);
  EXPECT_TRUE(gateway_.intake().Counts().unsettled.empty());
  Tell(About(kWrong), Disposition::kAwaitingIdentity);
  Tell(About(kApart), Disposition::kQuarantined);
  EXPECT_THAT(gateway_.intake().Counts().unsettled,
              ElementsAre(Pair(Pair(gateway_.feed().name, "RXX"), 2U)));
  gateway_.Send(gateway_.ScriptAll("all", {About(kWrong), About(kApart)}));
  EXPECT_THAT(gateway_.intake().Counts().unsettled,
              ElementsAre(Pair(Pair(gateway_.feed().name, "RXX"), 4U)));
}

}  // namespace
}  // namespace milecastle::receive
