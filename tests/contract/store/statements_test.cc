// What record systems say of whole sections.
#include <gmock/gmock.h>

#include "contract.h"

namespace milecastle::store {
namespace {

using record::Section;
using testing::SizeIs;

TEST_P(StoreContract, StatementOfAnUntracedIdentityIsMarkedAndTakesThePlaceOfNoOther) {
  const Person person = SavedPerson("9990000018");
  const Identity traced = SavedIdentity(person, "RYY");
  Identity untraced = IdentityOf(person, "RYY");
  untraced.shareable = false;
  const auto said = Said("RYY", Section::kAllergies, record::SectionSaying::kNothingRecorded, 1);
  const auto later = Said("RYY", Section::kAllergies, record::SectionSaying::kNoneKnown, 2);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.patients().SaveIdentity(untraced));
    EXPECT_TRUE(in.records().PutStatement(traced.id, said));
    return in.records().PutStatement(untraced.id, later);
  });
  const auto statements = *Read()->records().StatementsOf(person.id);
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_FALSE(statements[0].untraced);
  EXPECT_EQ(statements[0].statement.saying, record::SectionSaying::kNothingRecorded);
  EXPECT_TRUE(statements[1].untraced);
  EXPECT_EQ(statements[1].statement.saying, record::SectionSaying::kNoneKnown);
}

TEST_P(StoreContract, NewestStatementOfASourceAndSectionCounts) {
  const Person person = SavedPerson("9990000018");
  const Identity one = SavedIdentity(person);
  const Identity two = SavedIdentity(person);
  const auto none = Said("RXX", Section::kAllergies, record::SectionSaying::kNoneKnown, 5);
  const auto newer = Said("RXX", Section::kAllergies, record::SectionSaying::kNothingRecorded, 9);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.records().PutStatement(one.id, newer));
    EXPECT_TRUE(in.records().PutStatement(one.id, none)) << "late, and passed over";
    EXPECT_TRUE(in.records().PutStatement(two.id, none));
    return in.records().PutStatement(
        one.id, Said("RYY", Section::kAllergies, record::SectionSaying::kUnavailable, 7));
  });
  const auto statements = Read()->records().StatementsOf(person.id);
  ASSERT_THAT(*statements, SizeIs(2));
  EXPECT_EQ((*statements)[0].statement, newer.statement);
  EXPECT_EQ((*statements)[0].stored, At(9));
  EXPECT_THAT(FactsOf(person).statements, SizeIs(2));

  const Section allergies[] = {Section::kAllergies};
  Commit([&](Transaction& in) { return in.records().DropStatements(one.id, "", allergies); });
  EXPECT_THAT(*Read()->records().StatementsOf(person.id), SizeIs(1));
}

TEST_P(StoreContract, StatementsOfTwoSystemsOfASourceStandBesideEachOther) {
  const Person person = SavedPerson("9990000018");
  const Identity one = SavedIdentity(person);
  const auto of = [](SourceStatement said, const std::string& system) {
    said.system = system;
    return said;
  };
  const auto apart = Said("RXX", Section::kAllergies, record::SectionSaying::kConfidentialItems, 5);
  const auto none = Said("RXX", Section::kAllergies, record::SectionSaying::kNoneKnown, 9);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.records().PutStatement(one.id, of(apart, "pas|")));
    EXPECT_TRUE(in.records().PutStatement(one.id, of(none, "epr|")));
    return in.records().PutStatement(one.id, of(none, "epr|"));
  });
  const auto statements = *Read()->records().StatementsOf(person.id);
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(statements[0].system, "epr|");
  EXPECT_EQ(statements[1].system, "pas|");
  EXPECT_EQ(statements[1].statement.saying, record::SectionSaying::kConfidentialItems);

  const Section allergies[] = {Section::kAllergies};
  Commit([&](Transaction& in) { return in.records().DropStatements(one.id, "epr|", allergies); });
  const auto left = *Read()->records().StatementsOf(person.id);
  ASSERT_THAT(left, SizeIs(1)) << "a list of the one takes nothing back of the other";
  EXPECT_EQ(left[0].system, "pas|");
}

}  // namespace
}  // namespace milecastle::store
