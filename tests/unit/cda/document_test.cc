#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "community/adapter.h"
#include "kit/print.h"

namespace milecastle::cda {
namespace {

using record::ClinicalStatus;
using record::Contribution;
using record::Entry;
using record::Intent;
using record::Kind;
using record::Section;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kTarget =
    R"(<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension="9990000018"/>)"
    R"(</patientRole></recordTarget>)";

struct Sample {
  std::string header = R"(<id root="AA01"/>)";
  std::string target{kTarget};
  std::string body;  // what stands in structuredBody

  std::string Text() const {
    return R"(<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" )"
           R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)" +
           header + target + "<component><structuredBody>" + body +
           "</structuredBody></component></ClinicalDocument>";
  }
};

port::Reading ReadAll(std::string_view text) {
  return community::MakeAdapter()->Read(text, port::Feed{});
}

Contribution Read(const Sample& sample) {
  const auto reading = ReadAll(sample.Text());
  const auto& patient = reading.patients.front();
  EXPECT_TRUE(patient.has_value()) << base::Describe(patient.error());
  return patient ? *patient : Contribution{};
}

base::Error ErrorOf(std::string_view text) {
  const auto reading = ReadAll(text);
  EXPECT_FALSE(reading.patients.front().has_value());
  return reading.patients.front() ? base::Error{} : reading.patients.front().error();
}

std::string InSection(std::string_view code, std::string_view inside) {
  return R"(<component><section><code code=")" + std::string(code) +
         R"(" codeSystem="2.16.840.1.113883.6.1"/><title>A section</title><text>Words.</text>)" +
         std::string(inside) + "</section></component>";
}

// The entries that are neither the document nor the narrative of a section.
std::vector<Entry> Coded(const Contribution& contribution) {
  std::vector<Entry> out;
  for (const auto& draft : contribution.drafts) {
    const bool narrative = !draft.entry.free_text.empty() && draft.entry.kind == Kind::kStatement;
    if (draft.entry.kind != Kind::kDocument && !narrative) out.push_back(draft.entry);
  }
  return out;
}

std::string NarrativeOf(const Contribution& contribution) {
  for (const auto& draft : contribution.drafts) {
    if (!draft.entry.free_text.empty()) return draft.entry.free_text.front();
  }
  return "";
}

std::string Narrative(std::string_view text) {
  return NarrativeOf(Read({.body = "<component><section><title>T</title><text>" +
                                   std::string(text) + "</text></section></component>"}));
}

const Entry* DocumentOf(const Contribution& contribution) {
  for (const auto& draft : contribution.drafts) {
    if (draft.entry.document) return &draft.entry;
  }
  return nullptr;
}

constexpr std::string_view kProblems = "11450-4";
constexpr std::string_view kAllergies = "48765-2";
constexpr std::string_view kMedications = "10160-0";
constexpr std::string_view kProcedures = "47519-4";
constexpr std::string_view kFamily = "10157-6";

std::string Observation(std::string_view attributes, std::string_view inside = "") {
  return "<observation " + std::string(attributes) +
         R"(><code code="55607006" codeSystem="2.16.840.1.113883.6.96"/>)" + std::string(inside) +
         R"(<value xsi:type="CD" code="99990001" codeSystem="2.16.840.1.113883.6.96")"
         R"( displayName="Imagined disease"/></observation>)";
}
std::string Problem(std::string_view attributes, std::string_view inside = "") {
  return "<entry>" + Observation(attributes, inside) + "</entry>";
}

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

// Narrative.

TEST(CdaNarrative, KeepsTheRowsAndCellsOfATable) {
  EXPECT_EQ(Narrative("<table><caption>Doses</caption><thead><tr><th>Drug</th><th>Dose</th>"
                      "<th>When</th></tr></thead><tbody><tr><td>One</td><td/><td>at<br/>night</td>"
                      "</tr><tr><td>Two <content>b</content></td><td>5 mg</td><td><list><item>am"
                      "</item><item>pm</item></list></td></tr></tbody></table>after"),
            "Doses\nDrug | Dose | When\nOne | | at / night\nTwo b | 5 mg | - am / - pm\nafter");
}

TEST(CdaNarrative, KeepsListsParagraphsAndLineBreaks) {
  EXPECT_EQ(Narrative("a<br/>b<paragraph>c\n  d</paragraph><list listType=\"ordered\"><caption>e"
                      "</caption><item>f</item><item>g</item></list>h"),
            "a\nb\nc d\ne\n1. f\n2. g\nh");
}

TEST(CdaNarrative, LosesNoWordWhateverHoldsIt) {
  EXPECT_EQ(Narrative("a<unknown>b</unknown>c<footnote>d</footnote><content>e"
                      "<renderMultiMedia referencedObject=\"m\"><caption>f</caption>"
                      "</renderMultiMedia></content><![CDATA[g < h]]>"),
            "a b c [note: d] e [attached picture or document]\nf\ng < h");
}

TEST(CdaNarrative, ASuperscriptDoesNotTurnIntoADigit) {
  EXPECT_EQ(Narrative("10<sup>9</sup>/L and H<sub>2</sub>O"), "10^9/L and H2O");
}

TEST(CdaNarrative, WhatTheDocumentMarksAsDeletedSaysSo) {
  EXPECT_EQ(Narrative("take <content revised=\"delete\">50</content> <content "
                      "revised=\"insert\">5</content> mg"),
            "take [deleted: 50] 5 mg");
}

TEST(CdaNarrative, KeepsNoScriptAndNoAddressOfALink) {
  const auto read =
      Read({.body = "<component><section><text>see <linkHtml href=\"http://127.0.0.1:9/x\">this"
                    "</linkHtml><script>alert(1)</script></text></section></component>"});
  EXPECT_EQ(NarrativeOf(read), "see this");
  std::string listed;
  for (const auto& line : read.not_carried) listed += line.place + "\n";
  EXPECT_THAT(listed, HasSubstr("linkHtml/@href"));
  EXPECT_THAT(kit::Print(read), Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(kit::Print(read), Not(HasSubstr("alert")));
}

TEST(CdaNarrative, StandsUnderAHeadingOfTheSectionsCodeElseItsTitleElseDocuments) {
  const auto heading = [](std::string_view section) {
    const auto read = Read({.body = "<component><section>" + std::string(section) +
                                    "<text>Words.</text></section></component>"});
    return read.drafts.back().entry.section;
  };
  EXPECT_EQ(heading(R"(<code code="48765-2"/><title>Advice Given</title>)"), Section::kAllergies);
  EXPECT_EQ(heading("<title>Advice Given</title>"), Section::kPlanAndActions);
  EXPECT_EQ(heading("<title>Safeguarding</title>"), Section::kSafeguarding);
  EXPECT_EQ(heading("<title>Something else</title>"), Section::kDocuments);
}

TEST(CdaNarrative, OfASectionWithinASectionIsKeptToo) {
  const auto read = Read({.body = "<component><section><title>Allergies</title><text>One.</text>"
                                  "<component><section><title>More</title><text>Two.</text>"
                                  "</section></component></section></component>"});
  ASSERT_EQ(read.drafts.size(), 3U);
  EXPECT_EQ(read.drafts[2].entry.free_text.front(), "Two.");
  EXPECT_EQ(read.drafts[2].entry.section, Section::kAllergies) << "as the section around it";
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

// Whose it is.

TEST(CdaPatient, ADocumentOfTwoPatientsIsRefusedWhole) {
  const Sample sample{.target = std::string(kTarget) + std::string(kTarget)};
  EXPECT_EQ(ErrorOf(sample.Text()).id, base::ErrorId::kMessageInvalid);
}

TEST(CdaPatient, ADocumentOfNobodyIsRefused) {
  EXPECT_EQ(ErrorOf(Sample{.target = ""}.Text()).id, base::ErrorId::kPatientMissing);
}

std::string WithIds(std::string_view ids) {
  return "<recordTarget><patientRole>" + std::string(ids) + "</patientRole></recordTarget>";
}

TEST(CdaPatient, AnUnverifiedNumberIsNotVerified) {
  const auto read =
      Read({.target = WithIds(
                R"(<id root="2.16.840.1.113883.2.1.3.2.4.18.23" extension="9990000018"/>)")});
  EXPECT_EQ(read.patient.nhs_number_as_sent, "9990000018");
  EXPECT_EQ(read.patient.tracing, record::Tracing::kNotTraced);
  EXPECT_EQ(Read({}).patient.tracing, record::Tracing::kVerified);
}

TEST(CdaPatient, TwoNumbersThatDifferAreRefused) {
  const Sample sample{
      .target = WithIds(R"(<id root="2.16.840.1.113883.2.1.3.2.4.18.23" extension="9990000018"/>)"
                        R"(<id root="2.16.840.1.113883.2.1.4.1" extension="9990000026"/>)")};
  EXPECT_EQ(ErrorOf(sample.Text()).id, base::ErrorId::kMessageInvalid);
}

TEST(CdaPatient, ALocalNumberIsOfWhoeverAssignedIt) {
  const auto read = Read(
      {.target = WithIds(
           R"(<id root="2.16.840.1.113883.2.1.3.2.4.18.24" extension="K1")"
           R"( assigningAuthorityName="RXX:Imagined Hospital"/><id root="1.2.3" extension="K2"/>)"
           R"(<id root="2.16.840.1.113883.2.1.3.2.4.18.24" extension="K3"/>)")});
  const auto& ids = read.patient.local_identifiers;
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0].authority, "RXX");
  EXPECT_EQ(ids[1].authority, "urn:oid:1.2.3");
  EXPECT_FALSE(read.not_carried.empty()) << "K3 is nobody's";
}

std::string Itk(std::string_view payloads) {
  return R"(<DistributionEnvelope xmlns="urn:nhs-itk:ns:201005"><header trackingid="T1"/><payloads>)" +
         std::string(payloads) + "</payloads></DistributionEnvelope>";
}

TEST(CdaEnvelope, EachDocumentIsAContributionOfItsOwn) {
  Sample one{.header = R"(<id root="A1"/>)", .body = InSection("11450-4", "")};
  Sample two{.header = R"(<id root="A2"/>)",
             .target = WithIds(R"(<id root="2.16.840.1.113883.2.1.4.1" extension="9990000026"/>)")};
  const auto reading =
      ReadAll(Itk("<payload>" + one.Text() + "</payload><payload>" + two.Text() + "</payload>"));
  EXPECT_EQ(reading.envelope.control_id, "T1");
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_EQ(reading.patients[0]->patient.nhs_number_as_sent, "9990000018");
  EXPECT_EQ(reading.patients[0]->drafts.size(), 2U);
  EXPECT_EQ(reading.patients[1]->patient.nhs_number_as_sent, "9990000026");
  EXPECT_EQ(reading.patients[1]->drafts.size(), 1U);
}

TEST(CdaEnvelope, OneDocumentThatIsRefusedStopsNoOther) {
  const auto reading = ReadAll(Itk("<payload>" + Sample{.target = ""}.Text() +
                                   "</payload><payload>" + Sample{}.Text() + "</payload>"));
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_FALSE(reading.patients[0]);
  EXPECT_TRUE(reading.patients[1]);
}

TEST(CdaEnvelope, AReferenceDoesNotReachIntoAnotherDocument) {
  Sample secret{.body = R"(<component><section><text><content ID="s">secret</content></text>)"
                        "</section></component>"};
  Sample prying{
      .header = R"(<id root="A2"/>)",
      .body = InSection("11450-4", R"(<entry><observation moodCode="EVN"><value xsi:type="CD">)"
                                   R"(<originalText><reference value="#s"/></originalText></value>)"
                                   "</observation></entry>")};
  const auto reading = ReadAll(
      Itk("<payload>" + secret.Text() + "</payload><payload>" + prying.Text() + "</payload>"));
  ASSERT_TRUE(reading.patients[1]);
  EXPECT_THAT(kit::Print(*reading.patients[1]), Not(HasSubstr("secret")));
}

TEST(CdaEnvelope, WithoutADocumentIsRefusedWithAdvice) {
  EXPECT_EQ(ErrorOf(Itk("<payload>PENsaW5pY2FsRG9jdW1lbnQ+</payload>")).id,
            base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(ErrorOf("<section xmlns=\"urn:hl7-org:v3\"/>").id, base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(ErrorOf("{}").id, base::ErrorId::kMessageUnsupported);
}

// Versions.

TEST(CdaVersions, AllOfOneSetHaveOneKeyAndTakeEachOthersPlaceWhole) {
  const auto one =
      Read({.header = R"(<id root="AA01"/><setId root="BB01"/><versionNumber value="1"/>)",
            .body = InSection("11450-4", "")});
  const auto two =
      Read({.header = R"(<id root="AA02"/><setId root="bb01"/><versionNumber value="2"/>)"});
  EXPECT_EQ(one.drafts[0].source_key, "document:bb01");
  EXPECT_EQ(two.drafts[0].source_key, one.drafts[0].source_key);
  EXPECT_THAT(two.replaced_documents, ElementsAre("document:bb01"));
  EXPECT_TRUE(one.drafts[1].source_key.starts_with("document:bb01/")) << "so that it goes with it";
}

TEST(CdaVersions, AReplacementWithdrawsADocumentOfAnotherKey) {
  const auto read = Read({.header = R"(<id root="AA02"/>)",
                          .target = std::string(kTarget) +
                                    R"(<relatedDocument typeCode="RPLC"><parentDocument>)"
                                    R"(<id root="AA01"/></parentDocument></relatedDocument>)"});
  EXPECT_THAT(read.withdrawn_keys, ElementsAre("document:aa01"));
  EXPECT_THAT(read.replaced_documents, ElementsAre("document:aa01", "document:aa02"));
}

TEST(CdaVersions, AnAddendumLeavesItsParentAsItIs) {
  const auto read = Read({.header = R"(<id root="AA02"/>)",
                          .target = std::string(kTarget) +
                                    R"(<relatedDocument typeCode="APND"><parentDocument>)"
                                    R"(<id root="AA01"/></parentDocument></relatedDocument>)"});
  EXPECT_TRUE(read.withdrawn_keys.empty());
  EXPECT_THAT(read.replaced_documents, ElementsAre("document:aa02"));
  EXPECT_EQ(read.drafts[0].entry.links[0].relation, "addendum to");
}

TEST(CdaVersions, ANullifiedDocumentIsWithdrawnAndGivesNothing) {
  for (const char* mark :
       {R"(<sdtc:statusCode code="nullified"/>)", "<title>Nullification of a letter</title>"}) {
    const auto read =
        Read({.header = R"(<id root="AA02"/><setId root="BB01"/>)" + std::string(mark),
              .body = InSection("11450-4", Problem(R"(moodCode="EVN")"))});
    EXPECT_TRUE(read.drafts.empty()) << mark;
    EXPECT_THAT(read.withdrawn_keys, ElementsAre("document:bb01"));
    EXPECT_THAT(read.replaced_documents, ElementsAre("document:bb01"));
    EXPECT_EQ(read.patient.nhs_number_as_sent, "9990000018");
  }
}

TEST(CdaVersions, ADocumentWithoutANameIsRefused) {
  EXPECT_EQ(ErrorOf(Sample{.header = ""}.Text()).id, base::ErrorId::kMessageInvalid);
}

// Labels.

TEST(CdaLabels, OfTheDocumentAreOnAllThatCameInItAndASectionsOnItsOwn) {
  const auto read = Read({.header = R"(<id root="A"/><confidentialityCode code="R"/>)",
                          .body = R"(<component><section><code code="11450-4"/>)"
                                  R"(<confidentialityCode code="V"/><text>Words.</text>)" +
                                  Problem(R"(moodCode="EVN")") + "</section></component>"});
  ASSERT_EQ(read.drafts.size(), 3U);
  EXPECT_THAT(read.drafts[0].source_labels, ElementsAre("confidentiality:R"));
  for (std::size_t i : {1U, 2U}) {
    EXPECT_THAT(read.drafts[i].source_labels, Contains("confidentiality:R"));
    EXPECT_THAT(read.drafts[i].source_labels, Contains("confidentiality:V"));
  }
}

// Embedded documents.

std::string Letter(std::string_view attributes, std::string_view content) {
  return R"(<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="A"/>)" + std::string(kTarget) +
         "<component><nonXMLBody><text " + std::string(attributes) + ">" + std::string(content) +
         "</text></nonXMLBody></component></ClinicalDocument>";
}

const record::Document& EmbeddedIn(const Contribution& contribution) {
  static const record::Document none;
  const Entry* entry = DocumentOf(contribution);
  EXPECT_NE(entry, nullptr);
  return entry == nullptr ? none : *entry->document;
}

constexpr std::string_view kPdf = "%PDF-1.4\nsynthetic\n%%EOF\n";

TEST(CdaEmbedded, ALetterIsKeptWholeWithItsType) {
  std::string base64 = base::ToBase64(kPdf);
  base64.insert(10, "\n   ");
  const auto reading =
      ReadAll(Letter(R"(mediaType="application/pdf" representation="B64")", base64));
  const auto& document = EmbeddedIn(*reading.patients.front());
  EXPECT_EQ(document.bytes, kPdf);
  EXPECT_EQ(document.media_type, "application/pdf");
  EXPECT_FALSE(document.truncated);
}

TEST(CdaEmbedded, APdfWithoutItsEndSaysThatItIsCut) {
  const auto reading = ReadAll(Letter(R"(mediaType="application/pdf" representation="B64")",
                                      base::ToBase64(kPdf.substr(0, 15))));
  EXPECT_TRUE(EmbeddedIn(*reading.patients.front()).truncated);
}

TEST(CdaEmbedded, WhatIsNotBase64IsListedWithoutContent) {
  const auto reading =
      ReadAll(Letter(R"(mediaType="application/pdf" representation="B64")", "JVBER*i0x"));
  const auto& document = EmbeddedIn(*reading.patients.front());
  EXPECT_TRUE(document.truncated);
  EXPECT_TRUE(document.bytes.empty());
  EXPECT_FALSE(reading.patients.front()->not_carried.empty());
}

TEST(CdaEmbedded, AWrongTypeIsNotBelieved) {
  const auto type = [](std::string_view declared, std::string_view bytes) {
    const auto reading =
        ReadAll(Letter("mediaType=\"" + std::string(declared) + R"(" representation="B64")",
                       base::ToBase64(bytes)));
    return EmbeddedIn(*reading.patients.front()).media_type;
  };
  EXPECT_EQ(type("image/jpeg", kPdf), "application/pdf");
  EXPECT_EQ(type("application/pdf", "<html><script>alert(1)</script>"), "application/octet-stream");
  EXPECT_EQ(type("text/plain", "words"), "text/plain");
  EXPECT_EQ(type("Application/PDF", kPdf), "application/pdf");
}

TEST(CdaEmbedded, NothingIsFetched) {
  const auto reading = ReadAll(
      Letter(R"(mediaType="application/pdf")", R"(<reference value="http://127.0.0.1:9/a.pdf"/>)"));
  const auto& document = EmbeddedIn(*reading.patients.front());
  EXPECT_TRUE(document.bytes.empty());
  EXPECT_TRUE(document.truncated);
}

TEST(CdaEmbedded, CompressedContentIsListedWithoutContent) {
  const auto reading =
      ReadAll(Letter(R"(mediaType="text/plain" representation="B64" compression="DF")", "AAAA"));
  EXPECT_TRUE(EmbeddedIn(*reading.patients.front()).truncated);
}

// Nothing is forgotten, and nothing of it is told by mistake.

TEST(CdaAccount, WhatNobodyReadIsListedByPlaceAlone) {
  const auto read = Read({.body = InSection("11450-4", R"(<entry><supply><code code="9990000099"/>)"
                                                       "</supply></entry>")});
  std::string listed;
  for (const auto& line : read.not_carried) listed += line.place + ": " + line.why + "\n";
  EXPECT_THAT(listed, HasSubstr("section/entry"));
  EXPECT_THAT(listed, Not(HasSubstr("9990000099")));
}

TEST(CdaAccount, NoErrorAndNoListHoldsAValue) {
  Sample sample{.body =
                    "<component><section><JohnSmith>9990000099</JohnSmith></section></component>"};
  for (const auto& line : Read(sample).not_carried) {
    EXPECT_THAT(line.place + line.why, Not(HasSubstr("JohnSmith")));
    EXPECT_THAT(line.place + line.why, Not(HasSubstr("9990000099")));
  }
}

}  // namespace
}  // namespace milecastle::cda
