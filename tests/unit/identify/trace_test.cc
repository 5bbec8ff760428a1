#include "identify/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace milecastle::identify {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// One side of a pair, in few words. Empty: not said.
struct Side {
  std::string family = "Hadrian";
  std::string given = "Aelia";
  std::string born = "1962-07-13";
  std::string sex = "F";
  std::string postcode = "NE28 6HE";
  std::string phone = "";
  std::string local = "";  // of RXX
  std::string suffix = "";
  std::string also = "";  // another family name: a maiden name
  std::string number = "";
};

store::Identity IdentityOf(const Side& side) {
  store::Identity identity{.source = *record::OdsCode::Parse("RXX")};
  store::Demographics& who = identity.demographics;
  if (!side.family.empty() || !side.given.empty()) {
    who.names = {{side.family, side.given, "", side.suffix, "L"}};
  }
  if (!side.also.empty()) who.names.push_back({side.also, side.given, "", "", "M"});
  if (!side.born.empty()) who.birth_date = record::BirthDate::Parse(side.born);
  who.sex = side.sex;
  if (!side.postcode.empty()) who.addresses = {{{"1 The Wall"}, side.postcode, "home"}};
  if (!side.phone.empty()) who.telecoms = {{"phone", side.phone, "home"}};
  if (!side.local.empty()) identity.local_identifiers = {{"RXX", "MR", side.local}};
  identity.nhs_number = record::NhsNumber::Parse(side.number);
  return identity;
}

Comparison Compare(const Side& left, const Side& right, const Without& without = {}) {
  const Tracer tracer{TraceOptions{}};
  return tracer.Compare(tracer.Describe(IdentityOf(left)), tracer.Describe(IdentityOf(right)),
                        without);
}

std::string VerdictOn(const Comparison& comparison, std::string_view field) {
  for (const store::FieldNote& said : comparison.note.fields) {
    if (said.field == field) return said.verdict;
  }
  return "";
}

struct Pair {
  const char* name;
  Side left;
  Side right;
  Likelihood expected;
  int score;
};
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

class TracePairs : public testing::TestWithParam<Pair> {};

TEST_P(TracePairs, AreAsLikelyAsTheirFieldsAddUp) {
  const Pair& pair = GetParam();
  const Comparison one = Compare(pair.left, pair.right);
  EXPECT_EQ(KeyOf(one.likelihood), KeyOf(pair.expected)) << one.score();
  EXPECT_EQ(one.score(), pair.score);
  int sum = 0;
  for (const store::FieldNote& field : one.note.fields) sum += field.points;
  EXPECT_EQ(sum, one.score()) << "an officer adds it up by hand";
  EXPECT_EQ(Compare(pair.right, pair.left).note, one.note) << "whichever side is asked about";
}

constexpr Likelihood kNever = Likelihood::kNever;
constexpr Likelihood kUnlikely = Likelihood::kUnlikely;
constexpr Likelihood kPossible = Likelihood::kPossible;
constexpr Likelihood kCertain = Likelihood::kCertain;

INSTANTIATE_TEST_SUITE_P(
    Table, TracePairs,
    testing::Values(
        Pair{"Same", {}, {}, kCertain, 100},
        Pair{"CaseAndAccents", {.family = "HADRIÁN"}, {.family = "Hadrian"}, kCertain, 100},
        Pair{"WithoutPostcode", {}, {.postcode = ""}, kPossible, 80},
        Pair{"NoFixedAbodeIsNoPlace",
             {.postcode = "ZZ99 3VZ"},
             {.postcode = "ZZ99 3VZ"},
             kPossible,
             80},
        Pair{"SameTownAlone", {}, {.postcode = "NE28 9ZZ"}, kPossible, 88},
        Pair{"Moved", {}, {.postcode = "LS1 1AA"}, kPossible, 77},
        Pair{"Twins", {.given = "Aelia"}, {.given = "Livia"}, kNever, 40},
        Pair{"TwinBrotherAndSister",
             {.given = "Daniel", .sex = "M"},
             {.given = "Danielle"},
             kNever,
             25},
        Pair{"TwinsOfOneHospitalNumber",
             {.given = "Aelia", .local = "7"},
             {.given = "Livia", .local = "7"},
             kNever,
             80},
        Pair{"TwinsWhoShareAFirstName",
             {.given = "Mohammed Ali"},
             {.given = "Mohammed Hassan"},
             kPossible,
             80},
        Pair{"OneOfThemMayBeATwin",
             {.given = "Mohammed"},
             {.given = "Mohammed Hassan"},
             kPossible,
             98},
        Pair{"TwinsOfLikeNames", {.given = "Kieran"}, {.given = "Kieron"}, kPossible, 94},
        Pair{"TwinsOfOneInitial",
             {.given = "A", .phone = "01912620001"},
             {.given = "Aelia", .phone = "0044 191 262 0001"},
             kPossible,
             98},
        Pair{"FatherAndSonOfOneName", {.born = "1932-02-11"}, {}, kUnlikely, 45},
        Pair{"FatherAndSonOfTwoNames", {.given = "Titus", .born = "1932-02-11"}, {}, kNever, -15},
        Pair{"JuniorAndSenior", {.suffix = "Jr"}, {.family = "Hadrian Snr"}, kNever, 100},
        Pair{"JuniorWhereTheOtherSaysNothing", {.suffix = "Jr"}, {}, kCertain, 100},
        Pair{"OneHalfOfADoubleName", {.family = "Hadrian-Marcius"}, {}, kPossible, 93},
        Pair{"DoubleNameTurnedRound",
             {.family = "Hadrian-Marcius"},
             {.family = "Marcius Hadrian"},
             kPossible,
             93},
        Pair{"DoubleNamesWithOneHalfInCommon",
             {.family = "Smith-Jones"},
             {.family = "Jones-Brown"},
             kPossible,
             65},
        Pair{"ParticlesAreNoFamily", {.family = "van Dyke"}, {.family = "van Berg"}, kPossible, 65},
        Pair{"MarriedAtTheSameAddress", {}, {.family = "Antonius"}, kPossible, 65},
        Pair{"MarriedAndMoved", {}, {.family = "Antonius", .postcode = "LS1 1AA"}, kUnlikely, 42},
        Pair{"MaidenNameIsKnown", {.also = "Marcia"}, {.family = "Marcia"}, kCertain, 100},
        Pair{"SoundsAlike", {.family = "Smith"}, {.family = "Smyth"}, kPossible, 90},
        Pair{"Nickname", {.given = "Liz"}, {.given = "Elizabeth"}, kPossible, 96},
        Pair{"TwoNicknamesOfOneName", {.given = "Liz"}, {.given = "Betty"}, kPossible, 96},
        Pair{"MiddleNameUsed", {.given = "Aelia Flavia"}, {.given = "Flavia"}, kPossible, 92},
        Pair{"NamesSwapped", {.family = "Aelia", .given = "Hadrian"}, {}, kPossible, 90},
        Pair{"DayAndMonthSwapped", {.born = "1962-07-08"}, {.born = "1962-08-07"}, kPossible, 88},
        Pair{"OneDigitOff", {.born = "1962-07-18"}, {}, kPossible, 78},
        Pair{"OneDigitOffAndMoved",
             {.born = "1962-07-18", .postcode = "LS1 1AA"},
             {},
             kUnlikely,
             55},
        Pair{
            "JanuaryFirstOfOneYear", {.born = "1962-01-01"}, {.born = "1962-01-01"}, kPossible, 75},
        Pair{"JanuaryFirstElsewhere",
             {.born = "1962-01-01", .postcode = ""},
             {.born = "1962-01-01", .postcode = ""},
             kUnlikely,
             55},
        Pair{"JanuaryFirstOfAnotherYear",
             {.born = "1962-01-01"},
             {.born = "1963-01-01"},
             kUnlikely,
             45},
        Pair{"BirthDateMissing", {.born = ""}, {}, kPossible, 70},
        Pair{"SexDiffersAlone", {.sex = "M"}, {}, kPossible, 85},
        Pair{"SexNotKnown", {.sex = "U"}, {}, kCertain, 95},
        Pair{"GivenNameMissing", {.given = ""}, {}, kPossible, 80},
        Pair{"NothingButTheBirthDate",
             {.family = "", .given = "", .sex = "", .postcode = ""},
             {},
             kUnlikely,
             30},
        Pair{"HospitalNumberAgrees",
             {.postcode = "", .local = "7"},
             {.postcode = "", .local = "7"},
             kCertain,
             120},
        Pair{"TwoHospitalNumbers", {.local = "7"}, {.local = "8"}, kPossible, 90},
        Pair{"TwoNhsNumbers", {.number = "9990000018"}, {.number = "9990000026"}, kNever, 100},
        Pair{"Placeholder", {.given = "Baby Of Aelia"}, {.given = "Baby Of Aelia"}, kUnlikely, 55},
        Pair{"UnknownName", {.family = "UNKNOWN"}, {.family = "Unknown"}, kUnlikely, 55},
        Pair{"TestPatient", {.family = "ZZTEST-Smith"}, {.family = "ZZTEST Smith"}, kUnlikely, 55}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Trace, APseudoPersonIsNeverTraced) {
  const Tracer tracer{TraceOptions{}};
  store::Identity pseudo = IdentityOf({});
  pseudo.pseudo_person = true;
  const Comparison comparison =
      tracer.Compare(tracer.Describe(pseudo), tracer.Describe(IdentityOf({})));
  EXPECT_EQ(comparison.likelihood, Likelihood::kUnlikely);
}

TEST(Trace, SaysOfEachFieldWhetherItAgreedAndHow) {
  const Comparison comparison =
      Compare({.given = "A", .born = "1962-07-08", .phone = "0191 262 0001"},
              {.born = "1962-08-07", .sex = "", .postcode = "NE28 1AA"});
  EXPECT_EQ(VerdictOn(comparison, "family_name"), "agrees");
  EXPECT_EQ(VerdictOn(comparison, "given_name"), "initial_agrees");
  EXPECT_EQ(VerdictOn(comparison, "birth_date"), "day_and_month_swapped");
  EXPECT_EQ(VerdictOn(comparison, "sex"), "missing");
  EXPECT_EQ(VerdictOn(comparison, "postcode"), "outward_part_agrees");
  EXPECT_EQ(VerdictOn(comparison, "telecom"), "missing");
}

TEST(Trace, HoldsNoValueOfAnybody) {
  const Comparison comparison = Compare({.phone = "0191 262 0001", .local = "7777"}, {});
  std::string all = comparison.note.configuration + comparison.note.verdict;
  for (const store::FieldNote& said : comparison.note.fields) all += said.field + said.verdict;
  for (const char* value : {"adrian", "elia", "1962", "NE28", "7777", "262"}) {
    EXPECT_THAT(all, Not(HasSubstr(value)));
  }
}

TEST(Trace, WhereAProtectedPersonIsCountsForNothing) {
  const Comparison here =
      Compare({.phone = "01912620001"}, {.phone = "01912620001"}, WhereTheyAre());
  const Comparison elsewhere = Compare({.postcode = "LS1 1AA"}, {}, WhereTheyAre());
  EXPECT_EQ(here.note, elsewhere.note) << "neither by a verdict nor by the sum";
  EXPECT_EQ(VerdictOn(here, "postcode"), "not_compared");
}

TEST(Trace, WhatIsLeftOutOfANoteIsNotTobeAddedUp) {
  store::MatchNote agreed = Compare({}, {}).note;
  store::MatchNote differed = Compare({.postcode = "LS1 1AA"}, {}).note;
  LeaveOut(WhereTheyAre(), agreed);
  LeaveOut(WhereTheyAre(), differed);
  EXPECT_EQ(agreed, differed);
}

TEST(Trace, ANoteNamesTheConfigurationThatItWasWeighedWith) {
  TraceOptions other;
  other.weights.sex_agrees = 4;
  EXPECT_EQ(Tracer(TraceOptions{}).version(), Tracer(TraceOptions{}).version());
  EXPECT_NE(Tracer(other).version(), Tracer(TraceOptions{}).version());
  EXPECT_EQ(Compare({}, {}).note.configuration, Tracer(TraceOptions{}).version());
}

TEST(Trace, WhatSpeaksAgainstOneIdentitySpeaksAgainstCertaintyOfThePerson) {
  const Tracer tracer{TraceOptions{}};
  const Described who = tracer.Describe(IdentityOf({}));
  const auto alone = tracer.CompareAny(who, {IdentityOf({})});
  const auto mixed = tracer.CompareAny(who, {IdentityOf({}), IdentityOf({.given = "Livia"})});
  EXPECT_EQ(alone->likelihood, Likelihood::kCertain);
  EXPECT_EQ(mixed->likelihood, Likelihood::kPossible);
  EXPECT_FALSE(tracer.CompareAny(who, {}));
}

TEST(Trace, RefusesThresholdsThatTwoPeopleMayReachAndWeightsOutOfOrder) {
  EXPECT_THAT(ProblemsOf(TraceOptions{}), IsEmpty());
  TraceOptions low;
  low.certain_from = 80;
  ASSERT_EQ(ProblemsOf(low).size(), 1U);
  EXPECT_EQ(ProblemsOf(low).front().first, "certain_from");
  TraceOptions turned;
  turned.possible_from = 95;
  turned.weights.given_differs = 1;
  turned.weights.postcode_outward_agrees = 30;
  EXPECT_EQ(ProblemsOf(turned).size(), 3U);
}

// --- properties, over random pairs ---

template <class T>
const T& Any(std::mt19937& random, const std::vector<T>& of) {
  return of[std::uniform_int_distribution<std::size_t>(0, of.size() - 1)(random)];
}

store::Identity AnyIdentity(std::mt19937& random) {
  const std::vector<std::string> families = {"Smith",    "Smyth", "Smith-Jones", "Jones",
                                             "van Dyke", "Aelia", "UNKNOWN",     ""};
  const std::vector<std::string> given = {"Aelia", "Aelia Flavia", "A",     "Smith",
                                          "Liz",   "Elizabeth",    "Livia", ""};
  const std::vector<std::string> born = {"1962-07-08", "1962-08-07", "1962-07-09", "1962-01-01",
                                         "1999-12-31"};
  store::Identity identity =
      IdentityOf({.family = "", .given = "", .sex = Any<std::string>(random, {"M", "F", ""})});
  identity.demographics.birth_date = record::BirthDate::Parse(Any(random, born));
  identity.demographics.addresses.clear();
  for (int i = 0; i < 3; ++i) {
    identity.demographics.names.push_back({Any(random, families), Any(random, given), "",
                                           Any<std::string>(random, {"", "", "Jr", "Sr"}), ""});
    identity.demographics.addresses.push_back(
        {{}, Any<std::string>(random, {"NE28 6HE", "NE28 9AA", "LS1 1AA", ""}), ""});
    identity.local_identifiers.push_back(
        {Any<std::string>(random, {"RXX", "RYY"}), "MR", Any<std::string>(random, {"1", "2"})});
  }
  return identity;
}

TEST(TraceProperties, SymmetricAndIndifferentToTheOrderOfNamesAndAddresses) {
  std::mt19937 random(20261122);
  const Tracer tracer{TraceOptions{}};
  for (int i = 0; i < 5000; ++i) {
    const store::Identity left = AnyIdentity(random);
    const store::Identity right = AnyIdentity(random);
    const auto said = tracer.Compare(tracer.Describe(left), tracer.Describe(right));
    ASSERT_EQ(tracer.Compare(tracer.Describe(right), tracer.Describe(left)).note, said.note);
    store::Identity shuffled = left;
    std::shuffle(shuffled.demographics.names.begin(), shuffled.demographics.names.end(), random);
    std::shuffle(shuffled.demographics.addresses.begin(), shuffled.demographics.addresses.end(),
                 random);
    std::shuffle(shuffled.local_identifiers.begin(), shuffled.local_identifiers.end(), random);
    ASSERT_EQ(tracer.Compare(tracer.Describe(shuffled), tracer.Describe(right)).note, said.note);
  }
}

// Each field of a side put to what the other says.
TEST(TraceProperties, WhoeverAgreesInOneFieldMoreIsNoLessLikely) {
  std::mt19937 random(7);
  const Tracer tracer{TraceOptions{}};
  for (int i = 0; i < 5000; ++i) {
    const store::Identity left = AnyIdentity(random);
    const store::Identity right = AnyIdentity(random);
    const auto before = tracer.Compare(tracer.Describe(left), tracer.Describe(right));
    for (int field = 0; field < 4; ++field) {
      store::Identity more = left;
      if (field == 0) more.demographics.birth_date = right.demographics.birth_date;
      if (field == 1) more.demographics.addresses = right.demographics.addresses;
      if (field == 2) more.local_identifiers = right.local_identifiers;
      if (field == 3) more.demographics.telecoms = right.demographics.telecoms;
      const auto after = tracer.Compare(tracer.Describe(more), tracer.Describe(right));
      if (field == 1 && right.demographics.addresses == std::vector<record::Address>(3)) continue;
      ASSERT_GE(after.score(), before.score()) << i << " field " << field;
      ASSERT_GE(after.likelihood, before.likelihood) << i << " field " << field;
    }
  }
}

TEST(Trace, AHostileClaimIsReadInBoundedTime) {
  store::Identity hostile = IdentityOf({});
  for (int i = 0; i < 5000; ++i) {
    hostile.demographics.names.push_back({std::string(2000, static_cast<char>('a' + i % 26)),
                                          std::string("\xFF\xFE\0x", 4), "", "", ""});
    hostile.demographics.addresses.push_back({{}, "NE" + std::to_string(i % 99) + " 1AA", ""});
    hostile.local_identifiers.push_back({"RXX", "MR", std::to_string(i)});
  }
  const Tracer tracer{TraceOptions{}};
  const Described described = tracer.Describe(hostile);
  EXPECT_LE(described.names.size(), 8U);
  EXPECT_LE(described.postcodes.size(), 16U);
  EXPECT_LE(described.locals.size(), 16U);
  tracer.Compare(described, described);
}

}  // namespace
}  // namespace milecastle::identify
