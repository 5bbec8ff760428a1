#include "record/record_system.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

TEST(RecordSystem, EveryKeyOfAContributionIsPutBehindItsName) {
  Contribution contribution;
  Draft draft;
  draft.source_key = "Observation/1";
  draft.entry.group = "DiagnosticReport/1";
  draft.entry.links = {{"problem", "Condition/1"}};
  contribution.drafts = {draft};
  contribution.withdrawn_keys = {"Condition/2"};
  contribution.replaced_documents = {"Composition/1"};
  PreferenceClaim choice;
  choice.key = "Consent/1";
  contribution.preferences = {choice, {}};
  PutInSystem("pas", contribution);
  const Draft& put = contribution.drafts.front();
  EXPECT_EQ(put.source_key, "pas|Observation/1");
  EXPECT_EQ(put.entry.group, "pas|DiagnosticReport/1");
  EXPECT_EQ(put.entry.links.front().key, "pas|Condition/1");
  EXPECT_EQ(contribution.withdrawn_keys.front(), "pas|Condition/2");
  EXPECT_EQ(contribution.replaced_documents.front(), "pas|Composition/1");
  EXPECT_EQ(contribution.preferences.front().key, "pas|Consent/1");
  EXPECT_EQ(contribution.preferences.back().key, "") << "what has no key gets none";
}

TEST(RecordSystem, IsToldFromTheKeyAgain) {
  EXPECT_EQ(SystemOf(OfSystem("pas") + "Patient/system|1"), "pas");
  EXPECT_EQ(SystemOf("Observation/1"), "");
  std::vector<std::string> systems;
  EXPECT_EQ(SystemIn(systems, "pas|a"), 0U);
  EXPECT_EQ(SystemIn(systems, "lis|a"), 1U);
  EXPECT_EQ(SystemIn(systems, "pas|b"), 0U);
}

}  // namespace
}  // namespace milecastle::record
