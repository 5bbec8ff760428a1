#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/logical_id.h"
#include "unit/identify/index.h"

namespace milecastle::identify {
namespace {

using testing::IsEmpty;

// An id of a server's record that its source gives to two patients.
class DisputedId : public Index {
 protected:
  static record::LocalIdentifier Record() {
    return {"feed:a", std::string(record::kLogicalIdType), "7"};
  }
  static record::Contribution PatientSeven(const kit::Who& who) {
    record::Contribution contribution = kit::About(who);
    contribution.patient.local_identifiers.push_back(Record());
    return contribution;
  }
  static record::Contribution OfSeven() {
    record::Contribution contribution;
    contribution.patient.local_identifiers = {Record()};
    return contribution;
  }
  void MustSettleAs(const record::Contribution& contribution, const record::PersonId& person) {
    EXPECT_TRUE(
        store::WriteAndWait(*store_, [&](store::Transaction& transaction) -> base::Result<void> {
          const auto said = IdentifyAs(
              transaction,
              {contribution.patient, contribution.merge, kHospital, "feed", false, clock_.Now()},
              std::nullopt, person);
          return said ? base::Result<void>() : said.error();
        }));
  }
};

TEST_F(DisputedId, NamesNobodyByItself) {
  MustSettle(Sight(PatientSeven({.nhs_number = kOne})));
  MustWait(
      Sight(PatientSeven({.nhs_number = kTwo, .birth_date = "1950-05-05", .family = "Other"})));
  EXPECT_EQ(MustWait(Sight(OfSeven())).reason, WaitReason::kLocalIdentifiersDisagree);
}

TEST_F(DisputedId, IsGivenToNobodyByAClaimThatANumberSettles) {
  const auto one = MustSettle(Sight(PatientSeven({.nhs_number = kOne})));
  MustWait(
      Sight(PatientSeven({.nhs_number = kTwo, .birth_date = "1950-05-05", .family = "Other"})));
  EXPECT_EQ(MustSettle(Sight(PatientSeven({.nhs_number = kOne}))).person, one.person);
  MustWait(Sight(OfSeven()));
}

TEST_F(DisputedId, GoesWhereAnOfficerSays) {
  const kit::Who other{.nhs_number = kTwo, .birth_date = "1950-05-05", .family = "Other"};
  const auto two = MustSettle(Sight(other));
  const auto one = MustSettle(Sight(PatientSeven({.nhs_number = kOne})));
  MustWait(Sight(PatientSeven(other)));
  MustSettleAs(PatientSeven(other), two.person);
  EXPECT_EQ(MustSettle(Sight(OfSeven())).person, two.person);
  EXPECT_THAT(IdentityBy(one.identity).local_identifiers, IsEmpty());
}

}  // namespace
}  // namespace milecastle::identify
