// What was quarantined, and is sent again once nobody is asked of it any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using store::PersonState;
using store::QueueKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
constexpr const char* kThree = "9990000034";
const Who kAnna{.nhs_number = kOne, .local = "1"};
const Who kBen{.nhs_number = kTwo, .local = "2"};
const base::Error kUnread{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"};

class SentAgain : public testing::Test {
 protected:
  SentAgain() {
    gateway_.Say(kit::About(kAnna));
    anna_ = gateway_.PersonOf(kOne)->id;
  }

  void SetState(PersonState state) {
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      auto person = **transaction.patients().FindPerson(anna_);
      person.state = state;
      return transaction.patients().SavePerson(person);
    }));
  }
  void CloseAll(QueueKind kind) {
    ASSERT_TRUE(store::WriteAndWait(
        gateway_.store(), [&](store::Transaction& transaction) -> base::Result<void> {
          const auto open = *transaction.queues().Open({kind}, 100, std::nullopt);
          for (const auto& item : open) {
            auto closed = transaction.queues().Close(item.id, "right", "officer", kit::kMorning);
            if (!closed) return closed;
          }
          return {};
        }));
  }
  // A stranger's local number under Anna's: kept apart while she is severed.
  std::string OfTheSevered() {
    return gateway_.Script(
        "Q", kit::About({.nhs_number = kOne, .local = "9", .birth_date = "1999-09-09"},
                        {Allergy("a", "Nuts")}));
  }
  Disposition Send(const std::string& bytes) { return gateway_.Send(bytes).outcome.disposition; }
  std::vector<Disposition> SendAll(const std::string& bytes) {
    std::vector<Disposition> all;
    for (const auto& patient : gateway_.Send(bytes).outcome.patients) {
      all.push_back(patient.disposition);
    }
    return all;
  }
  std::size_t EntriesOf(const char* number) {
    return gateway_.EntriesOf(gateway_.PersonOf(number)->id);
  }

  kit::SmallGateway gateway_;
  record::PersonId anna_;
};

TEST_F(SentAgain, AQuarantinedMessageIsADuplicateWhileItsItemIsOpenAndIsTakenOnceItIsClosed) {
  SetState(PersonState::kSevered);
  const std::string bytes = OfTheSevered();
  ASSERT_EQ(Send(bytes), Disposition::kQuarantined);
  EXPECT_EQ(Send(bytes), Disposition::kDuplicate);
  EXPECT_THAT(gateway_.Queued(QueueKind::kProtectedIdentity), SizeIs(1));
  CloseAll(QueueKind::kProtectedIdentity);
  EXPECT_EQ(Send(bytes), Disposition::kQuarantined) << "she is severed still";
  EXPECT_THAT(gateway_.Queued(QueueKind::kProtectedIdentity), SizeIs(1));
  EXPECT_EQ(Send(bytes), Disposition::kDuplicate);
  CloseAll(QueueKind::kProtectedIdentity);
  SetState(PersonState::kActive);
  const auto rows = *gateway_.Look()->journal().Count();
  const auto taken = gateway_.Send(bytes);
  EXPECT_EQ(taken.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(taken.reply, "AA");
  EXPECT_EQ(gateway_.adapter().told().disposition, Disposition::kDuplicate)
      << "that it was kept apart before is not told";
  EXPECT_EQ(*gateway_.Look()->journal().Count(), rows + 1);
  EXPECT_EQ(Send(bytes), Disposition::kDuplicate) << "and once";
  EXPECT_THAT(gateway_.Queued(QueueKind::kAwaitingIdentity), SizeIs(1));
}

TEST_F(SentAgain, PatientsOfAMessageWhoWereTakenBeforeAreNotTakenTwice) {
  SetState(PersonState::kSevered);
  const std::string bytes = gateway_.ScriptAll(
      "S", {kit::About(kBen, {Allergy("a", "Eggs")}),
            kit::About({.nhs_number = kThree, .local = "1"}, {Allergy("b", "Milk")})});
  ASSERT_THAT(SendAll(bytes), ElementsAre(Disposition::kAccepted, Disposition::kQuarantined));
  CloseAll(QueueKind::kProtectedIdentity);
  SetState(PersonState::kActive);
  record::Contribution withdrawal = kit::About(kBen);
  withdrawal.withdrawn_keys = {"a"};
  gateway_.Say(withdrawal);
  const auto version = gateway_.PersonOf(kTwo)->record_version;
  const auto again = gateway_.Send(bytes);
  EXPECT_EQ(again.outcome.disposition, Disposition::kAwaitingIdentity);
  ASSERT_THAT(again.outcome.patients, SizeIs(2));
  EXPECT_EQ(again.outcome.patients[0].disposition, Disposition::kDuplicate);
  EXPECT_EQ(again.outcome.patients[1].disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(EntriesOf(kTwo), 0U) << "what was withdrawn since stays so";
  EXPECT_EQ(gateway_.PersonOf(kTwo)->record_version, version);
  EXPECT_EQ(gateway_.Queued(QueueKind::kAwaitingIdentity).front().patient, 2U);
  EXPECT_EQ(Send(bytes), Disposition::kDuplicate);
}

TEST_F(SentAgain, APatientWhoWaitedTheFirstTimeIsTakenByTheirOwnLatestOutcome) {
  const std::string bytes = gateway_.ScriptAll(
      "S", {kit::About({.nhs_number = kOne, .local = "9", .birth_date = "1999-09-09"}), kUnread});
  ASSERT_THAT(SendAll(bytes),
              ElementsAre(Disposition::kAwaitingIdentity, Disposition::kQuarantined));
  CloseAll(QueueKind::kUnreadPatient);
  EXPECT_THAT(SendAll(bytes), ElementsAre(Disposition::kDuplicate, Disposition::kQuarantined));
  const auto waits = gateway_.Queued(QueueKind::kAwaitingIdentity).front();
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
    auto closed = transaction.queues().Close(waits.id, "turned_away", "officer", kit::kMorning);
    if (!closed) return closed;
    return transaction.journal().SetOutcome(*waits.message, {1, "quarantined", 0});
  }));
  EXPECT_THAT(SendAll(bytes), ElementsAre(Disposition::kAwaitingIdentity, Disposition::kDuplicate));
}

TEST_F(SentAgain, AMessageThatTookAnothersControlIdStaysOutAfterItsItemIsClosed) {
  gateway_.Send(gateway_.Script("M", kit::About(kBen, {Allergy("a", "Eggs")})));
  const std::string other = gateway_.Script("M", kit::About(kBen, {Allergy("b", "Nuts")}));
  ASSERT_EQ(Send(other), Disposition::kQuarantined);
  CloseAll(QueueKind::kConflictingDuplicate);
  EXPECT_EQ(Send(other), Disposition::kDuplicate);
  EXPECT_EQ(EntriesOf(kTwo), 1U);
  EXPECT_THAT(gateway_.Queued(QueueKind::kConflictingDuplicate), IsEmpty());
}

}  // namespace
}  // namespace milecastle::receive
