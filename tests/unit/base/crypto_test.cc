#include "base/crypto.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>

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

TEST(RandomSalt, NeverComesTwice) {
  std::set<Salt> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(RandomSalt()).second);
}

// What is drawn in advance must not be given out by both halves of a fork.
TEST(RandomSalt, DiffersInAForkedChild) {
  static_cast<void>(RandomSalt());
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Salt salt = RandomSalt();
    ::_exit(::write(ends[1], salt.data(), salt.size()) == ssize_t{salt.size()} ? 0 : 1);
  }
  Salt childs{};
  ASSERT_EQ(::read(ends[0], childs.data(), childs.size()), ssize_t{childs.size()});
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NE(RandomSalt(), childs);
  ::close(ends[0]);
  ::close(ends[1]);
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
