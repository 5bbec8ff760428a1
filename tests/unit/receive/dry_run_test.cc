#include "receive/dry_run.h"

#include <gtest/gtest.h>

#include "kit/claims.h"
#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

class DryRunning : public testing::Test {
 protected:
  DryMessage Try(const std::string& bytes) {
    return DryRun(adapter_, normaliser_, feed_, bytes).front();
  }

  kit::ScriptedAdapter adapter_;
  normalise::Normaliser normaliser_ = *normalise::Normaliser::Create({});
  port::Feed feed_;
};

TEST_F(DryRunning, SaysWhatAMessageWouldBecome) {
  const auto dry = Try(
      adapter_.Script({"M", "ADT^A08", "RXX", {}},
                      kit::About({.nhs_number = "9990000019"}, {kit::Allergy("a", "Penicillin")})));
  EXPECT_EQ(dry.outcome, DryOutcome::kAccepted);
  EXPECT_EQ(dry.items.size(), 1U);
  EXPECT_EQ(dry.nhs_number_state, "wrong_check_digit");
}

TEST_F(DryRunning, TellsUnsupportedFromRejected) {
  EXPECT_EQ(Try(adapter_.Script({"M", "ADT^A99", "RXX", {}},
                                base::Error{base::ErrorId::kMessageUnsupported, "MSH-9", ""}))
                .outcome,
            DryOutcome::kUnsupported);
  EXPECT_EQ(Try("not scripted").outcome, DryOutcome::kRejected);
}

TEST_F(DryRunning, ChecksTheSenderWhereTheFeedNamesOrganisations) {
  feed_.organisations = {*record::OdsCode::Parse("RYY")};
  const auto dry =
      Try(adapter_.Script({"M", "ADT^A08", "RXX", {}}, kit::About({.nhs_number = ""})));
  EXPECT_EQ(dry.outcome, DryOutcome::kRejected);
  EXPECT_EQ(dry.error->id, base::ErrorId::kSenderNotAllowed);
}

}  // namespace
}  // namespace milecastle::receive
