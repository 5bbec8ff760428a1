// Which tokens name a user and which forgeries do not.

#include "authenticate/authenticator.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "authenticate/issue.h"
#include "base/config.h"
#include "base/crypto.h"
#include "fixture.h"

namespace milecastle::authenticate {
namespace {

using boost::json::object;

TEST_F(Tokens, AGoodOneNamesTheUserAndTheCertificateNamesTheOrganisation) {
  const auto answer = authenticator_->Authenticate(peer_, "Bearer " + Signed(Header(), Claims()));
  ASSERT_TRUE(answer.has_value()) << base::Describe(answer.error());
  EXPECT_EQ(answer->organisation->text(), "RXX");
  EXPECT_EQ(answer->system, "epr");
  EXPECT_EQ(answer->user, "user-17");
  EXPECT_EQ(answer->issuer, kIssuer);
  EXPECT_EQ(answer->roles, (std::vector<std::string>{"R8000", "B0083"}));
  EXPECT_EQ(answer->team, "respiratory");
  EXPECT_EQ(answer->assurance, 3);
  EXPECT_EQ(answer->token_id, "token-1");
  EXPECT_FALSE(answer->launch.has_value());
}

TEST_F(Tokens, AnAttestedLaunchIsReadAndAWrongOneRefusesTheToken) {
  const auto answer = authenticator_->Authenticate(
      peer_, With("launch", {{"nhs_number", "999 000 0018"}, {"at", kNow - 30}}));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->launch->nhs_number, "9990000018");
  EXPECT_EQ(answer->launch->at, base::Instant(std::chrono::seconds(kNow - 30)));
  for (const boost::json::value& wrong :
       std::vector<boost::json::value>{"9990000018",
                                       {{"nhs_number", "9990000019"}, {"at", kNow}},
                                       {{"nhs_number", "9990000018"}, {"at", kNow + 3600}},
                                       {{"nhs_number", "9990000018"}}}) {
    EXPECT_EQ(PlaceOfRefusal(With("launch", wrong)), "token claim launch");
  }
}

TEST_F(Tokens, WithoutASignatureOfTheIssuersKeyAreRefused) {
  const std::string header = boost::json::serialize(Header());
  const std::string payload = boost::json::serialize(Claims());
  const std::string input = EncodedParts(header, payload);
  EXPECT_FALSE(Accepts(input + "."));
  EXPECT_FALSE(Accepts(input + "." + base::ToBase64Url(std::string(64, '\0'))));
  EXPECT_FALSE(Accepts(input + "." + base::ToBase64Url(Es256(kit::NewKey(), input))));
  EXPECT_FALSE(Accepts(input + "." + base::ToBase64Url(DigestSigned(key_.get(), input, false))))
      << "DER instead of r and s";
  const std::string other = EncodedParts(header, boost::json::serialize(object{{"iss", kIssuer}}));
  EXPECT_EQ(PlaceOfRefusal(other + "." + base::ToBase64Url(Es256(key_, input))), "token signature");
}

TEST_F(Tokens, OfAnotherAlgorithmAreRefusedBeforeAnythingIsVerified) {
  const std::string payload = boost::json::serialize(Claims());
  const auto forged = [&](std::string_view alg,
                          const std::function<std::string(std::string)>& sign) {
    object header = Header();
    header["alg"] = alg;
    const std::string input = EncodedParts(boost::json::serialize(header), payload);
    return input + "." + base::ToBase64Url(sign(input));
  };
  const std::string public_pem = PublicPem(key_);
  const kit::Key rsa(EVP_RSA_gen(2048), &EVP_PKEY_free);
  const auto hs = [&](const std::string& input) { return Hs256(public_pem, input); };
  const auto ps = [&](const std::string& input) { return DigestSigned(rsa.get(), input, true); };
  const auto rs = [&](const std::string& input) { return DigestSigned(rsa.get(), input, false); };
  const auto es = [&](const std::string& input) { return Es256(key_, input); };
  EXPECT_EQ(PlaceOfRefusal(forged("HS256", hs)), "token header alg");
  EXPECT_EQ(PlaceOfRefusal(forged("PS256", ps)), "token header alg");
  EXPECT_EQ(PlaceOfRefusal(forged("RS256", rs)), "token header alg");
  for (const char* alg :
       {"none", "None", "NONE", "", "es256", "ES256 ", "ES384", "ES256K", "EdDSA"}) {
    EXPECT_EQ(PlaceOfRefusal(forged(alg, es)), "token header alg") << alg;
  }
  object bare = Header();
  bare["alg"] = "none";
  EXPECT_FALSE(Accepts(EncodedParts(boost::json::serialize(bare), payload) + "."));
}

TEST_F(Tokens, WhoseHeaderBringsOrPointsToAKeyOrIsNotUnderstoodAreRefused) {
  for (const char* name :
       {"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "cty"}) {
    EXPECT_EQ(PlaceOfRefusal(WithHeader(name, "https://attacker.example")), "token header") << name;
  }
  EXPECT_EQ(PlaceOfRefusal(WithHeader("crit", boost::json::array{"exp"})), "token header");
  EXPECT_EQ(PlaceOfRefusal(WithHeader("typ", "JWT")), "token header typ");
  for (const char* kid : {"", "k2", "K1", "../../etc/passwd", "k1' OR '1'='1", "/dev/null"}) {
    EXPECT_EQ(PlaceOfRefusal(WithHeader("kid", kid)), "token header kid") << kid;
  }
  for (const char* name : {"alg", "typ", "kid"}) {
    object header = Header();
    header.erase(name);
    EXPECT_FALSE(Accepts(Signed(header, Claims()))) << name;
  }
}

TEST_F(Tokens, OfAnotherIssuerAudienceOrCertificateAreRefused) {
  EXPECT_EQ(PlaceOfRefusal(With("iss", "https://identity.ryy.example")), "token claim iss");
  EXPECT_EQ(PlaceOfRefusal(With("iss", Text(std::string(kIssuer) + "/"))), "token claim iss");
  EXPECT_EQ(PlaceOfRefusal(With("aud", "another")), "token claim aud");
  EXPECT_EQ(PlaceOfRefusal(With("aud", boost::json::array{kAudience, "another"})),
            "token claim aud");
  EXPECT_EQ(PlaceOfRefusal(With("organisation", "RYY")), "token claim organisation");
  EXPECT_EQ(PlaceOfRefusal(With("organisation", "rxx")), "token claim organisation");
  const std::string thumbprint = base::ToBase64Url(base::AsBytes(base::Sha256("another")));
  EXPECT_EQ(PlaceOfRefusal(With("cnf", {{"x5t#S256", thumbprint}})), "token claim cnf");
  EXPECT_EQ(PlaceOfRefusal(With("cnf", {{"x5t#S256", ""}})), "token claim cnf");
  EXPECT_EQ(PlaceOfRefusal(With("cnf", {{"jkt", thumbprint}})), "token claim cnf");
  for (const char* claim :
       {"iss", "aud", "organisation", "cnf", "sub", "jti", "iat", "exp", "roles", "assurance"}) {
    EXPECT_FALSE(Accepts(Without(claim))) << claim;
  }
  EXPECT_TRUE(Accepts(With("aud", boost::json::array{kAudience})));
}

TEST_F(Tokens, AStolenOneIsWorthNothingOnAnotherConnectionEvenOnceItWasCached) {
  const std::string token = Signed(Header(), Claims());
  ASSERT_TRUE(Accepts(token));
  ASSERT_TRUE(Accepts(token));
  peer_.thumbprint = base::Sha256("another certificate");
  EXPECT_EQ(PlaceOfRefusal(token), "token claim cnf");
}

TEST_F(Tokens, AnIssuerVouchesOnlyForItsOrganisationsAndSystems) {
  peer_.system = "other";
  EXPECT_EQ(PlaceOfRefusal(Signed(Header(), Claims())), "token claim iss");
  peer_.system = "epr";
  peer_.organisation = *record::OdsCode::Parse("RYY");
  EXPECT_EQ(PlaceOfRefusal(With("organisation", "RYY")), "token claim iss");
  options_.issuers[0].organisations.clear();
  Load();
  peer_.organisation = *record::OdsCode::Parse("RXX");
  EXPECT_EQ(PlaceOfRefusal(Signed(Header(), Claims())), "token claim iss") << "empty means nobody";
}

TEST_F(Tokens, TimesAreHeldWithinTheLeeway) {
  const auto times = [&](std::int64_t iat, std::int64_t exp) {
    object claims = Claims();
    claims["iat"] = kNow + iat;
    claims["exp"] = kNow + exp;
    return Signed(Header(), claims);
  };
  EXPECT_TRUE(Accepts(times(-600, -29)));
  EXPECT_EQ(PlaceOfRefusal(times(-600, -30)), "token claim exp");
  EXPECT_TRUE(Accepts(times(30, 600)));
  EXPECT_EQ(PlaceOfRefusal(times(31, 600)), "token claim iat");
  EXPECT_TRUE(Accepts(times(0, 3600)));
  EXPECT_EQ(PlaceOfRefusal(times(0, 3601)), "token claim exp");
  EXPECT_EQ(PlaceOfRefusal(times(10, 10)), "token claim exp");
  EXPECT_EQ(PlaceOfRefusal(With("nbf", kNow + 31)), "token claim nbf");
  EXPECT_TRUE(Accepts(With("nbf", kNow + 30)));
  for (const boost::json::value& odd : std::vector<boost::json::value>{
           "1764000000", 1.5, -1, nullptr, true, INT64_MAX, boost::json::array{kNow}}) {
    EXPECT_EQ(PlaceOfRefusal(With("exp", odd)), "token claim exp");
    EXPECT_EQ(PlaceOfRefusal(With("iat", odd)), "token claim iat");
    EXPECT_EQ(PlaceOfRefusal(With("nbf", odd)), "token claim nbf");
  }
}

TEST_F(Tokens, WithAMemberTwiceAreRefused) {
  const std::string header = boost::json::serialize(Header());
  std::string payload = boost::json::serialize(Claims());
  payload.back() = ',';
  EXPECT_EQ(PlaceOfRefusal(SignedText(header, payload + R"("sub":"admin"})")), "token claims");
  EXPECT_EQ(PlaceOfRefusal(SignedText(header, payload + R"("s\u0075b":"admin"})")), "token claims");
  EXPECT_EQ(PlaceOfRefusal(SignedText(header, payload + R"("x":{"a":1,"a":2}})")), "token claims");
  EXPECT_TRUE(Accepts(SignedText(header, payload + R"("x":{"a":1,"b":{"a":2}}})")));
  const std::string twice = R"({"alg":"none","typ":"at+jwt","kid":"k1","alg":"ES256"})";
  EXPECT_EQ(PlaceOfRefusal(SignedText(twice, boost::json::serialize(Claims()))), "token header");
}

TEST_F(Tokens, OfAnyOtherFormAreRefused) {
  const std::string good = Signed(Header(), Claims());
  ASSERT_TRUE(Accepts(good));
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), good + ".",
        good + "=", good + " ", " " + good, good + "\n", good + "A", good + ".e30",
        "bearer " + good, "Bearer  " + good, good.substr(1), good.substr(0, good.size() - 1),
        std::string(4000, 'A') + "." + std::string(5000, 'A') + ".A", std::string(8193, '.')}) {
    EXPECT_FALSE(Accepts(bad)) << bad.size();
  }
  // Another text of the same bytes: the last character of 64 bytes has four bits to spare.
  std::string other = good;
  other.back() = static_cast<char>(other.back() + 1);
  EXPECT_FALSE(Accepts(other));
  for (const char* payload : {"", "null", "[]", "\"x\"", "{}", "{\"iss\":1}", "{} {}", "{}x", "{",
                              "{\"a\":[[[[[[[[[[1]]]]]]]]]]}"}) {
    EXPECT_FALSE(Accepts(SignedText(boost::json::serialize(Header()), payload))) << payload;
  }
  EXPECT_FALSE(Accepts(With("pad", Text(std::string(6200, 'x'))))) << "over 8,192 characters";
}

TEST_F(Tokens, WhoseUserClaimsAreNotPlainAreRefused) {
  EXPECT_EQ(PlaceOfRefusal(With("sub", "")), "token claim sub");
  EXPECT_EQ(PlaceOfRefusal(With("sub", 17)), "token claim sub");
  EXPECT_EQ(PlaceOfRefusal(With("sub", "a\nb")), "token claim sub");
  EXPECT_EQ(PlaceOfRefusal(With("sub", Text(std::string(129, 'a')))), "token claim sub");
  EXPECT_EQ(PlaceOfRefusal(With("jti", "a\x1b[31m")), "token claim jti");
  EXPECT_EQ(PlaceOfRefusal(With("roles", "R8000")), "token claim roles");
  EXPECT_EQ(PlaceOfRefusal(With("roles", {"R8000", 7})), "token claim roles");
  EXPECT_EQ(PlaceOfRefusal(With("assurance", 4)), "token claim assurance");
  EXPECT_EQ(PlaceOfRefusal(With("assurance", -1)), "token claim assurance");
  EXPECT_EQ(PlaceOfRefusal(With("assurance", "3")), "token claim assurance");
  EXPECT_FALSE(Accepts(With("team", 7)));
}

TEST_F(Tokens, ARefusalRepeatsNothingOfTheToken) {
  for (const char* claim : {"iss", "aud", "sub", "jti", "organisation", "cnf", "roles", "launch"}) {
    const auto answer = authenticator_->Authenticate(
        peer_, With(claim, boost::json::array{std::string("CANARY\n")}));
    ASSERT_FALSE(answer.has_value()) << claim;
    EXPECT_EQ(answer.error().id, base::ErrorId::kUnauthenticated);
    EXPECT_EQ(base::Describe(answer.error()).find("CANARY"), std::string::npos) << claim;
  }
  const auto answer = authenticator_->Authenticate(peer_, WithHeader("CANARY", "CANARY"));
  EXPECT_EQ(base::Describe(answer.error()).find("CANARY"), std::string::npos);
}

TEST_F(Tokens, AreVerifiedOnceAndForgottenWhenTheyExpire) {
  const std::string token = Signed(Header(), Claims());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Accepts(token));
  EXPECT_EQ(authenticator_->Counts().verified, 1U);
  EXPECT_EQ(authenticator_->Counts().cached, 9U);
  clock_.Advance(std::chrono::seconds(1740 + 29));
  EXPECT_TRUE(Accepts(token));
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(PlaceOfRefusal(token), "token claim exp");
}

TEST_F(Tokens, ThatWereVerifiedAreRefusedWhileAClockSetBackStandsBeforeThem) {
  const std::string token = Signed(Header(), Claims());  // issued a minute ago
  const std::string later = With("nbf", kNow);
  ASSERT_TRUE(Accepts(token) && Accepts(later));
  clock_.Advance(-std::chrono::seconds(31));
  EXPECT_TRUE(Accepts(token));
  EXPECT_EQ(PlaceOfRefusal(later), "token claim nbf");
  clock_.Advance(-std::chrono::hours(24));
  EXPECT_EQ(PlaceOfRefusal(token), "token claim iat");
  clock_.Advance(std::chrono::hours(24) + std::chrono::seconds(31));
  EXPECT_TRUE(Accepts(token) && Accepts(later));
}

TEST_F(Tokens, TheCacheIsBoundedAndKeepsWhatIsUsed) {
  options_.cache_entries = 2;
  Load();
  const std::string kept = With("jti", "kept");
  ASSERT_TRUE(Accepts(kept));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Accepts(With("jti", Text("other-" + std::to_string(i)))));
    ASSERT_TRUE(Accepts(kept));
  }
  EXPECT_EQ(authenticator_->Counts().verified, 6U);
  EXPECT_EQ(authenticator_->Counts().cached, 5U);
}

TEST_F(Tokens, ThatWereRevokedAreRefusedAfterTheReload) {
  const std::string token = Signed(Header(), Claims());
  ASSERT_TRUE(Accepts(token));
  const std::string issuer = "issuer = \"" + std::string(kIssuer) + "\"\n";
  for (const std::string& list :
       {std::string("tokens = [\"token-1\"]\n"), "[[users]]\n" + issuer + "user = \"user-17\"\n",
        "[[keys]]\n" + issuer + "key = \"k1\"\n"}) {
    options_.revocations = folder_.Write("revoked.toml", list);
    Load();
    EXPECT_FALSE(Accepts(token)) << list;
  }
  options_.revocations = folder_.Write("revoked.toml", "tokens = [\"token-2\"]\n");
  Load();
  EXPECT_TRUE(Accepts(token));
}

TEST_F(Tokens, ARevocationListThatIsMissingOrWrongIsRefusedWhole) {
  options_.revocations = folder_.path() / "absent.toml";
  EXPECT_FALSE(Authenticator::Load(options_, clock_).has_value());
  for (const char* wrong :
       {"token = [\"a\"]\n", "tokens = \"a\"\n", "[[users]]\nuser = \"a\"\n", "= "}) {
    options_.revocations = folder_.Write("revoked.toml", wrong);
    EXPECT_FALSE(Authenticator::Load(options_, clock_).has_value()) << wrong;
  }
}

TEST_F(Tokens, OnlyP256PublicKeysAreTakenForIssuers) {
  const auto loads = [&](std::string_view bytes) {
    options_.issuers[0].keys = {{"k1", folder_.Write("key", bytes)}};
    return Authenticator::Load(options_, clock_).has_value();
  };
  const auto jwk = [&](object changes) {
    BIGNUM* x = nullptr;
    BIGNUM* y = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, &x);
    EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, &y);
    std::string bytes(64, '\0');
    BN_bn2binpad(x, reinterpret_cast<unsigned char*>(bytes.data()), 32);
    BN_bn2binpad(y, reinterpret_cast<unsigned char*>(bytes.data()) + 32, 32);
    BN_free(x);
    BN_free(y);
    object key = {{"kty", "EC"},
                  {"crv", "P-256"},
                  {"x", base::ToBase64Url(bytes.substr(0, 32))},
                  {"y", base::ToBase64Url(bytes.substr(32))}};
    for (const auto& change : changes) key[change.key()] = change.value();
    return boost::json::serialize(key);
  };
  EXPECT_TRUE(loads(jwk({})));
  Load();
  EXPECT_TRUE(Accepts(Signed(Header(), Claims()))) << "the same key as a JWK";
  EXPECT_TRUE(loads(jwk({{"kid", "k1"}})));
  EXPECT_FALSE(loads(jwk({{"kid", "k2"}})));
  EXPECT_FALSE(loads(jwk({{"d", base::ToBase64Url(std::string(32, '\1'))}})));
  EXPECT_FALSE(loads(jwk({{"crv", "P-384"}})));
  EXPECT_FALSE(loads(jwk({{"kty", "oct"}, {"k", "c2VjcmV0"}})));
  EXPECT_FALSE(loads(jwk({{"x", base::ToBase64Url(std::string(32, '\1'))}}))) << "not on the curve";
  EXPECT_FALSE(loads(""));
  EXPECT_FALSE(loads("{}"));
  EXPECT_FALSE(loads(PublicPem(kit::Key(EVP_RSA_gen(2048), &EVP_PKEY_free))));
  EXPECT_FALSE(loads(PublicPem(kit::Key(EVP_EC_gen("P-384"), &EVP_PKEY_free))));
}

TEST_F(Tokens, ConfigurationThatCannotHoldIsRefused) {
  AuthenticatorOptions options = options_;
  options.leeway = std::chrono::seconds(61);
  EXPECT_FALSE(Authenticator::Load(options, clock_).has_value());
  options = options_;
  options.audience = "";
  EXPECT_FALSE(Authenticator::Load(options, clock_).has_value());
  options = options_;
  options.issuers.push_back(options.issuers[0]);
  EXPECT_FALSE(Authenticator::Load(options, clock_).has_value());
}

TEST_F(Tokens, ManyThreadsAreAnsweredAlike) {
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const std::string id = std::to_string(t) + "-" + std::to_string(i);
          if (!Accepts(With("jti", Text(id)))) ++wrong;
          if (Accepts(With("aud", Text(id)))) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(Tokens, ATrialTokenIsAcceptedLikeAnIssuers) {
  const kit::Authority authority;
  const kit::Issued client = authority.Issue({});
  peer_.thumbprint = *ThumbprintOfPem(client.CertificatePem());
  TrialClaims claims{.issuer = kIssuer, .key_id = "k1", .audience = kAudience, .user = "user-17"};
  claims.name = "A. Clinician";
  claims.organisation = "RXX";
  claims.roles = {"R8000"};
  claims.team = "respiratory";
  claims.certificate = peer_.thumbprint;
  claims.launch = TrialLaunch{"9990000018", clock_.Now()};
  claims.issued = clock_.Now();
  const auto token = IssueTrialToken(kit::Issued{nullptr, key_}.KeyPem(), claims);
  ASSERT_TRUE(token.has_value()) << base::Describe(token.error());
  const auto answer = authenticator_->Authenticate(peer_, *token);
  ASSERT_TRUE(answer.has_value()) << base::Describe(answer.error());
  EXPECT_EQ(answer->user, "user-17");
  EXPECT_EQ(answer->launch->nhs_number, "9990000018");
  EXPECT_FALSE(IssueTrialToken(PublicPem(key_), claims).has_value());
  EXPECT_FALSE(IssueTrialToken("", claims).has_value());
  EXPECT_FALSE(ThumbprintOfPem("nonsense").has_value());
}

TEST_F(Tokens, TheTrialIdentityProvidersKeysSignTokensThatAreAccepted) {
  const std::string command = std::string(MILECASTLE_SOURCE_DIR) + "/deploy/trial-certificates " +
                              folder_.path().string() + "/trial --organisation RXX:epr";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto trial = folder_.path() / "trial";
  options_.issuers[0].keys = {{"RXX-1", trial / "issuers" / "RXX.pub.pem"}};
  Load();
  const auto certificate = base::ReadFile(trial / "clients" / "RXX-epr.pem");
  peer_.thumbprint = *ThumbprintOfPem(*certificate);
  TrialClaims claims{.issuer = kIssuer, .key_id = "RXX-1", .audience = kAudience, .user = "u"};
  claims.organisation = "RXX";
  claims.certificate = peer_.thumbprint;
  claims.issued = clock_.Now();
  const auto token = IssueTrialToken(*base::ReadFile(trial / "issuers" / "RXX.key"), claims);
  ASSERT_TRUE(token.has_value());
  EXPECT_TRUE(Accepts(*token));
}

}  // namespace
}  // namespace milecastle::authenticate
