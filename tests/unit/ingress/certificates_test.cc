// Who may come in: the certificates that mutual TLS lets through and keeps out.

#include <gtest/gtest.h>
#include <openssl/tls1.h>

#include "base/crypto.h"
#include "fixture.h"

namespace milecastle::ingress {
namespace {

class Certificates : public Door {};

TEST_F(Certificates, AGoodOneComesInAndIsKnownByOrganisationSystemAndThumbprint) {
  Open();
  const kit::Issued client = authority_.Issue({.organisation = "RXX", .system = "epr"});
  ASSERT_TRUE(LetsIn(client));
  ASSERT_EQ(echo_.seen().size(), 1U);
  const Peer peer = echo_.seen()[0];
  ASSERT_TRUE(peer.certificate.has_value());
  EXPECT_EQ(peer.certificate->organisation.text(), "RXX");
  EXPECT_EQ(peer.certificate->system, "epr");
  EXPECT_EQ(peer.listener, "test");
  EXPECT_EQ(peer.address, "127.0.0.1");
  base::Digest expected{};
  X509_digest(client.certificate.get(), EVP_sha256(), expected.data(), nullptr);
  EXPECT_EQ(peer.certificate->thumbprint, expected);
}

TEST_F(Certificates, NoneIsRefused) {
  Open();
  EXPECT_FALSE(TlsClient(port_, nullptr).Echoes());
  EXPECT_FALSE(TlsClient(port_, nullptr, {.highest = TLS1_2_VERSION}).connected());
  EXPECT_TRUE(echo_.seen().empty());
}

TEST_F(Certificates, OfAnotherAuthorityIsRefusedEvenOneOfTheSameName) {
  Open();
  const kit::Authority other;
  EXPECT_FALSE(LetsIn(other.Issue({})));
  EXPECT_FALSE(LetsIn(other.Issue({}), {.brought = {other.self().certificate}}));
}

TEST_F(Certificates, SelfSignedIsRefused) {
  Open();
  const kit::Authority own("epr");
  EXPECT_FALSE(LetsIn(own.self()));
  EXPECT_FALSE(LetsIn(authority_.self())) << "an authority's own certificate is nobody's client";
}

TEST_F(Certificates, EndedOrNotYetBegunIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.from = -7200, .until = -60})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.from = 3600})));
}

TEST_F(Certificates, WithoutTheClientUsageIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.usage = "serverAuth"})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.usage = "emailProtection"})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.usage = ""})));
  EXPECT_TRUE(LetsIn(authority_.Issue({.usage = "serverAuth,clientAuth"})));
}

TEST_F(Certificates, ThatIsItselfAnAuthorityIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.constraints = "critical,CA:TRUE"})));
}

TEST_F(Certificates, TooWeakIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.key = kit::NewWeakKey()})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.digest = EVP_sha1()})));
}

TEST_F(Certificates, WithACriticalExtensionThatNobodyKnowsIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.unknown_critical = "1.3.6.1.4.1.99999.1"})));
}

TEST_F(Certificates, WithoutOneClearIdentityIsRefused) {
  Open();
  EXPECT_FALSE(LetsIn(authority_.Issue({.organisation = ""})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.system = ""})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.organisation = "A Trust"})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.organisation = "rxx"})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.system = "epr\nRYY"})));
  EXPECT_FALSE(LetsIn(authority_.Issue({.names = "URI:urn:milecastle:ods:RYY"})));
  EXPECT_TRUE(LetsIn(authority_.Issue({.names = "URI:urn:milecastle:ods:RXX"})));
}

TEST_F(Certificates, AChainMustBeWholeAndEveryIssuersListKnown) {
  const kit::Authority below = authority_.Subordinate("Below", "critical,CA:TRUE,pathlen:0");
  const kit::Issued client = below.Issue({});
  Open();
  EXPECT_FALSE(LetsIn(client)) << "the issuer is missing";
  EXPECT_FALSE(LetsIn(client, {.brought = {below.self().certificate}})) << "its list is missing";

  folder_.Write("authority.pem", authority_.Pem() + below.Pem());
  folder_.Write("revoked.pem", authority_.List({}) + below.List({}));
  ingress_->Replace(Material());
  EXPECT_TRUE(LetsIn(client));
  EXPECT_FALSE(LetsIn(below.Subordinate("Deeper", "critical,CA:TRUE").Issue({}),
                      {.brought = {below.self().certificate}}));

  folder_.Write("revoked.pem", authority_.List({below.self().certificate}) + below.List({}));
  ingress_->Replace(Material());
  EXPECT_FALSE(LetsIn(client)) << "its issuer was revoked";
}

TEST_F(Certificates, ARevokedOneIsRefused) {
  const kit::Issued client = authority_.Issue({});
  Publish({client.certificate});
  Open();
  EXPECT_FALSE(LetsIn(client));
  EXPECT_TRUE(LetsIn(authority_.Issue({})));
}

TEST_F(Certificates, OneRevokedWhileConnectedIsCutAtTheReloadAndOthersLiveOn) {
  Open();
  const kit::Issued client = authority_.Issue({});
  const kit::Issued other = authority_.Issue({.organisation = "RYY"});
  TlsClient leaving(port_, &client);
  TlsClient staying(port_, &other);
  ASSERT_TRUE(leaving.Echoes());
  ASSERT_TRUE(staying.Echoes());
  ASSERT_EQ(ingress_->peers().size(), 2U);

  Publish({client.certificate});
  ingress_->Replace(Material());
  EXPECT_TRUE(leaving.AwaitEnd());
  EXPECT_TRUE(staying.Echoes());
  EXPECT_FALSE(LetsIn(client));
  EXPECT_EQ(CountOf("no_longer_trusted"), 1U);
  EXPECT_FALSE(ingress_->peers().Find(echo_.seen()[0].name).has_value());
}

TEST_F(Certificates, OneThatEndsWhileConnectedIsCut) {
  Open();
  const kit::Issued client = authority_.Issue({.until = 600});
  TlsClient connected(port_, &client);
  ASSERT_TRUE(connected.Echoes());
  clock_.Advance(std::chrono::minutes(11));
  EXPECT_TRUE(connected.AwaitEnd());
}

TEST_F(Certificates, RotationOfOurCertificateAndOfTheAuthorityKeepsLiveConnections) {
  Open();
  const kit::Issued client = authority_.Issue({});
  TlsClient connected(port_, &client);
  ASSERT_TRUE(connected.Echoes());

  const kit::Authority next("Next Authority");
  const kit::Issued server = next.Issue({.usage = "serverAuth"});
  folder_.Write("server.pem", server.CertificatePem());
  folder_.Write("server.key", server.KeyPem());
  folder_.Write("authority.pem", authority_.Pem() + next.Pem());
  folder_.Write("revoked.pem", authority_.List({}) + next.List({}));
  ingress_->Replace(Material());
  EXPECT_TRUE(LetsIn(next.Issue({})));
  EXPECT_TRUE(connected.Echoes());

  folder_.Write("authority.pem", next.Pem());
  folder_.Write("revoked.pem", next.List({}));
  ingress_->Replace(Material());
  EXPECT_TRUE(connected.AwaitEnd()) << "its authority is no longer trusted";
}

TEST_F(Certificates, OldProtocolsAndSuitesWithoutAuthenticationAreRefused) {
  Open();
  const kit::Issued client = authority_.Issue({});
  for (const int old : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_FALSE(TlsClient(port_, &client, {.lowest = old, .highest = old}).connected());
  }
  for (const char* suite : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384",
                            "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM8", "aNULL", "eNULL"}) {
    EXPECT_FALSE(
        TlsClient(port_, &client, {.highest = TLS1_2_VERSION, .suites = suite}).connected())
        << suite;
  }
  TlsClient modern(port_, &client);
  EXPECT_TRUE(modern.Echoes());
  EXPECT_EQ(modern.Version(), "TLSv1.3");
  TlsClient older(port_, &client, {.highest = TLS1_2_VERSION});
  EXPECT_TRUE(older.Echoes());
  EXPECT_EQ(older.Suite(), "ECDHE-ECDSA-AES256-GCM-SHA384");
}

}  // namespace
}  // namespace milecastle::ingress
