// What a source no longer says of allergies without having taken it back (safety.md 7).
#include <gmock/gmock.h>

#include <array>
#include <utility>

#include "contract.h"

namespace milecastle::store {
namespace {

using record::Holding;
using record::Kind;
using record::Section;
using testing::SizeIs;

StoredEntry Allergy(const Identity& identity, std::string_view key, std::uint64_t like,
                    Holding holding = Holding::kStands) {
  StoredEntry allergy = Entry(identity, key, key, Section::kAllergies);
  allergy.entry_class.kind = Kind::kAllergy;
  allergy.likeness = {holding, {like}};
  return allergy;
}

std::uint32_t CountIn(const Segment& segment) {
  std::uint32_t told = 0;
  for (const WithdrawnClass& one : segment.withdrawn) told += one.count;
  return told;
}

// A list of allergies comes that holds this key alone.
base::Result<void> KeepOnly(Transaction& in, const Identity& identity, std::string key) {
  const auto kept = in.records().KeepOnly(identity.id, "", std::array{Section::kAllergies},
                                          std::array{std::move(key)}, At(40));
  EXPECT_TRUE(kept);
  return {};
}

TEST_P(StoreContract, AnAllergyThatANewerListLeavesOutIsTold) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(Allergy(identity, "a1", 1)));
  EXPECT_TRUE(Put(Allergy(identity, "a2", 2)));
  Commit([&](Transaction& in) { return KeepOnly(in, identity, "a1"); });
  EXPECT_EQ(CountIn(*SegmentOf(person)), 1U);
  EXPECT_TRUE(Put(Allergy(identity, "a2", 2)));
  EXPECT_EQ(CountIn(*SegmentOf(person)), 0U) << "it came again";
}

TEST_P(StoreContract, AnAllergyThatIsSentUnderAnotherKeyIsNotLeftOut) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(Allergy(identity, "a1", 1)));
  EXPECT_TRUE(Put(Allergy(identity, "b1", 1)));
  Commit([&](Transaction& in) { return KeepOnly(in, identity, "b1"); });
  EXPECT_EQ(CountIn(*SegmentOf(person)), 0U);
  Commit([&](Transaction& in) { return KeepOnly(in, identity, "none"); });
  EXPECT_EQ(CountIn(*SegmentOf(person)), 1U) << "one allergy, by two keys";
}

// What a denial of a kind would deny of both does not make them one (record/likeness.h).
TEST_P(StoreContract, AnAllergyThatIsLeftOutIsToldBesideAnotherThatStands) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  for (const auto& [key, like] : {std::pair{"a1", 1U}, std::pair{"a2", 2U}}) {
    StoredEntry allergy = Allergy(identity, key, like);
    allergy.likeness.keys.push_back(record::kIsAllergy);
    EXPECT_TRUE(Put(allergy));
  }
  Commit([&](Transaction& in) { return KeepOnly(in, identity, "a1"); });
  EXPECT_EQ(CountIn(*SegmentOf(person)), 1U);
}

TEST_P(StoreContract, AnAllergyThatWasOverOrDeniedAndAnAlertMayBeLeftOut) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  StoredEntry error = Allergy(identity, "a3", 3, Holding::kNothing);
  error.entry_class.verification = record::Verification::kEnteredInError;
  StoredEntry alert = Allergy(identity, "a4", 4);
  alert.entry_class.kind = Kind::kAlert;
  for (const auto& entry : {Allergy(identity, "a1", 1, Holding::kEnded),
                            Allergy(identity, "a2", 2, Holding::kDenied), error, alert}) {
    EXPECT_TRUE(Put(entry));
  }
  Commit([&](Transaction& in) { return KeepOnly(in, identity, "none"); });
  EXPECT_EQ(CountIn(*SegmentOf(person)), 0U);
}

}  // namespace
}  // namespace milecastle::store
