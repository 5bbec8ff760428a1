// Large loads: folders and lists, the position, and how it came out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fake_gateway.h"

namespace milecastle::command {
namespace {

using testing::HasSubstr;
using testing::Not;

class Load : public FakeGateway {
 protected:
  Load() {
    std::filesystem::create_directory(folder_.path() / "load");
    folder_.Write("load/1", "accepted");
    folder_.Write("load/2", "rejected");
    folder_.Write("load/3", "accepted");
    folder_.Write("load/.4", "accepted");
  }
  std::string load() const { return (folder_.path() / "load").string(); }
  std::string position() const { return (folder_.path() / "position").string(); }
  Ran Resume() { return Ask({"submit", "--feed", "gp", "--resume", position(), load()}); }
};

TEST_F(Load, AFolderIsSentByNameWithoutWhatIsHiddenAndAddedUpAtTheEnd) {
  const Ran ran = Ask({"submit", "--feed", "gp", load()});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("3 messages:\n  accepted 2\n  rejected, message.invalid 1\n"));
  EXPECT_LT(ran.out.find("/1[0]"), ran.out.find("/2[0]"));
  EXPECT_THAT(ran.out, Not(HasSubstr("/.4")));
}

TEST_F(Load, AListNamesItsFiles) {
  const auto list = folder_.Write("list", load() + "/3\n\n" + load() + "/1\n").string();
  const Ran ran = Ask({"submit", "--feed", "gp", "--list", list});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_LT(ran.out.find("/3[0]"), ran.out.find("/1[0]"));
  EXPECT_EQ(Ask({"submit", "--feed", "gp", "--list", "/nowhere"}).exit, 2);
  EXPECT_EQ(Ask({"submit", "--feed", "gp"}).exit, 2);
}

TEST_F(Load, WhatHasADurableOutcomeIsNotSentAgain) {
  EXPECT_EQ(Resume().exit, 1);
  const Ran again = Resume();
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_THAT(again.out, Not(HasSubstr("accepted")));
}

TEST_F(Load, NothingIsCountedBehindWhatHasToBeSentAgain) {
  folder_.Write("load/1", "failed");
  EXPECT_EQ(Resume().exit, 1);
  const Ran again = Resume();
  EXPECT_THAT(again.out, HasSubstr("/1[0]: failed"));
}

TEST_F(Load, ATornLineOfThePositionCountsForNothing) {
  Resume();
  std::ofstream(position(), std::ios::app) << "1";
  EXPECT_THAT(Resume().out, Not(HasSubstr("accepted")));
  EXPECT_THAT(Resume().out, Not(HasSubstr("accepted")));
}

TEST_F(Load, APositionOfOtherFilesOrAnotherFeedIsRefused) {
  Resume();
  EXPECT_EQ(Ask({"submit", "--feed", "other", "--resume", position(), load()}).exit, 2);
  folder_.Write("load/5", "accepted");
  const Ran other = Resume();
  EXPECT_EQ(other.exit, 2);
  EXPECT_THAT(other.err, HasSubstr("another load"));
}

}  // namespace
}  // namespace milecastle::command
