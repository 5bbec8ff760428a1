// How long the answers on who was last heard are remembered.
#include "disclose/heard.h"

#include "house.h"

namespace milecastle::disclose {
namespace {

constexpr auto kMicrosecond = std::chrono::microseconds(1);

class Hearing : public testing::Test {
 protected:
  base::Result<std::shared_ptr<const Heard::Times>> Ask() {
    return heard_.In((*house_.store().Read())->records());
  }
  House house_;
  Heard heard_{{Ods("ZT1"), Ods("ZT2")}, house_.clock};
};

TEST_F(Hearing, TellsEachSourceThatGaveAnythingAndNoOther) {
  house_.Hears("ZT1").Hears("ZX1");
  EXPECT_EQ(**Ask(), (Heard::Times{{Ods("ZT1"), kNoon}}));
}

TEST_F(Hearing, LooksNothingUpAgainWhileItRemembers) {
  house_.Hears("ZT1");
  const auto first = *Ask();
  house_.clock.Advance(Heard::kRemembered - kMicrosecond);
  house_.Hears("ZT2");
  house_.Lose("sources");
  const auto again = Ask();
  ASSERT_TRUE(again) << "looked up again";
  EXPECT_EQ(*again, first);
}

TEST_F(Hearing, LooksAgainWhenTheAnswersAreOld) {
  house_.Hears("ZT1");
  ASSERT_TRUE(Ask());
  house_.clock.Advance(Heard::kRemembered);
  house_.Hears("ZT2");
  EXPECT_EQ(**Ask(), (Heard::Times{{Ods("ZT1"), kNoon}, {Ods("ZT2"), house_.clock.Now()}}));
}

TEST_F(Hearing, AnErrorOfTheStoreIsToldAndNotRemembered) {
  house_.Hears("ZT1").Lose("sources");
  EXPECT_FALSE(Ask());
  house_.Damage("ALTER TABLE lost RENAME TO sources");
  EXPECT_EQ(**Ask(), (Heard::Times{{Ods("ZT1"), kNoon}}));
}

// What is remembered of everybody must not contradict what the view itself shows.
TEST_F(Hearing, ASourceWhoseFirstWordIsOfThisPersonIsNotCalledNeverHeardFrom) {
  house_.Knows("Z99001").Admitted().Expects("ZT2", "moorland").Expects("ZP1", "park");
  PatientViews views(house_.store(), house_.log(), house_.policy(), house_.clock, house_.options);
  const auto ask = [&] {
    std::promise<base::Result<ViewAnswer>> answer;
    views.Get(house_.request,
              [&](base::Result<ViewAnswer> got) { answer.set_value(std::move(got)); });
    return Seen(answer.get_future().get());
  };
  EXPECT_EQ(ask().Lines(ManifestState::kUnavailable)[0].text(), "ZT2, ZP1");
  house_.Knows("ZT2").Holds("ZT2", Allergy("Penicillin"));
  const Seen seen = ask();
  EXPECT_TRUE(seen.Holds("Penicillin"));
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable)[0].text(), "ZP1");
}

}  // namespace
}  // namespace milecastle::disclose
