// Client Level Data: whose a row is, what it may say, and what becomes of the bad ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kit/print.h"
#include "social_care/adapter.h"

namespace milecastle::social_care {
namespace {

using record::ClinicalStatus;
using record::Section;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHeader =
    "LA_Code,Reporting_Period_Start_Date,Reporting_Period_End_Date,NHS_Number,"
    "LA_Person_Unique_Identifier,Date_of_Birth,Date_of_Death,Client_Type,Event_Type,"
    "Event_Start_Date,Event_End_Date,Service_Type,Adult_1_Linked_Person_ID,Event_Description\n";

// A row of the header above; what is not said is of an open service of NM-1.
struct Row {
  std::string number = "9990000018";
  std::string person = "NM-1";
  std::string born = "1941-02-03";
  std::string died = "";
  std::string client = "Service user";
  std::string event = "Service";
  std::string start = "2026-04-20";
  std::string end = "";
  std::string service = "Long term support: Community";
  std::string linked = "";
  std::string text = "";
  std::string period_end = "2026-06-30";

  std::string Text() const {
    return "ZL1,2026-04-01," + period_end + "," + number + "," + person + "," + born + "," + died +
           "," + client + "," + event + "," + start + "," + end + "," + service + "," + linked +
           "," + text + "\n";
  }
};

port::Reading Read(const std::vector<Row>& rows, const port::Feed& feed = {}) {
  std::string message(kHeader);
  for (const Row& row : rows) message += row.Text();
  return MakeAdapter()->Read(message, feed);
}

record::Contribution Only(const Row& row) {
  auto reading = Read({row});
  EXPECT_EQ(reading.patients.size(), 1U);
  EXPECT_TRUE(reading.patients.front());
  return *reading.patients.front();
}

const record::Entry& ServiceOf(const record::Contribution& contribution) {
  const auto found = std::find_if(
      contribution.drafts.begin(), contribution.drafts.end(),
      [](const auto& draft) { return draft.entry.section == Section::kServicesAndCare; });
  return found->entry;
}

std::string RefusalOf(const Row& row) {
  const auto reading = Read({row});
  return reading.patients.front() ? "taken" : base::Describe(reading.patients.front().error());
}

TEST(SocialCare, RowsOfOnePersonAreOneContributionAndOfAnotherAnother) {
  const auto reading = Read({{.text = "first of one"},
                             {.number = "9990000026", .person = "NM-2", .text = "of two"},
                             {.start = "2026-05-01", .text = "second of one"}});
  ASSERT_EQ(reading.patients.size(), 2U);
  const std::string one = kit::Print(*reading.patients[0]);
  const std::string two = kit::Print(*reading.patients[1]);
  EXPECT_THAT(one, HasSubstr("first of one"));
  EXPECT_THAT(one, HasSubstr("second of one"));
  EXPECT_THAT(one, Not(HasSubstr("of two")));
  EXPECT_THAT(two, HasSubstr("of two"));
  EXPECT_THAT(two, Not(HasSubstr("of one")));
  EXPECT_THAT(two, Not(HasSubstr("9990000018")));
}

TEST(SocialCare, RowsOfOneIdentifierThatDisagreeOnWhoItIsAreTakenForNobody) {
  for (const Row& other : {Row{.number = "9990000026"}, Row{.born = "1951-02-03"}}) {
    const auto reading = Read({{}, other, {.number = "9990000034", .person = "NM-3"}});
    ASSERT_EQ(reading.patients.size(), 2U);
    ASSERT_FALSE(reading.patients[0]);
    EXPECT_THAT(base::Describe(reading.patients[0].error()), HasSubstr("line 3, column "));
    EXPECT_TRUE(reading.patients[1]) << "and nobody else is held up";
  }
}

TEST(SocialCare, RowsOfOneNumberThatDisagreeAreTakenForNobodyWhateverTheirOwnIdentifiers) {
  const auto reading = Read(
      {{}, {.person = "NM-2", .born = "1951-02-03"}, {.number = "9990000034", .person = "NM-3"}});
  ASSERT_EQ(reading.patients.size(), 3U);
  for (const std::size_t one : {0U, 1U}) {
    ASSERT_FALSE(reading.patients[one]);
    EXPECT_EQ(reading.patients[one].error().place, "line 3, column Date_of_Birth");
  }
  EXPECT_TRUE(reading.patients[2]) << "and nobody else is held up";
}

TEST(SocialCare, TwoNamesOfOneIdentifierAreTwoPeoplesAndANewSurnameIsNot) {
  const auto read = [](const std::string& second) {
    std::string message = std::string(kHeader) + Row{}.Text() + Row{.start = "2026-05-01"}.Text();
    message.insert(message.size() - 1, second);
    message.insert(message.find('\n', kHeader.size()), ",Aelia,Hadrian");
    message.insert(kHeader.size() - 1, ",First Name,Family Name");
    return MakeAdapter()->Read(message, {});
  };
  EXPECT_TRUE(read(",Aelia,Varus").patients[0]);
  EXPECT_TRUE(read(",,Varus").patients[0]) << "what is not said disagrees with nothing";
  const auto two = read(",Julia,Varus");
  ASSERT_EQ(two.patients.size(), 1U);
  EXPECT_EQ(two.patients[0].error().place, "line 3, column Family_Name");
}

TEST(SocialCare, ANumberIsOnePersonsHoweverItIsSpaced) {
  const auto reading = Read({{.person = ""}, {.number = "999 000 0018", .person = ""}});
  EXPECT_EQ(reading.patients.size(), 1U);
}

TEST(SocialCare, AWordForNoIdentifierIsNobodysIdentifier) {
  const auto unknown = Only({.person = "Unknown"});
  EXPECT_THAT(unknown.patient.local_identifiers, testing::IsEmpty());
  EXPECT_EQ(Only({.number = "Unknown"}).patient.nhs_number_as_sent, "");
  EXPECT_THAT(RefusalOf({.number = "Unknown", .person = "Not known"}),
              HasSubstr("name the person whose row it is"));
}

TEST(SocialCare, ALocalIdIsNobodysWhereNoCouncilIsKnown) {
  std::string message = std::string(kHeader) + Row{.number = ""}.Text();
  message.replace(message.find("ZL1"), 3, "");
  const auto reading = MakeAdapter()->Read(message, {});
  EXPECT_THAT(base::Describe(reading.patients[0].error()), HasSubstr("say whose local id it is"));
}

TEST(SocialCare, ANumberWithSpacesAndADateWrittenAnotherWayDisagreeWithNothing) {
  const auto reading = Read({{}, {.number = "999 000 0018", .born = "03/02/1941"}});
  ASSERT_EQ(reading.patients.size(), 1U);
  EXPECT_TRUE(reading.patients[0]);
}

TEST(SocialCare, AnOpenServiceIsCurrentAsOfThePeriodsEndAndAnEndedOneIsEnded) {
  const auto open = Only({});
  EXPECT_EQ(ServiceOf(open).status, ClinicalStatus::kActive);
  EXPECT_EQ(ServiceOf(open).recorded->original, "2026-06-30");
  const auto ended = Only({.end = "2026-06-30"});
  EXPECT_EQ(ServiceOf(ended).status, ClinicalStatus::kCompleted);
  EXPECT_EQ(ServiceOf(ended).ended->original, "2026-06-30");
}

TEST(SocialCare, AServiceIsNotCurrentWhereItsEndOrItsPersonsDeathSaysOtherwise) {
  EXPECT_EQ(ServiceOf(Only({.end = "2026-09-30"})).status, ClinicalStatus::kUnstated)
      << "planned to end: whether it did is not known";
  EXPECT_EQ(ServiceOf(Only({.end = "2026-05-30", .period_end = ""})).status,
            ClinicalStatus::kUnstated);
  EXPECT_EQ(ServiceOf(Only({.died = "2026-05-01"})).status, ClinicalStatus::kUnstated);
  EXPECT_NE(ServiceOf(Only({.start = "2026-08-01"})).status, ClinicalStatus::kActive)
      << "it had not begun";
}

TEST(SocialCare, AnEventThatIsNoServiceIsNeverCurrent) {
  for (const char* const event : {"Request", "Assessment", "Review"}) {
    const auto contribution = Only({.event = event});
    for (const auto& draft : contribution.drafts) {
      EXPECT_NE(draft.entry.status, ClinicalStatus::kActive) << event;
    }
  }
}

TEST(SocialCare, AServiceThatComesAgainWithAnEndReplacesTheOpenOne) {
  const auto open = Only({});
  const auto ended = Only({.end = "2026-06-01", .service = "Long Term Support: Community"});
  EXPECT_EQ(open.drafts.back().source_key, ended.drafts.back().source_key);
  const auto other = Only({.start = "2026-04-21"});
  EXPECT_NE(open.drafts.back().source_key, other.drafts.back().source_key);
  const auto anothers = Only({.person = "NM-2"});
  EXPECT_NE(open.drafts.back().source_key, anothers.drafts.back().source_key);
}

TEST(SocialCare, AThousandEventsOfOneKeyAreAThousandEntries) {
  std::vector<Row> rows(1000);
  for (std::size_t at = 0; at < rows.size(); ++at) rows[at].text = "visit " + std::to_string(at);
  const auto reading = Read(rows);
  ASSERT_EQ(reading.patients.size(), 1U);
  std::set<std::string> keys;
  for (const auto& draft : reading.patients[0]->drafts) keys.insert(draft.source_key);
  EXPECT_EQ(keys.size(), 1000U);
}

TEST(SocialCare, AnAssessmentWithAnotherEndIsAnotherAssessment) {
  const auto one = Only({.event = "Assessment", .end = "2026-05-01"});
  const auto other = Only({.event = "Assessment", .end = "2026-05-02"});
  EXPECT_NE(one.drafts.back().source_key, other.drafts.back().source_key);
}

TEST(SocialCare, ALinkedPersonIsNamedByTheCouncilsIdentifierAlone) {
  const auto reading = Read({{.number = "9990000026",
                              .person = "NM-2",
                              .born = "1960-05-04",
                              .client = "Unpaid carer",
                              .service = "Unpaid carer support: Direct to unpaid carer",
                              .linked = "NM-1",
                              .text = "of the carer"},
                             {.client = "Service user", .linked = "NM-2", .text = "of the other"}});
  ASSERT_EQ(reading.patients.size(), 2U);
  const std::string carer = kit::Print(*reading.patients[0]);
  const std::string other = kit::Print(*reading.patients[1]);
  EXPECT_THAT(carer, HasSubstr("relationship person cared for"));
  EXPECT_THAT(carer, HasSubstr("detail the council's identifier of the person: NM-1"));
  EXPECT_THAT(carer, Not(testing::AnyOf(HasSubstr("9990000018"), HasSubstr("of the other"))));
  EXPECT_THAT(other, HasSubstr("detail the council's identifier of the person: NM-2"));
  EXPECT_THAT(other, Not(testing::AnyOf(HasSubstr("9990000026"), HasSubstr("of the carer"),
                                        HasSubstr("client type: Unpaid carer"))));
}

TEST(SocialCare, ACarersEventSaysThatItIsACarers) {
  const auto contribution = Only({.client = "Carer known by association"});
  EXPECT_THAT(kit::Print(contribution),
              HasSubstr("detail client type: Unpaid carer known by association"));
}

TEST(SocialCare, EverySectionThatAReturnFillsSaysThatItLagsAndNoOtherIsSpokenOf) {
  const auto contribution = Only({.linked = "NM-2"});
  std::set<Section> filled;
  std::set<Section> spoken;
  for (const auto& draft : contribution.drafts) filled.insert(draft.entry.section);
  for (const auto& statement : contribution.statements) {
    spoken.insert(statement.section);
    EXPECT_EQ(statement.saying, record::SectionSaying::kLaggingReturn);
    EXPECT_EQ(statement.when->original, "2026-06-30");
    EXPECT_THAT(statement.text, HasSubstr("2026-04-01 to 2026-06-30"));
  }
  EXPECT_EQ(filled, spoken);
  EXPECT_FALSE(spoken.contains(Section::kLegalInformation));
  EXPECT_FALSE(spoken.contains(Section::kSafeguarding));
  EXPECT_TRUE(contribution.snapshot_of.empty()) << "a return ends nothing that others sent";
}

TEST(SocialCare, ARowThatCannotBeReadIsRefusedWithLineAndColumn) {
  EXPECT_THAT(RefusalOf({.client = "Neighbour"}), HasSubstr("line 2, column Client_Type"));
  EXPECT_THAT(RefusalOf({.event = "Safeguarding"}), HasSubstr("line 2, column Event_Type"));
  EXPECT_THAT(RefusalOf({.start = ""}), HasSubstr("column Event_Start_Date: say when"));
  EXPECT_THAT(RefusalOf({.start = "45292"}), HasSubstr("column Event_Start_Date: it is no date"));
  EXPECT_THAT(RefusalOf({.end = "2026-04-19"}), HasSubstr("column Event_End_Date"));
  EXPECT_THAT(RefusalOf({.end = "31/06/2026"}), HasSubstr("column Event_End_Date"));
  EXPECT_THAT(RefusalOf({.born = "1941-13-01"}), HasSubstr("column Date_of_Birth"));
  EXPECT_THAT(RefusalOf({.died = "soon"}), HasSubstr("column Date_of_Death"));
  EXPECT_THAT(RefusalOf({.number = "", .person = ""}),
              HasSubstr("column LA_Person_Unique_Identifier"));
}

TEST(SocialCare, AnErrorHoldsNoValueOfTheRow) {
  for (const std::string& text : {RefusalOf({.client = "Aelia"}), RefusalOf({.born = "Aelia"}),
                                  RefusalOf({.event = "Aelia"})}) {
    EXPECT_THAT(text, Not(HasSubstr("Aelia")));
  }
  const auto headless = MakeAdapter()->Read("Aelia,9990000018\nHadrian,9990000026\n", {});
  EXPECT_THAT(base::Describe(headless.patients.front().error()),
              Not(testing::AnyOf(HasSubstr("Aelia"), HasSubstr("999"))));
}

TEST(SocialCare, AValueThatLooksLikeAFormulaIsText) {
  const auto contribution = Only({.text = "\"=HYPERLINK(\"\"http://x/\"\",\"\"y\"\")\""});
  EXPECT_THAT(ServiceOf(contribution).free_text, ElementsAre("=HYPERLINK(\"http://x/\",\"y\")"));
}

TEST(SocialCare, APersonWithoutAnNhsNumberIsTheCouncilsOwn) {
  const auto contribution = Only({.number = ""});
  EXPECT_TRUE(contribution.patient.nhs_number_as_sent.empty());
  ASSERT_EQ(contribution.patient.local_identifiers.size(), 1U);
  EXPECT_EQ(contribution.patient.local_identifiers[0].authority, "ZL1");
  EXPECT_EQ(contribution.patient.tracing, record::Tracing::kUnstated);
}

TEST(SocialCare, ACouncilMayNameThePersonBesideTheReturn) {
  std::string message = std::string(kHeader) + Row{}.Text();
  message.insert(message.find('\n'), ",First Name,Family Name");
  message.insert(message.size() - 1, ",Aelia,Hadrian");
  const auto reading = MakeAdapter()->Read(message, {});
  EXPECT_THAT(kit::Print(*reading.patients[0]), HasSubstr("name: family Hadrian, given Aelia\n"));
  EXPECT_THAT(reading.patients[0]->not_carried, testing::IsEmpty());
}

TEST(SocialCare, AFileOfTwoCouncilsIsTheFirstOnes) {
  std::string message = std::string(kHeader) + Row{}.Text() + Row{.person = "NM-2"}.Text();
  message.replace(message.rfind("ZL1"), 3, "ZL2");
  const auto reading = MakeAdapter()->Read(message, {});
  EXPECT_EQ(reading.envelope.sender, "ZL1");
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_THAT(base::Describe(reading.patients[1].error()), HasSubstr("line 3, column LA_Code"));
}

TEST(SocialCare, AHeaderThatStandsThereTwiceRefusesItsRowAlone) {
  port::Feed feed;
  feed.organisations = {*record::OdsCode::Parse("ZL1")};
  const std::string message = std::string(kHeader) + std::string(kHeader) + Row{}.Text();
  const auto reading = MakeAdapter()->Read(message, feed);
  EXPECT_EQ(reading.envelope.sender, "ZL1");
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_FALSE(reading.patients[0]);
  EXPECT_TRUE(reading.patients[1]);
}

TEST(SocialCare, WhereNoRowCanBeReadTheFirstErrorSaysHowFarThatGoes) {
  const auto reading = Read({{.event = "x"}, {.event = "y"}, {.start = ""}});
  EXPECT_THAT(base::Describe(reading.patients.front().error()),
              HasSubstr("nor can the other 2 rows of this part be read, the last at line 4, column "
                        "Event_Start_Date"));
}

TEST(SocialCare, ALargeFileIsSplitAndItsErrorsNameTheFilesOwnLines) {
  std::string file(kHeader);
  for (int row = 0; row < 1000; ++row) {
    file +=
        Row{.person = "NM-" + std::to_string(row / 3), .event = row == 777 ? "Nothing" : "Service"}
            .Text();
  }
  port::Feed feed;
  feed.patient_limit = 50;
  const auto parts = MakeAdapter()->Split(file, feed);
  EXPECT_GE(parts.size(), 6U);
  std::size_t people = 0;
  std::vector<std::string> errors;
  for (const std::string& part : parts) {
    for (const auto& patient : MakeAdapter()->Read(part, feed).patients) {
      if (patient) ++people;
      if (!patient) errors.push_back(patient.error().place);
    }
  }
  EXPECT_THAT(errors, ElementsAre("line 779, column Event_Type"));
  EXPECT_GE(people, 334U);
}

TEST(SocialCare, AMessageOfTooManyPeopleOrRowsIsRefusedWhole) {
  port::Feed feed;
  feed.patient_limit = 1;
  const auto reading = Read({{}, {.person = "NM-2"}}, feed);
  ASSERT_EQ(reading.patients.size(), 1U);
  EXPECT_EQ(reading.patients[0].error().id, base::ErrorId::kMessageTooLarge);
  EXPECT_EQ(Read(std::vector<Row>(1001)).patients.size(), 1U);
}

TEST(SocialCare, AColumnThatIsMissingIsNamed) {
  const auto reading = MakeAdapter()->Read("LA_Code,Event_Type\nZL1,Service\n", {});
  EXPECT_THAT(base::Describe(reading.patients.front().error()),
              HasSubstr("there is no column Client_Type: name it in the feed's mapping"));
}

// What was not said is not the first thing that could have been said: one service would take the
// place of the other.
TEST(SocialCare, AServiceWithoutATypeIsAnotherThanOneOfAType) {
  const auto key = [](const std::string& service) {
    const auto contribution = Only({.service = service});
    const auto found = std::find_if(
        contribution.drafts.begin(), contribution.drafts.end(),
        [](const auto& draft) { return draft.entry.section == Section::kServicesAndCare; });
    return found == contribution.drafts.end() ? std::string() : found->source_key;
  };
  EXPECT_THAT(key(""), Not(testing::IsEmpty()));
  EXPECT_NE(key(""), key("Long term support: Community"));
}

}  // namespace
}  // namespace milecastle::social_care
