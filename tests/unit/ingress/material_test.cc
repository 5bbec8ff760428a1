// Certificates, keys and lists are loaded all together or not at all, and old lists close the door.

#include <gtest/gtest.h>

#include <filesystem>

#include "fixture.h"
#include "ingress/alarm_book.h"

namespace milecastle::ingress {
namespace {

using std::chrono::hours;

class Files : public Door {
 protected:
  // Where the load failed; empty when it did not.
  std::string Fault(const TlsOptions& options) {
    const auto material = TlsMaterial::Load(options, clock_);
    return material ? "" : std::filesystem::path(material.error().place).filename().string();
  }
};

TEST_F(Files, AMissingListIsRefusedAtLoad) {
  TlsOptions options = Options();
  options.revocation_lists.clear();
  EXPECT_EQ(Fault(options), "revocation lists");
  std::filesystem::remove(folder_.path() / "revoked.pem");
  EXPECT_EQ(Fault(Options()), "revoked.pem");
}

TEST_F(Files, AListThatTheAuthorityDidNotSignIsRefused) {
  folder_.Write("revoked.pem", kit::Authority().List({}));
  EXPECT_EQ(Fault(Options()), "revoked.pem");
  folder_.Write("revoked.pem", "-----BEGIN X509 CRL-----\nnonsense\n-----END X509 CRL-----\n");
  EXPECT_EQ(Fault(Options()), "revoked.pem");
  Publish({}, {.this_update = 7200, .next_update = 86400});
  EXPECT_EQ(Fault(Options()), "revoked.pem") << "dated in the future";
}

TEST_F(Files, EachWrongFileIsNamed) {
  const std::string other_key = authority_.Issue({}).KeyPem();
  folder_.Write("server.key", other_key);
  EXPECT_EQ(Fault(Options()), "server.key");
  folder_.Write("server.key", "");
  EXPECT_EQ(Fault(Options()), "server.key");
  folder_.Write("server.pem", "");
  EXPECT_EQ(Fault(Options()), "server.pem");
}

TEST_F(Files, AKeyThatEverybodyMayReadIsRefused) {
  std::filesystem::permissions(folder_.path() / "server.key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(Fault(Options()), "server.key");
}

TEST_F(Files, AnEndedServerCertificateIsRefused) {
  const kit::Issued old = authority_.Issue({.usage = "serverAuth", .from = -7200, .until = -60});
  folder_.Write("server.pem", old.CertificatePem());
  folder_.Write("server.key", old.KeyPem());
  EXPECT_EQ(Fault(Options()), "server.pem");
}

TEST_F(Files, AnAuthorityMustBeOne) {
  folder_.Write("authority.pem", authority_.Issue({}).CertificatePem());
  EXPECT_EQ(Fault(Options()), "authority.pem");
}

TEST_F(Files, AFailedReloadLeavesTheOldMaterialInUse) {
  Open();
  folder_.Write("revoked.pem", "");
  ASSERT_FALSE(TlsMaterial::Load(Options(), clock_).has_value());
  EXPECT_TRUE(LetsIn(authority_.Issue({})));
}

TEST_F(Files, AStaleListLetsInWithinItsGraceAndCutsAndClosesAfterIt) {
  Publish({}, {.next_update = 3600});
  Open();
  const kit::Issued client = authority_.Issue({.until = 90 * 86400});
  clock_.Advance(hours(24));
  TlsClient live(port_, &client);
  EXPECT_TRUE(live.Echoes()) << "late, within the grace of a day";
  clock_.Advance(hours(2));
  EXPECT_TRUE(live.AwaitEnd());
  EXPECT_FALSE(LetsIn(client));
  Publish({}, {.next_update = 90 * 86400});
  ingress_->Replace(Material());
  EXPECT_TRUE(LetsIn(client));
}

TEST_F(Files, TheNewerOfTwoListsCounts) {
  const kit::Issued client = authority_.Issue({});
  const std::string older = authority_.List({}, {.this_update = -7200});
  const std::string newer = authority_.List({client.certificate}, {.this_update = -60});
  for (const std::string& both : {older + newer, newer + older}) {
    folder_.Write("revoked.pem", both);
    ingress_.reset();
    Open();
    EXPECT_FALSE(LetsIn(client));
  }
}

TEST_F(Files, AListThatIsOlderThanTheOneInUseMayNotFollowIt) {
  Publish({}, {.this_update = -60});
  const auto in_use = Material();
  Publish({}, {.this_update = -7200});
  const auto follows = Material()->MayFollow(*in_use);
  ASSERT_FALSE(follows);
  EXPECT_NE(follows.error().place.find("revoked.pem"), std::string::npos);
  EXPECT_TRUE(Material()->MayFollow(*Material())) << "the same list again";
  EXPECT_TRUE(in_use->MayFollow(*Material())) << "a newer one";
}

TEST_F(Files, ALongListIsLoaded) {
  folder_.Write("revoked.pem", authority_.LongList(100000));
  Open();
  EXPECT_TRUE(LetsIn(authority_.Issue({})));
}

TEST(AlarmBook, SoundAtThirtyFourteenSevenAndOneDaysAndOnceEach) {
  AlarmBook book;
  const auto alarm = [](int days) {
    return TlsAlarm{TlsAlarm::Kind::kCertificateExpiring, "server.pem", hours(24 * days)};
  };
  EXPECT_TRUE(book.Fresh({}).empty());
  for (const int days : {30, 14, 7, 1, 0}) {
    EXPECT_EQ(book.Fresh({alarm(days)}).size(), 1U) << days;
    EXPECT_TRUE(book.Fresh({alarm(days)}).empty()) << days;
  }
}

TEST_F(Files, SaysWhichCertificatesAndListsNeedCare) {
  const kit::Issued server = authority_.Issue({.usage = "serverAuth", .until = 40 * 86400});
  folder_.Write("server.pem", server.CertificatePem());
  folder_.Write("server.key", server.KeyPem());
  const auto alarms_of = [&](std::string_view file) {
    std::vector<TlsAlarm::Kind> kinds;
    for (const TlsAlarm& alarm : Material()->Alarms()) {
      if (std::filesystem::path(alarm.place).filename() == file) kinds.push_back(alarm.kind);
    }
    return kinds;
  };
  EXPECT_TRUE(alarms_of("server.pem").empty());
  EXPECT_TRUE(alarms_of("revoked.pem").empty());
  clock_.Advance(hours(24 * 11));
  EXPECT_EQ(alarms_of("server.pem"), std::vector{TlsAlarm::Kind::kCertificateExpiring});
  EXPECT_EQ(alarms_of("revoked.pem"), std::vector{TlsAlarm::Kind::kRevocationListStale});
}

}  // namespace
}  // namespace milecastle::ingress
