#include "command/view_text.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "milecastle/v1/view.pb.h"
#include "record/facts.h"
#include "record/requester.h"
#include "record/sections.h"

namespace milecastle::command {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string Printed(const v1::GetPatientViewResponse& response) {
  std::ostringstream out;
  PrintView(response, out);
  return out.str();
}

v1::GetPatientViewResponse Golden(const std::string& name) {
  const fs::path file = fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/command" / name;
  v1::GetPatientViewResponse response;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(TextOf(file), &response)) << file;
  return response;
}

// Every NAME.textproto there prints as NAME.txt.
TEST(ViewText, PrintsTheGoldenViewsAsTheyAre) {
  int found = 0;
  for (const auto& file :
       fs::directory_iterator(fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/command")) {
    if (file.path().extension() != ".textproto") continue;
    ++found;
    const fs::path expected = fs::path(file.path()).replace_extension(".txt");
    EXPECT_EQ(Printed(Golden(file.path().filename())), TextOf(expected)) << expected;
  }
  EXPECT_GE(found, 3);
}

TEST(ViewText, WhatIsMissingStandsBeforeWhatIsThere) {
  const std::string text = Printed(Golden("full_view.textproto"));
  const std::size_t withheld = text.find("withheld, 2 entries, from A99001, because: sensitive");
  const std::size_t allergies = text.find("\nAllergies and adverse reactions\n");
  const std::size_t results = text.find("\nInvestigation results\n");
  const std::size_t manifest = text.find("\nManifest");
  const std::size_t receipt = text.find("\nAudit receipt: leaf 12");
  EXPECT_LT(withheld, allergies);
  EXPECT_LT(allergies, results);
  EXPECT_LT(results, manifest);
  EXPECT_LT(manifest, receipt);
  EXPECT_NE(receipt, std::string::npos);
}

TEST(ViewText, ASourcesTextCannotDriveTheTerminal) {
  EXPECT_THAT(Printed(Golden("full_view.textproto")), testing::Not(testing::HasSubstr("\x1b")));
}

TEST(ViewText, WhatBecameOfALiveSourceIsSaidInPlainWords) {
  v1::GetPatientViewResponse response;
  const auto add = [&](v1::ManifestState state, const char* source, const char* reason) {
    v1::ManifestLine& line = *response.mutable_view()->mutable_manifest()->add_lines();
    line.set_state(state);
    line.set_source(source);
    line.set_reason(reason);
    return &line;
  };
  add(v1::MANIFEST_STATE_TIMED_OUT, "Z99001", "no_answer_in_time");
  add(v1::MANIFEST_STATE_STALE, "Z99001", "stored_copy_shown");
  v1::ManifestLine* others = add(v1::MANIFEST_STATE_NOT_ASKED, "", "not_known_there");
  others->set_count(2);
  others->set_text("Z99002, Z99003");
  const std::string text = Printed(response);
  const std::string first = text.substr(0, text.find("Who this is"));
  EXPECT_THAT(first, testing::HasSubstr("did not answer in time"));
  EXPECT_THAT(first, testing::HasSubstr("what is shown of it is what it sent before"));
  EXPECT_THAT(first, testing::Not(testing::HasSubstr("Z99002"))) << "so of everybody";
  EXPECT_THAT(text, testing::HasSubstr("2 sources (Z99002, Z99003)"));
}

TEST(ViewText, WhatIsUntracedOrUnnamedSaysSo) {
  v1::GetPatientViewResponse response;
  v1::PatientView& view = *response.mutable_view();
  view.add_entries()->set_identity_untraced(true);
  view.add_demographics()->set_identity_untraced(true);
  v1::ManifestLine& said = *view.mutable_manifest()->add_lines();
  said.set_state(v1::MANIFEST_STATE_NONE_KNOWN);
  said.set_identity_untraced(true);
  v1::ManifestLine& withheld = *view.mutable_manifest()->add_lines();
  withheld.set_state(v1::MANIFEST_STATE_WITHHELD);
  withheld.set_source_masked(true);
  const std::string text = Printed(response);
  std::size_t marks = 0;
  for (std::size_t at = 0; (at = text.find("IDENTITY NOT TRACED", at)) != std::string::npos; ++at) {
    ++marks;
  }
  EXPECT_EQ(marks, 3U);
  EXPECT_THAT(text, testing::HasSubstr("withheld, from a source whose name is protected"));
}

TEST(ViewText, AlertsStandBeforeAllElseThatIsThere) {
  const std::string text = Printed(Golden("full_view.textproto"));
  const std::size_t alert = text.find("  ! Allergy: Penicillin");
  EXPECT_LT(text.find("Read this first"), alert);
  EXPECT_LT(alert, text.find("\nWho this is, by source\n"));
}

TEST(ViewText, SourcesThatDifferStandBeforeTheEntries) {
  const std::string text = Printed(Golden("full_view.textproto"));
  EXPECT_LT(text.find("THE SOURCES DIFFER"), text.find("\nWho this is, by source\n"));
}

TEST(ViewText, ASourceThatContradictsItselfIsToldAsOne) {
  auto response = Golden("full_view.textproto");
  auto* const view = response.mutable_view();
  for (auto& entry : *view->mutable_entries()) entry.set_source("RXX");
  const std::string text = Printed(response);
  EXPECT_THAT(text, testing::HasSubstr("  ! ONE SOURCE CONTRADICTS ITSELF:"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("THE SOURCES DIFFER")));
}

TEST(ViewText, ALaggingReturnIsToldInWords) {
  v1::GetPatientViewResponse response;
  v1::ManifestLine& line = *response.mutable_view()->mutable_manifest()->add_lines();
  line.set_state(v1::MANIFEST_STATE_STALE);
  line.set_section(v1::SECTION_SERVICES_AND_CARE);
  line.set_source("ZL1");
  line.set_reason("lagging_return");
  EXPECT_THAT(Printed(response),
              testing::HasSubstr("stale, from ZL1, because: a return for statistics, sent long "
                                 "after its period: ask the source for what is so now"));
}

TEST(ViewText, SilenceOnAllergiesIsNotNoneKnown) {
  EXPECT_THAT(Printed(Golden("silent_on_allergies.textproto")),
              testing::HasSubstr("this is not 'none known'"));
}

// The command line turns the words of the record into the numbers of the contract by value.
// How one entry begins; BriefText and the entry itself share it.
std::string PrintedEntry(const std::string& entry) {
  v1::GetPatientViewResponse response;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "view { entries { section: SECTION_ALLERGIES " + entry + " } }", &response));
  return Printed(response);
}

// Read aloud, "denied: no known allergy" says that there is one.
TEST(ViewText, ADenialIsNotDeniedAgain) {
  for (
      const char* what :
      {R"(what { codings { system: "http://snomed.info/sct" code: "716186003" display: "None" } })",
       R"(what { text: "No known allergies" })", R"(what { text: "NKDA" })"}) {
    const std::string text = PrintedEntry(std::string("negated: true ") + what);
    EXPECT_THAT(text, testing::HasSubstr("- SAYS NONE: ")) << text;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("DENIED"))) << text;
  }
  EXPECT_THAT(PrintedEntry(R"(negated: true what { text: "Peanut" })"),
              testing::HasSubstr("- DENIED BY SOURCE: Peanut"));
}

TEST(ViewText, WhatMustNotBeGivenAndWhatWasNotTakenSaySo) {
  const auto starts = [](const std::string& entry, const std::string& words) {
    EXPECT_THAT(PrintedEntry(entry + R"( what { text: "Ibuprofen" })"),
                testing::HasSubstr("- " + words + ": Ibuprofen"));
  };
  starts("kind: ENTRY_KIND_MEDICATION_ISSUE negated: true intent: INTENT_NOT_DONE", "DO NOT GIVE");
  starts("kind: ENTRY_KIND_REQUEST negated: true intent: INTENT_NOT_DONE", "DO NOT DO");
  starts("kind: ENTRY_KIND_MEDICATION intent: INTENT_NOT_DONE", "NOT TAKEN");
  starts("kind: ENTRY_KIND_MEDICATION_ISSUE intent: INTENT_NOT_DONE", "NOT GIVEN");
  starts("kind: ENTRY_KIND_PROCEDURE intent: INTENT_NOT_DONE", "NOT DONE");
}

TEST(ViewText, AUnitAndACodeThatDisagreeAreBothShown) {
  const auto value = [](const std::string& unit, const std::string& code) {
    return PrintedEntry(R"(what { text: "Weight" } value { original: "70" unit: ")" + unit +
                        R"(" unit_code: ")" + code + R"(" })");
  };
  EXPECT_THAT(value("stone", "kg"),
              testing::HasSubstr("70 stone (UNIT UNCLEAR: its code says kg)"));
  EXPECT_THAT(value("mcg", "mg"), testing::HasSubstr("UNIT UNCLEAR"));
  for (const auto& [unit, code] : {std::pair<std::string, std::string>{"kg", "kg"},
                                   {"mcg", "ug"},
                                   {"litres", "l"},
                                   {"beats per minute", "/min"},
                                   {"kg", ""}}) {
    EXPECT_THAT(value(unit, code), testing::Not(testing::HasSubstr("UNIT UNCLEAR"))) << unit;
  }
}

TEST(Contract, SectionsAndPurposesHaveTheNumbersOfTheRecord) {
  const auto same = [](std::string name, std::string key) {
    for (char& c : name) c = c == '_' ? '-' : static_cast<char>(std::tolower(c));
    for (char& c : key) c = c == '_' ? '-' : c;
    EXPECT_EQ(name, key);
  };
  EXPECT_EQ(static_cast<std::size_t>(v1::Section_MAX), record::Sections().size());
  for (const record::SectionName& section : record::Sections()) {
    same(v1::Section_Name(static_cast<int>(section.section)),
         "section-" + std::string(section.key));
  }
  for (int i = 1; i <= v1::Headline_MAX; ++i) {
    same(v1::Headline_Name(i),
         "headline-" + std::string(record::KeyOf(static_cast<record::Headline>(i))));
  }
  for (int i = 1; i <= v1::Purpose_MAX; ++i) {
    same(v1::Purpose_Name(i),
         "purpose-" + std::string(record::KeyOf(static_cast<record::Purpose>(i))));
  }
}

}  // namespace
}  // namespace milecastle::command
