#include "base/crypto.h"

#include <gtest/gtest.h>

#include "base/uuid.h"

namespace milecastle::base {
namespace {

TEST(Sha256, AgreesWithTheStandardsExample) {
  EXPECT_EQ(ToHex(AsBytes(Sha256("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("a", "bc"), Sha256("abc"));
}

TEST(Base64, RefusesEveryFormButTheCanonicalOne) {
  EXPECT_EQ(FromBase64("Zm9v"), "foo");
  EXPECT_EQ(FromBase64("Zg=="), "f");
  EXPECT_EQ(FromBase64(""), "");
  for (const char* wrong : {"Zh==", "Zg=", "Zg", "Z g=", "Zm9v\n", "Zg==Zg==", "-_=="}) {
    EXPECT_FALSE(FromBase64(wrong)) << wrong;
  }
}

TEST(Uuid, SortsByTheTimeOfItsMaking) {
  const Uuid early = Uuid::New(Instant(std::chrono::seconds(1)));
  const Uuid late = Uuid::New(Instant(std::chrono::seconds(2)));
  EXPECT_LT(early, late);
  EXPECT_EQ(Uuid::Parse(early.ToString()), early);
  EXPECT_EQ(early.ToString()[14], '7');
}

TEST(Uuid, RefusesWhatIsNotOne) {
  EXPECT_FALSE(Uuid::Parse("not-a-uuid"));
  EXPECT_FALSE(Uuid::Parse("00000000-0000-7000-8000-00000000000g"));
  EXPECT_FALSE(Uuid::Parse("00000000x0000-7000-8000-000000000000"));
}

}  // namespace
}  // namespace milecastle::base
