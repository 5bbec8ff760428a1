// The directories' file: a damaged one is found when it is opened, set aside, and kept for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/config.h"
#include "kit/folder.h"
#include "sqlite/directory.h"

namespace milecastle::store::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
namespace fs = std::filesystem;

base::Instant At(std::chrono::seconds after) {
  return base::Instant(std::chrono::seconds(1'795'000'000)) + after;  // 2026-11-18
}

class DirectoryFile : public testing::Test {
 protected:
  OpenedDirectory Open(std::chrono::seconds after = {}) {
    auto opened = OpenOrMakeDirectory(file_, At(after));
    EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
    return opened ? std::move(*opened) : OpenedDirectory{};
  }
  void Fill() {
    DirectoryReading reading{.source = "north", .began = At({})};
    for (int i = 0; i < 200; ++i) {
      reading.services.push_back({.id = std::to_string(i),
                                  .name = "Lunch club",
                                  .status = record::ServiceStatus::kActive,
                                  .organisation_id = "o1",
                                  .description = std::string(500, 'x')});
    }
    EXPECT_TRUE(Open().directory->Replace(reading));
  }
  // What stands in the folder beside the file that is used.
  std::vector<std::string> Others() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find(".damaged-") != std::string::npos) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  void Break() const { std::ofstream(file_, std::ios::binary) << std::string(5000, 'x'); }

  kit::TemporaryFolder folder_;
  const fs::path file_ = folder_.path() / "directory.db";
};

TEST_F(DirectoryFile, ThatIsWholeIsLeftAlone) {
  Fill();
  const auto opened = Open();
  EXPECT_FALSE(opened.damage);
  EXPECT_THAT(Others(), IsEmpty());
  EXPECT_EQ(opened.directory->Sources()->at(0).services, 200U);
}

TEST_F(DirectoryFile, ThatIsDamagedAnywhereIsSetAsideAsItWas) {
  Fill();
  const std::string whole = *base::ReadFile(file_);
  std::vector<std::string> damaged = {std::string(5000, 'x'), whole.substr(0, whole.size() / 2),
                                      whole.substr(0, 700)};
  // A letter of each service, which only its row's seal knows of.
  damaged.push_back(whole);
  const std::string text(200, 'x');
  for (std::size_t at = 0; (at = whole.find(text, at)) != std::string::npos; at += text.size()) {
    damaged.back()[at] = 'y';
  }
  for (const std::string& bytes : damaged) {
    std::ofstream(file_, std::ios::binary) << bytes;
    auto opened = Open();
    EXPECT_TRUE(opened.damage) << "of " << bytes.size() << " bytes";
    EXPECT_THAT(*opened.directory->Sources(), IsEmpty());
    const auto others = Others();
    ASSERT_THAT(others, SizeIs(testing::Ge(1)));
    const bool kept = std::any_of(others.begin(), others.end(), [&](const std::string& name) {
      return *base::ReadFile(folder_.path() / name) == bytes;
    });
    EXPECT_TRUE(kept);
    opened.directory.reset();  // before its file goes: it takes its log along
    for (const auto& name : others) fs::remove(folder_.path() / name);
    fs::remove(file_);
  }
}

TEST_F(DirectoryFile, SetAsideTakesNoEarlierOnesPlace) {
  Break();
  Open();
  Break();
  Open();
  EXPECT_THAT(Others(), ElementsAre("directory.db.damaged-20261118T110640Z",
                                    "directory.db.damaged-20261118T110640Z.2"));
}

TEST_F(DirectoryFile, AFewThatWereSetAsideAreKeptForAWhile) {
  for (int day = 0; day < 5; ++day) {
    Break();
    Open(std::chrono::days(day));
  }
  EXPECT_THAT(Others(), ElementsAre("directory.db.damaged-20261120T110640Z",
                                    "directory.db.damaged-20261121T110640Z",
                                    "directory.db.damaged-20261122T110640Z"));
  Open(std::chrono::days(34) + std::chrono::seconds(1));
  EXPECT_THAT(Others(), ElementsAre("directory.db.damaged-20261122T110640Z"))
      << "where a service was may have had to be forgotten since";
}

TEST_F(DirectoryFile, ThatCannotBeOpenedForAnotherReasonStaysWhereItIs) {
  fs::create_directory(file_);
  const auto opened = OpenOrMakeDirectory(file_, At({}));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, base::ErrorId::kStoreUnavailable);
  EXPECT_TRUE(fs::is_directory(file_));
  EXPECT_THAT(Others(), IsEmpty());
}

}  // namespace
}  // namespace milecastle::store::sqlite
