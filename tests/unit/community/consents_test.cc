// Consents of FHIR R4: a permit is believed in one plain form, and no form of a refusal is words
// alone.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

using Answers = std::vector<record::PreferenceAnswer>;
constexpr auto kConsent = record::PreferenceAnswer::kConsent;
constexpr auto kDissent = record::PreferenceAnswer::kDissent;
constexpr auto kUnclear = record::PreferenceAnswer::kUnclear;
constexpr auto kUnknown = record::PreferenceAnswer::kUnknown;
constexpr auto kRetracted = record::PreferenceAnswer::kRetracted;
constexpr std::string_view kOfPrivacy = R"("scope":{"coding":[{"code":"patient-privacy"}]},)";
constexpr std::string_view kOfAccess = R"("category":[{"coding":[{"code":"INFA"}]}],)";

// Of the patient with one resource beside them.
record::Contribution ReadingOf(const std::string& resource) {
  const std::string bundle =
      R"({"resourceType":"Bundle","type":"collection","entry":[
          {"resource":{"resourceType":"Patient","id":"p","identifier":[
              {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],
              "name":[{"prefix":["Mrs"],"given":["Aelia"],"family":"Hadrian"}]}},
          {"resource":)" +
      resource + "}]}";
  auto reading = MakeAdapter()->Read(bundle, port::Feed{});
  EXPECT_TRUE(reading.patients.front().has_value());
  if (!reading.patients.front()) return {};
  return *std::move(reading.patients.front());
}

std::vector<record::PreferenceClaim> ChoicesOf(const std::string& members) {
  return ReadingOf(R"({"resourceType":"Consent","id":"x","patient":{"reference":"Patient/p"},)" +
                   members + "}")
      .preferences;
}
Answers AnswersOf(std::string_view members) {
  Answers answers;
  const std::string all = std::string(kOfPrivacy).append(kOfAccess).append(members);
  for (const auto& choice : ChoicesOf(all)) answers.push_back(choice.answer);
  return answers;
}

TEST(CommunityAdapter, OnlyAPlainPermitIsAConsent) {
  EXPECT_EQ(AnswersOf(R"("status":"active","provision":{"type":"permit"})"), Answers{kConsent});
  for (const char* const members :
       {R"("status":"draft","provision":{"type":"permit"})",
        R"("status":"active","provision":{"type":"permit","period":{"end":"2020"}})",
        R"("status":"active","policyRule":{"text":"p"},"provision":{"type":"permit"})",
        R"("status":"active","provision":{"type":"permit"},"performer":[{"display":"Mother"}])",
        R"("status":"active","provision":{"type":"permit","provision":[{"type":"permit"}]})",
        R"("status":"active","provision":{"type":"permit","modifierExtension":[{"url":"u"}]})",
        R"("status":"active","policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{"period":{}})",
        R"("status":"active","policyRule":{"text":"Consent given"})",
        R"("status":"active","policy":[{"uri":"https://p"}])",
        R"("status":"inactive","provision":{"type":"deny"})"}) {
    EXPECT_EQ(AnswersOf(members), Answers{kUnknown}) << members << ": and ends what it was";
  }
}

// Safety rule 5: a refusal is never words alone.
TEST(CommunitySafety, EveryFormOfARefusalToShareTightens) {
  for (
      const char* const members :
      {R"("status":"active","provision":{"type":"deny"})",
       R"("status":"active","policy":[{"uri":"https://p"}],"provision":{"type":"deny"})",
       R"("status":"active","policyRule":{"coding":[{"code":"OPTOUT"}]},"provision":{"type":"deny"})",
       R"("status":"active","policyRule":{"coding":[{"code":"OPTOUT"}]})"}) {
    EXPECT_EQ(AnswersOf(members), Answers{kDissent}) << members;
  }
  for (
      const char* const members :
      {R"("status":"active","provision":{"type":"deny","period":{"start":"2026-01-01"}})",
       R"("status":"active","provision":{"type":"permit","provision":[{"type":"deny"}]})",
       R"("status":"active","policyRule":{"text":"p"},"provision":{"type":"deny"})",
       R"("status":"active","policyRule":{"text":"Opted out of sharing"})",
       R"("status":"active","policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{"type":"deny"})",
       R"("status":"rejected","provision":{"type":"permit"})",
       R"("status":"proposed","provision":{"type":"deny"})", R"("provision":{"type":"deny"})",
       R"("status":"active","provision":{"type":"deny","modifierExtension":[{"url":"u"}]})"}) {
    EXPECT_EQ(AnswersOf(members), Answers{kUnclear}) << members;
  }
}

TEST(CommunitySafety, ARefusalOfAnotherOrAnUnknownCategoryTightensAndOneOfTreatmentDoesNot) {
  const auto answers = [](std::string_view scope, std::string_view category) {
    Answers all;
    for (const auto& choice :
         ChoicesOf(R"("status":"active","scope":{"coding":[{"code":")" + std::string(scope) +
                   R"("}]},"category":[{"coding":[{"code":")" + std::string(category) +
                   R"("}]}],"provision":{"type":"deny"})")) {
      all.push_back(choice.answer);
    }
    return all;
  };
  EXPECT_EQ(answers("patient-privacy", "59284-0"), Answers{kDissent});
  EXPECT_EQ(answers("patient-privacy", "something"), Answers{kUnclear});
  EXPECT_EQ(answers("something", "something"), Answers{kUnclear});
  EXPECT_EQ(answers("treatment", "IDSCL"), Answers{kUnclear});
  EXPECT_EQ(answers("treatment", "something"), Answers{kUnknown});
  EXPECT_EQ(answers("research", "something"), Answers{kUnknown});
  EXPECT_EQ(answers("something", "dnr"), Answers{kUnknown});
}

TEST(CommunitySafety, ARefusalByCodeOrInPlainEnglishIsAskedFor) {
  const auto answers = [](std::string_view members) {
    Answers all;
    for (const auto& choice : ChoicesOf(std::string(members))) all.push_back(choice.answer);
    return all;
  };
  for (
      const char* const members :
      {R"("status":"active","category":[{"coding":[{"code":"320011000000108"}]}])",
       R"("status":"active","category":[{"coding":[{"display":"Refused consent for upload"}]}])",
       R"("status":"active","policyRule":{"coding":[{"code":"416308001"}]})",
       R"("status":"active","policyRule":{"text":"This record must not be shared"})",
       R"("status":"active","scope":{"text":"Not to be shared with the hospital"})",
       R"("status":"active","provision":{"type":"permit","code":[{"coding":[{"code":"416409005"}]}]})",
       R"("status":"active","provision":{"type":"permit","action":[{"text":"do not disclose"}]})"}) {
    EXPECT_EQ(answers(members), Answers{kUnclear}) << members;
  }
}

TEST(CommunitySafety, AConsentOfPrivacyThatNobodyUnderstandsIsAskedFor) {
  for (const char* const members :
       {R"("status":"active")", R"("status":"active","policyRule":{"text":"As discussed"})",
        R"("status":"active","policyRule":{"coding":[{"code":"LOCAL-7"}]})",
        R"("status":"active","provision":{"actor":[{"reference":{"display":"Hospital"}}]})",
        R"("status":"active","policyRule":{"coding":[{"code":"OPTIN"}]},
            "provision":{"actor":[{"reference":{"display":"Hospital"}}]})",
        R"("status":"active","provision":{"type":"permit","provision":[{"actor":[
            {"reference":{"display":"Hospital"}}]}]})"}) {
    EXPECT_EQ(AnswersOf(members), Answers{kUnclear}) << members;
  }
  EXPECT_EQ(AnswersOf(R"("status":"draft","policyRule":{"text":"As discussed"})"),
            Answers{kUnknown});
}

// What every booking and referral carries: that care is agreed to by coming for it.
TEST(CommunityAdapter, ImpliedConsentOfAReferralWithholdsNothing) {
  const auto choices = ChoicesOf(
      std::string(kOfPrivacy) +
      R"("status":"active","category":[{"coding":[{"code":"DRC","display":"Direct Care"}]}],
         "policyRule":{"coding":[{"code":"IMPLIED"}]})");
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices.front().answer, kUnknown);
}

TEST(CommunitySafety, AChoiceSaysWhenItWasMadeAndByWhom) {
  const auto by = [](std::string_view performer) {
    const auto choices = ChoicesOf(
        std::string(kOfPrivacy).append(kOfAccess) +
        R"("status":"active","dateTime":"2026-11-01","provision":{"type":"deny"},"performer":[)" +
        std::string(performer) + "]");
    EXPECT_EQ(choices.size(), 1U);
    return choices.empty() ? record::PreferenceClaim{} : choices.front();
  };
  const auto own = by(R"({"reference":"Patient/p"})");
  EXPECT_EQ(own.by, record::PreferenceBy::kPerson);
  EXPECT_EQ(own.key, "Consent/x");
  ASSERT_TRUE(own.said);
  EXPECT_EQ(own.said->original, "2026-11-01");
  EXPECT_EQ(by(R"({"display":"Ex-husband"})").by, record::PreferenceBy::kSomebodyElse);
  EXPECT_EQ(by(R"({"reference":"RelatedPerson/9"})").by, record::PreferenceBy::kSomebodyElse);
  const auto recorded = by(R"({"reference":"Practitioner/9"})");
  EXPECT_EQ(recorded.by, record::PreferenceBy::kUnknown);
  EXPECT_EQ(recorded.answer, kUnclear);
}

// Of a plain deny and of a plain permit by this performer.
Answers AnswersBy(std::string_view performer) {
  Answers answers;
  for (const char* const type : {"deny", "permit"}) {
    const auto all = AnswersOf(R"("status":"active","provision":{"type":")" + std::string(type) +
                               R"("},"performer":[)" + std::string(performer) + "]");
    answers.insert(answers.end(), all.begin(), all.end());
  }
  return answers;
}

TEST(CommunitySafety, ThePersonsOwnWordIsKnownHoweverTheyAreNamed) {
  for (const char* const performer :
       {R"({"reference":"Patient/p"})", R"({"reference":"Patient/p/_history/2"})",
        R"({"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"999 000 0018"}})",
        R"({"type":"Patient"})", R"({"display":"AELIA HADRIAN"})",
        R"({"display":"Hadrian, Aelia"})", R"({"display":"Mrs Aelia Hadrian"})",
        R"({"display":"Self"})", R"({"display":"Patient"})", R"({"display":"The patient"})",
        R"({"display":"Aelia Hadrian, patient"})",
        R"({"type":"Patient","display":"Hadrian, Aelia"})"}) {
    EXPECT_EQ(AnswersBy(performer), (Answers{kDissent, kConsent})) << performer;
  }
}

TEST(CommunitySafety, AnothersWordNeitherBindsNorLoosensWhateverNameStandsInIt) {
  for (const char* const performer :
       {R"({"display":"Mr Marcus, husband of Aelia Hadrian"})", R"({"display":"Patient's mother"})",
        R"({"display":"Aelia Hadrian's ex"})", R"({"reference":"RelatedPerson/9"})",
        R"({"type":"RelatedPerson","display":"Aelia Hadrian"})",
        R"({"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000026"}})"}) {
    EXPECT_EQ(AnswersBy(performer), (Answers{kDissent, kUnknown})) << performer;
    const auto choices = ChoicesOf(
        std::string(kOfPrivacy).append(kOfAccess) +
        R"("status":"active","provision":{"type":"deny"},"performer":[)" + performer + "]");
    EXPECT_EQ(choices.front().by, record::PreferenceBy::kSomebodyElse) << performer;
  }
}

TEST(CommunitySafety, TheWordOfSomebodyWhomNobodyCanPlaceIsAskedForAndLoosensNothing) {
  for (const char* const performer :
       {R"({"display":"Mr Hadrian"})", R"({"display":"Mrs Hadrian"})", R"({"display":"Hadrian"})",
        R"({"display":"Marcus Hadrian"})", R"({"display":"Aelia Hadrian and Marcus"})",
        R"({"display":"Dr Agricola"})", R"({})", R"({"reference":"Patient/elsewhere"})",
        R"({"type":"Patient","display":"Marcus"})",
        R"({"reference":"Patient/p","display":"Her husband"})"}) {
    EXPECT_EQ(AnswersBy(performer), (Answers{kUnclear, kUnknown})) << performer;
  }
}

TEST(CommunitySafety, ARefusalThatItsSourceCallsAnErrorIsTakenBack) {
  const auto choices = ChoicesOf(std::string(kOfPrivacy).append(kOfAccess) +
                                 R"("status":"entered-in-error","provision":{"type":"deny"})");
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices.front().answer, kRetracted);
  EXPECT_EQ(choices.front().key, "Consent/x");
}

constexpr std::string_view kPermit = R"("status":"active","provision":{"type":"permit"})";
constexpr std::string_view kDeny = R"("status":"active","provision":{"type":"deny"})";
constexpr std::string_view kError = R"("status":"entered-in-error","provision":{"type":"deny"})";

TEST(CommunitySafety, AConsentThatIsNotVerifiedLoosensNothing) {
  for (const char* const verification :
       {R"([{"verified":false}])", R"([{"verified":true},{"verified":false}])",
        R"([{"verificationDate":"2026-01-01"}])", R"([{"verified":"yes"}])"}) {
    const std::string beside = R"("verification":)" + std::string(verification) + ",";
    EXPECT_EQ(AnswersOf(beside + std::string(kPermit)), Answers{kUnknown}) << verification;
    EXPECT_EQ(AnswersOf(beside + std::string(kError)), Answers{kUnknown}) << verification;
    EXPECT_EQ(AnswersOf(beside + std::string(kDeny)), Answers{kDissent}) << verification;
  }
  EXPECT_EQ(AnswersOf(R"("verification":[{"verified":true}],)" + std::string(kPermit)),
            Answers{kConsent});
}

TEST(CommunitySafety, AConsentThatIsOnlyContainedLoosensNothing) {
  const auto contained = [](std::string_view members) {
    return ReadingOf(R"({"resourceType":"ServiceRequest","id":"s","status":"active",
        "intent":"order","subject":{"reference":"Patient/p"},"contained":[
            {"resourceType":"Consent","id":"x","patient":{"reference":"Patient/p"},)" +
                     std::string(kOfPrivacy).append(kOfAccess).append(members) + "}]}");
  };
  const auto answer = [&](std::string_view members) {
    const auto choices = contained(members).preferences;
    EXPECT_EQ(choices.size(), 1U);
    return choices.empty() ? kConsent : choices.front().answer;
  };
  EXPECT_EQ(answer(kPermit), kUnknown);
  EXPECT_EQ(answer(kError), kUnknown);
  EXPECT_EQ(answer(kDeny), kDissent);
}

// An error that nobody vouches for is settled by a person, so that the refusal does not stand on
// for ever.
TEST(CommunitySafety, ARetractionThatLoosensNothingIsAskedFor) {
  const auto reviews = [](std::string_view members) {
    return ReadingOf(R"({"resourceType":"Consent","id":"x","patient":{"reference":"Patient/p"},)" +
                     std::string(kOfPrivacy).append(kOfAccess).append(members) + "}")
        .reviews;
  };
  const auto asked = reviews(R"("verification":[{"verified":false}],)" + std::string(kError));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.front().kind, record::ReviewKind::kNullOnObjection);
  EXPECT_EQ(reviews(R"("verification":[{"verified":false}],"status":"entered-in-error")").size(),
            1U)
      << "what it took back, only the record knows";
  EXPECT_TRUE(reviews(kError).empty());
  EXPECT_TRUE(reviews(R"("verification":[{"verified":false}],)" + std::string(kPermit)).empty());
}

}  // namespace
}  // namespace milecastle::community
