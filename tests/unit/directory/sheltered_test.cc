// A store that cannot be opened, or proves damaged, is an answer and nothing more.
#include "directory/sheltered.h"

#include <gtest/gtest.h>

#include "kit/clock.h"
#include "kit/folder.h"
#include "pages.h"
#include "sqlite/directory.h"

namespace milecastle::directory {
namespace {

using base::Error;
using base::ErrorId;
using std::chrono::seconds;

// Fails as it is told to.
class Failing final : public store::ServiceDirectory {
 public:
  explicit Failing(const std::optional<Error>& fails) : fails_(fails) {}
  base::Result<store::DirectoryChange> Replace(const store::DirectoryReading&) override {
    return Answer<store::DirectoryChange>();
  }
  base::Result<store::FoundServices> Search(const store::DirectorySearch&) override {
    return Answer<store::FoundServices>();
  }
  base::Result<std::vector<store::HeldService>> Find(const std::string&) override {
    return Answer<std::vector<store::HeldService>>();
  }
  base::Result<std::vector<store::DirectorySource>> Sources() override {
    return Answer<std::vector<store::DirectorySource>>();
  }

 private:
  template <class T>
  base::Result<T> Answer() const {
    if (fails_) return *fails_;
    return T();
  }
  const std::optional<Error>& fails_;
};

class Sheltering : public testing::Test {
 protected:
  base::Result<std::unique_ptr<store::ServiceDirectory>> Open() {
    ++opened_;
    if (cannot_open_) return *cannot_open_;
    return std::unique_ptr<store::ServiceDirectory>(std::make_unique<Failing>(fails_));
  }
  Sheltered Make() {
    return {[this] { return Open(); }, clock_};
  }

  kit::ManualClock clock_{base::Instant(seconds(1'700'000'000))};
  std::optional<Error> cannot_open_;
  std::optional<Error> fails_;
  int opened_ = 0;
};

TEST_F(Sheltering, WhatCannotBeOpenedIsUnavailableAndTriedAgainInItsTime) {
  cannot_open_ = Error{ErrorId::kConfigInvalid, "file", "it is another program's"};
  Sheltered store = Make();
  const auto refused = store.Find("s1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, ErrorId::kStoreUnavailable) << "whatever kept it from opening";
  EXPECT_EQ(refused.error().advice, "it is another program's");
  EXPECT_EQ(opened_, 1) << "it was just tried";
  cannot_open_.reset();
  EXPECT_FALSE(store.Sources());
  clock_.Advance(Sheltered::kTryEvery);
  EXPECT_TRUE(store.Sources());
  EXPECT_EQ(opened_, 2);
  EXPECT_FALSE(store.Trouble());
}

TEST_F(Sheltering, WhatProvesDamagedIsAskedNothingUntilItIsOpenedAnew) {
  Sheltered store = Make();
  EXPECT_TRUE(store.Sources());
  fails_ = Error{ErrorId::kStoreCorrupt, "file", "reload"};
  EXPECT_EQ(store.Search({}).error().id, ErrorId::kStoreUnavailable);
  fails_.reset();
  clock_.Advance(Sheltered::kTryEvery * 10);
  EXPECT_FALSE(store.Sources()) << "what it says cannot be trusted";
  EXPECT_EQ(opened_, 1);
  store.TryAgain();
  EXPECT_TRUE(store.Sources());
  EXPECT_EQ(opened_, 2);
}

TEST_F(Sheltering, AnyOtherFailureIsOfThatCallAlone) {
  Sheltered store = Make();
  fails_ = Error{ErrorId::kStoreUnavailable, "file", "the disk is full"};
  EXPECT_FALSE(store.Replace({}));
  EXPECT_FALSE(store.Trouble());
  fails_.reset();
  EXPECT_TRUE(store.Replace({}));
  store.TryAgain();
  EXPECT_EQ(opened_, 1) << "what is well is left alone";
}

}  // namespace
}  // namespace milecastle::directory
