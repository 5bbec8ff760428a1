#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>

#include "fake_gateway.h"

namespace milecastle::command {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> View(const std::vector<std::string>& more = {}) {
  std::vector<std::string> line = {"view",        "--nhs-number",  "999 000 0018", "--birth-date",
                                   "19480705",    "--family-name", "Hadrian",      "--purpose",
                                   "direct-care", "--section",     "allergies"};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

TEST_F(FakeGateway, AViewIsAskedForAsTheFlagsSayAndPrinted) {
  view_.call.response.mutable_view()->add_warnings("family_name_differs");
  const Ran ran = Ask(View());
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("! Warning: the family name is not the one"));
  EXPECT_THAT(ran.err, IsEmpty());
  const v1::GetPatientViewRequest& request = view_.call.request;
  EXPECT_EQ(request.nhs_number(), "9990000018");
  EXPECT_EQ(request.birth_date(), "1948-07-05");
  EXPECT_EQ(request.purpose(), v1::PURPOSE_DIRECT_CARE);
  ASSERT_EQ(request.sections_size(), 1);
  EXPECT_EQ(request.sections(0), v1::SECTION_ALLERGIES);
  EXPECT_EQ(view_.call.authorization, "Bearer aaa.bbb.ccc");
}

TEST_F(FakeGateway, JsonIsTheAnswerOnOneLineWithTheNamesOfTheContract) {
  view_.call.response.mutable_view()->set_policy_version("5f2c");
  const Ran ran = Ask(View({"--json"}));
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
  const auto answer = boost::json::parse(ran.out);
  EXPECT_EQ(answer.at("view").at("policy_version"), "5f2c");
}

TEST_F(FakeGateway, ARefusalIsPrintedAndIsExitThree) {
  view_.call.response.mutable_refusal()->set_reason("cannot_answer");
  view_.call.response.mutable_refusal()->set_advice("check the details");
  const Ran ran = Ask(View());
  EXPECT_EQ(ran.exit, 3);
  EXPECT_THAT(ran.out, HasSubstr("Refused: cannot_answer"));
  EXPECT_THAT(ran.out, HasSubstr("check the details"));
}

TEST_F(FakeGateway, AnErrorOfTheGatewayIsTakenApartIntoWhereWhyAndWhatToDo) {
  view_.call.status = {grpc::StatusCode::INVALID_ARGUMENT,
                       "argument.invalid at birth_date: write YYYY-MM-DD"};
  const Ran ran = Ask(View());
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("where:      birth_date\n"));
  EXPECT_THAT(ran.err, HasSubstr("(argument.invalid)\n"));
  EXPECT_THAT(ran.err, HasSubstr("what to do: write YYYY-MM-DD\n"));
}

TEST_F(FakeGateway, StatusesBecomeTheExitCodesOfTheHelpPage) {
  const auto exit_of = [this](grpc::StatusCode code) {
    view_.call.status = {code, "x"};
    return Ask(View()).exit;
  };
  EXPECT_EQ(exit_of(grpc::StatusCode::PERMISSION_DENIED), 3);
  EXPECT_EQ(exit_of(grpc::StatusCode::UNAUTHENTICATED), 4);
  EXPECT_EQ(exit_of(grpc::StatusCode::UNAVAILABLE), 4);
  EXPECT_EQ(exit_of(grpc::StatusCode::INTERNAL), 4);
  EXPECT_EQ(exit_of(grpc::StatusCode::FAILED_PRECONDITION), 1);
}

TEST_F(FakeGateway, OneThatIsNotThereIsUnavailableAndSaysWhatToCheck) {
  server_->Shutdown();
  server_.reset();
  const Ran ran = Ask(View());
  EXPECT_EQ(ran.exit, 4);
  EXPECT_THAT(ran.err, HasSubstr("could not be reached"));
  EXPECT_THAT(ran.err, HasSubstr("localhost:" + std::to_string(port_)));
}

TEST_F(FakeGateway, OneWithAnotherAuthoritysCertificateIsNotBelieved) {
  folder_.Write("ca.pem", kit::Authority("Another").Pem());
  view_.call.response.mutable_view();
  const Ran ran = Ask(View());
  EXPECT_EQ(ran.exit, 4);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(view_.call.authorization, IsEmpty());
}

TEST_F(FakeGateway, TheServerNameFlagSaysWhichNameToExpect) {
  view_.call.response.mutable_view();
  EXPECT_EQ(Ask(View({"--server-name", "elsewhere.example"})).exit, 4);
}

TEST_F(FakeGateway, AConsentIsRecordedWithItsScope) {
  consent_.call.response.set_consent_id("c-1");
  const Ran ran = Ask({"consent",       "record",       "--nhs-number",
                       "9990000018",    "--birth-date", "1948-07-05",
                       "--family-name", "Hadrian",      "--kind",
                       "seal-and-lock", "--by",         "person",
                       "--section",     "documents",    "--consumer",
                       "RYY",           "--team",       "A99001/counselling",
                       "--until",       "2027-01-01"});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("consent c-1"));
  const v1::Consent& consent = consent_.call.request.consent();
  EXPECT_EQ(consent.kind(), v1::CONSENT_KIND_SEAL_AND_LOCK);
  EXPECT_EQ(consent.by(), v1::CONSENT_BY_PERSON);
  EXPECT_EQ(consent.scope().sections(0), v1::SECTION_DOCUMENTS);
  EXPECT_EQ(consent.scope().consumers(0), "RYY");
  EXPECT_EQ(consent.until().seconds(), 1798761600);
  EXPECT_FALSE(consent.has_from());
}

TEST_F(FakeGateway, HealthThatIsNotGoodIsExitOne) {
  operations_.call.response.set_healthy(false);
  auto* line = operations_.call.response.add_lines();
  line->set_component("audit");
  line->set_text("the first log is sealed: look at its disk");
  line->set_place("/srv/audit");
  const Ran ran = Ask({"health"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("! audit: the first log is sealed"));
  EXPECT_THAT(ran.out, HasSubstr("at /srv/audit\n"));
  EXPECT_THAT(Ask({"health", "--json"}).out, HasSubstr("\"healthy\":false"));
}

TEST_F(FakeGateway, HealthThatIsGoodIsExitZero) {
  operations_.call.response.set_healthy(true);
  EXPECT_EQ(Ask({"health"}).exit, 0);
}

TEST_F(FakeGateway, AReviewSaysWhichEntryOfWhichLogItComesFrom) {
  auto* item = identity_.call.response.add_items();
  item->set_kind("break_glass_review");
  item->mutable_entry()->set_origin("example/audit-second");
  item->mutable_entry()->set_leaf_index(0);
  identity_.call.response.add_items()->set_kind("null_review");
  const std::string text = Ask({"identify", "queue"}).out;
  EXPECT_THAT(text, HasSubstr("from audit leaf 0 of example/audit-second\n"));
  EXPECT_EQ(text.find("audit leaf"), text.rfind("audit leaf")) << "the other comes from none";
  EXPECT_THAT(Ask({"identify", "queue", "--json"}).out,
              HasSubstr("\"origin\":\"example/audit-second\""));
}

TEST_F(FakeGateway, AnItemIsToldInWordsBesideItsCodesAndInCodesAloneAsJson) {
  auto* item = identity_.call.response.add_items();
  item->set_kind("awaiting_identity");
  item->set_reason("demographics_disagree");
  auto* notice = identity_.call.response.add_items();
  notice->set_kind("patient_notice");
  notice->set_caused_by("issuer dr-boudica");
  notice->add_held_for("child");
  notice->add_held_for("a-label-of-the-policy");
  notice->set_overdue(true);
  notice->mutable_due()->set_seconds(1798761600);
  const std::string text = Ask({"identify", "queue"}).out;
  EXPECT_THAT(text, HasSubstr("awaiting_identity: a message waits until it is known whose it is"));
  EXPECT_THAT(text, HasSubstr("because of demographics_disagree: names or birth date"));
  EXPECT_THAT(text, HasSubstr("by issuer dr-boudica\n"));
  EXPECT_THAT(text, HasSubstr("child: the person is a child\n"));
  EXPECT_THAT(text, HasSubstr(": a-label-of-the-policy\n"));
  EXPECT_THAT(text, HasSubstr("OVERDUE since "));
  const std::string json = Ask({"identify", "queue", "--json"}).out;
  EXPECT_THAT(json, HasSubstr("\"reason\":\"demographics_disagree\""));
  EXPECT_THAT(json, testing::Not(HasSubstr("names or birth date")));
}

TEST_F(FakeGateway, ASearchSaysWhichLogItCouldNotRead) {
  auto* entry = audit_.search.response.add_entries();
  entry->set_leaf_index(7);
  entry->set_origin("example/audit-second");
  audit_.search.response.add_unread_origins("example/audit");
  const std::string text = Ask({"audit", "search"}).out;
  EXPECT_THAT(text, HasSubstr("leaf 7 of example/audit-second"));
  EXPECT_THAT(text, HasSubstr("The log example/audit cannot be read now"));
}

TEST_F(FakeGateway, EveryMessageThatIsSubmittedGetsItsOutcome) {
  const std::string good = folder_.Write("good", "accepted").string();
  const std::string bad = folder_.Write("bad", "rejected").string();
  const Ran all = Ask({"submit", "--feed", "gp", good, good, good});
  EXPECT_EQ(all.exit, 0) << all.err;
  EXPECT_EQ(intake_.feed, "gp");
  const Ran some = Ask({"submit", "--feed", "gp", good, bad});
  EXPECT_EQ(some.exit, 1);
  EXPECT_THAT(some.out, HasSubstr("good[0]: accepted, 3 entries\n"));
  EXPECT_THAT(some.out, HasSubstr("bad[0]: rejected, message.invalid at PID-7: write YYYYMMDD\n"));
}

TEST_F(FakeGateway, OfAMessageOfSeveralPatientsEachHasALineAndAnElementOfItsOwn) {
  const std::string batch = folder_.Write("batch", "several").string();
  const Ran ran = Ask({"submit", "--feed", "gp", batch});
  EXPECT_EQ(ran.exit, 1) << "one of them is not taken";
  EXPECT_THAT(ran.out, HasSubstr("batch[0]: quarantined, 4 entries\n"
                                 "  patient 1: accepted, 4 entries\n"
                                 "  patient 2: quarantined, message.patient_missing at PID[2]-3: "
                                 "send a number\n"));
  const Ran json = Ask({"submit", "--feed", "gp", "--json", batch});
  const auto line = boost::json::parse(json.out);
  EXPECT_EQ(line.at("outcome"), "quarantined");
  ASSERT_EQ(line.at("patients").as_array().size(), 2U);
  EXPECT_EQ(line.at("patients").at(0).at("entries"), 4);
  EXPECT_EQ(line.at("patients").at(1).at("place"), "PID[2]-3");
}

TEST_F(FakeGateway, ManyMessagesGoThroughOneStream) {
  std::vector<std::string> line = {"submit", "--feed", "gp", "--json"};
  line.insert(line.end(), 500, folder_.Write("good", "accepted").string());
  const Ran ran = Ask(line);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 500);
}

TEST_F(FakeGateway, AStreamThatEndsEarlySaysHowManyHaveNoOutcome) {
  const std::string good = folder_.Write("good", "accepted").string();
  const std::string stop = folder_.Write("stop", "stop").string();
  const Ran ran = Ask({"submit", "--feed", "gp", good, stop});
  EXPECT_EQ(ran.exit, 4);
  EXPECT_THAT(ran.err, HasSubstr("no outcome for 1 message"));
}

TEST_F(FakeGateway, AGatewayThatFallsSilentIsGivenUp) {
  const std::string hang = folder_.Write("hang", "hang").string();
  const Ran ran = Ask({"submit", "--feed", "gp", "--timeout", "1", hang});
  intake_.released.set_value();
  EXPECT_EQ(ran.exit, 4);
  EXPECT_THAT(ran.err, HasSubstr("no answer came in the time allowed"));
}

TEST_F(FakeGateway, AnExportIsWrittenFileByFileForItsOwnerAlone) {
  audit_.Add("checkpoint", "one\n");
  audit_.Add("tile/0/000.p/2", "first half, ", true);
  audit_.Add("tile/0/000.p/2", "second half");
  audit_.AddReceipt();
  const auto folder = folder_.path() / "export";
  const Ran ran = Ask({"audit", "export", folder.string()});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  std::ostringstream tile;
  tile << std::ifstream(folder / "tile/0/000.p/2").rdbuf();
  EXPECT_EQ(tile.str(), "first half, second half");
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  // Never over what is there.
  EXPECT_EQ(Ask({"audit", "export", folder.string()}).exit, 2);
}

TEST_F(FakeGateway, AnExportCannotWriteOutsideItsFolder) {
  const std::string absolute = (folder_.path() / "escaped").string();
  for (const std::string& path :
       {std::string("../escaped"), absolute, std::string("tile/../../escaped")}) {
    audit_.parts.clear();
    audit_.Add(path, "x");
    audit_.AddReceipt();
    const auto folder = folder_.path() / ("export" + std::to_string(path.size()));
    EXPECT_EQ(Ask({"audit", "export", folder.string()}).exit, 4) << path;
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "escaped")) << path;
  }
}

TEST_F(FakeGateway, AnExportThatIsCutShortIsAFailure) {
  audit_.Add("checkpoint", "one\n");
  EXPECT_EQ(Ask({"audit", "export", (folder_.path() / "a").string()}).exit, 4);
  audit_.Add("vkey", "half", true);
  audit_.AddReceipt();
  const Ran ran = Ask({"audit", "export", (folder_.path() / "b").string()});
  EXPECT_EQ(ran.exit, 4);
  EXPECT_THAT(ran.err, HasSubstr("incomplete"));
}

TEST(Mllp, TheAcknowledgementIsTheOutcome) {
  const kit::TemporaryFolder folder;
  MllpTarget seen;
  Parts parts;
  parts.connect_mllp = [&seen](const MllpTarget& target) -> base::Result<MllpExchange> {
    seen = target;
    return MllpExchange([](std::string_view message) -> base::Result<std::string> {
      if (message == "good") return std::string("MSH|^~\\&|A\rMSA|AA|1\r");
      return std::string("MSH|^~\\&|A\rMSA|AR|1|PID-7 is no date\rERR||PID^1^7\r");
    });
  };
  const std::string good = folder.Write("good", "good").string();
  const std::string bad = folder.Write("bad", "bad").string();
  const Ran all = RunLine({"submit", "--mllp", "localhost:2575", good}, parts);
  EXPECT_EQ(all.exit, 0) << all.err;
  EXPECT_EQ(seen.host, "localhost");
  EXPECT_EQ(seen.port, 2575);
  EXPECT_TRUE(seen.certificate.empty());
  const Ran some = RunLine({"submit", "--mllp", "localhost:2575", good, bad}, parts);
  EXPECT_EQ(some.exit, 1);
  EXPECT_THAT(some.out, HasSubstr("bad[0]: AR: PID-7 is no date\n"));
  EXPECT_EQ(RunLine({"submit", "--mllp", "localhost:99999", good}, parts).exit, 2);
  EXPECT_EQ(RunLine({"submit", "--mllp", "localhost:2575", "--tls", good}, parts).exit, 2);
  EXPECT_EQ(RunLine({"submit", good}, parts).exit, 2);
}

}  // namespace
}  // namespace milecastle::command
