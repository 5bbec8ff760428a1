// safety.md 13: what stands under an NHS number that its source never traced is stored, and shared
// with nobody but the source itself.
#include "house.h"

namespace milecastle::disclose {
namespace {

using record::SectionSaying;

void Untrace(store::Identity& identity) {
  identity.shareable = false;
  identity.demographics.addresses = {{.lines = {"2 Elsewhere"}, .postcode = "", .use = ""}};
}

// The same policy, but that emergency access is shown what nobody traced.
std::string ShowingInAnEmergency() {
  std::string policy(kPolicy);
  const std::string purpose = "[purposes.emergency]\n";
  return policy.insert(policy.find(purpose) + purpose.size(), "shows_untraced = true\n");
}

TEST(Untraced, IsShownToTheHospitalThatSentItWithAWarning) {
  House house;
  house.Knows("ZT1", Untrace).Admitted().Holds("ZT1", Allergy("Penicillin"));
  house.Says("ZT1", Section::kMedications, SectionSaying::kNoneKnown, "No regular medicines");
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Penicillin"));
  EXPECT_TRUE(seen.Holds("Elsewhere"));
  EXPECT_EQ(seen.Lines(ManifestState::kNoneKnown, Section::kMedications, "ZT1").size(), 1U);
  EXPECT_TRUE(seen.Warns("identity_untraced"));
}

// Where it is read, beside what others traced: the warning alone does not say which.
TEST(Untraced, IsMarkedEntryByEntryWhereItIsShown) {
  House house;
  house.Knows("Z99001").Knows("ZT1", Untrace).Admitted();
  house.Holds("ZT1", Allergy("Penicillin"));
  house.Holds("Z99001", Allergy("Latex"));
  house.Says("ZT1", Section::kMedications, SectionSaying::kNoneKnown, "No regular medicines");
  house.Says("Z99001", Section::kProblems, SectionSaying::kNoneKnown, "None");
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().entries_size(), 2);
  for (const v1::Entry& entry : seen.view().entries()) {
    EXPECT_EQ(entry.identity_untraced(), entry.what().text() == "Penicillin");
  }
  ASSERT_EQ(seen.view().demographics_size(), 2);
  for (const v1::Demographics& person : seen.view().demographics()) {
    EXPECT_EQ(person.identity_untraced(), person.source() == "ZT1");
  }
  const auto none_known = seen.Lines(ManifestState::kNoneKnown);
  ASSERT_EQ(none_known.size(), 2U);
  for (const v1::ManifestLine& line : none_known) {
    EXPECT_EQ(line.identity_untraced(), line.source() == "ZT1");
  }
}

TEST(Untraced, IsShownToNobodyElseAndWarnsThemOfNothing) {
  House house;
  house.Knows("Z99001").Knows("ZT2", Untrace).Admitted();
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  house.Holds("ZT2", Allergy("Penicillin"));
  house.Says("ZT2", Section::kMedications, SectionSaying::kNoneKnown, "No regular medicines");
  for (const bool emergency : {false, true}) {
    const Seen seen = emergency ? house.AskInAnEmergency() : house.Ask();
    EXPECT_TRUE(seen.Holds("Asthma"));
    for (const char* const untraced : {"Penicillin", "Elsewhere", "No regular medicines"}) {
      EXPECT_FALSE(seen.Holds(untraced)) << untraced;
    }
    EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies, "ZT2").size(), 1U);
    EXPECT_FALSE(seen.Warns("identity_untraced"));
  }
}

TEST(Untraced, IsShownInAnEmergencyWhereThePolicySaysSoWithAWarning) {
  House house(ShowingInAnEmergency());
  house.Knows("ZT2", Untrace).Admitted().Holds("ZT2", Allergy("Penicillin"));
  EXPECT_FALSE(house.Ask().Holds("Penicillin"));
  const Seen seen = house.AskInAnEmergency();
  EXPECT_TRUE(seen.Holds("Penicillin"));
  EXPECT_TRUE(seen.Holds("Elsewhere"));
  EXPECT_TRUE(seen.Warns("identity_untraced"));
}

// A source with two identities of the person: what it traced is shared, and what it did not waits.
TEST(Untraced, OneIdentityOfASourceDoesNotTakeItsTracedOneAlong) {
  House house(Telling("awaiting_identity"));
  house.Knows("ZT2").Admitted().Holds("ZT2", Allergy("Penicillin"));
  house.Says("ZT2", Section::kMedications, SectionSaying::kNothingRecorded);
  house.Knows("ZT2", Untrace).Holds("ZT2", Allergy("Latex"));
  house.Says("ZT2", Section::kMedications, SectionSaying::kNoneKnown, "No regular medicines");
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Penicillin"));
  EXPECT_FALSE(seen.Holds("Latex"));
  EXPECT_FALSE(seen.Holds("Elsewhere"));
  EXPECT_EQ(seen.view().demographics_size(), 1);
  EXPECT_EQ(seen.Lines(ManifestState::kNothingRecorded, Section::kMedications, "ZT2").size(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kNoneKnown).empty());
  EXPECT_EQ(seen.Lines(ManifestState::kAwaitingIdentity, Section::kMedications, "ZT2").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kAwaitingIdentity, Section::kAllergies, "ZT2").size(), 1U);
  EXPECT_FALSE(seen.Warns("identity_untraced"));
}

// A statement alone, or an entry alone, warns as demographics do.
TEST(Untraced, WarnsWhateverItIsThatIsShown) {
  for (const bool says : {false, true}) {
    House house;
    house.Knows("ZT1", Untrace).Admitted();
    if (says) {
      house.Says("ZT1", Section::kAllergies, SectionSaying::kNoneKnown, "NKA");
    } else {
      house.Holds("ZT1", Allergy("Penicillin"));
    }
    house.request.sections = {Section::kAllergies};
    EXPECT_TRUE(house.Ask().Warns("identity_untraced"));
    house.request.sections = {Section::kProblems};
    EXPECT_FALSE(house.Ask().Warns("identity_untraced"));
  }
}

TEST(Untraced, AHiddenSourceThatNeverTracedThePersonReadsAsOneThatNeverKnewThem) {
  House with(Telling("awaiting_identity"));
  House without(Telling("awaiting_identity"));
  for (House* house : {&with, &without}) {
    house->Expects("ZT2", "moorland").Hears("ZT2");
    house->Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  }
  with.Knows("ZT2", Untrace).Holds("ZT2", Item(Section::kProcedures, "Transfer"), {"hfea"});
  EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
  EXPECT_EQ(without.Ask().Lines(ManifestState::kNoneHeld, {}, "ZT2").size(), 1U);
}

TEST(LocationAge, IsStatedOnTheViewWhetherProtectedOrNot) {
  for (const auto level : {record::LocationProtection::kNone, record::LocationProtection::kLocal}) {
    House house;
    house.Knows("Z99001").Admitted().LocationIs(level);
    house.clock.Advance(hours(5));
    const Seen seen = house.Ask();
    ASSERT_TRUE(seen.view().has_location_as_of());
    EXPECT_EQ(seen.view().location_as_of().seconds(),
              kNoon.time_since_epoch() / std::chrono::seconds(1));
  }
}

// The time of a word that only a hidden source said would tell that it knows the person.
TEST(LocationAge, IsNotThatOfAWordOfAHiddenSource) {
  House house;
  house.Expects("ZT2", "moorland").Expects("Z99001", "bridge").Hears("ZT2").Hears("Z99001");
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Holds("ZT2", Item(Section::kProcedures, "Embryo transfer"), {"hfea"});
  house.clock.Advance(hours(5));
  house.LocationIsSaidBy("ZT2", record::LocationProtection::kNone);
  EXPECT_EQ(house.Ask().view().location_as_of().seconds(),
            kNoon.time_since_epoch() / std::chrono::seconds(1));
  house.LocationIsSaidBy("Z99001", record::LocationProtection::kNone);
  EXPECT_EQ(house.Ask().view().location_as_of().seconds(),
            (kNoon + hours(5)).time_since_epoch() / std::chrono::seconds(1));
}

// One that is sealed and locked, and one that leaves no line by a label of all that it holds.
class HiddenSource : public testing::TestWithParam<bool> {
 protected:
  // `says`: what the hidden source, and it alone, says besides.
  static std::string BytesOf(const std::function<void(House&)>& says) {
    House house;
    house.Expects("ZT2", "moorland").Knows("Z99001").Holds("Z99001", Allergy("Penicillin"));
    house.clock.Advance(hours(24) * 40);  // what was said of the location is old
    house.Hears("ZT2").Admitted();
    if (GetParam()) {
      record::ConsentScope scope;
      scope.sources = {Ods("ZT2")};
      house.Chose(record::ConsentKind::kSealAndLock, scope);
    }
    if (says) {
      house.Knows("ZT2", [](store::Identity& identity) {
        identity.demographics.names.push_back({.family = "Otherwise", .given = "Anna"});
      });
      if (!GetParam()) house.Holds("ZT2", Item(Section::kProcedures, "Transfer"), {"hfea"});
      says(house);
    }
    house.request.person.family_name = "Otherwise";
    return house.Ask().Bytes();
  }
};
INSTANTIATE_TEST_SUITE_P(ByALockOrALabel, HiddenSource, testing::Bool());

TEST_P(HiddenSource, ReadsAsOneThatNeverKnewThePersonWhateverItSaysBesides) {
  const std::string never_known = BytesOf({});
  EXPECT_EQ(BytesOf([](House&) {}), never_known) << "a family name";
  EXPECT_EQ(BytesOf([](House& house) {
              house.LocationIsSaidBy("ZT2", record::LocationProtection::kNone);
            }),
            never_known);
  EXPECT_EQ(
      BytesOf([](House& house) { house.ChoseThere("ZT2", record::ConsentKind::kExplicitConsent); }),
      never_known);
}

// Whoever is hidden knows of a danger that the others do not.
TEST(LocationAge, AHiddenSourceProtectsAllTheSame) {
  House house;
  house.Knows("Z99001").Admitted();
  record::ConsentScope scope;
  scope.sources = {Ods("ZT2")};
  house.Knows("ZT2").Chose(record::ConsentKind::kSealAndLock, scope);
  house.LocationIsSaidBy("ZT2", record::LocationProtection::kLocal);
  EXPECT_TRUE(house.Ask().Warns("location_protected"));
}

}  // namespace
}  // namespace milecastle::disclose
