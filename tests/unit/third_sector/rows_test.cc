// A charity's sheet: whose a row is, how a referral stands, and that no risk is lost.
#include "rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "kit/print.h"

namespace milecastle::third_sector {
namespace {

using record::ClinicalStatus;
using record::Section;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ThirdSector, RowsOfOnePersonAreOneContributionAndOfAnotherAnother) {
  const auto reading = Read({{{"Details", "first of one"}},
                             {{"NHS number", "9990000026"},
                              {"Local id", "H-18"},
                              {"Details", "of two"},
                              {"Risk to worker", "dog of two"}},
                             {{"Date", "2026-11-06"}, {"Details", "second of one"}}});
  ASSERT_EQ(reading.patients.size(), 2U);
  const std::string one = kit::Print(*reading.patients[0]);
  const std::string two = kit::Print(*reading.patients[1]);
  EXPECT_THAT(one, HasSubstr("first of one"));
  EXPECT_THAT(one, HasSubstr("second of one"));
  EXPECT_THAT(one, Not(HasSubstr("of two")));
  EXPECT_THAT(two, HasSubstr("dog of two"));
  EXPECT_THAT(two, Not(HasSubstr("of one")));
}

TEST(ThirdSector, RowsOfOneIdentifierThatDisagreeOnWhoItIsAreTakenForNobody) {
  const std::vector<Row> others = {{{"NHS number", "9990000026"}},
                                   {{"Date of birth", "1963-07-13"}},
                                   {{"Family name", "Severus"}, {"Given names", "Julia"}},
                                   {{"Local id", "H-18"}, {"Date of birth", "1963-07-13"}}};
  for (const Row& other : others) {
    const auto reading = Read({{}, other, {{"NHS number", "9990000034"}, {"Local id", "H-19"}}});
    const std::size_t last = reading.patients.size() - 1;
    for (std::size_t at = 0; at < last; ++at) {
      ASSERT_FALSE(reading.patients[at]);
      EXPECT_THAT(base::Describe(reading.patients[at].error()), HasSubstr("line 3, column "));
    }
    EXPECT_TRUE(reading.patients[last]) << "and nobody else is held up";
  }
}

TEST(ThirdSector, ANumberWithSpacesADateOfAnotherFormAndANewSurnameDisagreeWithNothing) {
  const auto contribution = Only({{},
                                  {{"NHS number", "999 000 0018"},
                                   {"Date of birth", "13/07/1962"},
                                   {"Date", "2026-11-06"},
                                   {"Family name", "Varus"}}});
  ASSERT_EQ(contribution.patient.names.value.size(), 2U);
  EXPECT_EQ(contribution.patient.names.value[0].family, "Varus");
  EXPECT_EQ(contribution.patient.names.value[1].family, "Hadrian");
}

TEST(ThirdSector, ARowThatDoesNotSayWhoseItIsIsRefusedWithItsPlace) {
  EXPECT_THAT(RefusalOf({{"NHS number", ""}, {"Local id", ""}}),
              HasSubstr("line 2, column Local id: say whose row it is"));
  for (const std::string field : {"Family name", "Given names", "Date of birth"}) {
    EXPECT_THAT(RefusalOf({{field, ""}}), HasSubstr("line 2, column " + field + ": say it"));
  }
}

TEST(ThirdSector, ALocalIdIsNobodysWhereNoOrganisationIsKnown) {
  const auto message = SheetOf({{{"NHS number", ""}}});
  const auto reading = MakeAdapter()->Read(message, port::Feed());
  ASSERT_FALSE(reading.patients.front());
  EXPECT_THAT(base::Describe(reading.patients.front().error()), HasSubstr("whose local id"));
  EXPECT_EQ(Only({{{"NHS number", ""}}}).patient.local_identifiers,
            std::vector<record::LocalIdentifier>({{"LOCALHEARTH", "LOCAL", "H-17"}}));
}

// The register knows an id as it was sent.
TEST(ThirdSector, LocalIdsOfOtherLettersAreTwoPeoplesAndWordsForNoneAreNobodys) {
  const auto reading = Read({{{"NHS number", ""}}, {{"NHS number", ""}, {"Local id", "h-17"}}});
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_EQ(reading.patients[1]->patient.local_identifiers[0].value, "h-17");
  const auto without = Read({{{"Local id", "n/a"}},
                             {{"NHS number", "9990000026"}, {"Local id", "n/a"}},
                             {{"NHS number", "not known"}}});
  ASSERT_EQ(without.patients.size(), 3U);
  EXPECT_THAT(without.patients[0]->patient.local_identifiers, testing::IsEmpty());
  EXPECT_THAT(without.patients[1]->patient.local_identifiers, testing::IsEmpty());
  EXPECT_EQ(without.patients[2]->patient.nhs_number_as_sent, "");
  EXPECT_THAT(RefusalOf({{"NHS number", "-"}, {"Local id", "n/a"}}), HasSubstr("say whose row"));
}

TEST(ThirdSector, AHeaderThatStandsThereTwiceRefusesItsRowAlone) {
  const std::string header =
      "Organisation,NHS number,Family name,Given names,Date of birth,"
      "Record type,Date\n";
  const auto reading = MakeAdapter()->Read(
      header + header + "LOCALHEARTH,9990000018,Hadrian,Aelia,1962-07-13,Contact,2026-11-05\n",
      Hearth());
  EXPECT_EQ(reading.envelope.sender, "LOCALHEARTH");
  ASSERT_EQ(reading.patients.size(), 2U);
  EXPECT_FALSE(reading.patients[0]);
  EXPECT_TRUE(reading.patients[1]);
}

TEST(ThirdSector, WhereNoRowCanBeReadTheFirstErrorSaysHowFarThatGoes) {
  const auto reading = Read({{{"Status", "x"}}, {{"Record type", "x"}}, {{"Date", ""}}});
  EXPECT_THAT(base::Describe(reading.patients.front().error()),
              HasSubstr("nor can the other 2 rows of this part be read, the last at line 4, column "
                        "Date"));
}

TEST(ThirdSector, BadRowsAreRefusedWithLineAndColumnAndNoValueAndTheOthersGoIn) {
  const auto reading = Read({{{"Date", "31/11/2026"}, {"Details", "Secret"}},
                             {{"Status", "Secret"}},
                             {{"Record type", "Secret"}},
                             {{"End date", "2026-11-01"}},
                             {{"Details", "good"}}});
  ASSERT_EQ(reading.patients.size(), 5U);
  std::vector<std::string> places;
  for (const auto& patient : reading.patients) {
    if (patient) continue;
    places.push_back(patient.error().place);
    EXPECT_THAT(base::Describe(patient.error()), Not(HasSubstr("Secret")));
  }
  EXPECT_THAT(places, ElementsAre("line 2, column Date", "line 3, column Status",
                                  "line 4, column Record type", "line 5, column End date"));
  ASSERT_TRUE(reading.patients[4]);
  EXPECT_THAT(kit::Print(*reading.patients[4]), HasSubstr("good"));
}

TEST(ThirdSector, AReferralThatWasWithdrawnIsOneEntryAndNotActiveWhateverTheOrderOfItsRows) {
  const Row began = {{"Record type", "Referral"},
                     {"Reference", "R-1"},
                     {"Status", "Accepted"},
                     {"Date", "2026-11-02"},
                     {"Referred by", "Dr Flavia"}};
  const Row ended = {{"Record type", "Outcome"},
                     {"Reference", "R-1"},
                     {"Status", "Withdrawn"},
                     {"Date", "2026-11-20"},
                     {"Outcome", "She moved"}};
  const auto open = In(Only({began}), Section::kReferralDetails);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].status, ClinicalStatus::kActive);
  for (const auto& rows : {std::vector<Row>{began, ended}, std::vector<Row>{ended, began}}) {
    const auto contribution = Only(rows);
    const auto referrals = In(contribution, Section::kReferralDetails);
    ASSERT_EQ(referrals.size(), 1U);
    EXPECT_EQ(referrals[0].status, ClinicalStatus::kCancelled);
    EXPECT_EQ(referrals[0].status_original, "Withdrawn");
    EXPECT_EQ(referrals[0].performers.front().name, "Dr Flavia");
    EXPECT_EQ(referrals[0].effective->original, "2026-11-02");
  }
  EXPECT_EQ(Only({ended}).drafts.front().source_key, Only({began}).drafts.front().source_key)
      << "in a later file it takes the referral's place";
}

TEST(ThirdSector, AFileIsTakenInPartsOnlyWhereWhatIsOlderComesFirst) {
  std::vector<Row> rows;
  for (int at = 0; at < 300; ++at) rows.push_back({{"Reference", "C-" + std::to_string(at)}});
  rows.front() = {{"Record type", "Outcome"},
                  {"Reference", "R-1"},
                  {"Status", "Withdrawn"},
                  {"Date", "2026-11-20"}};
  rows.back() = {{"Record type", "Referral"},
                 {"Reference", "R-1"},
                 {"Status", "Accepted"},
                 {"Date", "2026-11-02"}};
  const auto adapter = MakeAdapter();
  EXPECT_EQ(adapter->Split(SheetOf(rows), Hearth()).size(), 1U);
  const auto referrals = In(Only(rows), Section::kReferralDetails);
  ASSERT_EQ(referrals.size(), 1U);
  EXPECT_EQ(referrals[0].status, ClinicalStatus::kCancelled);
  std::swap(rows.front(), rows.back());
  EXPECT_GT(adapter->Split(SheetOf(rows), Hearth()).size(), 1U);
}

TEST(ThirdSector, ARowOfNoDateIsRefusedAndKeepsNoFileFromBeingTakenInParts) {
  std::vector<Row> rows(300, Row{{"Reference", "C-1"}, {"Record type", "Plan"}});
  rows.back()["Date"] = "";
  const auto parts = MakeAdapter()->Split(SheetOf(rows), Hearth());
  ASSERT_GT(parts.size(), 1U);
  const auto last = MakeAdapter()->Read(parts.back(), Hearth());
  ASSERT_FALSE(last.patients.empty());
  EXPECT_TRUE(std::any_of(last.patients.begin(), last.patients.end(),
                          [](const auto& patient) { return !patient; }));
}

TEST(ThirdSector, ARiskToWorkersIsAnAlertOfItsOwnInWhateverRowItStands) {
  for (const std::string type : {"Contact", "Plan", "Referral", "Assessment"}) {
    const auto contribution = Only({{{"Record type", type}, {"Risk to worker", "Dog"}}});
    const auto alerts = In(contribution, Section::kAlerts);
    ASSERT_EQ(alerts.size(), 1U) << type;
    EXPECT_EQ(alerts[0].kind, record::Kind::kAlert);
    EXPECT_EQ(alerts[0].what.text, "Risk to worker") << "stands where free text is masked";
    EXPECT_THAT(alerts[0].free_text, ElementsAre("Dog"));
    EXPECT_FALSE(alerts[0].negated);
  }
}

TEST(ThirdSector, NoInALaterRowEndsNoRiskAndItsOwnEndDateDoes) {
  const Row dog = {{"Risk to worker", "Dog"}};
  const Row no = {{"Risk to worker", "No"}, {"Date", "2026-11-12"}};
  const Row over = {
      {"Risk to worker", "dog"}, {"Risk to worker ended", "2026-11-15"}, {"Date", "2026-11-16"}};
  auto alerts = In(Only({dog, no}), Section::kAlerts);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_NE(alerts[0].negated, alerts[1].negated);
  for (const auto& alert : alerts) EXPECT_EQ(alert.status, ClinicalStatus::kUnstated);
  alerts = In(Only({dog, over}), Section::kAlerts);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].status, ClinicalStatus::kInactive);
  alerts = In(Only({over, {{"Risk to worker", "Dog"}, {"Date", "2026-11-18"}}}), Section::kAlerts);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].status, ClinicalStatus::kUnstated) << "it is back";
}

TEST(ThirdSector, AnEndWithoutWordsEndsNothingAndIsListed) {
  const auto contribution =
      Only({{{"Risk to worker", "Dog"}},
            {{"Date", "2026-11-12"}, {"Risk to worker ended", "2026-11-12"}}});
  ASSERT_EQ(In(contribution, Section::kAlerts).size(), 1U);
  EXPECT_EQ(In(contribution, Section::kAlerts)[0].status, ClinicalStatus::kUnstated);
  EXPECT_THAT(kit::Print(contribution), HasSubstr("column Risk to worker ended: the row does not"));
}

TEST(ThirdSector, SafeguardingConcernsStandUnderSafeguarding) {
  const auto entries = In(Only({{{"Safeguarding concern", "Money"}}}), Section::kSafeguarding);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].kind, record::Kind::kAlert);
}

TEST(ThirdSector, TheSendersOwnWordForAStatusIsKept) {
  port::Feed feed;
  feed.mapping.values["Status"]["they pulled out"] = "Withdrawn";
  const auto reading = MakeAdapter()->Read(
      SheetOf({{{"Record type", "Referral"}, {"Status", "They pulled out"}}}), feed);
  ASSERT_TRUE(reading.patients.front());
  const auto& entry = reading.patients.front()->drafts.front().entry;
  EXPECT_EQ(entry.status, ClinicalStatus::kCancelled);
  EXPECT_EQ(entry.status_original, "They pulled out");
}

TEST(ThirdSector, ASendersOwnYesIsNoTrace) {
  const auto tracing = [](const std::string& said) {
    const auto reading = MakeAdapter()->Read(
        "NHS number,NHS number traced,Family name,Given names,Date of birth,Record type,Date\n"
        "9990000018," +
            said + ",Hadrian,Aelia,1962-07-13,Contact,2026-11-20\n",
        port::Feed{});
    EXPECT_TRUE(reading.patients.front());
    return reading.patients.front()->patient.tracing;
  };
  EXPECT_EQ(tracing("Yes"), record::Tracing::kUnstated) << "the feed says whether it is relied on";
  EXPECT_EQ(tracing(""), record::Tracing::kUnstated);
  EXPECT_EQ(tracing("No"), record::Tracing::kNotTraced);
  EXPECT_EQ(tracing("perhaps"), record::Tracing::kNotTraced);
}

TEST(ThirdSector, WhatIsMarkedConfidentialIsSoUnlessItIsAPlainNo) {
  for (const std::string said : {"Yes", "Y", "partly"}) {
    const auto drafts = Only({{{"Confidential", said}}}).drafts;
    EXPECT_THAT(drafts.front().source_labels, ElementsAre("confidentiality:R")) << said;
    EXPECT_EQ(Only({{{"Address confidential", said}}}).location_protection,
              record::LocationProtection::kLocal);
  }
  EXPECT_TRUE(Only({{{"Confidential", "no"}}}).drafts.front().source_labels.empty());
}

TEST(ThirdSector, NoneUnderAHeadingDeniesIt) {
  const auto risks = In(Only({{{"Record type", "Risk"}, {"What", "None known"}}}), Section::kRisks);
  ASSERT_EQ(risks.size(), 1U);
  EXPECT_TRUE(risks[0].negated);
  EXPECT_EQ(risks[0].what.text, "Risk");
}

TEST(ThirdSector, WhatIsSaidToBeActiveAndHasEndedIsNeither) {
  const auto plans =
      In(Only({{{"Record type", "Plan"}, {"Status", "Active"}, {"End date", "2026-11-30"}}}),
         Section::kPlanAndActions);
  ASSERT_EQ(plans.size(), 1U);
  EXPECT_EQ(plans[0].status, ClinicalStatus::kUnstated);
}

TEST(ThirdSector, TheSameReferenceOnAnotherDayIsAnotherContact) {
  const auto contacts =
      In(Only({{{"Reference", "H-17"}, {"Details", "one"}},
               {{"Reference", "H-17"}, {"Date", "2026-11-06"}, {"Details", "two"}}}),
         Section::kContactsWithProfessionals);
  EXPECT_EQ(contacts.size(), 2U);
}

TEST(ThirdSector, ARowThatWasEnteredInErrorSaysNothingOfThePerson) {
  const Row wrong = {
      {"Status", "Entered in error"}, {"Risk to worker", "Knife"}, {"Consent to share", "No"}};
  const auto alone = Only({wrong});
  EXPECT_TRUE(alone.preferences.empty());
  for (const record::Draft& draft : alone.drafts) {
    EXPECT_EQ(draft.entry.verification, record::Verification::kEnteredInError);
  }
  const auto both =
      In(Only({wrong, {{"Risk to worker", "Knife"}, {"Date", "2026-11-12"}}}), Section::kAlerts);
  ASSERT_EQ(both.size(), 1U);
  EXPECT_EQ(both[0].verification, record::Verification::kUnstated) << "another row says it too";
}

TEST(ThirdSector, AnOutcomeThatWasEnteredInErrorLeavesItsReferralAsItWas) {
  const Row began = {{"Record type", "Referral"}, {"Reference", "R-1"}, {"Status", "Accepted"}};
  const Row wrong = {{"Record type", "Outcome"},
                     {"Reference", "R-1"},
                     {"Date", "2026-11-20"},
                     {"Status", "Entered in error"},
                     {"Outcome", "moved"}};
  const auto referrals = In(Only({began, wrong}), Section::kReferralDetails);
  ASSERT_EQ(referrals.size(), 1U);
  EXPECT_EQ(referrals[0].status, ClinicalStatus::kActive);
  EXPECT_TRUE(In(Only({wrong}), Section::kReferralDetails).empty());
  EXPECT_THAT(kit::Print(Only({wrong})), HasSubstr("send the referral's own row again"));
}

TEST(ThirdSector, ARiskToWorkersIsNotConfidentialBecauseItsRowIs) {
  for (const record::Draft& draft :
       Only({{{"Confidential", "Yes"}, {"Risk to worker", "Dog"}}}).drafts) {
    EXPECT_EQ(draft.source_labels.empty(), draft.entry.section == Section::kAlerts);
  }
}

TEST(ThirdSector, ABirthDateOfAnyFormIsThePersons) {
  const auto contribution = Only({{{"Date of birth", "13/07/1962"}}});
  EXPECT_EQ(contribution.patient.birth_date.value.ToString(), "1962-07-13");
}

TEST(ThirdSector, AnUnknownColumnIsListedByItsNumberAndNotByItsName) {
  const auto reading = MakeAdapter()->Read(
      "NHS number,Family name,Given names,Date of birth,Record type,Date,Aelia Hadrian\n"
      "9990000018,Hadrian,Aelia,1962-07-13,Contact,2026-11-05,6\n",
      Hearth());
  ASSERT_TRUE(reading.patients.front());
  const auto& missed = reading.patients.front()->not_carried;
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed[0].place, "column 7");
}

}  // namespace
}  // namespace milecastle::third_sector
