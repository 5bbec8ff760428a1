#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sample.h"

namespace milecastle::cda {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Kind;
using record::Section;

constexpr std::string_view kProblems = "11450-4";
constexpr std::string_view kAllergies = "48765-2";
constexpr std::string_view kMedications = "10160-0";
constexpr std::string_view kProcedures = "47519-4";
constexpr std::string_view kFamily = "10157-6";

std::string Allergy(std::string_view attributes, std::string_view agent) {
  return "<entry><observation " + std::string(attributes) +
         R"(><code code="ASSERTION"/><value xsi:type="CD" code="419199007")"
         R"( codeSystem="2.16.840.1.113883.6.96" displayName="Allergy to substance"/>)" +
         std::string(agent) + "</observation></entry>";
}
constexpr std::string_view kAgent =
    R"(<participant typeCode="CSM"><participantRole><playingEntity><code code="99990002")"
    R"( codeSystem="2.16.840.1.113883.6.96" displayName="Imagined substance"/></playingEntity>)"
    R"(</participantRole></participant>)";

std::string Procedure(std::string_view attributes, std::string_view status = "completed") {
  return "<entry><procedure " + std::string(attributes) +
         R"(><code code="99990003" codeSystem="2.16.840.1.113883.6.96" displayName="Imagined )"
         R"(procedure"/><statusCode code=")" +
         std::string(status) + R"("/></procedure></entry>)";
}

// What is not so, not yet so, or somebody else's (safety.md 10).

TEST(CdaEntries, AProblemIsReadWithTheStandingOfItsConcern) {
  const auto read =
      Read({.body = InSection(kProblems,
                              R"(<entry><act classCode="ACT" moodCode="EVN"><code code="CONC"/>)"
                              R"(<statusCode code="active"/><entryRelationship typeCode="SUBJ">)" +
                                  Observation(R"(moodCode="EVN")") +
                                  "</entryRelationship></act></entry>")});
  const auto coded = Coded(read);
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].kind, Kind::kProblem);
  EXPECT_EQ(coded[0].section, Section::kProblems);
  EXPECT_EQ(coded[0].status, ClinicalStatus::kActive);
  EXPECT_EQ(coded[0].what.codings[0].display, "Imagined disease");
}

TEST(CdaEntries, AProblemThatEndedIsNotActive) {
  for (const char* end : {R"(<high value="20250101"/>)", R"(<high nullFlavor="UNK"/>)"}) {
    const auto coded = Coded(
        Read({.body = InSection(kProblems, Problem("moodCode=\"EVN\"",
                                                   "<effectiveTime><low value=\"2020\"/>" +
                                                       std::string(end) + "</effectiveTime>"))}));
    ASSERT_EQ(coded.size(), 1U);
    EXPECT_EQ(coded[0].status, ClinicalStatus::kResolved) << end;
  }
}

TEST(CdaEntries, ANegatedProblemOrAllergyIsNoProblemOrAllergy) {
  for (const std::string& body :
       {InSection(kProblems, Problem(R"(moodCode="EVN" negationInd="true")")),
        InSection(kProblems, Problem(R"(moodCode="EVN" sdtc:valueNegationInd="true")")),
        InSection(kAllergies, Allergy(R"(moodCode="EVN" negationInd="true")", kAgent))}) {
    const auto coded = Coded(Read({.body = body}));
    ASSERT_EQ(coded.size(), 1U);
    EXPECT_TRUE(coded[0].negated);
    EXPECT_EQ(coded[0].kind, Kind::kStatement);
    EXPECT_EQ(coded[0].status, ClinicalStatus::kUnstated);
  }
}

TEST(CdaEntries, AnAllergyNamesItsSubstance) {
  const auto coded =
      Coded(Read({.body = InSection(kAllergies, Allergy(R"(moodCode="EVN")", kAgent))}));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].kind, Kind::kAllergy);
  EXPECT_EQ(coded[0].what.codings[0].code, "99990002");
  EXPECT_FALSE(coded[0].negated);
}

// How a dose repeats, and the most of it (safety.md 11).

std::string Dosed(std::string_view times, std::string_view further = "") {
  return InSection(
      kMedications,
      R"(<entry><substanceAdministration moodCode="EVN"><statusCode code="active"/>)" +
          std::string(times) +
          R"(<doseQuantity value="10" unit="mg"/><consumable><manufacturedProduct>)"
          R"(<manufacturedMaterial><code code="99990004" displayName="Imagined drug"/>)"
          R"(</manufacturedMaterial></manufacturedProduct></consumable>)" +
          std::string(further) + "</substanceAdministration></entry>");
}

std::string DetailOf(const record::Entry& entry, std::string_view name) {
  std::string text;
  for (const auto& detail : entry.details) {
    if (detail.name == name) text += detail.text;
  }
  return text;
}

TEST(CdaDoses, SayHowOftenTheyAreTaken) {
  constexpr std::string_view kSpan =
      R"(<effectiveTime xsi:type="IVL_TS"><low value="2019"/></effectiveTime>)";
  const auto of = [&](const std::string& time) {
    const auto coded = Coded(Read({.body = Dosed(std::string(kSpan) + time)}));
    return coded.size() == 1 ? DetailOf(coded[0], "timing") : "none or several";
  };
  const auto periodic = [](std::string_view attributes, std::string_view inside) {
    return R"(<effectiveTime xsi:type="PIVL_TS" )" + std::string(attributes) + ">" +
           std::string(inside) + "</effectiveTime>";
  };
  EXPECT_EQ(of(periodic(R"(operator="A")", R"(<period value="1" unit="wk"/>)")), "every 1 week");
  EXPECT_EQ(of(periodic("", R"(<period><low value="4" unit="h"/><high value="6" unit="h"/>)"
                            "</period>")),
            "every 4 hours to 6 hours");
  EXPECT_EQ(of(periodic(R"(institutionSpecified="true")", R"(<period value="12" unit="h"/>)")),
            "every 12 hours, at the usual hours there");
  EXPECT_EQ(of(R"(<effectiveTime xsi:type="EIVL_TS"><event code="ACM"/></effectiveTime>)"),
            "before breakfast");
  EXPECT_EQ(of(periodic("", R"(<period value="1" unit="d"/>)") +
               periodic(R"(operator="E")", R"(<period value="7" unit="d"/>)")),
            "every 1 day; but not every 7 days");
  EXPECT_EQ(of(""), "") << "a span says nothing of it";
  EXPECT_EQ(of(R"(<effectiveTime nullFlavor="UNK"/>)"), "");
}

TEST(CdaDoses, WhoseTimingIsNotReadSayThatTheNarrativeHasIt) {
  const auto coded = Coded(Read(
      {.body =
           Dosed(R"(<effectiveTime xsi:type="SXPR_TS"><comp><period value="1" unit="wk"/></comp>)"
                 "</effectiveTime>")}));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(DetailOf(coded[0], "timing"), "as the narrative says: it is not read here");
}

TEST(CdaDoses, KeepTheirSpanBehindHowOften) {
  const auto coded = Coded(
      Read({.body = Dosed(
                R"(<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="wk"/></effectiveTime>)"
                R"(<effectiveTime xsi:type="IVL_TS"><low value="2019"/><high value="2020"/>)"
                "</effectiveTime>")}));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(DetailOf(coded[0], "timing"), "every 1 week");
  ASSERT_TRUE(coded[0].ended);
  EXPECT_EQ(coded[0].ended->original, "2020");
}

TEST(CdaDoses, SayTheMostOfThem) {
  const auto of = [](std::string_view denominator) {
    const auto coded =
        Coded(Read({.body = Dosed("", R"(<maxDoseQuantity><numerator value="4" unit="g"/>)" +
                                          std::string(denominator) + "</maxDoseQuantity>")}));
    return coded.size() == 1 ? DetailOf(coded[0], "maximum dose") : "none or several";
  };
  EXPECT_EQ(of(R"(<denominator value="24" unit="h"/>)"), "at most 4 g in 24 hours");
  EXPECT_EQ(of(R"(<denominator value="1" unit="wk"/>)"), "at most 4 g in 1 week");
  EXPECT_EQ(of(R"(<denominator nullFlavor="UNK"/>)"), "at most 4 g");
}

// Which side of the body (safety.md 11).

TEST(CdaEntries, AProblemKeepsItsSiteAndItsSide) {
  const auto told = [](const std::string& body) {
    const auto coded = Coded(Read({.body = InSection(kProblems, body)}));
    if (coded.size() != 1) return std::string("none or several");
    std::string words;
    for (const auto& detail : coded[0].details) {
      if (detail.name != "site" && detail.name != "side") continue;
      const auto& coding = detail.coded.codings.at(0);
      words += detail.name + " " +
               (detail.coded.text.empty() ? coding.display : detail.coded.text) + ";";
    }
    return words;
  };
  const auto qualifier = [](std::string_view side) {
    return R"(<qualifier><name code="272741003"/><value code=")" + std::string(side) +
           R"(" codeSystem="2.16.840.1.113883.6.96"/></qualifier>)";
  };
  EXPECT_EQ(told(Problem(R"(moodCode="EVN")",
                         R"(<targetSiteCode code="80248007" displayName="Left breast"/>)")),
            "site Left breast;");
  EXPECT_EQ(
      told(Problem(R"(moodCode="EVN")", R"(<targetSiteCode code="76752008" displayName="Breast">)" +
                                            qualifier("7771000") + "</targetSiteCode>")),
      "site Breast;side Left;");
}

// C-CDA's act of an allergy, as its senders write it.
std::string AllergyAct(std::string_view status, std::string_view turned, std::string_view inside) {
  return R"(<entry><act moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.30"/>)"
         R"(<code code="48765-2"/><statusCode code=")" +
         std::string(status) + R"("/><entryRelationship typeCode="SUBJ")" + std::string(turned) +
         R"(><observation moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.7"/>)"
         R"(<code code="ASSERTION"/>)" +
         std::string(kAgent) + std::string(inside) +
         "</observation></entryRelationship></act></entry>";
}

TEST(CdaEntries, AnAllergyIsReadWhicheverWayItsActHoldsIt) {
  for (const char* turned : {"", R"( inversionInd="true")"}) {
    for (const auto& [status, meant] :
         {std::pair{"active", ClinicalStatus::kActive}, {"completed", ClinicalStatus::kInactive}}) {
      const auto coded =
          Coded(Read({.body = InSection(kAllergies, AllergyAct(status, turned, ""))}));
      ASSERT_EQ(coded.size(), 1U) << turned;
      EXPECT_EQ(coded[0].kind, Kind::kAllergy);
      EXPECT_EQ(coded[0].what.codings[0].code, "99990002");
      EXPECT_EQ(coded[0].status, meant);
    }
  }
}

TEST(CdaEntries, AnAllergyIsNeverNamedAfterItsReaction) {
  constexpr std::string_view kReaction =
      R"(<entryRelationship typeCode="MFST" inversionInd="true"><observation moodCode="EVN">)"
      R"(<code code="ASSERTION"/><value xsi:type="CD" code="99990005" displayName="Hives"/>)"
      "</observation></entryRelationship>";
  std::string body = InSection(kAllergies, AllergyAct("active", "", kReaction));
  const std::string display = R"(displayName="Imagined substance"/>)";
  body.replace(body.find(display), display.size(),
               R"(displayName="Imagined substance"><originalText>Hives</originalText></code>)");
  const auto coded = Coded(Read({.body = body}));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].what.text, "Imagined substance");
}

TEST(CdaEntries, WhatAConcernRefersToIsNoProblem) {
  const auto coded = Coded(
      Read({.body = InSection(kProblems,
                              R"(<entry><act moodCode="EVN"><code code="CONC"/>)"
                              R"(<statusCode code="active"/><entryRelationship typeCode="REFR">)" +
                                  Observation(R"(moodCode="EVN")") +
                                  "</entryRelationship></act></entry>")}));
  EXPECT_TRUE(coded.empty());
}

std::string Tablets(std::string_view nested) {
  return R"(<entry><substanceAdministration moodCode="EVN"><statusCode code="active"/><consumable>)"
         R"(<manufacturedProduct><manufacturedMaterial><code code="1" displayName="Tablets"/>)"
         R"(</manufacturedMaterial></manufacturedProduct></consumable><entryRelationship )"
         R"(typeCode="SUBJ" inversionInd="true">)" +
         std::string(nested) + "</entryRelationship></substanceAdministration></entry>";
}

TEST(CdaEntries, AnInstructionStandsBesideItsMedicineAndTakesNothingBack) {
  const auto coded = Coded(Read(
      {.body = InSection(
           kMedications,
           Tablets(
               R"(<act moodCode="INT"><code code="409073007"/><text>Stop if a rash comes</text></act>)"))}));
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].status, ClinicalStatus::kActive);
  EXPECT_EQ(coded[0].free_text, std::vector<std::string>{"Stop if a rash comes"});
  for (const char* unknown :
       {R"(<act moodCode="INT"><code code="99"/></act>)",
        R"(<observation moodCode="EVN"><code code="409073007"/></observation>)"}) {
    EXPECT_TRUE(Coded(Read({.body = InSection(kMedications, Tablets(unknown))})).empty())
        << unknown;
  }
}

TEST(CdaEntries, EachReferenceRangeIsKeptWithWhatItIsOf) {
  constexpr std::string_view kHead =
      R"(<entry><organizer moodCode="EVN"><code code="1" displayName="Bloods"/>)"
      R"(<statusCode code="completed"/><effectiveTime value="20250204"/><component>)"
      R"(<observation moodCode="EVN"><code code="2" displayName="Potassium"/>)"
      R"(<value xsi:type="PQ" value="6.1" unit="mmol/L"/>)";
  const auto range = [](std::string_view inside) {
    return "<referenceRange><observationRange>" + std::string(inside) +
           "</observationRange></referenceRange>";
  };
  const std::string tail = "</observation></component></organizer></entry>";
  const std::string normal = range(R"(<text>3.5 - 5.3</text><interpretationCode code="N"/>)");
  const std::string critical = range(R"(<text>6.0 or more</text><interpretationCode code="HH"/>)");
  const auto of = [&](const std::string& ranges) {
    const auto coded =
        Coded(Read({.body = InSection("30954-2", std::string(kHead) + ranges + tail)}));
    EXPECT_EQ(coded.size(), 2U);
    EXPECT_EQ(coded.back().effective->original, "20250204") << "of the group's time";
    return coded.back().value->reference_range;
  };
  EXPECT_EQ(of(normal), "3.5 - 5.3");
  EXPECT_EQ(of(normal + critical), "N: 3.5 - 5.3; HH: 6.0 or more");
}

TEST(CdaEntries, ARefusalInTheHeaderIsAskedForAndAConsentLoosensNothing) {
  const auto read = [](std::string_view code, std::string_view status) {
    return Read({.header = R"(<id root="AA01"/><authorization><consent><id root="AA02"/>)" +
                           std::string(code) + R"(<statusCode code=")" + std::string(status) +
                           R"("/></consent></authorization>)"})
        .preferences;
  };
  for (const char* refused : {R"(<code code="416308001"/>)",
                              R"(<code code="1" displayName="Consent to share refused"/>)"}) {
    const auto preferences = read(refused, "completed");
    ASSERT_EQ(preferences.size(), 1U) << refused;
    EXPECT_EQ(preferences[0].answer, record::PreferenceAnswer::kUnclear);
  }
  constexpr std::string_view kGiven = R"(<code code="425691002" displayName="Consent given"/>)";
  EXPECT_EQ(read(kGiven, "aborted").size(), 1U) << "it was taken back";
  EXPECT_TRUE(read(kGiven, "completed").empty());
}

TEST(CdaEntries, NoKnownAllergiesIsSaidOfTheSectionAndIsNoEntry) {
  const auto read =
      Read({.body = InSection(kAllergies, Allergy(R"(moodCode="EVN" negationInd="true")", ""))});
  ASSERT_EQ(read.statements.size(), 1U);
  EXPECT_EQ(read.statements[0].saying, record::SectionSaying::kNoneKnown);
  EXPECT_TRUE(Coded(read).empty());
}

TEST(CdaEntries, AnAllergySectionThatSaysNothingIsNotNoneKnown) {
  const auto read = Read({.body = InSection(kAllergies, "")});
  EXPECT_TRUE(read.statements.empty());
  EXPECT_EQ(NarrativeOf(read), "Words.");
}

TEST(CdaEntries, WhatIsPlannedOrOrderedIsNeverDone) {
  for (const auto& [mood, intent] : {std::pair{"INT", Intent::kPlanned},
                                     {"PRP", Intent::kPlanned},
                                     {"PRMS", Intent::kPlanned},
                                     {"APT", Intent::kPlanned},
                                     {"RQO", Intent::kOrdered}}) {
    for (const char* status : {"active", "completed", "new"}) {
      const auto coded = Coded(
          Read({.body = InSection(kProcedures,
                                  Procedure(std::string("moodCode=\"") + mood + "\"", status))}));
      ASSERT_EQ(coded.size(), 1U) << mood;
      EXPECT_EQ(coded[0].intent, intent) << mood;
      EXPECT_NE(coded[0].status, ClinicalStatus::kCompleted) << mood << status;
      EXPECT_NE(coded[0].section, Section::kProcedures) << "the heading of what was done";
    }
  }
}

TEST(CdaEntries, WhatWasDoneAndWhatWasNotAreToldApart) {
  const auto done = Coded(Read({.body = InSection(kProcedures, Procedure(R"(moodCode="EVN")"))}));
  const auto not_done = Coded(
      Read({.body = InSection(kProcedures, Procedure(R"(moodCode="EVN" negationInd="true")"))}));
  ASSERT_EQ(done.size(), 1U);
  ASSERT_EQ(not_done.size(), 1U);
  EXPECT_EQ(done[0].intent, Intent::kDone);
  EXPECT_EQ(not_done[0].intent, Intent::kNotDone);
  EXPECT_NE(not_done[0].status, ClinicalStatus::kCompleted);
}

TEST(CdaEntries, WhatIsNotCertainStaysNarrativeAlone) {
  constexpr std::string_view kNested =
      R"(<entryRelationship typeCode="SUBJ" inversionInd="true"><observation moodCode="EVN">)"
      R"(<code code="certainty"/></observation></entryRelationship>)";
  for (const std::string& entry :
       {Problem(""), Problem(R"(moodCode="GOL")"), Problem(R"(moodCode="DEF")"),
        Problem(R"(moodCode="EVN" nullFlavor="NI")"),
        Problem(R"(moodCode="EVN" negationInd="perhaps")"),
        Problem(R"(moodCode="INT" negationInd="true")"), Problem(R"(moodCode="EVN")", kNested)}) {
    const auto read = Read({.body = InSection(kProblems, entry)});
    EXPECT_TRUE(Coded(read).empty()) << entry;
    EXPECT_EQ(NarrativeOf(read), "Words.") << entry;
    EXPECT_FALSE(read.not_carried.empty()) << entry;
  }
}

TEST(CdaEntries, ANullifiedStatementIsWithdrawn) {
  const auto read =
      Read({.body = InSection(kProblems,
                              Problem(R"(moodCode="EVN")", R"(<statusCode code="nullified"/>)"))});
  EXPECT_TRUE(Coded(read).empty());
  EXPECT_EQ(read.withdrawn_keys.size(), 1U);
}

TEST(CdaEntries, AHolderThatIsNegatedOrPlannedGivesNothingOfWhatItHolds) {
  for (const char* attributes : {R"(moodCode="EVN" negationInd="true")", R"(moodCode="INT")"}) {
    const auto read = Read(
        {.body = InSection(
             kProblems, "<entry><act " + std::string(attributes) +
                            R"(><code code="CONC"/><entryRelationship typeCode="SUBJ"><observation)"
                            R"( moodCode="EVN"><value xsi:type="CD" code="1" displayName="x"/>)"
                            "</observation></entryRelationship></act></entry>")});
    EXPECT_TRUE(Coded(read).empty()) << attributes;
  }
}

TEST(CdaEntries, WhatIsOfARelativeIsNeverThePatients) {
  constexpr std::string_view kMother =
      R"(<subject><relatedSubject classCode="PRS"><code code="MTH" displayName="Mother"/>)"
      R"(</relatedSubject></subject>)";
  for (const std::string& body :
       {InSection(kProblems, Problem(R"(moodCode="EVN")", kMother)),
        InSection(kFamily, Problem(R"(moodCode="EVN")")),
        InSection(kProblems, std::string(kMother) + Problem(R"(moodCode="EVN")"))}) {
    for (const auto& draft : Read({.body = body}).drafts) {
      if (draft.entry.kind == Kind::kDocument || draft.entry.document) continue;
      const bool is_section = draft.entry.what.text == "A section";
      if (is_section && body.find("<subject>") > body.find("<entry>")) continue;
      EXPECT_EQ(draft.entry.subject, record::Subject::kFamily);
      EXPECT_NE(draft.entry.kind, Kind::kProblem);
      if (is_section) continue;
      EXPECT_EQ(draft.entry.section, Section::kFamilyHistory);
    }
  }
}

TEST(CdaEntries, AValueKeepsItsTextUnitComparatorAndRange) {
  const auto coded = Coded(Read(
      {.body = InSection(
           "30954-2",
           R"(<entry><observation moodCode="EVN"><code code="c" displayName="Test"/><statusCode)"
           R"( code="completed"/><value xsi:type="PQ" value="1.50" unit="mmol/L"/><interpretationCode)"
           R"( code="H"/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="0.5")"
           R"( unit="mmol/L"/><high value="1.2" unit="mmol/L"/></value></observationRange>)"
           R"(</referenceRange></observation></entry><entry><observation moodCode="EVN"><code)"
           R"( code="d" displayName="Other"/><value xsi:type="IVL_PQ"><high value="5" unit="ng/L")"
           R"( inclusive="false"/></value></observation></entry>)")}));
  ASSERT_EQ(coded.size(), 2U);
  EXPECT_EQ(coded[0].value->original, "1.50 mmol/L");
  EXPECT_EQ(coded[0].value->number, "1.50");
  EXPECT_EQ(coded[0].value->interpretation, "H");
  EXPECT_EQ(coded[0].value->reference_range, "0.5 mmol/L - 1.2 mmol/L");
  EXPECT_EQ(coded[1].value->original, "<5 ng/L");
  EXPECT_EQ(coded[1].value->comparator, "<");
}

TEST(CdaEntries, AMedicineTakesItsWordsFromTheNarrativeItPointsTo) {
  const auto read = Read(
      {.body = R"(<component><section><code code="10160-0"/><text>take <content ID="m1">Imagined )"
               R"(tablets</content></text><entry><substanceAdministration moodCode="INT">)"
               R"(<statusCode code="active"/><doseQuantity value="500" unit="mg"/><consumable>)"
               R"(<manufacturedProduct><manufacturedMaterial><code nullFlavor="UNK">)"
               R"(<originalText><reference value="#m1"/></originalText></code>)"
               R"(</manufacturedMaterial></manufacturedProduct></consumable>)"
               R"(</substanceAdministration></entry></section></component>)"});
  const auto coded = Coded(read);
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_EQ(coded[0].what.text, "Imagined tablets");
  EXPECT_EQ(coded[0].details[0].text, "500 mg");
  EXPECT_EQ(coded[0].intent, Intent::kPlanned);
}

TEST(CdaEntries, ManyReferencesToOneLongTextAreRefused) {
  std::string body = R"(<component><section><code code="11450-4"/><text><content ID="a">)" +
                     std::string(100'000, 'x') + "</content></text>";
  for (int i = 0; i < 2000; ++i) {
    body += R"(<entry><observation moodCode="EVN"><code code="c"><originalText><reference)"
            R"( value="#a"/></originalText></code><value xsi:type="CD" code="1"/></observation>)"
            "</entry>";
  }
  EXPECT_EQ(ErrorOf(Sample{.body = body + "</section></component>"}.Text()).id,
            base::ErrorId::kMessageTooLarge);
}

}  // namespace
}  // namespace milecastle::cda
