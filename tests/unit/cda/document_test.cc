#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "kit/print.h"
#include "sample.h"

namespace milecastle::cda {
namespace {

using record::Contribution;
using record::Entry;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

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

TEST(CdaLabels, ACodeThatIsNotToldIsALabelThatNobodyKnows) {
  for (const char* const code : {R"(nullFlavor="NI")", R"(displayName="restricted")", ""}) {
    const auto read =
        Read({.header = R"(<id root="A"/><confidentialityCode )" + std::string(code) + "/>",
              .body = R"(<component><section><code code="11450-4"/><text>Words.</text>)" +
                      Problem(R"(moodCode="EVN")") + "</section></component>"});
    ASSERT_FALSE(read.drafts.empty()) << code;
    for (const record::Draft& draft : read.drafts) {
      EXPECT_THAT(draft.source_labels, Contains("confidentiality:untold")) << code;
    }
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

TEST(CdaSafety, ADocumentSaysWhichVersionItIs) {
  const auto read = Read({.header = R"(<id root="A1"/><effectiveTime value="20250401"/>)"
                                    R"(<setId root="5E7"/><versionNumber value="2"/>)",
                          .body = InSection("11450-4", "")});
  EXPECT_EQ(read.version.number, 2U);
  EXPECT_EQ(read.version.made, record::Span::Of(*record::When::ParseIso("2025-04-01")));
  for (const char* header : {R"(<id root="A1"/>)", R"(<id root="A1"/><effectiveTime/>)",
                             R"(<id root="A1"/><versionNumber value="x"/>)"}) {
    EXPECT_FALSE(Read({.header = header}).version.IsKnown()) << header;
  }
}

TEST(CdaSafety, ARefusalInAnAuthorisationIsAskedAbout) {
  const auto choices = [](std::string_view code) {
    return Read({.header = R"(<id root="A1"/><authorization><consent><code )" + std::string(code) +
                           R"( codeSystem="2.16.840.1.113883.2.1.3.2.4.15"/></consent>)"
                           "</authorization>",
                 .body = InSection("11450-4", "")})
        .preferences;
  };
  for (const char* refused : {R"(code="416308001")", R"(code="416409005" displayName="x")",
                              R"(code="1" displayName="Refused consent to sharing")"}) {
    const auto said = choices(refused);
    ASSERT_EQ(said.size(), 1U) << refused;
    EXPECT_EQ(said.front().answer, record::PreferenceAnswer::kUnclear) << refused;
  }
  EXPECT_TRUE(
      choices(R"(code="425691002" displayName="Consent given for electronic record sharing")")
          .empty());
}

TEST(CdaSafety, AWithdrawnDocumentSaysWhichVersionItIs) {
  const auto read = Read({.header = R"(<id root="A1"/><title>Nullified letter</title>)"
                                    R"(<effectiveTime value="20250401"/>)"});
  EXPECT_FALSE(read.withdrawn_keys.empty());
  EXPECT_TRUE(read.version.made);
}

}  // namespace
}  // namespace milecastle::cda
