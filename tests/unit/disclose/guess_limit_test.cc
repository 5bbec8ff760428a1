// T15: somebody who asks for one person after another.
#include "disclose/guess_limit.h"

#include <future>

#include "house.h"

namespace milecastle::disclose {
namespace {

using std::chrono::seconds;

record::Requester User(const std::string& user, std::string_view organisation = "ZT1") {
  return {.organisation = Ods(organisation), .system = "epr", .user = user, .issuer = "idp"};
}

class Guessing : public testing::Test {
 protected:
  void Refuse(const record::Requester& requester, int times) {
    for (int i = 0; i < times; ++i) limit_.Spend(requester);
  }
  kit::ManualClock clock_{kNoon};
  GuessLimit limit_{
      {.user_refusals = 3, .organisation_refusals = 5, .refill = seconds(60), .callers = 4},
      clock_};
};

TEST_F(Guessing, StopsTheUserWhoSpentEveryRefusalAndNobodyElse) {
  Refuse(User("a"), 2);
  EXPECT_FALSE(limit_.IsSpent(User("a")));
  Refuse(User("a"), 1);
  EXPECT_TRUE(limit_.IsSpent(User("a")));
  EXPECT_FALSE(limit_.IsSpent(User("b")));
  EXPECT_FALSE(limit_.IsSpent(User("a", "ZT2"))) << "the same name elsewhere is another user";
}

TEST_F(Guessing, GivesOneBackAfterEachInterval) {
  Refuse(User("a"), 3);
  clock_.Advance(seconds(59));
  EXPECT_TRUE(limit_.IsSpent(User("a")));
  clock_.Advance(seconds(1));
  EXPECT_FALSE(limit_.IsSpent(User("a")));
  Refuse(User("a"), 1);
  EXPECT_TRUE(limit_.IsSpent(User("a")));
}

TEST_F(Guessing, DoesNotShutOutForLongerWhoGoesOn) {
  Refuse(User("a"), 100);
  clock_.Advance(seconds(60));
  EXPECT_FALSE(limit_.IsSpent(User("a")));
}

TEST_F(Guessing, AlarmsOnceForEachTimeThatAllWasSpent) {
  Refuse(User("a"), 10);
  EXPECT_EQ(limit_.users_alarmed(), 1U);
  clock_.Advance(seconds(180));
  Refuse(User("a"), 3);
  EXPECT_EQ(limit_.users_alarmed(), 2U);
}

TEST_F(Guessing, AlarmsForAnOrganisationWhoseUsersShareTheWorkAndStopsNoneOfThem) {
  for (const char* user : {"a", "b", "c"}) Refuse(User(user), 2);
  EXPECT_EQ(limit_.users_alarmed(), 0U);
  EXPECT_EQ(limit_.organisations_alarmed(), 1U);
  EXPECT_FALSE(limit_.IsSpent(User("a")));
}

TEST_F(Guessing, RemembersThoseWhoSpentMostWhenThereAreMoreCallersThanItMayRemember) {
  Refuse(User("spent"), 3);
  for (int i = 0; i < 50; ++i) Refuse(User(std::to_string(i)), 1);
  EXPECT_TRUE(limit_.IsSpent(User("spent")));
}

// A house whose doctor has asked three times for somebody that they have no part in.
class Spent : public testing::Test {
 protected:
  Spent() {
    house_.Knows("ZT1").Holds("ZT1", Allergy("Penicillin"));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask().response().refusal().reason(), "cannot_answer");
  }
  Seen Ask() {
    std::promise<base::Result<ViewAnswer>> answer;
    views_.Get(house_.request,
               [&](base::Result<ViewAnswer> got) { answer.set_value(std::move(got)); });
    return Seen(answer.get_future().get());
  }

  static bool IsCapped(const Seen& seen) {
    return seen.answer()->on_grid && seen.response().refusal().reason() == "too_many_refusals";
  }

  House house_;
  PatientViews views_{house_.store(),
                      house_.log(),
                      house_.policy(),
                      house_.clock,
                      {.sources = {}, .guesses = {.user_refusals = 3, .organisation_refusals = 0}}};
};

TEST_F(Spent, IsToldSoWhoeverIsAskedForAndEachIsAudited) {
  const auto leaves = house_.Leaves();
  const Seen known = Ask();
  house_.request.person.nhs_number = "9990000026";
  const Seen unknown = Ask();
  EXPECT_TRUE(IsCapped(known));
  EXPECT_EQ(known.Bytes(), unknown.Bytes());
  EXPECT_EQ(house_.Leaves(), leaves + 2);
}

TEST_F(Spent, IsShownNothingOnTheirOwnWordUntilOneComesBack) {
  house_.request.declared_relationship = "NEW-PATIENT";
  EXPECT_TRUE(IsCapped(Ask()));
  const audit::Record leaf = house_.LastLeaf();
  EXPECT_EQ(leaf.leaf.kind, audit::Kind::kRefusal);
  EXPECT_NE(leaf.body->payload.find(R"("capped":true)"), std::string::npos);
  EXPECT_NE(leaf.body->payload.find(R"("entries":"")"), std::string::npos);
  house_.clock.Advance(minutes(1));
  EXPECT_TRUE(Ask().Holds("Penicillin"));
}

TEST_F(Spent, IsShownThoseWhomSomebodyElseVouchesFor) {
  house_.Admitted();
  EXPECT_TRUE(Ask().Holds("Penicillin"));
}

TEST_F(Spent, IsShownThoseForWhomTheyDeclaredThemselvesBefore) {
  house_.Declared();
  EXPECT_TRUE(Ask().Holds("Penicillin")) << "it tells nothing new of who is here";
}

TEST_F(Spent, IsAnsweredEveryEmergency) {
  house_.request.purpose = record::Purpose::kEmergency;
  house_.request.reason_code = "LIFE";
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Ask().Holds("Penicillin"));
}

}  // namespace
}  // namespace milecastle::disclose
