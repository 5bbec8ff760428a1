// The question as GP Connect wants it.
#include "fhir_pull/request.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/crypto.h"

namespace milecastle::fhir_pull {
namespace {

using record::Section;

constexpr base::Instant kNoon{std::chrono::seconds(1'767'600'000)};

Provider Bridge() {
  return {.name = "bridge",
          .host = "gp.example",
          .port = 8443,
          .base = "/Z99001/STU3/1",
          .from_asid = "200000000115",
          .to_asid = "918999198738",
          .system = "milecastle.test"};
}

Question Asked(std::vector<Section> sections, std::string user = "dr-agricola") {
  Question question{.nhs_number = *record::NhsNumber::Parse("9990000018"),
                    .sections = std::move(sections)};
  question.requester.organisation = record::OdsCode::Parse("ZT1");
  question.requester.user = std::move(user);
  question.requester.issuer = "https://idp.zt1.example";
  return question;
}

std::string Decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  return *base::FromBase64(text);
}

boost::json::object Claims(const std::string& token) {
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  return boost::json::parse(Decoded(token.substr(first + 1, second - first - 1))).as_object();
}

std::vector<std::string> Parameters(const Question& question) {
  std::vector<std::string> names;
  const auto body = boost::json::parse(ParametersFor(question));
  for (const auto& each : body.at("parameter").as_array()) {
    names.emplace_back(each.at("name").as_string());
  }
  return names;
}

TEST(LiveQuestion, CarriesTheHeadersOfGpConnect) {
  const base::Uuid trace_id = base::Uuid::New(kNoon);
  const https::Request request =
      RequestFor(Asked({Section::kAllergies}), Bridge(), trace_id, kNoon);
  EXPECT_EQ(request.path, "/Z99001/STU3/1/Patient/$gpc.getstructuredrecord");
  const auto has = [&](const std::string& name, const std::string& value) {
    return std::find(request.headers.begin(), request.headers.end(), https::Header{name, value}) !=
           request.headers.end();
  };
  EXPECT_TRUE(has("Ssp-TraceID", trace_id.ToString()));
  EXPECT_TRUE(has("Ssp-From", "200000000115"));
  EXPECT_TRUE(has("Ssp-To", "918999198738"));
  EXPECT_TRUE(has("Ssp-InteractionID",
                  "urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1"));
  EXPECT_TRUE(has("Content-Type", "application/fhir+json"));
  EXPECT_TRUE(has("Accept", "application/fhir+json"));
}

TEST(LiveQuestion, OfDocumentsEachHasItsInteractionAndStaysBelowTheBase) {
  const base::Uuid trace_id = base::Uuid::New(kNoon);
  const Question asked = Asked({Section::kDocuments});
  const std::string kind = "urn:nhs:names:services:gpconnect:documents:fhir:rest:";
  const auto check = [&](const https::Request& request, const std::string& path,
                         const std::string& interaction) {
    EXPECT_EQ(request.verb, https::Verb::kGet);
    EXPECT_EQ(request.path.substr(0, path.size()), path);
    EXPECT_EQ(request.body, "");
    const https::Header header{"Ssp-InteractionID", kind + interaction};
    EXPECT_NE(std::find(request.headers.begin(), request.headers.end(), header),
              request.headers.end());
  };
  check(PatientSearchFor(asked, Bridge(), trace_id, kNoon),
        "/Z99001/STU3/1/Patient?identifier="
        "https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990000018",
        "search:patient-1");
  check(DocumentSearchFor(asked, "p-1", Bridge(), trace_id, kNoon),
        "/Z99001/STU3/1/Patient/p-1/DocumentReference?_include=DocumentReference:subject:Patient&",
        "search:documentreference-1");
  check(BinaryFor(asked, "b-1", Bridge(), trace_id, kNoon), "/Z99001/STU3/1/Binary/b-1",
        "read:binary-1");
}

TEST(LiveQuestion, TheTokenIsUnsignedAndLivesForFiveMinutes) {
  const std::string token = TokenFor(Asked({Section::kAllergies}), Bridge(), kNoon);
  EXPECT_TRUE(token.ends_with('.'));
  EXPECT_EQ(Decoded(token.substr(0, token.find('.'))), R"({"alg":"none","typ":"JWT"})");
  const auto claims = Claims(token);
  EXPECT_EQ(claims.at("iat").as_int64(), 1'767'600'000);
  EXPECT_EQ(claims.at("exp").as_int64(), 1'767'600'300);
  EXPECT_EQ(claims.at("aud").as_string(), "https://gp.example:8443/Z99001/STU3/1");
  EXPECT_EQ(claims.at("iss").as_string(), "milecastle.test");
  EXPECT_EQ(claims.at("reason_for_request").as_string(), "directcare");
}

TEST(LiveQuestion, TheTokenNamesTheUserAndNoSystemInTheirPlace) {
  const auto claims = Claims(TokenFor(Asked({Section::kAllergies}), Bridge(), kNoon));
  const auto& practitioner = claims.at("requesting_practitioner").as_object();
  EXPECT_EQ(claims.at("sub").as_string(), "dr-agricola");
  EXPECT_EQ(practitioner.at("id").as_string(), "dr-agricola");
  EXPECT_EQ(practitioner.at("identifier").at(0).at("value").as_string(), "UNK");
  EXPECT_EQ(practitioner.at("identifier").at(2).at("system").as_string(),
            "https://idp.zt1.example");
  const auto& organisation = claims.at("requesting_organization").as_object();
  EXPECT_EQ(organisation.at("identifier").at(0).at("value").as_string(), "ZT1");
}

TEST(LiveQuestion, AUserIdOfAnyCharactersStaysOneText) {
  const std::string user = "a\"},\r\nSsp-To: 1";
  const auto claims = Claims(TokenFor(Asked({Section::kAllergies}, user), Bridge(), kNoon));
  EXPECT_EQ(claims.at("sub").as_string(), user);
  const https::Request request =
      RequestFor(Asked({Section::kAllergies}, user), Bridge(), base::Uuid::New(kNoon), kNoon);
  for (const auto& [name, value] : request.headers) {
    EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos) << name;
  }
}

TEST(LiveQuestion, AsksForEachAreaOnceAndForNothingElse) {
  EXPECT_EQ(Parameters(Asked({Section::kAllergies})),
            (std::vector<std::string>{"patientNHSNumber", "includeAllergies"}));
  EXPECT_EQ(Parameters(Asked({Section::kInvestigationsRequested, Section::kInvestigationResults})),
            (std::vector<std::string>{"patientNHSNumber", "includeInvestigations"}));
  EXPECT_EQ(Parameters(Asked(Sections())).size(), 10U);
}

TEST(LiveQuestion, AsksForWhatIsEndedOrNotGivenToo) {
  const auto body = boost::json::parse(ParametersFor(Asked(Sections())));
  const std::string text = boost::json::serialize(body);
  for (const char* flag : {"includeResolvedAllergies", "includeNotGiven"}) {
    EXPECT_NE(text.find(std::string("{\"name\":\"") + flag + "\",\"valueBoolean\":true}"),
              std::string::npos)
        << flag;
  }
}

}  // namespace
}  // namespace milecastle::fhir_pull
