// Signed notes, verifier keys and checkpoints against the examples of c2sp.org, and bent.
#include "audit/note.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "audit/checkpoint.h"
#include "audit/tile.h"
#include "kit/folder.h"

namespace milecastle::audit {
namespace {

// The key and text of the Go sumdb/note package's documentation.
constexpr std::string_view kPeterKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPeterNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n";
// c2sp.org/signed-note, "Example".
constexpr std::string_view kFooKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kFooNote =
    "This is an example message.\n"
    "\n"
    "\xE2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3"
    "mFXmRKuwHjG1Yu72IneyaQM=\n";

TEST(VerifierKey, ReadsAndWritesTheFormOfOtherTools) {
  for (const std::string_view vkey : {kPeterKey, kFooKey}) {
    const auto key = VerifierKey::Parse(vkey);
    ASSERT_TRUE(key) << vkey;
    EXPECT_EQ(key->ToString(), vkey);
  }
  EXPECT_EQ(VerifierKey::Parse(kPeterKey)->name(), "PeterNeumann");
  EXPECT_EQ(VerifierKey::Parse(kPeterKey)->id(), 0xc74f20a3U);
}

TEST(VerifierKey, RefusesWhatIsNotExactlyOne) {
  const std::string good(kFooKey);
  std::vector<std::string> wrong = {"",         "+",        "++",       "example.com/foo",
                                    good + "=", " " + good, good + "\n"};
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bent = good;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    if (bent != good) wrong.push_back(bent);
  }
  for (const std::string& vkey : wrong) EXPECT_FALSE(VerifierKey::Parse(vkey)) << vkey;
}

TEST(SignedNote, VerifiesTheExamplesOfOtherImplementations) {
  const auto peter = VerifyNote(kPeterNote, *VerifierKey::Parse(kPeterKey));
  ASSERT_TRUE(peter) << base::Describe(peter.error());
  EXPECT_TRUE(peter->ends_with("then you don't know what your problem is.\n"));
  EXPECT_TRUE(VerifyNote(kFooNote, *VerifierKey::Parse(kFooKey)));
}

TEST(SignedNote, IsRefusedUnderAnyOtherKey) {
  EXPECT_FALSE(VerifyNote(kPeterNote, *VerifierKey::Parse(kFooKey)));
  EXPECT_FALSE(VerifyNote(kFooNote, *VerifierKey::Parse(kPeterKey)));
}

TEST(SignedNote, RefusesEveryFlippedBitAndEveryCut) {
  const auto key = VerifierKey::Parse(kFooKey);
  const std::string note(kFooNote);
  for (std::size_t i = 0; i < note.size(); ++i) {
    EXPECT_FALSE(VerifyNote(note.substr(0, i), *key)) << "cut at " << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bent = note;
      bent[i] = static_cast<char>(bent[i] ^ (1 << bit));
      EXPECT_FALSE(VerifyNote(bent, *key)) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(SignedNote, IgnoresSignaturesOfUnknownKeysAndAcceptsSixteen) {
  std::string many(kFooNote);
  for (int i = 0; i < 15; ++i) {
    many += "\xE2\x80\x94 witness.example/" + std::to_string(i) + " AAAAAAAAAAAA\n";
  }
  EXPECT_TRUE(VerifyNote(many, *VerifierKey::Parse(kFooKey)));
}

TEST(SignedNote, OfAKnownKeyThatFailsRefusesTheWholeNote) {
  std::string twice(kFooNote);
  twice += "\xE2\x80\x94 example.com/foo Uw2QOgAAAAAAAAAA\n";
  EXPECT_FALSE(VerifyNote(twice, *VerifierKey::Parse(kFooKey)));
}

class Keys : public testing::Test {
 protected:
  std::filesystem::path pem() const { return folder_.path() / "audit.pem"; }
  SigningKey Key(std::string_view name = "example.com/log") {
    auto key = SigningKey::LoadOrGenerate(pem(), name);
    EXPECT_TRUE(key);
    return *std::move(key);
  }
  kit::TemporaryFolder folder_;
};

TEST_F(Keys, AreKeptForTheirOwnerAloneAndReadBack) {
  const SigningKey made = Key();
  struct ::stat status {};
  ASSERT_EQ(::stat(pem().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const SigningKey read = Key();
  EXPECT_EQ(read.verifier().ToString(), made.verifier().ToString());
  const auto note = SignNote("text\n", read);
  EXPECT_TRUE(VerifyNote(*note, made.verifier()));
}

TEST_F(Keys, AreNeverOverwritten) {
  const SigningKey made = Key();
  EXPECT_FALSE(SigningKey::Generate(pem(), "example.com/log"));
  EXPECT_EQ(Key().verifier().ToString(), made.verifier().ToString());
}

TEST_F(Keys, AreRefusedWhenOthersMayReadThem) {
  (void)Key();
  ASSERT_EQ(::chmod(pem().c_str(), 0640), 0);
  EXPECT_EQ(SigningKey::Load(pem(), "example.com/log").error().id,
            base::ErrorId::kCertificateInvalid);
}

TEST_F(Keys, AreRefusedUnderANameThatNoNoteMayCarry) {
  (void)Key();
  for (const char* name : {"", "two words", "a+b", "line\nbreak", "caf\xC3\xA9"}) {
    EXPECT_FALSE(SigningKey::Load(pem(), name)) << name;
  }
}

TEST_F(Keys, MayNotBeOfAnotherKind) {
  folder_.Write("audit.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  ASSERT_EQ(::chmod(pem().c_str(), 0600), 0);
  EXPECT_EQ(SigningKey::Load(pem(), "x").error().id, base::ErrorId::kCertificateInvalid);
}

TEST_F(Keys, SignNoTextThatANoteMayNotHold) {
  const SigningKey key = Key();
  for (const char* text :
       {"", "no newline", "tab\t\n", "bad utf-8 \xFF\n", "overlong \xC0\x80\n"}) {
    EXPECT_FALSE(SignNote(text, key)) << text;
  }
}

using Checkpoints = Keys;

TEST_F(Checkpoints, AreThreeLinesAndRoundTrip) {
  const SigningKey key = Key();
  const Head head{20852163, base::Sha256("root")};
  const std::string note = *SignCheckpoint(head, key);
  EXPECT_TRUE(note.starts_with("example.com/log\n20852163\n" +
                               base::ToBase64(base::AsBytes(head.root)) +
                               "\n\n\xE2\x80\x94 example.com/log "));
  EXPECT_EQ(*VerifyCheckpoint(note, key.verifier()), head);
}

TEST_F(Checkpoints, AreRefusedInAnyOtherForm) {
  const SigningKey key = Key();
  const std::string root = base::ToBase64(base::AsBytes(base::Sha256("root")));
  const std::vector<std::string> wrong = {
      "example.com/other\n5\n" + root + "\n",
      "example.com/log\n05\n" + root + "\n",
      "example.com/log\n+5\n" + root + "\n",
      "example.com/log\n-5\n" + root + "\n",
      "example.com/log\n5 \n" + root + "\n",
      "example.com/log\n99999999999999999999\n" + root + "\n",
      "example.com/log\n5\n" + root + "\nextension\n",
      "example.com/log\n5\n" + root.substr(0, 40) + "\n",
      "example.com/log\n5\n" + root + "=\n",
      "example.com/log\n0\n" + root + "\n",
      "example.com/log\n5\n",
      "\n5\n" + root + "\n",
  };
  for (const std::string& text : wrong) {
    const auto note = SignNote(text, key);
    ASSERT_TRUE(note);
    EXPECT_FALSE(VerifyCheckpoint(*note, key.verifier())) << text;
  }
}

TEST_F(Checkpoints, OfAnotherKeyWithTheSameNameAreRefused) {
  const SigningKey key = Key();
  const auto other = SigningKey::Generate(folder_.path() / "other.pem", "example.com/log");
  const std::string note = *SignCheckpoint({5, base::Sha256("root")}, *other);
  EXPECT_FALSE(VerifyCheckpoint(note, key.verifier()));
}

TEST(Tiles, AreNamedAsC2spNamesThem) {
  EXPECT_EQ(TileIndexPath(1234067), "x001/x234/067");
  EXPECT_EQ(TileIndexPath(0), "000");
  EXPECT_EQ(TileIndexPath(999), "999");
  EXPECT_EQ(TileIndexPath(1000), "x001/000");
  EXPECT_EQ(HashTilePath(0, 273, 112), "tile/0/273.p/112");
  EXPECT_EQ(HashTilePath(2, 0, 1), "tile/2/000.p/1");
  EXPECT_EQ(EntryBundlePath(1234), "tile/entries/x001/234");
}

// The example of c2sp.org/tlog-tiles, "Partial Tiles".
TEST(Tiles, AreAsWideAsTheTreeIsLarge) {
  EXPECT_EQ(HashesAtLevel(0, 70000), 70000U);
  EXPECT_EQ(HashesAtLevel(1, 70000), 273U);
  EXPECT_EQ(HashesAtLevel(2, 70000), 1U);
  EXPECT_EQ(HashesAtLevel(8, 70000), 0U);
  EXPECT_EQ(TileWidthOf(272, 70000), 256U);
  EXPECT_EQ(TileWidthOf(273, 70000), 112U);
  EXPECT_EQ(TileWidthOf(274, 70000), 0U);
  EXPECT_EQ(TileWidthOf(1, HashesAtLevel(1, 70000)), 17U);
}

TEST(EntryBundles, AreRefusedWhenTheyAreCut) {
  std::string bundle;
  AddToBundle(bundle, "first");
  AddToBundle(bundle, "");
  AddToBundle(bundle, std::string(300, 'x'));
  EXPECT_EQ(bundle.substr(0, 7), std::string("\0\5first", 7));
  EXPECT_EQ(ParseBundle(bundle)->size(), 3U);
  EXPECT_FALSE(ParseBundle(bundle.substr(0, bundle.size() - 1)));
  EXPECT_FALSE(ParseBundle(bundle + "x"));
}

}  // namespace
}  // namespace milecastle::audit
