#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "normalise/normaliser.h"

namespace milecastle::normalise {
namespace {

using record::Holding;

record::Entry Allergy(std::string text, std::string code = "") {
  record::Entry entry;
  entry.section = record::Section::kAllergies;
  entry.kind = record::Kind::kAllergy;
  entry.what.text = std::move(text);
  if (!code.empty()) entry.what.codings = {{"http://snomed.info/sct", std::move(code), ""}};
  return entry;
}

record::Likeness LikenessOf(const record::Entry& entry) {
  static const Normaliser normaliser = *Normaliser::Create({});
  record::Draft draft{.source_key = "a", .entry = entry, .source_labels = {}};
  return normaliser.Normalise({draft}, *record::OdsCode::Parse("RXX")).front().likeness;
}

bool Alike(const record::Entry& left, const record::Entry& right) {
  const auto of_left = LikenessOf(left).keys;
  const auto of_right = LikenessOf(right).keys;
  return std::any_of(of_left.begin(), of_left.end(), [&](std::uint64_t key) {
    return !record::IsMark(key) &&
           std::find(of_right.begin(), of_right.end(), key) != of_right.end();
  });
}

TEST(Likeness, IsACodeOrAWordingInCommon) {
  EXPECT_TRUE(
      Alike(Allergy("Penicillin", "91936005"), Allergy("Allergy to penicillin", "91936005")));
  EXPECT_TRUE(Alike(Allergy("PENICILLIN"), Allergy(" penicillin.")));
  EXPECT_TRUE(Alike(Allergy("Penicillin V"), Allergy("penicillin-v", "1")));
  EXPECT_FALSE(Alike(Allergy("Penicillin", "1"), Allergy("Latex", "2")));
  EXPECT_FALSE(Alike(Allergy("Penicillin"), Allergy("Penicillamine")));
}

TEST(Likeness, OfAnAllergyThatItsWordsDenyIsOfEither) {
  record::Entry denied = Allergy("No known allergy", "91936005");
  denied.what.codings[0].display = "Penicillin";
  EXPECT_TRUE(Alike(denied, Allergy("penicillin")));
  EXPECT_TRUE(Alike(denied, Allergy("No known allergy")));
  record::Entry noted = Allergy("Penicillin");
  noted.free_text = {"NKA"};
  EXPECT_TRUE(Alike(noted, Allergy("penicillin")));
}

TEST(Likeness, TheSameCodeOfAnotherSystemIsAnother) {
  record::Entry local = Allergy("x", "7");
  local.what.codings[0].system = "urn:local";
  EXPECT_FALSE(Alike(local, Allergy("y", "7")));
}

TEST(Likeness, TheSameSourcesNamesOfASystemAreOne) {
  record::Entry named = Allergy("x", "7");
  named.what.codings[0].system = "SNM3";
  EXPECT_TRUE(Alike(named, Allergy("y", "7")));
}

TEST(Likeness, AProblemIsNoAllergy) {
  record::Entry problem = Allergy("Asthma", "195967001");
  problem.section = record::Section::kProblems;
  problem.kind = record::Kind::kProblem;
  EXPECT_FALSE(Alike(problem, Allergy("Asthma", "195967001")));
}

TEST(Likeness, IsNotOfWhatIsMistakenOrOfFamilyOrNoSuchList) {
  const std::function<void(record::Entry&)> turns[] = {
      [](auto& entry) { entry.verification = record::Verification::kEnteredInError; },
      [](auto& entry) { entry.subject = record::Subject::kFamily; },
      [](auto& entry) { entry.kind = record::Kind::kObservation; },
      [](auto& entry) { entry.section = record::Section::kDocuments; },
      [](auto& entry) { entry.what = {}; }};
  for (const auto& turn : turns) {
    record::Entry entry = Allergy("Penicillin", "91936005");
    turn(entry);
    EXPECT_THAT(LikenessOf(entry).keys, testing::IsEmpty());
  }
}

TEST(Likeness, SaysWhetherItsSourceHoldsThatItIsSo) {
  const auto holding = [](const std::function<void(record::Entry&)>& turn) {
    record::Entry entry = Allergy("Penicillin");
    turn(entry);
    return LikenessOf(entry).holding;
  };
  using record::ClinicalStatus;
  EXPECT_EQ(holding([](auto&) {}), Holding::kNothing);
  EXPECT_EQ(holding([](auto& entry) { entry.status = ClinicalStatus::kActive; }), Holding::kStands);
  EXPECT_EQ(holding([](auto& entry) { entry.status = ClinicalStatus::kStopped; }), Holding::kEnded);
  EXPECT_EQ(holding([](auto& entry) { entry.status = ClinicalStatus::kPlanned; }),
            Holding::kNothing);
  EXPECT_EQ(holding([](auto& entry) { entry.negated = true; }), Holding::kDenied);
  EXPECT_EQ(holding([](auto& entry) {
              entry.status = ClinicalStatus::kActive;
              entry.verification = record::Verification::kRefuted;
            }),
            Holding::kDenied);
}

record::Entry Denial(std::string text) {
  record::Entry entry = Allergy(std::move(text));
  entry.negated = true;
  return entry;
}
record::Entry OfType(record::Entry entry, std::string type) {
  entry.details.push_back({.name = "type", .text = std::move(type)});
  return entry;
}

TEST(Likeness, SaysWhichKindOfAllergyADenialDenies) {
  const auto marks = [](const record::Entry& entry) {
    std::vector<std::uint64_t> of = LikenessOf(entry).keys;
    std::erase_if(of, [](std::uint64_t key) { return !record::IsMark(key); });
    return of;
  };
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(marks(Denial("NKDA")), ElementsAre(record::kDeniesDrugAllergies));
  EXPECT_THAT(marks(Denial("No known allergies")), ElementsAre(record::kDeniesAllergies));
  EXPECT_THAT(marks(OfType(Denial("Nil known"), "FA")), ElementsAre(record::kDeniesFoodAllergies));
  EXPECT_THAT(marks(Denial("No known drug or food allergies")),
              ElementsAre(record::kDeniesDrugAllergies, record::kDeniesFoodAllergies));
  EXPECT_THAT(marks(Denial("Not allergic to penicillin")), IsEmpty());
  EXPECT_THAT(marks(Denial("Penicillin")), IsEmpty()) << "denied, and named";
  record::Entry statement = Denial("NKDA");
  statement.kind = record::Kind::kStatement;
  EXPECT_THAT(marks(statement), ElementsAre(record::kDeniesDrugAllergies));
  EXPECT_THAT(marks(Allergy("Penicillin")), ElementsAre(record::kIsAllergy, record::kMayBeOfDrug));
  EXPECT_THAT(marks(OfType(Allergy("Penicillin"), "DA")),
              ElementsAre(record::kIsAllergy, record::kMayBeOfDrug));
  EXPECT_THAT(marks(OfType(Allergy("Peanut"), "FA")),
              ElementsAre(record::kIsAllergy, record::kIsOfFood));
  EXPECT_THAT(marks(OfType(Allergy("Birch"), "LA")), ElementsAre(record::kIsAllergy));
}

}  // namespace
}  // namespace milecastle::normalise
