#include <gmock/gmock.h>

#include "contract.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::string_view kOne = "9990000018";
constexpr std::string_view kTwo = "9990000026";

TEST_P(StoreContract, KeepsAnIdentityWhole) {
  Person person = SavedPerson(kOne);
  const Identity identity = SavedIdentity(person);
  ++person.record_version;  // one more identity changes what a view would show
  Reopen();
  auto snapshot = Read();
  EXPECT_EQ(**snapshot->patients().FindIdentity(identity.id), identity);
  EXPECT_EQ(**snapshot->patients().FindPerson(person.id), person);
  EXPECT_THAT(*snapshot->patients().IdentitiesOf(person.id), ElementsAre(identity));
  EXPECT_THAT(*snapshot->patients().FindByNhsNumber(Nhs(kOne)), ElementsAre(identity));
}

TEST_P(StoreContract, FindsAnIdentityByItsLocalNumberOnlyWithinItsSource) {
  const Identity identity = SavedIdentity(SavedPerson(kOne));
  const auto& local = identity.local_identifiers.front();
  auto snapshot = Read();
  EXPECT_EQ((*snapshot->patients().FindByLocal(Ods("RXX"), local))->id, identity.id);
  EXPECT_FALSE(*snapshot->patients().FindByLocal(Ods("RYY"), local));
  auto other = local;
  other.authority = "RYY";
  EXPECT_FALSE(*snapshot->patients().FindByLocal(Ods("RXX"), other));
}

TEST_P(StoreContract, ReplacedIdentityIsFoundByWhatItSaysNowAlone) {
  Identity identity = SavedIdentity(SavedPerson(kOne));
  const auto before = identity.local_identifiers.front();
  identity.local_identifiers = {{"RXX", "MR", "NEW"}};
  identity.nhs_number = Nhs(kTwo);
  identity.demographics.names = {{"Jones", "Siân", "", "", "L"}};
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  auto snapshot = Read();
  EXPECT_FALSE(*snapshot->patients().FindByLocal(Ods("RXX"), before));
  EXPECT_TRUE(*snapshot->patients().FindByLocal(Ods("RXX"), {"RXX", "MR", "NEW"}));
  EXPECT_THAT(*snapshot->patients().FindByNhsNumber(Nhs(kOne)), SizeIs(0));
  EXPECT_THAT(*snapshot->patients().FindByNhsNumber(Nhs(kTwo)), SizeIs(1));
  EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1961-04-23"), "OBrien Smyth", 9), SizeIs(0));
  EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1961-04-23"), "jones", 9), SizeIs(1));
}

TEST_P(StoreContract, SeveredPersonsAreFoundByTheirOwnNumberAndNobodyElseIs) {
  Person severed = SavedPerson(kOne);
  SavedPerson(kTwo);
  SavedPerson("");
  EXPECT_THAT(*Read()->patients().FindSeveredByNhsNumber(Nhs(kOne)), SizeIs(0));
  severed.state = PersonState::kSevered;
  Commit([&](Transaction& in) { return in.patients().SavePerson(severed); });
  const auto found = *Read()->patients().FindSeveredByNhsNumber(Nhs(kOne));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().id, severed.id);
  EXPECT_THAT(*Read()->patients().FindSeveredByNhsNumber(Nhs(kTwo)), SizeIs(0));
}

TEST_P(StoreContract, CandidatesShareBirthDateAndFoldedFamilyName) {
  for (int i = 0; i < 3; ++i) SavedIdentity(SavedPerson(""));
  auto snapshot = Read();
  EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1961-04-23"), "OBRIEN SMYTH", 9), SizeIs(3));
  EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1961-04-23"), "O’Brien-Smyth", 2), SizeIs(2));
  EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1961-04-24"), "OBrien Smyth", 9), SizeIs(0));
}

Identity Resident(const Person& person, const char* local) {
  Identity identity = IdentityOf(person);
  identity.local_identifiers = {{"RXX", "MR", local}};
  identity.demographics.names = {{"Smith", "Anna Jane", "", "", "L"}};
  identity.demographics.birth_date = Born("1961-04-23");
  identity.demographics.addresses = {{{}, "ne28 6he", "home"}, {{}, "ZZ99 3VZ", "temp"}};
  return identity;
}

TEST_P(StoreContract, ATraceFindsPeopleByWhatTheySoundLikeByGivenNamePostcodeAndIdentifier) {
  const Identity identity = Resident(SavedPerson(""), "7");
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  Reopen();
  auto snapshot = Read();
  auto& patients = snapshot->patients();
  const auto born = Born("1961-04-23");
  const auto other_day = Born("1961-04-24");
  EXPECT_THAT(*patients.FindBySound(born, SoundOf("smythe"), 9), ElementsAre(identity));
  EXPECT_THAT(*patients.FindBySound(other_day, SoundOf("smythe"), 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByGiven(born, "anna", 9), ElementsAre(identity));
  EXPECT_THAT(*patients.FindByGiven(born, "jane", 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByPostcode("NE286HE", "smith", 9), ElementsAre(identity));
  EXPECT_THAT(*patients.FindByPostcode("NE286HE", "jones", 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByIdentifier({"RXX", "PI", "7"}, 9), ElementsAre(identity));
  EXPECT_THAT(*patients.FindByIdentifier({"RYY", "MR", "7"}, 9), SizeIs(0));
  EXPECT_THAT(*patients.FindBySound(born, "", 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByGiven(born, "", 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByPostcode("", "", 9), SizeIs(0));
  EXPECT_THAT(*patients.FindByIdentifier({"RXX", "MR", ""}, 9), SizeIs(0));
}

TEST_P(StoreContract, ATraceReadsNoMoreThanItAsksForAndFindsPeopleByWhatTheySayNow) {
  Identity first = Resident(SavedPerson(""), "1");
  const Identity second = Resident(SavedPerson(""), "2");
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.patients().SaveIdentity(first));
    return in.patients().SaveIdentity(second);
  });
  const auto born = Born("1961-04-23");
  EXPECT_THAT(*Read()->patients().FindBySound(born, SoundOf("smith"), 1), SizeIs(1));
  first.demographics.addresses = {{{}, "LS1 1AA", "home"}};
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(first); });
  EXPECT_THAT(*Read()->patients().FindByPostcode("NE286HE", "smith", 9), ElementsAre(second));
  EXPECT_THAT(*Read()->patients().FindByPostcode("LS11AA", "smith", 9), SizeIs(1));
  first.demographics.birth_date.reset();
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(first); });
  EXPECT_THAT(*Read()->patients().FindBySound(born, SoundOf("smith"), 9), ElementsAre(second));
  EXPECT_THAT(*Read()->patients().FindByPostcode("LS11AA", "smith", 9), SizeIs(1));
}

TEST_P(StoreContract, KeepsWhyALinkWasMade) {
  const Person one = SavedPerson(kOne);
  const Person two = SavedPerson("");
  const Identity identity = SavedIdentity(two);
  LinkEvent traced = Move(identity, two, one, "traced_certain");
  traced.why = MatchNote{
      "a1b2c3", "certain", 95, {{"family_name", "agrees", 25}, {"postcode", "differs", -3}}};
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.patients().Link(traced));
    return in.patients().Link(Move(identity, one, two, "officer_unlink"));
  });
  Reopen();
  const auto links = *Read()->patients().LinksOf(one.id);
  ASSERT_THAT(links, SizeIs(2));
  EXPECT_EQ(links[0].why, traced.why);
  EXPECT_FALSE(links[1].why);
}

TEST_P(StoreContract, TwoWhoAreKeptApartAreFoundFromEitherSideAndOnce) {
  const Identity one = SavedIdentity(SavedPerson(kOne));
  const Identity two = SavedIdentity(SavedPerson(kTwo));
  const Identity three = SavedIdentity(SavedPerson(""));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.patients().KeepApart({one.id, two.id, "officer", At(1)}));
    EXPECT_TRUE(in.patients().KeepApart({one.id, two.id, "officer", At(2)}));
    return in.patients().KeepApart({two.id, one.id, "officer", At(3)});
  });
  Reopen();
  EXPECT_THAT(*Read()->patients().ApartFrom(one.id), ElementsAre(two.id));
  EXPECT_THAT(*Read()->patients().ApartFrom(two.id), ElementsAre(one.id));
  EXPECT_THAT(*Read()->patients().ApartFrom(three.id), SizeIs(0));
}

TEST_P(StoreContract, OnlyOnePersonIsActiveUnderANumber) {
  const Person first = SavedPerson(kOne);
  Person second{.id = record::PersonId::New(At(0)), .nhs_number = Nhs(kOne)};
  const auto saved = Try([&](Transaction& in) { return in.patients().SavePerson(second); });
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().id, base::ErrorId::kConflict);

  Person severed = first;
  severed.state = PersonState::kSevered;
  Commit([&](Transaction& in) { return in.patients().SavePerson(severed); });
  EXPECT_FALSE(*Read()->patients().FindPersonByNhsNumber(Nhs(kOne)));
  Commit([&](Transaction& in) { return in.patients().SavePerson(second); });
  EXPECT_EQ((*Read()->patients().FindPersonByNhsNumber(Nhs(kOne)))->id, second.id);
}

TEST_P(StoreContract, LinkMovesTheIdentityKeepsItsHistoryAndAdvancesBoth) {
  const Person from = SavedPerson(kOne);
  const Person to = SavedPerson(kTwo);
  const Identity identity = SavedIdentity(from);
  const LinkEvent merge = Move(identity, from, to, "merge:A40");
  Commit([&](Transaction& in) { return in.patients().Link(merge); });
  auto snapshot = Read();
  EXPECT_THAT(*snapshot->patients().IdentitiesOf(from.id), SizeIs(0));
  EXPECT_THAT(*snapshot->patients().IdentitiesOf(to.id), SizeIs(1));
  const auto history = snapshot->patients().LinksOf(from.id);
  ASSERT_THAT(*history, SizeIs(1));
  EXPECT_EQ(history->front().reason, "merge:A40");
  EXPECT_EQ(history->front().to, to.id);
  EXPECT_GT(Again(from).record_version, from.record_version);
  EXPECT_GT(Again(to).record_version, to.record_version);
}

TEST_P(StoreContract, LinksAreUndoneByALinkBack) {
  const Person one = SavedPerson(kOne);
  const Person two = SavedPerson(kTwo);
  const Identity identity = SavedIdentity(one);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.patients().Link(Move(identity, one, two, "merge:A40")));
    return in.patients().Link(Move(identity, two, one, "officer_unlink"));
  });
  EXPECT_THAT(*Read()->patients().IdentitiesOf(one.id), SizeIs(1));
  EXPECT_THAT(*Read()->patients().LinksOf(two.id), SizeIs(2));
}

TEST_P(StoreContract, LinkFromAPersonThatNoLongerHoldsTheIdentityIsRefused) {
  const Person one = SavedPerson(kOne);
  const Person two = SavedPerson(kTwo);
  const Person three = SavedPerson("");
  const Identity identity = SavedIdentity(one);
  const auto linked = Try([&](Transaction& in) {
    return in.patients().Link(Move(identity, three, two, "officer_link"));
  });
  ASSERT_FALSE(linked);
  EXPECT_EQ(linked.error().id, base::ErrorId::kConflict);
}

TEST_P(StoreContract, FirstSightingIsWrittenAfterTheIdentity) {
  const Person person = SavedPerson(kOne);
  const Identity identity = SavedIdentity(person);
  LinkEvent sighting = Move(identity, person, person, "first_sighting");
  sighting.from = {};
  Commit([&](Transaction& in) { return in.patients().Link(sighting); });
  EXPECT_THAT(*Read()->patients().LinksOf(person.id), SizeIs(1));
}

TEST_P(StoreContract, SavingNeverMovesAnIdentity) {
  const Person one = SavedPerson(kOne);
  const Person two = SavedPerson(kTwo);
  Identity identity = SavedIdentity(one);
  identity.person = two.id;
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  EXPECT_THAT(*Read()->patients().IdentitiesOf(one.id), SizeIs(1));
}

TEST_P(StoreContract, WhatAnIdentitySaysAnewIsReadAtOnceAndAdvancesTheVersion) {
  const Person person = SavedPerson(kOne);
  Identity identity = SavedIdentity(person);
  const auto version = Again(person).record_version;
  EXPECT_EQ(*Read()->patients().IdentitiesOf(person.id), std::vector{identity});
  identity.demographics.language = "cy";
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  EXPECT_EQ(*Read()->patients().IdentitiesOf(person.id), std::vector{identity});
  EXPECT_EQ(Again(person).record_version, version + 1);
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  EXPECT_EQ(Again(person).record_version, version + 1) << "nothing changed";
}

TEST_P(StoreContract, SavingAPersonNeverTakesItsVersionBack) {
  const Person person = SavedPerson(kOne);
  Commit([&](Transaction& in) { return in.patients().AdvanceVersion(person.id); });
  const auto advanced = Again(person).record_version;
  Person changed = person;
  changed.under_merge_review = true;
  Commit([&](Transaction& in) { return in.patients().SavePerson(changed); });
  EXPECT_EQ(Again(person).record_version, advanced + 1) << "a view would show something else";
  EXPECT_TRUE(Again(person).under_merge_review);
  Commit([&](Transaction& in) { return in.patients().SavePerson(changed); });
  EXPECT_EQ(Again(person).record_version, advanced + 1) << "nothing changed";
}

TEST_P(StoreContract, KeepsHostileTextAsItIs) {
  Identity identity = IdentityOf(SavedPerson(kOne));
  std::vector<std::string> payloads = {
      "'; DROP TABLE persons; --",        "\" OR 1=1", "%_\\",
      std::string("nul\0inside", 10),     "\xFF\xFE",  "?1 :name @x",
      "' UNION SELECT * FROM consents --"};
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    identity.local_identifiers = {{"RXX", "MR", payloads[i]}};
    identity.demographics.names = {{payloads[i], payloads[i], "", "", ""}};
    identity.nhs_number_as_sent = payloads[i];
    Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
    auto snapshot = Read();
    EXPECT_EQ(**snapshot->patients().FindByLocal(Ods("RXX"), {"RXX", "MR", payloads[i]}), identity);
    EXPECT_FALSE(*snapshot->patients().FindByLocal(Ods("RXX"), {"RXX", payloads[i], "MR"}));
    EXPECT_THAT(*snapshot->patients().FindSimilar(Born("1900-01-01"), payloads[i], 9), SizeIs(0));
  }
}

}  // namespace
}  // namespace milecastle::store
