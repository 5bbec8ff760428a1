// One message that speaks of several patients: one journal row, an outcome for each, all or
// nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/entry.h"
#include "audit/payload.h"
#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
constexpr const char* kThree = "9990000034";
const Who kAnna{.nhs_number = kOne, .local = "1", .family = "Canary-Anna"};
const Who kBen{.nhs_number = kTwo, .local = "2", .family = "Canary-Ben"};
const Who kCat{.nhs_number = kThree, .local = "3", .family = "Canary-Cat"};
const base::Error kUnread{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"};

class SeveralPatients : public testing::Test {
 protected:
  using Readings = std::vector<base::Result<record::Contribution>>;

  static record::Contribution AnnasNuts() { return kit::About(kAnna, {Allergy("a", "Nuts-Anna")}); }
  static record::Contribution BensEggs() { return kit::About(kBen, {Allergy("a", "Eggs-Ben")}); }
  static record::Contribution CatsMilk() { return kit::About(kCat, {Allergy("a", "Milk-Cat")}); }
  // Of the number's person, and not to be told from her without an officer.
  static record::Contribution DoubtfulAnna() {
    return kit::About({.nhs_number = kOne, .local = "9", .birth_date = "1999-09-09"},
                      {Allergy("b", "Doubt")});
  }

  port::Received SayAll(Readings patients) {
    return gateway_.Send(gateway_.ScriptAll("S" + std::to_string(++said_), std::move(patients)));
  }
  std::vector<Disposition> Dispositions(const port::Received& received) {
    std::vector<Disposition> all;
    for (const auto& patient : received.outcome.patients) all.push_back(patient.disposition);
    return all;
  }
  // All that the person's current entries hold, as bytes.
  std::string RecordOf(const char* number) {
    const auto segment = *gateway_.Look()->records().SegmentOf(gateway_.PersonOf(number)->id);
    return std::string(segment->bytes);
  }
  std::size_t EntriesOf(const char* number) {
    return gateway_.EntriesOf(gateway_.PersonOf(number)->id);
  }

  kit::SmallGateway gateway_;
  int said_ = 0;
};

TEST_F(SeveralPatients, AreOneJournalRowAndEachHasARecordOfTheirOwn) {
  const auto received = SayAll({AnnasNuts(), BensEggs(), CatsMilk()});
  EXPECT_EQ(received.reply, "AA");
  EXPECT_EQ(received.outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(received.outcome.entries, 3U);
  EXPECT_THAT(received.outcome.patients, SizeIs(3));
  EXPECT_EQ(*gateway_.Look()->journal().Count(), 1U);
  EXPECT_THAT(gateway_.Journalled(received.outcome).patients, SizeIs(3));
  EXPECT_THAT(RecordOf(kOne), HasSubstr("Nuts-Anna"));
  EXPECT_THAT(RecordOf(kOne), Not(HasSubstr("Ben")));
  EXPECT_THAT(RecordOf(kTwo), HasSubstr("Eggs-Ben"));
  EXPECT_THAT(RecordOf(kTwo), Not(HasSubstr("Cat")));
  EXPECT_THAT(RecordOf(kThree), Not(HasSubstr("Anna")));
  EXPECT_NE(gateway_.PersonOf(kOne)->id, gateway_.PersonOf(kTwo)->id);
}

TEST_F(SeveralPatients, EachHasAnAuditEntryThatNamesNobodyElse) {
  SayAll({AnnasNuts(), BensEggs()});
  const auto rows = gateway_.Outbox();
  ASSERT_THAT(rows, SizeIs(2));
  std::vector<std::string> numbers;
  for (const auto& row : rows) {
    const auto entry = *audit::Decode(row.bytes);
    EXPECT_EQ(entry.kind, audit::Kind::kIngest);
    numbers.push_back(audit::ReadHeadline(entry.payload)->nhs_number);
    EXPECT_THAT(entry.payload, HasSubstr("\"patients\":2"));
  }
  EXPECT_THAT(numbers, ElementsAre(kOne, kTwo));
  EXPECT_THAT(audit::Decode(rows[0].bytes)->payload, Not(HasSubstr(kTwo)));
  EXPECT_THAT(audit::Decode(rows[1].bytes)->payload, Not(HasSubstr(kOne)));
}

TEST_F(SeveralPatients, OneWhoWaitsStopsNobodyElse) {
  gateway_.Say(kit::About(kAnna));
  const auto received = SayAll({BensEggs(), DoubtfulAnna(), CatsMilk()});
  EXPECT_EQ(received.reply, "AA");
  EXPECT_EQ(received.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_THAT(
      Dispositions(received),
      ElementsAre(Disposition::kAccepted, Disposition::kAwaitingIdentity, Disposition::kAccepted));
  EXPECT_EQ(EntriesOf(kOne), 0U);
  EXPECT_EQ(EntriesOf(kTwo), 1U);
  EXPECT_EQ(EntriesOf(kThree), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().message, received.outcome.message);
  EXPECT_EQ(queued.front().patient, 2U);
}

TEST_F(SeveralPatients, OneWhoCannotBeReadIsQuarantinedForAPersonToSeeAndStopsNobodyElse) {
  const auto received = SayAll({AnnasNuts(), kUnread, CatsMilk()});
  EXPECT_EQ(received.reply, "AA");
  EXPECT_EQ(received.outcome.disposition, Disposition::kQuarantined);
  EXPECT_EQ(received.outcome.error, kUnread);
  EXPECT_THAT(Dispositions(received), ElementsAre(Disposition::kAccepted, Disposition::kQuarantined,
                                                  Disposition::kAccepted));
  EXPECT_EQ(EntriesOf(kOne), 1U);
  EXPECT_EQ(EntriesOf(kThree), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kUnreadPatient);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().patient, 2U);
  EXPECT_EQ(queued.front().reason, "message.patient_missing");
  EXPECT_EQ(gateway_.Journalled(received.outcome).patients[1].error_place, "PID[2]-3");
}

TEST_F(SeveralPatients, OfWhomNoneCanBeReadTheMessageIsRejectedAndMayBeMended) {
  const auto rejected = gateway_.Send(gateway_.ScriptAll("M", {kUnread, kUnread}));
  EXPECT_EQ(rejected.reply, "AR");
  EXPECT_EQ(rejected.outcome.error, kUnread);
  EXPECT_THAT(rejected.outcome.patients, IsEmpty());
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kUnreadPatient), IsEmpty());
  EXPECT_EQ(gateway_.Send(gateway_.ScriptAll("M", {AnnasNuts(), BensEggs()})).outcome.disposition,
            Disposition::kAccepted);
}

TEST_F(SeveralPatients, AProtectedOneIsQuarantinedWithNobodyNamedAndStopsNobodyElse) {
  gateway_.Say(kit::About(kAnna));
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
    auto person = **transaction.patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne));
    person.state = store::PersonState::kSevered;
    return transaction.patients().SavePerson(person);
  }));
  const auto received = SayAll({kit::About({.nhs_number = kThree, .local = "1"}), BensEggs()});
  EXPECT_EQ(received.outcome.disposition, Disposition::kQuarantined);
  EXPECT_EQ(EntriesOf(kTwo), 1U);
  const auto queued = gateway_.Queued(store::QueueKind::kProtectedIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_FALSE(queued.front().identity);
  EXPECT_EQ(queued.front().patient, 1U);
}

TEST_F(SeveralPatients, TheSameMessageAgainIsADuplicateAndOtherBytesAreAConflict) {
  const std::string bytes = gateway_.ScriptAll("M", {AnnasNuts(), BensEggs()});
  gateway_.Send(bytes);
  const auto version = gateway_.PersonOf(kTwo)->record_version;
  EXPECT_EQ(gateway_.Send(bytes).outcome.disposition, Disposition::kDuplicate);
  const auto other = gateway_.Send(gateway_.ScriptAll("M", {AnnasNuts(), CatsMilk()}));
  EXPECT_EQ(other.outcome.disposition, Disposition::kQuarantined);
  EXPECT_THAT(other.outcome.patients, IsEmpty()) << "the message as a whole";
  EXPECT_EQ(gateway_.PersonOf(kTwo)->record_version, version);
  EXPECT_FALSE(gateway_.PersonOf(kThree));
}

TEST_F(SeveralPatients, AreCommittedAllOrNotAtAll) {
  const std::string bytes = gateway_.ScriptAll("M", {AnnasNuts(), BensEggs()});
  gateway_.FailWrites(true);
  EXPECT_EQ(gateway_.Send(bytes).reply, "AE");
  EXPECT_FALSE(gateway_.PersonOf(kOne));
  EXPECT_EQ(*gateway_.Look()->journal().Count(), 0U);
  EXPECT_THAT(gateway_.Outbox(), IsEmpty());
  gateway_.FailWrites(false);
  EXPECT_EQ(gateway_.Send(bytes).outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(EntriesOf(kTwo), 1U);
}

// As the next message would.
TEST_F(SeveralPatients, ALaterOneFindsWhatAnEarlierOneMade) {
  gateway_.Say(kit::About({.nhs_number = "", .local = "old"}, {Allergy("o", "Old")}));
  SayAll({kit::Merge({.nhs_number = "", .local = "new"}, "old"),
          kit::About({.nhs_number = kOne, .local = "new"}, {Allergy("n", "New")})});
  EXPECT_THAT(RecordOf(kOne), HasSubstr("Old"));
  EXPECT_THAT(RecordOf(kOne), HasSubstr("New"));
}

// One entry of the key is current, and what was withdrawn is not.
TEST_F(SeveralPatients, OneWhoStandsThereTwiceIsSettledInOrderAndCountedTwice) {
  const auto received =
      SayAll({AnnasNuts(), BensEggs(), kit::About(kAnna, {Allergy("a", "Corrected")})});
  EXPECT_THAT(Dispositions(received), testing::Each(Disposition::kAccepted));
  EXPECT_THAT(gateway_.Journalled(received.outcome).patients, SizeIs(3));
  EXPECT_EQ(received.outcome.entries, 3U);
  EXPECT_EQ(EntriesOf(kOne), 1U);
  EXPECT_THAT(RecordOf(kOne), HasSubstr("Corrected"));
  EXPECT_THAT(RecordOf(kOne), Not(HasSubstr("Nuts")));
  auto withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"a"};
  SayAll({AnnasNuts(), BensEggs(), withdrawal});
  EXPECT_EQ(EntriesOf(kOne), 0U);
  EXPECT_EQ(EntriesOf(kTwo), 1U);
}

TEST_F(SeveralPatients, AMessageAboutOneIsJournalledAsBefore) {
  const auto received = gateway_.Say(AnnasNuts());
  EXPECT_THAT(received.outcome.patients, IsEmpty());
  EXPECT_THAT(gateway_.Journalled(received.outcome).patients, IsEmpty());
  EXPECT_THAT(audit::Decode(gateway_.Outbox().back().bytes)->payload, Not(HasSubstr("patients")));
}

}  // namespace
}  // namespace milecastle::receive
