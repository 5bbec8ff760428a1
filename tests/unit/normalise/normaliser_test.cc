#include "normalise/normaliser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <span>

#include "drafts.h"

namespace milecastle::normalise {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

NormaliserOptions HivSet() {
  NormaliserOptions options;
  options.code_labels = {{"SNM3", "86406008", "hiv"}};
  return options;
}

TEST(Normaliser, SaysOfAStatementWhetherItsWordsWouldBeLabelled) {
  const LabelRulesFile file{"rules.toml", R"(
[[rule]]
id = "r"
label = "hiv"
words = ["HIV"]
[[case]]
text = "HIV-1 positive"
labels = ["hiv"]
)"};
  const auto loaded = LabelRules::Parse({&file, 1});
  for (const auto& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
  NormaliserOptions options;
  options.label_rules = loaded.rules;
  const Normaliser normaliser = With(options);
  record::SectionStatement said{.section = record::Section::kAllergies, .text = "kept in a file"};
  EXPECT_FALSE(normaliser.WouldLabel(said));
  said.text = "HIV-1 positive, seen by GUM";
  EXPECT_TRUE(normaliser.WouldLabel(said)) << "in whatever section";
  EXPECT_FALSE(With({}).WouldLabel(said)) << "without rules";
  said.text = "a plan is kept apart";
  said.section = record::Section::kSafeguarding;
  EXPECT_TRUE(normaliser.WouldLabel(said)) << "as an entry of the section would be";
  said.text = "";
  EXPECT_FALSE(normaliser.WouldLabel(said)) << "there are no words";
}

TEST(Normaliser, LeadsAnAllergyThatItsWordsDenyWithItsSubstance) {
  record::Draft draft = Draft("a");
  draft.entry.section = record::Section::kAllergies;
  draft.entry.kind = record::Kind::kAllergy;
  draft.entry.what = {"No known allergy", {{"L", "PENI", "Penicillin"}}};
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_EQ(items.front().draft.entry.what.text,
            "Penicillin, CONTRADICTED by its source's words: \"No known allergy\"");
}

TEST(Normaliser, NamesKnownCodeSystemsByTheirUriWhereverTheyStand) {
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"SNM3", "1", ""}, {"ln", "2", ""}, {"WinPath", "3", ""}};
  draft.entry.value.emplace();
  draft.entry.value->coded.codings = {{"I10", "4", ""}};
  draft.entry.details = {{"site", "", {"", {{"SCT", "5", ""}}}, {}}};
  const auto items = With({}).Normalise({draft}, kSource);
  const record::Entry& entry = items.front().draft.entry;
  EXPECT_EQ(entry.what.codings[0].system, "http://snomed.info/sct");
  EXPECT_EQ(entry.what.codings[1].system, "http://loinc.org");
  EXPECT_EQ(entry.what.codings[2].system, "WinPath") << "an unknown name stays as sent";
  EXPECT_EQ(entry.value->coded.codings[0].system, "http://hl7.org/fhir/sid/icd-10");
  EXPECT_EQ(entry.details[0].coded.codings[0].system, "http://snomed.info/sct");
}

TEST(Normaliser, AConfiguredSystemNameWinsOverABuiltInOne) {
  NormaliserOptions options;
  options.systems = {{"RC", "urn:local:royal-codes"}};
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"rc", "1", ""}};
  const auto items = With(options).Normalise({draft}, kSource);
  EXPECT_EQ(items.front().draft.entry.what.codings[0].system, "urn:local:royal-codes");
}

TEST(Normaliser, ASensitiveCodeLabelsItsEntryFromItsCodesValueOrDetails) {
  record::Draft what = Draft("what");
  what.entry.what.codings = {{"99LOCAL", "X", ""}, {"SCT", "86406008", ""}};
  record::Draft value = Draft("value");
  value.entry.value.emplace();
  value.entry.value->coded.codings = {{"http://snomed.info/sct", "86406008", ""}};
  record::Draft detail = Draft("detail");
  detail.entry.details = {{"reason", "", {"", {{"SNM3", "86406008", ""}}}, {}}};
  record::Draft other = Draft("other");
  other.entry.what.codings = {{"LN", "86406008", ""}};
  const auto items = With(HivSet()).Normalise({what, value, detail, other}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[1].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[2].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[3].entry_class.labels, IsEmpty()) << "the same code of another system";
}

TEST(Normaliser, ASensitiveCodeIsKnownHoweverItsSystemIsWrittenAndWithoutOne) {
  for (const char* system : {"", " ", "http://snomed.info/sct|20260101", "http://snomed.info/sct/",
                             "  http://snomed.info/sct ", "HTTP://snomed.info/SCT",
                             "http://snomed.info/sct/900000000000207008/version/20260101"}) {
    record::Draft draft = Draft("a");
    draft.entry.what.codings = {{system, " 86406008 ", ""}};
    const auto items = With(HivSet()).Normalise({draft}, kSource);
    EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv")) << system;
    EXPECT_EQ(items[0].draft.entry.what.codings[0].code, " 86406008 ") << "as sent";
  }
}

TEST(Normaliser, AShortCodeWithoutASystemSaysNothing) {
  NormaliserOptions options;
  options.code_labels = {{"urn:codes", "B24", "hiv"}};
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"", "B24", ""}};
  EXPECT_THAT(With(options).Normalise({draft}, kSource)[0].entry_class.labels, IsEmpty());
}

// Whatever adapter made it, one outside the process too.
TEST(Normaliser, WhatEndedAndIsActiveIsBelievedNeitherWay) {
  record::Draft draft = Draft("a", record::Kind::kAllergy);
  draft.entry.status = record::ClinicalStatus::kActive;
  draft.entry.ended = record::When::ParseIso("2015-01-01");
  EXPECT_EQ(With({}).Normalise({draft}, kSource)[0].draft.entry.status,
            record::ClinicalStatus::kUnstated);
}

TEST(Normaliser, WhatIsSomebodyElsesIsNoProblemOfThePatients) {
  record::Draft draft = Draft("a", record::Kind::kProblem);
  draft.entry.section = record::Section::kProblems;
  draft.entry.subject = record::Subject::kFamily;
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_EQ(items[0].draft.entry.kind, record::Kind::kStatement);
  EXPECT_EQ(items[0].entry_class.section, record::Section::kFamilyHistory);
  EXPECT_EQ(items[0].entry_class.kind, record::Kind::kStatement);
}

TEST(Normaliser, ADocumentIsWhatItsBytesAreAndSaysThatItWasCut) {
  record::Draft cut = Draft("a", record::Kind::kDocument);
  cut.entry.document = record::Document{.media_type = "application/pdf", .bytes = "%PDF-1.4 x"};
  record::Draft page = Draft("b", record::Kind::kDocument);
  page.entry.document = record::Document{.media_type = "text/html", .bytes = "<script>x</script>"};
  const auto items = With({}).Normalise({cut, page}, kSource);
  EXPECT_TRUE(items[0].draft.entry.document->truncated);
  EXPECT_EQ(items[1].draft.entry.document->media_type, "application/octet-stream");
  EXPECT_FALSE(items[1].draft.entry.document->truncated);
}

TEST(Normaliser, WhatASourceSaysOfAnEntryBecomesItsLabels) {
  record::Draft draft = Draft("a");
  draft.source_labels = {"NOPAT", "confidentiality:V", "confidentiality:N", "vip:PRINCE", "NOPAT"};
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels,
              ElementsAre("no_patient_access", "source:very_restricted", "source:vip"));
}

TEST(Normaliser, ASourceLabelThatNobodyKnowsIsKeptAsSuchWithoutItsWords) {
  record::Draft draft = Draft("a");
  draft.source_labels = {"do not tell the daughter"};
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels, ElementsAre("source:unmapped"));
}

TEST(Normaliser, TheSafeguardingSectionLabelsWhatStandsInIt) {
  record::Draft draft = Draft("a");
  draft.entry.section = record::Section::kSafeguarding;
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels, ElementsAre("safeguarding"));
}

TEST(Normaliser, ASensitiveReportAndItsResultsShareTheirLabels) {
  record::Draft report = Draft("report", record::Kind::kReport);
  record::Draft sensitive = Draft("sensitive");
  sensitive.entry.what.codings = {{"SCT", "86406008", ""}};
  sensitive.entry.group = "report";
  const auto up = With(HivSet()).Normalise({report, sensitive}, kSource);
  EXPECT_THAT(up[0].entry_class.labels, ElementsAre("hiv"))
      << "a report's title tells of its items";

  report.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft plain = Draft("plain");
  plain.entry.group = "report";
  const auto down = With(HivSet()).Normalise({plain, report}, kSource);
  EXPECT_THAT(down[0].entry_class.labels, ElementsAre("hiv"));
}

TEST(Normaliser, ASensitiveItemDoesNotLabelTheRestOfItsConsultation) {
  record::Draft consultation = Draft("consultation", record::Kind::kEncounter);
  record::Draft sensitive = Draft("sensitive");
  sensitive.entry.what.codings = {{"SCT", "86406008", ""}};
  sensitive.entry.group = "consultation";
  record::Draft plain = Draft("plain");
  plain.entry.group = "consultation";
  const auto items = With(HivSet()).Normalise({consultation, sensitive, plain}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv")) << "its heading tells what was done";
  EXPECT_THAT(items[0].own, IsEmpty()) << "and has it by the link alone";
  EXPECT_THAT(items[2].entry_class.labels, IsEmpty());
}

TEST(Normaliser, WhatIsLinkedToASensitiveItemOfItsMessageBearsItsLabels) {
  record::Draft problem = Draft("problem", record::Kind::kProblem);
  problem.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft letter = Draft("letter", record::Kind::kDocument);
  letter.entry.links = {{"problem", "problem"}};
  const auto items = With(HivSet()).Normalise({letter, problem}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[0].own, IsEmpty());
  EXPECT_THAT(items[1].own, ElementsAre("hiv"));
}

TEST(Normaliser, ASensitiveClinicLabelsWhatItDid) {
  NormaliserOptions options;
  options.code_labels = {{"https://fhir.nhs.uk/Id/ods-organization-code", "Z9GUM", "sexual_health"},
                         {"urn:clinics", "42", "hiv"}};
  record::Draft visit = Draft("visit", record::Kind::kEncounter);
  visit.entry.performers = {
      {.identifier = "42", .identifier_system = "urn:clinics", .organisation = "Z9GUM"}};
  EXPECT_THAT(With(options).Normalise({visit}, kSource)[0].own,
              ElementsAre("hiv", "sexual_health"));
}

TEST(Normaliser, DerivedLabelsNeverReachAnAllergyOrAnAlert) {
  record::Draft consultation = Draft("consultation", record::Kind::kEncounter);
  consultation.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft allergy = Draft("allergy", record::Kind::kAllergy);
  allergy.entry.section = record::Section::kAllergies;
  allergy.entry.group = "consultation";
  record::Draft alert = Draft("alert", record::Kind::kAlert);
  alert.entry.section = record::Section::kAlerts;
  alert.entry.group = "consultation";
  const auto items = With(HivSet()).Normalise({consultation, allergy, alert}, kSource);
  EXPECT_THAT(items[1].entry_class.labels, IsEmpty());
  EXPECT_THAT(items[2].entry_class.labels, IsEmpty());
}

LabelRules::Loaded RulesOf(const std::string& text) {
  const LabelRulesFile file{"own.toml", text};
  return LabelRules::Parse(std::span(&file, 1));
}

// Words that label, a code that does, and a code that is an allergy.
NormaliserOptions AllergySet() {
  NormaliserOptions options = HivSet();
  options.code_labels.push_back({"SCT", "91936005", "headline:allergy"});
  options.code_labels.push_back({"SCT", "7", "headline:alert"});
  options.label_rules = RulesOf(
                            "[[rule]]\nid = \"a\"\nlabel = \"sexual_health\"\n"
                            "words = [\"clinic\"]\n[[case]]\ntext = \"the clinic\"\n"
                            "labels = [\"sexual_health\"]\n")
                            .rules;
  return options;
}

// Of a visit that is labelled, with words that label.
record::Draft ProblemOf(std::string key, std::string code) {
  record::Draft draft = Draft(std::move(key), record::Kind::kProblem);
  draft.entry.section = record::Section::kProblems;
  draft.entry.what = {"Allergy, noted at the clinic", {{"SCT", std::move(code), ""}}};
  draft.entry.group = "visit";
  return draft;
}

TEST(Normaliser, AnAllergyThatIsToldAsAProblemIsLabelledNeitherByWordsNorByLinks) {
  record::Draft visit = Draft("visit", record::Kind::kEncounter);
  visit.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft headed = ProblemOf("headed", "1");
  headed.entry.details = {{"heading", "Allergies and adverse reactions", {}, {}}};
  record::Draft listed = ProblemOf("listed", "1");
  listed.entry.source_list = "Allergies";
  const auto items = With(AllergySet())
                         .Normalise({visit, ProblemOf("allergy", "91936005"),
                                     ProblemOf("alert", "7"), headed, listed},
                                    kSource);
  for (std::size_t i = 1; i < items.size(); ++i) {
    EXPECT_THAT(items[i].entry_class.labels, IsEmpty()) << items[i].draft.source_key;
    EXPECT_NE(items[i].entry_class.headline, record::Headline::kNone);
  }
}

TEST(Normaliser, AnAllergyThatIsToldAsAProblemBearsWhatItsOwnCodesAndItsSourceSay) {
  record::Draft draft = ProblemOf("allergy", "91936005");
  draft.entry.what.codings.push_back({"SCT", "86406008", ""});
  draft.source_labels = {"NOPAT"};
  const auto items = With(AllergySet()).Normalise({draft}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv", "no_patient_access"));
}

// Where it ends: what no code set and no heading knows, what does not stand, what is somebody
// else's, and a heading of what has ended.
TEST(Normaliser, WhatDoesNotLeadTheViewAsAnAllergyIsLabelledAsAnyProblem) {
  record::Draft over = ProblemOf("over", "91936005");
  over.entry.status = record::ClinicalStatus::kResolved;
  record::Draft family = ProblemOf("family", "91936005");
  family.entry.subject = record::Subject::kFamily;
  record::Draft ended = ProblemOf("ended", "1");
  ended.entry.details = {{"heading", "Ended allergies", {}, {}}};
  record::Draft note = ProblemOf("note", "1");
  note.entry.kind = record::Kind::kObservation;
  note.entry.details = {{"heading", "Allergies", {}, {}}};
  const auto items =
      With(AllergySet()).Normalise({ProblemOf("unknown", "1"), over, family, ended, note}, kSource);
  for (const Item& item : items) {
    EXPECT_THAT(item.own, ElementsAre("sexual_health")) << item.draft.source_key;
  }
}

TEST(Normaliser, AMedicineThatWasOverWhenItCameIsNotActive) {
  const base::Instant received = record::When::ParseIso("2026-11-22T09:00:00Z")->at;
  record::Draft draft = Draft("a", record::Kind::kMedication);
  draft.entry.status = record::ClinicalStatus::kActive;
  draft.entry.ended = record::When::ParseIso("2020");
  const auto items = With({}).Normalise({draft}, kSource, received);
  EXPECT_EQ(items.front().draft.entry.status, record::ClinicalStatus::kUnstated);
  EXPECT_EQ(items.front().draft.entry.ended->original, "2020");
}

TEST(Normaliser, ALabelOfWrongFormIsRefused) {
  NormaliserOptions options;
  options.source_labels = {{"X", "Not A Label"}};
  EXPECT_FALSE(Normaliser::Create(options));
}

TEST(Normaliser, AgainMakesTheSameOfAnEntryAsWhenItCame) {
  NormaliserOptions options = HivSet();
  options.code_labels.push_back({"SCT", "1", "headline:resuscitation"});
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"SNM3", "86406008", ""}, {"SCT", "1", ""}};
  draft.source_labels = {"NOPAT", "local"};
  const Normaliser normaliser = With(options);
  const Item first = normaliser.Normalise({draft}, kSource, base::Instant{}).front();
  EXPECT_EQ(normaliser.Again({first.draft, {}}, kSource, base::Instant{}), first);
  const Item kept = normaliser.Again({first.draft, {"sexual_health"}}, kSource, base::Instant{});
  EXPECT_THAT(kept.own,
              ElementsAre("hiv", "no_patient_access", "sexual_health", "source:unmapped"));
}

TEST(Normaliser, TheSameRulesHaveTheSameDigestInWhateverOrderTheyAreWritten) {
  NormaliserOptions one;
  one.code_labels = {{"SCT", "1", "hiv"}, {"SCT", "2", "hiv"}, {"SCT", "1", "sexual_health"}};
  NormaliserOptions other;
  other.code_labels = {{"SNM3", "1", "sexual_health"},
                       {"SCT", "2", "hiv"},
                       {"SCT", "1", "hiv"},
                       {"SCT", "1", "hiv"}};
  EXPECT_EQ(With(one).digest(), With(other).digest());
}

TEST(Normaliser, EveryRuleIsInTheDigest) {
  const auto words = [](const std::string& rule, const std::string& label = "hiv") {
    NormaliserOptions options;
    auto loaded = RulesOf("[[rule]]\nid = \"a\"\nlabel = \"" + label + "\"\n" + rule +
                          "\n[[case]]\ntext = \"Light House\"\nlabels = [\"" + label + "\"]\n");
    EXPECT_THAT(loaded.problems, IsEmpty());
    options.label_rules = loaded.rules;
    return With(options).digest();
  };
  NormaliserOptions system;
  system.systems = {{"RC", "urn:local"}};
  NormaliserOptions mark;
  mark.source_labels = {{"local", "hiv"}};
  NormaliserOptions silent;
  silent.source_labels = {{"NOPAT", ""}};
  NormaliserOptions section;
  section.section_labels = {};
  NormaliserOptions other_label = HivSet();
  other_label.code_labels[0].label = "sexual_health";
  const std::set<base::Digest> all = {
      With({}).digest(),
      With(HivSet()).digest(),
      With(other_label).digest(),
      With(system).digest(),
      With(mark).digest(),
      With(silent).digest(),
      With(section).digest(),
      words("words = [\"light house\"]"),
      words("words = [\"light house\"]", "sexual_health"),
      words("exact = [\"Light House\"]"),
      words("words = [\"light house\"]\nplaces = [\"what\"]"),
      words("words = [\"light house\"]\nexcept = [\"red light house\"]"),
      words("words = [\"light house\", \"beacon\"]")};
  EXPECT_EQ(all.size(), 13U);
  EXPECT_EQ(words("words = [\"light house\", \"beacon\"]"),
            words("note = \"for people\"\nwords = [\"Beacon\", \"LIGHT-HOUSE\"]"))
      << "what is written is the same in another order and case";
}

}  // namespace
}  // namespace milecastle::normalise
