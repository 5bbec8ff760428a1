// What deploy/trial-certificates makes is what the ingress asks for.

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <map>

#include "base/config.h"
#include "fixture.h"

namespace milecastle::ingress {
namespace {

class TrialCertificates : public Door {
 protected:
  int Make(const std::string& arguments) {
    const std::string command = std::string(MILECASTLE_SOURCE_DIR) + "/deploy/trial-certificates " +
                                Trial().string() + " " + arguments + " 2>/dev/null";
    const int made = std::system(command.c_str());
    clock_.Advance(std::chrono::minutes(1));  // what was just made has begun
    return made;
  }
  std::filesystem::path Trial() const { return folder_.path() / "trial"; }

  base::Result<std::shared_ptr<const TlsMaterial>> Loaded() {
    return TlsMaterial::Load({.certificate = Trial() / "server.pem",
                              .key = Trial() / "server.key",
                              .client_authorities = {Trial() / "authority.pem"},
                              .revocation_lists = {Trial() / "revoked.pem"}},
                             clock_);
  }

  kit::Issued Client(const std::string& name) const {
    const std::string base = (Trial() / "clients" / name).string();
    BIO* certificate = BIO_new_file((base + ".pem").c_str(), "r");
    BIO* key = BIO_new_file((base + ".key").c_str(), "r");
    kit::Issued client{{PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr), &X509_free},
                       {PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr), &EVP_PKEY_free}};
    BIO_free(certificate);
    BIO_free(key);
    return client;
  }

  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(Trial())) {
      if (!entry.is_regular_file()) continue;
      EXPECT_EQ(entry.status().permissions(), std::filesystem::perms(0600)) << entry.path();
      files[entry.path().filename().string()] = *base::ReadFile(entry.path());
    }
    return files;
  }
};

TEST_F(TrialCertificates, LetTheirHoldersInUntilTheyAreRevoked) {
  ASSERT_EQ(Make("--organisation RXX:epr --organisation A81001"), 0);
  auto material = Loaded();
  ASSERT_TRUE(material.has_value()) << base::Describe(material.error());
  ingress_ = std::move(Ingress::Start({}, *material)).value();
  port_ = *ingress_->Listen({.name = "test"}, echo_);
  EXPECT_TRUE(LetsIn(Client("RXX-epr")));
  EXPECT_TRUE(LetsIn(Client("A81001-system")));
  EXPECT_EQ(echo_.seen()[0].certificate->organisation.text(), "RXX");
  EXPECT_EQ(echo_.seen()[1].certificate->system, "system");

  ASSERT_EQ(Make("--revoke RXX:epr"), 0);
  ingress_->Replace(*Loaded());
  EXPECT_FALSE(LetsIn(Client("RXX-epr")));
  EXPECT_TRUE(LetsIn(Client("A81001-system")));
}

TEST_F(TrialCertificates, ASecondRunKeepsWhatIsThereAndTheRevocationsToo) {
  ASSERT_EQ(Make("--organisation RXX:epr --revoke RXX:epr"), 0);
  const auto before = Files();
  ASSERT_EQ(Make("--organisation RXX:epr --organisation RYY"), 0);
  const auto after = Files();
  for (const char* kept : {"authority.pem", "server.key", "server.pem", "RXX-epr.pem", "RXX.key"}) {
    EXPECT_EQ(before.at(kept), after.at(kept)) << kept;
  }
  EXPECT_TRUE(after.contains("RYY-system.pem"));
  ingress_ = std::move(Ingress::Start({}, *Loaded())).value();
  port_ = *ingress_->Listen({.name = "test"}, echo_);
  EXPECT_FALSE(LetsIn(Client("RXX-epr")));
}

TEST_F(TrialCertificates, WrongArgumentsAreMisuse) {
  for (const char* wrong : {"--organisation 'r xx'", "--organisation", "--revoke RZZ",
                            "--colour red", "--server 'a/b'"}) {
    EXPECT_EQ(WEXITSTATUS(Make(wrong)), 2) << wrong;
  }
}

}  // namespace
}  // namespace milecastle::ingress
