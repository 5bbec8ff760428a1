#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "house.h"

namespace milecastle::disclose {
namespace {

using record::Headline;

// kind and text of the entries that lead a view, in its order.
std::vector<std::pair<int, std::string>> Leading(const v1::PatientView& view) {
  std::vector<std::pair<int, std::string>> leading;
  for (const v1::HeadlineAlert& headline : view.headlines()) {
    for (const v1::Entry& entry : view.entries()) {
      if (entry.entry_id() == headline.entry_id()) {
        leading.emplace_back(headline.kind(), entry.what().text());
      }
    }
  }
  return leading;
}

TEST(Headlines, LeadTheViewTheMostPressingFirst) {
  House house;
  house.Knows("ZT1").Admitted();
  house.Holds("ZT1", Item(Section::kProblems, "Asthma"));
  house.Leads("ZT1", Allergy("Penicillin"), Headline::kAllergy);
  // Its section comes after the other's.
  house.Leads("ZT1", Item(Section::kEndOfLifeCare, "Not for resuscitation"),
              Headline::kResuscitation);
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().entries_size(), 3);
  EXPECT_THAT(Leading(seen.view()),
              testing::ElementsAre(
                  std::pair<int, std::string>(v1::HEADLINE_RESUSCITATION, "Not for resuscitation"),
                  std::pair<int, std::string>(v1::HEADLINE_ALLERGY, "Penicillin")));
}

TEST(Headlines, AreMarkedOnTheEntriesToo) {
  House house;
  house.Knows("ZT1").Admitted();
  house.Leads("ZT1", Item(Section::kProblems, "On a plan"), Headline::kChildProtection);
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().entries_size(), 1);
  EXPECT_EQ(seen.view().entries(0).headline(), v1::HEADLINE_CHILD_PROTECTION);
}

// safety.md 6: a headline is a word about what is shown, never a way round a decision.
TEST(Headlines, WhatIsWithheldLeadsNothingAndBetraysNothing) {
  House house;
  house.Knows("ZX1").Admitted();
  house.Leads("ZX1", Item(Section::kProblems, "On a plan"), Headline::kChildProtection);
  const Seen seen = house.Ask();
  EXPECT_EQ(seen.view().headlines_size(), 0);
  EXPECT_EQ(seen.Lines(ManifestState::kWithheld, Section::kProblems, "ZX1").size(), 1U);
}

TEST(Headlines, WhatTheLawHidesLeavesTheReplyAsItWouldBe) {
  House with;
  House without;
  for (House* house : {&with, &without}) house->Knows("ZT1").Admitted();
  with.Knows("ZH1");
  with.Leads("ZH1", Item(Section::kProblems, "Hidden"), Headline::kChildProtection);
  EXPECT_EQ(with.Ask().Bytes(), without.Ask().Bytes());
}

}  // namespace
}  // namespace milecastle::disclose
