// safety.md 2, 6, 9, 12 and 13: what an answer must not betray.
#include "house.h"

namespace milecastle::disclose {
namespace {

using record::ConsentKind;

TEST(Refusal, IsOneAnswerForNobodyAnotherBirthDateNoRelationshipAndObjection) {
  House nobody;
  House mistyped;
  mistyped.Knows("Z99001").Admitted();
  mistyped.request.person.birth_date = "1960-05-18";
  House stranger;
  stranger.Knows("Z99001").Holds("Z99001", Allergy("Penicillin"));
  House objects;
  objects.Knows("Z99001").Chose(ConsentKind::kObjection);
  const std::string bytes = nobody.Ask().Bytes();
  EXPECT_EQ(mistyped.Ask().Bytes(), bytes);
  EXPECT_EQ(stranger.Ask().Bytes(), bytes);
  EXPECT_EQ(objects.Ask().Bytes(), bytes);
  const Seen seen = nobody.Ask();
  EXPECT_EQ(seen.response().refusal().reason(), "cannot_answer");
  EXPECT_NE(seen.response().refusal().advice(), "");
}

TEST(Refusal, TellsWhoeverHasARelationshipWhy) {
  House house;
  house.Knows("Z99001").Admitted().Chose(ConsentKind::kObjection);
  house.Holds("Z99001", Allergy("Penicillin"));
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.response().refusal().reason(), "objection");
  EXPECT_FALSE(seen.Holds("Penicillin"));
}

// Each makes an answer that must not tell by its time what it is.
using Making = std::function<void(House&)>;
const std::vector<Making> kOnTheGrid = {
    [](House&) {},
    [](House& house) {
      house.Knows("Z99001").Admitted();
      house.request.person.birth_date = "1960-05-18";
    },
    [](House& house) { house.Knows("Z99001"); },
    [](House& house) { house.Knows("Z99001").Admitted().Chose(ConsentKind::kObjection); },
    [](House& house) { house.Knows("Z99001").Admitted(); },  // permitted, and empty
    [](House& house) {
      house.Knows("ZX1").Admitted().Holds("ZX1", Allergy("Latex"));  // all of it withheld
    },
    [](House& house) {
      house.Knows("ZT2").Admitted().Holds("ZT2", Allergy("Latex"), {"hfea"});  // or hidden
    },
};

TEST(Release, RefusalsAndEmptyAnswersAreForTheGrid) {
  for (const Making& making : kOnTheGrid) {
    House house;
    making(house);
    EXPECT_TRUE(house.Ask().answer()->on_grid);
  }
}

TEST(Release, PermitsDoNotWait) {
  House house;
  house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  EXPECT_FALSE(house.Ask().answer()->on_grid);
}

// What is hidden, told to one of two houses that are otherwise the same.
TEST(Hidden, ByStatuteChangesNoByteOfTheAnswer) {
  House with;
  House without;
  for (House* house : {&with, &without}) {
    house->Expects("ZT2", "moorland").Hears("ZT2");
    house->Knows("Z99001").Knows("ZT2").Admitted();
    house->Holds("Z99001", Allergy("Penicillin"));
    house->Holds("ZT2", Item(Section::kProblems, "Asthma"));
  }
  with.Holds("ZT2", Item(Section::kProcedures, "Embryo transfer"), {"hfea"});
  with.Holds("ZT2", Item(Section::kProblems, "Subfertility"), {"hfea"});
  EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
  EXPECT_EQ(with.AskInAnEmergency().Bytes(), without.AskInAnEmergency().Bytes());
}

TEST(Hidden, ASourceOfWhichAllIsHiddenReadsAsOneThatNeverKnewThem) {
  House with;
  House without;
  for (House* house : {&with, &without}) {
    house->Expects("ZT2", "moorland").Hears("ZT2");
    house->Expects("ZX1", "outside").Hears("ZX1");
    house->Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  }
  with.Knows("ZT2", [](store::Identity& identity) {
    identity.demographics.birth_date = record::BirthDate::Parse("1961-05-17");
  });
  with.Knows("ZX1").Holds("ZX1", Item(Section::kProcedures, "Embryo transfer"), {"hfea"});
  with.Holds("ZT2", Item(Section::kProcedures, "Embryo transfer"), {"hfea"});
  EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
  EXPECT_EQ(without.Ask().Lines(ManifestState::kNoneHeld, {}, "ZT2").size(), 1U);
}

TEST(Hidden, ByThePersonsOwnRuleChangesNoByteOfTheAnswer) {
  record::ConsentScope problems_of_zt2;
  problems_of_zt2.sections = {Section::kProblems};
  problems_of_zt2.sources = {Ods("ZT2")};
  for (const bool rule_alone : {true, false}) {
    House with;
    House without;
    for (House* house : {&with, &without}) {
      house->Knows("Z99001").Knows("ZT2").Admitted();
      house->Holds("ZT2", Allergy("Penicillin"));
    }
    with.Chose(ConsentKind::kHide, problems_of_zt2);
    if (!rule_alone) with.Holds("ZT2", Item(Section::kProblems, "Asthma"));
    EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
  }
}

TEST(Hidden, NoneKnownBesideWhatIsHiddenIsNoConflict) {
  House with;
  House without;
  record::ConsentScope of_zt2;
  of_zt2.sections = {Section::kAllergies};
  of_zt2.sources = {Ods("ZT2")};
  for (House* house : {&with, &without}) {
    house->Knows("Z99001").Knows("ZT2").Admitted().Chose(ConsentKind::kHide, of_zt2);
    house->Says("Z99001", Section::kAllergies, record::SectionSaying::kNoneKnown, "NKA");
    house->Holds("ZT2", Item(Section::kProblems, "Asthma"));
  }
  with.Holds("ZT2", Allergy("Nevirapine"));
  EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
}

TEST(Hidden, WhatCameLaterMovesNoTimeOfTheAnswer) {
  House with;
  House without;
  for (House* house : {&with, &without}) {
    house->Knows("ZT2").Admitted().Holds("ZT2", Item(Section::kProblems, "Asthma"));
    house->clock.Advance(hours(1));
  }
  with.Holds("ZT2", Item(Section::kProcedures, "Embryo transfer"), {"hfea"});
  const Seen seen = with.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kNothingRecorded, Section::kAllergies, "ZT2").size(), 1U);
  EXPECT_EQ(seen.Bytes(), without.Ask().Bytes());
}

TEST(Hidden, ALockIsNotBetrayedInAnEmergency) {
  House with;
  House without;
  for (House* house : {&with, &without}) {
    house->Knows("Z99001").Knows("ZT2").Admitted().Holds("ZT2", Allergy("Penicillin"));
  }
  with.Holds("ZT2", Item(Section::kSafeguarding, "Strategy meeting"));
  record::ConsentScope safeguarding;
  safeguarding.sections = {Section::kSafeguarding};
  with.Chose(ConsentKind::kSealAndLock, safeguarding);
  EXPECT_EQ(with.AskInAnEmergency().Bytes(), without.AskInAnEmergency().Bytes());
}

// safety.md 26: what such a clinic's name tells is no less told by a line that withholds.
TEST(SourceName, IsToldToNobodyWhoIsShownNothingOfASensitiveSource) {
  House house(Telling("sensitive"));
  house.Expects("ZS1", "clinic").Expects("ZT2", "moorland");
  house.Knows("ZS1").Knows("ZT2").Admitted().Holds("ZT2", Allergy("Penicillin"));
  house.Holds("ZS1", Item(Section::kProblems, "Herpes"));
  house.Holds("ZS1", Item(Section::kProblems, "Chlamydia"));
  house.clock.Advance(hours(2));
  const Seen seen = house.Ask();
  EXPECT_FALSE(seen.Holds("ZS1"));
  const auto withheld = seen.Lines(ManifestState::kWithheld, Section::kProblems, "");
  ASSERT_EQ(withheld.size(), 1U);
  EXPECT_TRUE(withheld[0].source_masked());
  EXPECT_EQ(withheld[0].count(), 2U) << "kept back with a line all the same";
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kAllergies, "").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kStale, {}, "").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kStale, {}, "ZT2").size(), 1U) << "others are named";

  const Seen emergency = house.AskInAnEmergency();
  EXPECT_TRUE(emergency.Holds("Herpes"));
  EXPECT_EQ(emergency.Lines(ManifestState::kReturned, Section::kProblems, "ZS1").size(), 1U);
}

TEST(SourceName, OfASensitiveSourceNeverHeardFromIsCountedAndNotListed) {
  House house;
  house.Expects("ZS1", "clinic").Expects("ZT2", "moorland").Knows("Z99001").Admitted();
  const Seen seen = house.Ask();
  const auto never = seen.Lines(ManifestState::kUnavailable);
  ASSERT_EQ(never.size(), 1U);
  EXPECT_EQ(never[0].count(), 2U);
  EXPECT_EQ(never[0].text(), "ZT2 and 1 more");
}

// An entry, demographics and a statement of which every maskable part tells where somebody is.
void TellWhere(House& house) {
  const record::Address address = {.lines = {"1 Refuge Row"}, .postcode = "ZZ1 1ZZ", .use = "home"};
  const record::Telecom telecom = {.system = "phone", .value = "01632 960001", .use = "home"};
  const auto tell = [&](store::Identity& identity) {
    identity.demographics.addresses = {address};
    identity.demographics.telecoms = {telecom};
    identity.demographics.gp_practice = "Z99009";
    identity.demographics.gp = "G9999998";
  };
  house.Knows("Z99001", tell).Knows("ZT2", tell).Knows("ZX1", tell).Admitted();
  record::Entry entry = Allergy("Penicillin");
  entry.addresses = {address};
  entry.contacts = {{.name = "Aunt Agatha",
                     .relationship = "aunt",
                     .addresses = {address},
                     .telecoms = {telecom}}};
  entry.practice = "Z99009";
  entry.performers = {{.name = "Dr Near", .organisation = "ZT2"}};
  entry.free_text = {"Seen at Refuge Row"};
  house.Holds("ZT2", entry);
  house.Holds("ZX1", Item(Section::kProblems, "Asthma"));
  record::Entry letter = Item(Section::kDocuments, "Letter");
  letter.kind = record::Kind::kDocument;
  letter.document = record::Document{.media_type = "text/plain", .bytes = "Dear 1 Refuge Row"};
  house.Holds("ZT2", letter);
  house.Says("Z99001", Section::kMedications, record::SectionSaying::kNothingRecorded,
             "Ask at Refuge Row");
  house.Expects("Z99001", "bridge").Expects("ZT2", "moorland").Expects("ZX1", "outside");
  house.Expects("ZP1", "park").Expects("ZH1", "clinic").Hears("Z99001").Hears("ZP1");
  house.clock.Advance(hours(2));
}

constexpr std::string_view kWhere[] = {"Refuge", "ZZ1 1ZZ", "01632 960001", "Z99009", "G9999998",
                                       "Agatha", "Dr Near", "Z99001",       "ZT2",    "ZX1",
                                       "ZP1",    "ZH1",     "DSA-1"};

TEST(LocationProtected, TheAnswerTellsNoAddressContactPracticeOrSource) {
  House house;
  TellWhere(house);
  house.LocationIs(record::LocationProtection::kNational);
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Warns("location_protected"));
  EXPECT_TRUE(seen.Holds("Penicillin"));
  for (const std::string_view where : kWhere) EXPECT_FALSE(seen.Holds(where)) << where;
  for (const auto& line : seen.view().manifest().lines()) EXPECT_EQ(line.source(), "");
  for (const auto& entry : seen.view().entries()) EXPECT_EQ(entry.source(), "");
}

// Words that name a place in the parts of an entry that no mask of a group takes.
void TellWhereInWords(House& house) {
  const record::Address address = {
      .lines = {"rose cottage", "Hexham"}, .postcode = "NE46 1AA", .use = "home"};
  house.Knows("ZT2",
              [&](store::Identity& identity) { identity.demographics.addresses = {address}; });
  house.Admitted();
  record::Entry allergy = Allergy("Penicillin, given at 12 Hidden Lane NE9 9ZZ");
  allergy.details = {{.name = "reaction", .text = "Anaphylaxis; ring 07700 900123"}};
  house.Holds("ZT2", allergy);
  record::Entry seen = Item(Section::kInvestigationResults, "Visit");
  seen.value = record::Value{.original = "Fled to Haven at 12 Hidden Lane"};
  seen.details = {{.name = "comment", .text = "Lives in Rose Cottage"},
                  {.name = "ward", .text = "9"}};
  house.Holds("ZT2", seen);
  house.Holds("ZT2", Item(Section::kProblems, "Asthma, seen at Haven NE9 9ZZ"));
  house.Holds("ZT2", Item(Section::kProblems, "Vitamin B12 deficiency, 1mg; Hexham eye clinic"));
}

constexpr std::string_view kPlacesInWords[] = {"Hidden Lane", "NE9 9ZZ", "900123", "Haven",
                                               "Rose Cottage"};

TEST(LocationProtected, WordsThatNameAPlaceAreTakenOutOfWhateverIsShown) {
  House house;
  TellWhereInWords(house);
  house.LocationIs(record::LocationProtection::kNational);
  for (const Seen& seen : {house.Ask(), house.AskInAnEmergency()}) {
    for (const std::string_view where : kPlacesInWords) EXPECT_FALSE(seen.Holds(where)) << where;
    for (const std::string_view fact :
         {"Penicillin, given at [masked]", "Anaphylaxis; ring [masked]", "Visit",
          "Vitamin B12 deficiency, 1mg; Hexham eye clinic"}) {
      EXPECT_TRUE(seen.Holds(fact)) << fact;
    }
    for (const auto& entry : seen.view().entries()) {
      const auto& masked = entry.masked();
      const bool is_said = std::find(masked.begin(), masked.end(), "what") != masked.end();
      EXPECT_EQ(is_said, entry.what().text().empty() ||
                             entry.what().text().find("[masked]") != std::string::npos)
          << entry.what().text();
    }
  }
}

TEST(LocationProtected, WordsThatNameAPlaceAreLeftToOthers) {
  House house;
  TellWhereInWords(house);
  const Seen seen = house.Ask();
  for (const std::string_view where : kPlacesInWords) EXPECT_TRUE(seen.Holds(where)) << where;
  house.clock.Advance(hours(24 * 31));
  const Seen unchecked = house.Ask();
  EXPECT_TRUE(unchecked.Warns("location_protection_unchecked"));
  EXPECT_TRUE(unchecked.Holds("Hidden Lane")) << "the policy shows free text there";
}

TEST(LocationProtected, NothingIsMaskedForOthers) {
  House house;
  TellWhere(house);
  const Seen seen = house.Ask();
  for (const std::string_view where : kWhere) {
    // One has a label of its own, of which nothing is shown.
    EXPECT_EQ(seen.Holds(where), where != "ZH1") << where;
  }
}

TEST(LocationProtected, ThePersonsOwnHideRuleNamesNoSource) {
  House house;
  TellWhere(house);
  house.LocationIs(record::LocationProtection::kLocal);
  record::ConsentScope demographics_and_allergies;
  demographics_and_allergies.sections = {Section::kDemographics, Section::kAllergies};
  house.Chose(ConsentKind::kHide, demographics_and_allergies);
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.response().has_view());
  for (const std::string_view where : kWhere) EXPECT_FALSE(seen.Holds(where)) << where;
}

TEST(LocationProtected, SilenceOnAllergiesIsStillSaid) {
  House house;
  house.Knows("ZT2").Admitted().Holds("ZT2", Item(Section::kProblems, "Asthma"));
  house.LocationIs(record::LocationProtection::kNational);
  EXPECT_EQ(house.Ask().Lines(ManifestState::kNothingRecorded, Section::kAllergies, "").size(), 1U);
}

// safety.md 7: of every source, though the names of two are masked alike.
TEST(LocationProtected, SilenceOnAllergiesIsSaidBesideWhatAnotherMaskedSourceReturns) {
  House house;
  house.Knows("ZT2").Knows("Z99001").Admitted();
  house.Holds("ZT2", Allergy("Penicillin"));
  house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  house.LocationIs(record::LocationProtection::kNational);
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.Lines(ManifestState::kReturned, Section::kAllergies, "").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kNothingRecorded, Section::kAllergies, "").size(), 1U);
}

TEST(LocationUnchecked, MasksWhatThePolicySaysAndWarns) {
  House house;
  TellWhere(house);
  house.clock.Advance(hours(24 * 31));
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Warns("location_protection_unchecked"));
  for (const std::string_view where : {"ZZ1 1ZZ", "01632 960001", "Z99009", "G9999998", "Agatha"}) {
    EXPECT_FALSE(seen.Holds(where)) << where;
  }
  EXPECT_TRUE(seen.Holds("Dr Near"));
}

// An allergy that was seen with a problem, both of one source; the problem carries `labels`, which
// never reach the allergy by a link.
void HoldAllergyAndProblem(House& house, const std::vector<std::string>& labels) {
  record::Entry allergy = Item(Section::kAllergies, "Salbutamol");
  allergy.links = {{.relation = "problem", .key = "Condition/7"}};
  house.Holds("ZT2", allergy);
  house.Holds("ZT2", Item(Section::kProblems, "Asthma"), labels, "Condition/7");
}

TEST(Links, LeadToEntriesOfTheSameAnswer) {
  House house;
  HoldAllergyAndProblem(house.Knows("ZT2").Admitted(), {});
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().entries_size(), 2);
  const v1::Entry& problem = seen.view().entries(0);
  const v1::Entry& allergy = seen.view().entries(1);
  ASSERT_EQ(allergy.links_size(), 1);
  EXPECT_EQ(allergy.links(0).relation(), "problem");
  EXPECT_EQ(allergy.links(0).entry_id(), problem.entry_id());
  EXPECT_EQ(problem.links_size(), 0);
  EXPECT_FALSE(seen.Holds("Condition/7"));
}

TEST(Links, ToAHiddenEntryLeaveAnAnswerLikeOneWithoutIt) {
  House with;
  HoldAllergyAndProblem(with.Knows("ZT2").Admitted(), {"hfea"});
  House without;
  without.Knows("ZT2").Admitted().Holds("ZT2", Item(Section::kAllergies, "Salbutamol"));
  const Seen seen = with.Ask();
  EXPECT_TRUE(seen.Holds("Salbutamol"));
  EXPECT_FALSE(seen.Holds("Asthma"));
  EXPECT_EQ(seen.Bytes(), without.Ask().Bytes());
}

TEST(Links, ToAWithheldEntryAreLeftOut) {
  House house;
  HoldAllergyAndProblem(house.Knows("ZT2").Admitted(), {"sexual_health"});
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().entries_size(), 1);
  EXPECT_EQ(seen.view().entries(0).links_size(), 0);
  EXPECT_FALSE(seen.Holds("Condition/7"));
}

TEST(Demographics, AreShownBySourceAndADifferenceIsWarnedOf) {
  House house;
  house.Knows("Z99001").Knows("ZT2", [](store::Identity& identity) {
    identity.demographics.birth_date = record::BirthDate::Parse("1961-05-17");
  });
  house.Admitted();
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().demographics_size(), 2);
  EXPECT_TRUE(seen.Warns("sources_disagree_on_birth_date"));
}

TEST(Demographics, WhatIsNotShownOfThemWarnsOfNothing) {
  House house;
  house.Knows("Z99001").Knows("ZX1", [](store::Identity& identity) {
    identity.demographics.birth_date = record::BirthDate::Parse("1961-05-17");
  });
  house.Admitted();
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().demographics_size(), 1);
  EXPECT_FALSE(seen.Holds("1961-05-17"));
  EXPECT_FALSE(seen.Warns("sources_disagree_on_birth_date"));
}

TEST(Demographics, AFamilyNameThatDiffersIsWarnedOf) {
  House house;
  house.Knows("Z99001").Admitted();
  EXPECT_FALSE(house.Ask().Warns("family_name_differs"));
  house.request.person.family_name = "Sample";
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.response().has_view());
  EXPECT_TRUE(seen.Warns("family_name_differs"));
}

TEST(Demographics, OfAnUntracedIdentityAreNotShown) {
  House house;
  house.Knows("Z99001").Knows("ZT2", [](store::Identity& identity) {
    identity.shareable = false;
    identity.demographics.addresses = {{.lines = {"2 Elsewhere"}, .postcode = "", .use = ""}};
  });
  house.Admitted();
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().demographics_size(), 1);
  EXPECT_EQ(seen.view().demographics(0).source(), "Z99001");
  EXPECT_FALSE(seen.Holds("Elsewhere"));
}

}  // namespace
}  // namespace milecastle::disclose
