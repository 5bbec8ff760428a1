// What is known of each source, and when it is old.
#include "directory/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/clock.h"
#include "kit/folder.h"
#include "pages.h"
#include "sqlite/directory.h"

namespace milecastle::directory {
namespace {

using base::ErrorId;
using std::chrono::seconds;

class Keeping : public testing::Test {
 protected:
  Keeping() {
    auto opened = store::sqlite::OpenDirectory(folder_.path() / "directory.db");
    EXPECT_TRUE(opened);
    store_ = *std::move(opened);
    keeper_ = std::make_unique<Keeper>(
        *store_, clock_,
        Readers{.page = [](std::string_view json) -> base::Result<record::DirectoryPage> {
                  if (json == "broken")
                    return base::Error{ErrorId::kMessageInvalid, "document", ""};
                  return Page(1, 1, {std::string(json)});
                },
                .tables = {}},
        std::vector<Source>{{.name = "north", .interval = seconds(100), .limits = {}},
                            {.name = "by-hand", .interval = seconds(0), .limits = {}}});
  }
  SourceState State(std::size_t which = 0) { return keeper_->States().at(which); }
  void Take(const std::string& file) {
    EXPECT_TRUE(keeper_->Keep(keeper_->Read({"north", {file}}), "north"));
  }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{base::Instant(seconds(1'700'000'000))};
  std::unique_ptr<store::ServiceDirectory> store_;
  std::unique_ptr<Keeper> keeper_;
};

TEST_F(Keeping, AFailureLeavesWhatIsKeptAndIsToldUntilTheNextReading) {
  Take("a");
  const auto broken = keeper_->Read({"north", {"a", "broken"}});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().place, "file 2, document");
  EXPECT_FALSE(keeper_->Keep(broken, "north"));
  EXPECT_EQ(State().failures, 1U);
  EXPECT_EQ(State().failed->id, ErrorId::kMessageInvalid);
  EXPECT_EQ(State().kept->services, 1U);
  Take("a");
  EXPECT_FALSE(State().failed);
  EXPECT_EQ(State().taken, 2U);
}

TEST_F(Keeping, ALossIsTakenWhereSomebodySaysSo) {
  Take("a");
  const auto reading = keeper_->Read({"north", {"b"}});
  EXPECT_EQ(keeper_->Keep(reading, "north").error().id, ErrorId::kConflict);
  EXPECT_TRUE(keeper_->Keep(keeper_->Read({"north", {"b"}, true}), "north"));
}

TEST_F(Keeping, FilesWithNamesAreReadTogetherAsTables) {
  std::vector<std::string> told;
  Keeper keeper(*store_, clock_,
                {.page = {},
                 .tables =
                     [&](const std::vector<record::DirectoryTable>& tables) {
                       for (const auto& table : tables) {
                         told.push_back(std::string(table.name) + "=" + std::string(table.bytes));
                       }
                       return Page(1, 1, {"a"});
                     }},
                {{.name = "north", .interval = seconds(100), .limits = {}}});
  EXPECT_TRUE(keeper.Read({.source = "north",
                           .files = {"id", "name"},
                           .names = {"services.csv", "a-file-with-a-long-name.csv"}}));
  EXPECT_THAT(told, testing::ElementsAre("services.csv=id", "a-file-with-a-long-name.csv=name"));
}

TEST_F(Keeping, ASourceThatNobodyConfiguredIsNotThere) {
  EXPECT_EQ(keeper_->Read({"nowhere", {"a"}}).error().id, ErrorId::kNotFound);
}

TEST(Keeper, ASourceIsStaleAfterThreeOfItsIntervals) {
  const base::Instant read(seconds(1'700'000'000));
  SourceState state{.name = "north", .interval = seconds(100)};
  EXPECT_TRUE(state.IsStale(read)) << "never read";
  state.kept = store::DirectorySource{.name = "north", .began = read};
  EXPECT_FALSE(state.IsStale(read + seconds(300)));
  EXPECT_TRUE(state.IsStale(read + seconds(301)));
  state.interval = seconds(0);
  EXPECT_FALSE(state.IsStale(read + seconds(1'000'000))) << "nobody said how often";
}

}  // namespace
}  // namespace milecastle::directory
