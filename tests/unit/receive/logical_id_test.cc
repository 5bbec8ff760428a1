// Messages that name their patient by the id of a FHIR server's record alone, and messages of
// nobody.
#include "record/logical_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
constexpr const char* kThree = "9990000034";

class LogicalId : public testing::Test {
 protected:
  static record::LocalIdentifier Record(const std::string& id, const std::string& of = "feed:a") {
    return {of, std::string(record::kLogicalIdType), id};
  }
  // A resource whose subject is Patient/id.
  static record::Contribution Named(const record::LocalIdentifier& name, const std::string& key) {
    record::Contribution contribution;
    contribution.patient.local_identifiers = {name};
    contribution.drafts = {Allergy(key, "Penicillin")};
    return contribution;
  }
  // The Patient of that id.
  static record::Contribution Patient(const Who& who, const std::string& id) {
    record::Contribution contribution = kit::About(who);
    contribution.patient.local_identifiers.push_back(Record(id));
    return contribution;
  }
  std::optional<store::Identity> IdentityOf(const record::LocalIdentifier& name) {
    return *gateway_.Look()->patients().FindByLocal(*record::OdsCode::Parse("RXX"), name);
  }

  kit::SmallGateway gateway_;
};

TEST_F(LogicalId, ThatNobodyKnowsMakesAnUnidentifiedPersonOfItsOwn) {
  const auto received = gateway_.Say(Named(Record("7"), "a"));
  EXPECT_EQ(received.outcome.disposition, Disposition::kAccepted);
  const auto person = *gateway_.Look()->patients().FindPerson(IdentityOf(Record("7"))->person);
  EXPECT_EQ(person->state, store::PersonState::kUnidentified);
  EXPECT_EQ(person->nhs_number, std::nullopt);
}

TEST_F(LogicalId, LeadsToThePersonWhosePatientResourceCameBefore) {
  gateway_.Say(Patient({.nhs_number = kOne}, "7"));
  gateway_.Say(Named(Record("7"), "a"));
  EXPECT_EQ(gateway_.EntriesOf(gateway_.PersonOf(kOne)->id), 1U);
}

TEST_F(LogicalId, IsSettledByThePatientResourceThatComesAfter) {
  gateway_.Say(Named(Record("7"), "a"));
  gateway_.Say(Patient({.nhs_number = kOne}, "7"));
  EXPECT_EQ(gateway_.EntriesOf(gateway_.PersonOf(kOne)->id), 1U);
}

TEST_F(LogicalId, OfTwoRecordsOrTwoServersAreTwoPeople) {
  gateway_.Say(Named(Record("7"), "a"));
  gateway_.Say(Named(Record("8"), "a"));
  gateway_.Say(Named(Record("7", "https://b.example/fhir"), "a"));
  const auto first = IdentityOf(Record("7"))->person;
  EXPECT_NE(IdentityOf(Record("8"))->person, first);
  EXPECT_NE(IdentityOf(Record("7", "https://b.example/fhir"))->person, first);
}

// A sender that writes the same id for whomever its message is about.
TEST_F(LogicalId, NeverOutweighsAnotherHospitalNumber) {
  gateway_.Say(Patient({.local = "1"}, "example"));
  const auto second = gateway_.Say(Patient({.local = "2", .given = "Berta"}, "example"));
  EXPECT_EQ(second.outcome.disposition, Disposition::kAwaitingIdentity);
  const auto queued = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(queued, SizeIs(1));
  EXPECT_EQ(queued.front().reason, "local_identifiers_disagree");
}

TEST_F(LogicalId, NeverOutweighsAnotherBirthDate) {
  gateway_.Say(Patient({}, "example"));
  const auto second = gateway_.Say(Patient({.birth_date = "1981-01-02"}, "example"));
  EXPECT_EQ(second.outcome.disposition, Disposition::kAwaitingIdentity);
}

TEST_F(LogicalId, OfAPersonWithAnotherNumberWaits) {
  gateway_.Say(Patient({.nhs_number = kOne}, "example"));
  const auto second = gateway_.Say(Patient({.nhs_number = kTwo}, "example"));
  EXPECT_EQ(second.outcome.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(gateway_.PersonOf(kTwo), std::nullopt);
}

// What the source said before must be found again, to be replaced.
TEST_F(LogicalId, GivenAnewInEachMessageGoesOnWhereTheNumberWent) {
  gateway_.Say(Patient({.nhs_number = kThree}, "first"));
  const auto identity = IdentityOf(Record("first"))->id;
  for (int i = 0; i < 40; ++i) {
    gateway_.Say(Patient({.nhs_number = kThree}, "other-" + std::to_string(i)));
  }
  const auto all = *gateway_.Look()->patients().IdentitiesOf(gateway_.PersonOf(kThree)->id);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all.front().id, identity);
  EXPECT_LE(all.front().local_identifiers.size(), 16U) << "and does not grow for ever";
}

TEST_F(LogicalId, IsBesideAHospitalNumberAndInItsPlace) {
  gateway_.Say(kit::About({.nhs_number = kOne, .local = "1"}));
  gateway_.Say(Patient({.nhs_number = kOne}, "7"));
  EXPECT_EQ(IdentityOf(Record("7"))->id, gateway_.IdentityOf("1")->id);

  gateway_.Say(Patient({.nhs_number = kTwo}, "8"));
  gateway_.Say(kit::About({.nhs_number = kTwo, .local = "2"}));
  EXPECT_EQ(IdentityOf(Record("8"))->id, gateway_.IdentityOf("2")->id);
}

TEST_F(LogicalId, TracesNobody) {
  gateway_.Say(Patient({.nhs_number = kOne}, "7"));
  const identify::Tracer& tracer = *gateway_.tracer;
  EXPECT_THAT(tracer.Describe(*IdentityOf(Record("7"))).locals, IsEmpty());
}

TEST_F(LogicalId, AMessageOfNobodyIsTakenAndMakesNoPerson) {
  record::Contribution nobodys;
  nobodys.not_carried = {{"resourceType", "it speaks of no patient (Organization)"}};
  const std::string bytes = gateway_.Script("N", nobodys);
  const auto received = gateway_.Send(bytes);
  EXPECT_EQ(received.outcome.disposition, Disposition::kAccepted);
  EXPECT_THAT(received.outcome.not_carried, SizeIs(1));
  EXPECT_EQ(gateway_.Journalled(received.outcome).disposition, "accepted");
  EXPECT_THAT(gateway_.Outbox(), SizeIs(1));
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kAwaitingIdentity), IsEmpty());
  EXPECT_EQ(*gateway_.Look()->records().LastHeard(*record::OdsCode::Parse("RXX")), std::nullopt)
      << "a source that sends no patient's data is silent";
  EXPECT_EQ(gateway_.Send(bytes).outcome.disposition, Disposition::kDuplicate);
}

// It says something of a patient, whoever it is.
TEST_F(LogicalId, AMessageThatNamesNobodyAndHoldsAnEntryWaits) {
  record::Contribution nameless;
  nameless.drafts = {Allergy("a", "Penicillin")};
  nameless.not_carried = {{"entry[0]", "an element that is not mapped"}};
  EXPECT_EQ(gateway_.Say(nameless).outcome.disposition, Disposition::kAwaitingIdentity);
}

}  // namespace
}  // namespace milecastle::receive
