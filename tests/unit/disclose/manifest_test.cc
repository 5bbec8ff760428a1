// safety.md 6 to 11: what a view says of what it shows, and of what it does not.
#include <set>

#include "house.h"

namespace milecastle::disclose {
namespace {

using record::SectionSaying;

TEST(Manifest, SaysOnEveryViewThatReturnedIsNotComplete) {
  House house;
  house.Knows("Z99001").Admitted();
  EXPECT_EQ(house.Ask().view().manifest().statement(), wire::kManifestStatement);
}

TEST(Manifest, CountsWhatIsReturnedBySectionAndSource) {
  House house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Holds("Z99001", Allergy("Latex"));
  house.Holds("ZT2", Item(Section::kProblems, "Asthma"));
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().entries_size(), 3);
  ASSERT_EQ(seen.Lines(ManifestState::kReturned, Section::kAllergies, "Z99001").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kReturned, Section::kAllergies)[0].count(), 2U);
  EXPECT_EQ(seen.Lines(ManifestState::kReturned, Section::kProblems, "ZT2").size(), 1U);
}

TEST(Manifest, NoneKnownBesideAnAllergyIsAConflict) {
  House house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Says("ZT2", Section::kAllergies, SectionSaying::kNoneKnown, "No known allergies");
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kReturned, Section::kAllergies, "Z99001").size(), 1U);
  ASSERT_EQ(seen.Lines(ManifestState::kNoneKnown, Section::kAllergies, "ZT2").size(), 1U);
  ASSERT_EQ(seen.Lines(ManifestState::kConflict, Section::kAllergies, "ZT2").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kConflict)[0].reason(), "none_known_beside_entries");
}

TEST(Manifest, OfWhatTheSystemsOfAnOrganisationSayTheMostCautiousIsTold) {
  const auto told = [](SectionSaying one, SectionSaying other, ManifestState state) {
    House house;
    house.Knows("Z99001").Admitted();
    house.Says("Z99001", Section::kAllergies, one, "One", {}, "pas|");
    house.Says("Z99001", Section::kAllergies, other, "Other", {}, "epr|");
    return house.Ask().Lines(state, Section::kAllergies, "Z99001").size();
  };
  constexpr auto kApart = SectionSaying::kConfidentialItems;
  constexpr auto kNone = SectionSaying::kNoneKnown;
  constexpr auto kNothing = SectionSaying::kNothingRecorded;
  EXPECT_EQ(told(kApart, kNone, ManifestState::kNoneKnown), 0U);
  EXPECT_EQ(told(kNone, kApart, ManifestState::kNoneKnown), 0U) << "whichever came last";
  EXPECT_EQ(told(kApart, kNone, ManifestState::kIncompleteAtSource), 1U);
  EXPECT_EQ(told(kNone, kNothing, ManifestState::kNoneKnown), 0U);
  EXPECT_EQ(told(kNone, kNothing, ManifestState::kNothingRecorded), 1U);
  EXPECT_EQ(told(kNone, kNone, ManifestState::kNoneKnown), 2U);
  EXPECT_EQ(told(kApart, SectionSaying::kUnavailable, ManifestState::kUnavailable), 1U);
}

TEST(Manifest, NoneKnownOfAnotherOrganisationStandsBesideWhatIsKeptApart) {
  House house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Says("Z99001", Section::kAllergies, SectionSaying::kConfidentialItems, "", {}, "pas|");
  house.Says("ZT2", Section::kAllergies, SectionSaying::kNoneKnown, "", {}, "epr|");
  EXPECT_EQ(house.Ask().Lines(ManifestState::kNoneKnown, Section::kAllergies, "ZT2").size(), 1U);
}

TEST(Manifest, NoneKnownOfOneSectionIsNoConflictWithAnother) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  house.Says("Z99001", Section::kAllergies, SectionSaying::kNoneKnown, "No known allergies");
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Lines(ManifestState::kConflict).empty());
  ASSERT_EQ(seen.Lines(ManifestState::kNoneKnown, Section::kAllergies, "Z99001").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kNoneKnown)[0].text(), "No known allergies");
  EXPECT_EQ(seen.Lines(ManifestState::kNoneKnown)[0].as_of().seconds(),
            kNoon.time_since_epoch() / std::chrono::seconds(1));
}

TEST(Manifest, AllergiesOfASourceThatSaidNothingAreNothingRecorded) {
  House house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Holds("ZT2", Item(Section::kProblems, "Asthma"));
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kNothingRecorded, Section::kAllergies, "ZT2").size(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded, {}, "Z99001").empty());
  EXPECT_TRUE(seen.Lines(ManifestState::kNoneKnown).empty());
}

TEST(Manifest, AnAllergyThatItsSourceTookBackIsToldOfAndNotNothingRecorded) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Holds("Z99001", Allergy("Latex"), {}, "allergy:1");
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"), {}, "problem:1");
  house.TakesBack("Z99001", "allergy:1").TakesBack("Z99001", "problem:1");
  const Seen seen = house.Ask();
  EXPECT_FALSE(seen.Holds("Latex"));
  const auto lines = seen.Lines(ManifestState::kIncompleteAtSource);
  ASSERT_EQ(lines.size(), 1U) << "of allergies and alerts alone";
  EXPECT_EQ(lines[0].section(), static_cast<v1::Section>(Section::kAllergies));
  EXPECT_EQ(lines[0].source(), "Z99001");
  EXPECT_EQ(lines[0].reason(), "withdrawn_by_source");
  EXPECT_EQ(lines[0].count(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded).empty());
  house.Holds("Z99001", Allergy("Latex"), {}, "allergy:1");
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kIncompleteAtSource).empty()) << "it is back";
}

TEST(Manifest, AnAllergyThatWasTakenBackIsToldOfToThoseAloneWhoWouldHaveSeenIt) {
  const auto taken_back = [](House& house, std::vector<std::string> labels) {
    house.Knows("Z99001").Admitted();
    house.Holds("Z99001", Allergy("Latex"), std::move(labels), "allergy:1");
    house.TakesBack("Z99001", "allergy:1");
  };
  House withheld;
  taken_back(withheld, {"sexual_health"});
  const Seen seen = withheld.Ask();
  EXPECT_TRUE(seen.Lines(ManifestState::kIncompleteAtSource).empty());
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies).size(), 1U);
  House hidden;
  taken_back(hidden, {});
  hidden.Chose(record::ConsentKind::kHide, {.sections = {Section::kAllergies}});
  EXPECT_FALSE(hidden.Ask().Holds("withdrawn_by_source"));
}

TEST(Manifest, AllergiesThatAreKeptBackAreWithheldWhetherOrNotThereAreAny) {
  for (const bool has_one : {true, false}) {
    House house;
    house.Knows("ZX1").Admitted();
    house.Holds("ZX1", Item(Section::kProblems, "Asthma"));
    if (has_one) house.Holds("ZX1", Allergy("Penicillin"));
    const Seen seen = house.Ask();
    EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies, "ZX1").size(), 1U);
    EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded).empty());
  }
}

TEST(Manifest, WhatASourceSaidIsKeptBackWithItsSection) {
  House house;
  house.Knows("ZX1").Admitted();
  house.Says("ZX1", Section::kAllergies, SectionSaying::kNoneKnown, "No known allergies");
  house.Says("ZX1", Section::kMedications, SectionSaying::kNothingRecorded);
  const Seen seen = house.Ask();
  EXPECT_FALSE(seen.Holds("No known allergies"));
  EXPECT_TRUE(seen.Lines(ManifestState::kNoneKnown).empty());
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded).empty());
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies, "ZX1").size(), 1U);
}

TEST(Manifest, TellsAllergiesThatASourceCouldNotGiveFromNone) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Says("Z99001", Section::kAllergies, SectionSaying::kUnavailable);
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable, Section::kAllergies, "Z99001").size(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded).empty());
}

TEST(Manifest, ASourceThatLeftItemsOutIsIncomplete) {
  for (const auto saying : {SectionSaying::kConfidentialItems, SectionSaying::kDataInTransit,
                            SectionSaying::kDataAwaitingFiling}) {
    House house;
    house.Knows("Z99001").Admitted();
    house.Says("Z99001", Section::kMedications, saying);
    EXPECT_EQ(house.Ask().Lines(ManifestState::kIncompleteAtSource, Section::kMedications).size(),
              1U);
  }
}

TEST(Manifest, WhatALaggingReturnFilledIsStaleAsOfTheEndOfItsPeriod) {
  const auto ended = record::When::ParseIso("2026-06-30");
  House house;
  house.Knows("Z99001").Admitted();
  house.Says("Z99001", Section::kServicesAndCare, SectionSaying::kLaggingReturn, "a return", ended);
  const Seen seen = house.Ask();
  const auto lines = seen.Lines(ManifestState::kStale, Section::kServicesAndCare, "Z99001");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].reason(), "lagging_return");
  EXPECT_EQ(lines[0].as_of().seconds(), ended->at.time_since_epoch() / std::chrono::seconds(1));
  EXPECT_EQ(lines[0].text(), "a return");
}

// The day on which a return came is long after its period, and must not be taken for its age.
TEST(Manifest, ALaggingReturnWithoutAPeriodHasNoTime) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Says("Z99001", Section::kServicesAndCare, SectionSaying::kLaggingReturn);
  const auto lines = house.Ask().Lines(ManifestState::kStale, Section::kServicesAndCare);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_FALSE(lines[0].has_as_of());
}

TEST(Manifest, ALaggingReturnClaimsNoSectionThatItDoesNotFill) {
  House house;
  house.Knows("ZX1").Admitted();
  house.Says("ZX1", Section::kServicesAndCare, SectionSaying::kLaggingReturn);
  const Seen seen = house.Ask();
  for (const Section section : {Section::kLegalInformation, Section::kSafeguarding}) {
    for (const auto state : {ManifestState::kNoneKnown, ManifestState::kNothingRecorded,
                             ManifestState::kNoneHeld, ManifestState::kStale}) {
      EXPECT_TRUE(seen.Lines(state, section).empty());
    }
  }
}

TEST(Manifest, ASourceThatFellSilentIsStale) {
  House house;
  house.Knows("Z99001").Admitted().Expects("Z99001", "bridge").Hears("Z99001");
  house.clock.Advance(hours(1));
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kStale).empty());
  house.clock.Advance(std::chrono::seconds(1));
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.Lines(ManifestState::kStale, {}, "Z99001").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kStale)[0].as_of().seconds(),
            kNoon.time_since_epoch() / std::chrono::seconds(1));
  house.Hears("Z99001");
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kStale).empty());
}

TEST(Manifest, ASourceNeverHeardFromIsUnavailableAndNeverNoneHeld) {
  for (const minutes interval : {minutes(60), minutes(0)}) {
    House house;
    house.Knows("Z99001").Admitted().Expects("ZT2", "moorland", interval);
    const Seen seen = house.Ask();
    ASSERT_EQ(seen.Lines(ManifestState::kUnavailable).size(), 1U);
    const auto line = seen.Lines(ManifestState::kUnavailable)[0];
    EXPECT_EQ(line.reason(), "never_heard_from");
    EXPECT_EQ(line.count(), 1U);
    EXPECT_EQ(line.text(), "ZT2");
    EXPECT_EQ(line.source(), "");
    EXPECT_TRUE(seen.Lines(ManifestState::kNoneHeld).empty());
  }
}

// Practices of one supplier share a feed: the word of one is no word of its neighbours.
TEST(Manifest, ASourceIsNotHeardByTheWordOfItsNeighbourInTheSameFeed) {
  House house;
  house.Knows("Z99001").Admitted();
  for (const char* practice : {"ZP1", "ZT2", "ZN1"}) house.Expects(practice, "shared");
  house.Hears("ZP1").Hears("ZT2");
  house.clock.Advance(hours(2));
  house.Hears("ZP1");
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kNoneHeld, {}, "ZP1").size(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kStale, {}, "ZP1").empty());
  ASSERT_EQ(seen.Lines(ManifestState::kStale).size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kStale)[0].source(), "ZT2");
  EXPECT_EQ(seen.Lines(ManifestState::kStale)[0].as_of().seconds(),
            kNoon.time_since_epoch() / std::chrono::seconds(1));
  ASSERT_EQ(seen.Lines(ManifestState::kUnavailable).size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable)[0].text(), "ZN1");
  EXPECT_TRUE(seen.Lines(ManifestState::kNoneHeld, {}, "ZN1").empty());
}

TEST(Manifest, AMessageThatIsRefusedIsNotHearingItsSources) {
  House house;
  house.Knows("Z99001").Admitted().Expects("ZP1", "shared").Expects("ZT2", "shared");
  house.Hears("ZT2");
  house.clock.Advance(hours(2));
  house.Refuses("shared");
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.Lines(ManifestState::kUnavailable).size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable)[0].text(), "ZP1");
  EXPECT_TRUE(seen.Lines(ManifestState::kNoneHeld, {}, "ZP1").empty());
  EXPECT_EQ(seen.Lines(ManifestState::kStale, {}, "ZT2").size(), 1U);
}

// A region has hundreds that are not connected yet: what is wrong with this record must not drown.
TEST(Manifest, SourcesNeverHeardFromAreOneLineAfterWhatIsWrongWithThisRecord) {
  House house;
  house.Knows("Z99001").Knows("ZX1").Admitted().Expects("Z99001", "bridge").Hears("Z99001");
  for (int i = 10; i < 33; ++i) {
    house.Expects("ZN" + std::to_string(i), "feed-" + std::to_string(i));
  }
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Says("Z99001", Section::kAllergies, SectionSaying::kNoneKnown, "NKA");
  house.Says("Z99001", Section::kMedications, SectionSaying::kDataInTransit);
  house.Says("Z99001", Section::kProblems, SectionSaying::kUnavailable);
  house.Holds("ZX1", Item(Section::kProblems, "Asthma"));
  house.clock.Advance(hours(2));
  const Seen seen = house.Ask();
  const auto& lines = seen.view().manifest().lines();
  const auto never = std::find_if(lines.begin(), lines.end(), [](const auto& line) {
    return line.reason() == "never_heard_from";
  });
  ASSERT_NE(never, lines.end());
  EXPECT_EQ(never->count(), 23U);
  EXPECT_TRUE(never->text().starts_with("ZN10, ZN11, ")) << never->text();
  EXPECT_TRUE(never->text().ends_with("ZN29 and 3 more")) << never->text();
  for (const auto state :
       {ManifestState::kWithheld, ManifestState::kUnavailable, ManifestState::kStale,
        ManifestState::kConflict, ManifestState::kIncompleteAtSource}) {
    EXPECT_TRUE(std::any_of(lines.begin(), never, [&](const auto& line) {
      return line.state() == static_cast<v1::ManifestState>(state);
    })) << static_cast<int>(state);
  }
  EXPECT_TRUE(std::none_of(std::next(never), lines.end(), [](const auto& line) {
    return line.state() < v1::MANIFEST_STATE_FILTERED_BY_REQUEST;
  }));
}

TEST(Manifest, SourcesNeverHeardFromAreNotNamedOfSomeoneWhoseLocationIsProtected) {
  House house;
  house.Knows("Z99001").Admitted().Expects("ZT2", "moorland").Expects("ZP1", "period");
  house.LocationIs(record::LocationProtection::kNational);
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.Lines(ManifestState::kUnavailable).size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable)[0].count(), 2U);
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable)[0].text(), "");
}

// The same event, told by two: nothing groups them yet, so that each says whose word it is.
TEST(Manifest, TheSameEventOfTwoSourcesIsShownOfEachWithItsSource) {
  House house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  house.Holds("Z99001", Item(Section::kVaccinations, "Influenza vaccine"));
  house.Holds("ZT2", Item(Section::kVaccinations, "Influenza vaccine"));
  const Seen seen = house.Ask();
  std::set<std::string> sources;
  for (const auto& entry : seen.view().entries()) sources.insert(entry.source());
  EXPECT_EQ(sources, (std::set<std::string>{"Z99001", "ZT2"}));
  for (const std::string& source : sources) {
    EXPECT_EQ(seen.Lines(ManifestState::kReturned, Section::kVaccinations, source).size(), 1U);
  }
}

TEST(Manifest, ASourceThatIsHeardAndHoldsNothingIsNoneHeld) {
  House house;
  house.Knows("Z99001").Admitted().Expects("ZT2", "moorland").Hears("ZT2");
  EXPECT_EQ(house.Ask().Lines(ManifestState::kNoneHeld, {}, "ZT2").size(), 1U);
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kNoneHeld, {}, "Z99001").empty());
}

TEST(Manifest, ASourceThatMayNotBeAskedIsNeverNoneHeld) {
  House house;
  house.Knows("Z99001").Admitted().Expects("ZX1", "outside").Hears("ZX1");
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kNoneHeld).empty());
  house.Knows("ZX1").Holds("ZX1", Allergy("Latex"));
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kNoneHeld).empty());
}

TEST(Manifest, WithheldTellsReasonAndCountWhereTheReaderMayKnow) {
  House house;
  house.Knows("ZX1").Admitted();
  house.Holds("ZX1", Item(Section::kProblems, "Asthma"));
  house.Holds("ZX1", Item(Section::kProblems, "Eczema"));
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().entries_size(), 0);
  ASSERT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems, "ZX1").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems)[0].reason(), "no_agreement");
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems)[0].count(), 2U);
  EXPECT_FALSE(seen.Holds("Asthma"));
}

TEST(Manifest, WithheldTellsNeitherReasonNorCountWhereTheReaderMayNot) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Holds("Z99001", Item(Section::kProblems, "Chlamydia"), {"sexual_health"});
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().entries_size(), 1);
  ASSERT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems, "Z99001").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems)[0].reason(), "withheld");
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems)[0].count(), 0U);
  EXPECT_FALSE(seen.Holds("sexual_health"));
  EXPECT_FALSE(seen.Holds("Chlamydia"));
}

TEST(Manifest, WhatLiesOutsideAnAgreementsPeriodIsToldByTheSameRule) {
  for (const bool may_know : {false, true}) {
    House house(may_know ? Telling("outside_period") : std::string(kPolicy));
    house.Knows("ZP1").Admitted();
    record::Entry old = Item(Section::kProblems, "Measles");
    old.effective = record::When::ParseIso("1966-03-01");
    record::Entry recent = Item(Section::kProblems, "Asthma");
    recent.effective = record::When::ParseIso("2026-03-01");
    house.Holds("ZP1", old);
    house.Holds("ZP1", recent);
    const Seen seen = house.Ask();
    EXPECT_EQ(seen.view().entries_size(), 1);
    EXPECT_FALSE(seen.Holds("Measles"));
    ASSERT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems).size(), 1U);
    const auto line = seen.Lines(ManifestState::kWithheld, Section::kProblems)[0];
    EXPECT_EQ(line.reason(), may_know ? "outside_period" : "withheld");
    EXPECT_EQ(line.count(), may_know ? 1U : 0U);
  }
}

TEST(Manifest, ARefutedOrMistakenItemIsNeverAFact) {
  for (const auto verification :
       {record::Verification::kRefuted, record::Verification::kEnteredInError}) {
    House house;
    house.Knows("Z99001").Admitted();
    record::Entry entry = Allergy("Penicillin");
    entry.verification = verification;
    house.Holds("Z99001", entry);
    const Seen seen = house.Ask();
    EXPECT_FALSE(seen.Holds("Penicillin"));
    EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies, "Z99001").size(), 1U);
  }
}

TEST(Manifest, LeadsWithItsExceptions) {
  House house;
  house.Expects("Z99001", "bridge").Expects("ZT2", "moorland").Hears("Z99001");
  house.Knows("Z99001").Knows("ZX1").Admitted();
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Says("Z99001", Section::kAllergies, SectionSaying::kNoneKnown, "NKA");
  house.Holds("ZX1", Item(Section::kProblems, "Asthma"));
  house.clock.Advance(hours(2));
  const Seen seen = house.Ask();
  ManifestState last = ManifestState::kWithheld;
  for (const auto& line : seen.view().manifest().lines()) {
    const auto state = static_cast<ManifestState>(line.state());
    if (line.reason() == "never_heard_from") continue;  // after what is wrong with this record
    EXPECT_LE(last, state);
    last = state;
  }
  EXPECT_EQ(last, ManifestState::kReturned);
  EXPECT_EQ(seen.view().manifest().lines(0).state(), v1::MANIFEST_STATE_WITHHELD);
  EXPECT_EQ(seen.Lines(ManifestState::kStale).size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kUnavailable).size(), 1U);
}

TEST(Manifest, TheFilterOfTheRequestIsSaid) {
  House house;
  house.Knows("Z99001").Admitted();
  house.Holds("Z99001", Allergy("Penicillin"));
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  EXPECT_TRUE(house.Ask().Lines(ManifestState::kFilteredByRequest).empty());
  house.request.sections = {Section::kProblems};
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().entries_size(), 1);
  EXPECT_EQ(seen.Lines(ManifestState::kFilteredByRequest).size(), 1U);
  EXPECT_TRUE(seen.Lines(ManifestState::kWithheld).empty());
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded).empty());
}

TEST(Manifest, WhatAwaitsIdentityIsSaidWhereTheReaderMayKnowAndNeverShown) {
  for (const bool may_know : {false, true}) {
    House house(may_know ? Telling("awaiting_identity") : std::string(kPolicy));
    house.Knows("Z99001", [](store::Identity& identity) { identity.shareable = false; });
    house.Admitted().Holds("Z99001", Allergy("Penicillin"));
    const Seen seen = house.Ask();
    EXPECT_FALSE(seen.Holds("Penicillin"));
    const auto state = may_know ? ManifestState::kAwaitingIdentity : ManifestState::kWithheld;
    EXPECT_EQ(seen.Lines(state, Section::kAllergies).size(), 1U);
    EXPECT_EQ(seen.view().manifest().lines_size(), 1);
  }
}

}  // namespace
}  // namespace milecastle::disclose
