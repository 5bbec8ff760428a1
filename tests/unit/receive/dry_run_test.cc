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

  std::string Alone(base::Result<record::Contribution> says) {
    return adapter_.Script(port::ReadingOf(envelope_, std::move(says)));
  }

  const port::Envelope envelope_{"M", "ADT^A08", "RXX", {}};
  kit::ScriptedAdapter adapter_;
  normalise::Normaliser normaliser_ = *normalise::Normaliser::Create({});
  port::Feed feed_;
};

TEST_F(DryRunning, SaysWhatAMessageWouldBecome) {
  const auto dry =
      Try(Alone(kit::About({.nhs_number = "9990000019"}, {kit::Allergy("a", "Penicillin")})));
  EXPECT_EQ(dry.outcome, DryOutcome::kAccepted);
  ASSERT_EQ(dry.patients.size(), 1U);
  EXPECT_EQ(dry.patients[0].items.size(), 1U);
  EXPECT_EQ(dry.patients[0].nhs_number_state, "wrong_check_digit");
}

TEST_F(DryRunning, SaysItOfEachPatientAndWhichOfThemCannotBeRead) {
  const base::Error unread{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"};
  const auto dry = Try(adapter_.Script(
      {envelope_,
       {kit::About({.nhs_number = "9990000018"}, {kit::Allergy("a", "Penicillin")}), unread}}));
  EXPECT_EQ(dry.outcome, DryOutcome::kAccepted);
  ASSERT_EQ(dry.patients.size(), 2U);
  EXPECT_EQ(dry.patients[0].items.size(), 1U);
  EXPECT_EQ(dry.patients[1].error, unread);
  EXPECT_TRUE(dry.patients[1].items.empty());
  EXPECT_EQ(Try(adapter_.Script({envelope_, {unread, unread}})).outcome, DryOutcome::kRejected);
}

TEST_F(DryRunning, TellsUnsupportedFromRejected) {
  EXPECT_EQ(Try(Alone(base::Error{base::ErrorId::kMessageUnsupported, "MSH-9", ""})).outcome,
            DryOutcome::kUnsupported);
  EXPECT_EQ(Try("not scripted").outcome, DryOutcome::kRejected);
}

// Names the sender that a message holds, and as its patient's the number of organisations for which
// its feed speaks.
class CountingAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "counting"; }
  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    return {std::string(file)};
  }
  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    return port::ReadingOf({"M", "ADT^A08", std::string(message), {}},
                           kit::About({.nhs_number = std::to_string(feed.organisations.size())}));
  }
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return {};
  }
};

TEST_F(DryRunning, ReadsWhatNamesNoSenderAsOneOrganisations) {
  const auto count = [&](std::string_view sender) {
    const auto dry = DryRun(CountingAdapter(), normaliser_, feed_, sender).front();
    return dry.patients.front().contribution.patient.nhs_number_as_sent;
  };
  EXPECT_EQ(count(""), "1");
  EXPECT_EQ(count("RXX"), "0");
  feed_.organisations = {*record::OdsCode::Parse("RYY")};
  EXPECT_EQ(count(""), "1");
}

TEST_F(DryRunning, ChecksTheSenderWhereTheFeedNamesOrganisations) {
  feed_.organisations = {*record::OdsCode::Parse("RYY")};
  const auto dry = Try(Alone(kit::About({.nhs_number = ""})));
  EXPECT_EQ(dry.outcome, DryOutcome::kRejected);
  EXPECT_EQ(dry.error->id, base::ErrorId::kSenderNotAllowed);
}

}  // namespace
}  // namespace milecastle::receive
