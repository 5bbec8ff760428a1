#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "house.h"

namespace milecastle::disclose {
namespace {

using record::Holding;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

record::Entry Medicine(const std::string& text) { return Item(Section::kMedications, text); }

// The texts of each group's entries, and then its conflicts.
std::vector<std::vector<std::string>> Groups(const Seen& seen) {
  std::vector<std::vector<std::string>> groups;
  for (const v1::EntryGroup& group : seen.view().groups()) {
    auto& texts = groups.emplace_back();
    for (const std::string& id : group.entry_ids()) {
      for (const v1::Entry& entry : seen.view().entries()) {
        if (entry.entry_id() == id) texts.push_back(entry.what().text());
      }
    }
    for (const std::string& conflict : group.conflicts()) texts.push_back(conflict);
  }
  return groups;
}

// Anna, known to two sources that an agreement covers.
class Reconciled : public testing::Test {
 protected:
  Reconciled() { house_.Knows("ZT1").Knows("ZT2").Knows("Z99001").Admitted(); }

  House house_;
};

TEST_F(Reconciled, TheSameOfTwoSourcesIsAGroupWithNothingMerged) {
  house_.HoldsLike("ZT1", Allergy("Penicillin"), {Holding::kStands, {7}});
  house_.HoldsLike("ZT2", Allergy("Penicillin G"), {Holding::kStands, {5, 7}});
  house_.HoldsLike("ZT2", Allergy("Latex"), {Holding::kStands, {9}});
  const Seen seen = house_.Ask();
  EXPECT_EQ(seen.view().entries_size(), 3);
  EXPECT_THAT(Groups(seen), ElementsAre(UnorderedElementsAre("Penicillin", "Penicillin G")));
}

TEST_F(Reconciled, WhatOneCallsByCodeAndAnotherByNameIsJoinedByAThirdThatHasBoth) {
  house_.HoldsLike("ZT1", Allergy("by code"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT2", Allergy("by name"), {Holding::kStands, {2}});
  EXPECT_THAT(Groups(house_.Ask()), IsEmpty());
  house_.HoldsLike("Z99001", Allergy("both"), {Holding::kStands, {1, 2}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("by code", "by name", "both")));
}

TEST_F(Reconciled, ActiveHereAndEndedThereIsAContradiction) {
  house_.HoldsLike("ZT1", Medicine("Warfarin"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT2", Medicine("warfarin"), {Holding::kEnded, {1}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Warfarin", "warfarin", "active_and_ended")));
}

TEST_F(Reconciled, ActiveHereAndDeniedThereIsAContradiction) {
  house_.HoldsLike("ZT1", Allergy("Latex"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT2", Allergy("No latex allergy"), {Holding::kDenied, {1}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Latex", "No latex allergy", "active_and_denied")));
}

TEST_F(Reconciled, ASourceThatStoppedAndBeganAgainDoesNotContradictAnother) {
  house_.HoldsLike("ZT1", Medicine("Warfarin"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT2", Medicine("warfarin, then"), {Holding::kEnded, {1}});
  house_.HoldsLike("ZT2", Medicine("warfarin, now"), {Holding::kStands, {1}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Warfarin", "warfarin, then", "warfarin, now")));
}

TEST_F(Reconciled, ASourceThatSaysNothingOfItContradictsNobody) {
  house_.HoldsLike("ZT1", Medicine("Warfarin"), {Holding::kEnded, {1}});
  house_.HoldsLike("ZT2", Medicine("warfarin"), {Holding::kNothing, {1}});
  EXPECT_THAT(Groups(house_.Ask()), ElementsAre(UnorderedElementsAre("Warfarin", "warfarin")));
}

TEST_F(Reconciled, TwoOfOneSourceAreItsOwnAffair) {
  house_.HoldsLike("ZT1", Medicine("Warfarin 1 mg"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT1", Medicine("Warfarin 3 mg"), {Holding::kEnded, {1}});
  EXPECT_THAT(Groups(house_.Ask()), IsEmpty());
}

TEST_F(Reconciled, OneSourceThatDeniesWhatItSaysContradictsItself) {
  house_.HoldsLike("ZT1", Allergy("Latex"), {Holding::kStands, {1}});
  house_.HoldsLike("ZT1", Allergy("No latex allergy"), {Holding::kDenied, {1}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Latex", "No latex allergy", "active_and_denied")));
  house_.HoldsLike("ZT2", Allergy("Latex too"), {Holding::kStands, {1}});
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Latex", "No latex allergy", "Latex too",
                                               "active_and_denied")));
}

record::Entry Dated(record::Entry entry, const char* day) {
  entry.effective = record::When::ParseIso(day);
  return entry;
}
record::Likeness Denial(std::uint64_t denies) { return {Holding::kDenied, {denies}}; }

TEST_F(Reconciled, OneSourceThatSaidSoSinceItDeniedItDoesNotContradictItself) {
  house_.HoldsLike("ZT1", Dated(Allergy("Penicillin"), "2020-05-02"),
                   {Holding::kStands, {1, record::kIsAllergy, record::kMayBeOfDrug}});
  house_.HoldsLike("ZT1", Dated(Allergy("not then"), "2010-01-01"), {Holding::kDenied, {1}});
  house_.HoldsLike("ZT1", Dated(Allergy("NKDA"), "2010-01-01"),
                   Denial(record::kDeniesDrugAllergies));
  EXPECT_THAT(Groups(house_.Ask()), IsEmpty());
  house_.HoldsLike("ZT1", Dated(Allergy("NKDA now"), "2024-01-01"),
                   Denial(record::kDeniesDrugAllergies));
  EXPECT_THAT(Groups(house_.Ask()), ElementsAre(UnorderedElementsAre(
                                        "Penicillin", "NKDA", "NKDA now", "active_and_denied")));
}

TEST_F(Reconciled, ADenialOfTheSameDayContradicts) {
  house_.HoldsLike("ZT1", Dated(Allergy("Penicillin"), "2020-05-02T10:00:00Z"),
                   {Holding::kNothing, {record::kIsAllergy, record::kMayBeOfDrug}});
  house_.HoldsLike("ZT1", Dated(Allergy("NKDA"), "2020-05-02"),
                   Denial(record::kDeniesDrugAllergies));
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Penicillin", "NKDA", "active_and_denied")));
}

TEST_F(Reconciled, ADenialOfAKindContradictsWhatMayBeOfThatKindOfAnySource) {
  house_.HoldsLike("ZT1", Allergy("Penicillin"),
                   {Holding::kStands, {1, record::kIsAllergy, record::kMayBeOfDrug}});
  house_.HoldsLike("ZT1", Allergy("Peanut"),
                   {Holding::kStands, {2, record::kIsAllergy, record::kIsOfFood}});
  house_.HoldsLike("ZT1", Allergy("Codeine, ended"),
                   {Holding::kEnded, {3, record::kIsAllergy, record::kMayBeOfDrug}});
  house_.HoldsLike("ZT2", Dated(Allergy("NKDA"), "1990-01-01"),
                   Denial(record::kDeniesDrugAllergies));
  EXPECT_THAT(Groups(house_.Ask()),
              ElementsAre(UnorderedElementsAre("Penicillin", "NKDA", "active_and_denied")));
  house_.HoldsLike("ZT1", Allergy("none at all"), Denial(record::kDeniesAllergies));
  EXPECT_THAT(Groups(house_.Ask()),
              testing::Contains(UnorderedElementsAre("Penicillin", "Peanut", "none at all",
                                                     "active_and_denied")));
}

TEST_F(Reconciled, ADenialOfAKindBesideWhatIsKeptBackTellsNothing) {
  house_.Knows("ZX1");
  house_.HoldsLike("ZX1", Allergy("Penicillin, withheld"),
                   {Holding::kStands, {1, record::kIsAllergy, record::kMayBeOfDrug}});
  house_.HoldsLike("ZT1", Allergy("NKDA"), Denial(record::kDeniesDrugAllergies));
  EXPECT_THAT(Groups(house_.Ask()), IsEmpty());
}

// safety.md 6: a group or a contradiction would tell that something is kept back.
TEST_F(Reconciled, WhatIsKeptBackMakesNoGroupAndNoContradiction) {
  house_.Knows("ZX1");
  house_.HoldsLike("ZT1", Medicine("Warfarin"), {Holding::kStands, {1, 2}});
  house_.HoldsLike("ZX1", Medicine("warfarin, withheld"), {Holding::kEnded, {1}});
  EXPECT_THAT(Groups(house_.Ask()), IsEmpty());
  house_.HoldsLike("ZT2", Medicine("warfarin"), {Holding::kStands, {2}});
  EXPECT_THAT(Groups(house_.Ask()), ElementsAre(UnorderedElementsAre("Warfarin", "warfarin")));
}

}  // namespace
}  // namespace milecastle::disclose
