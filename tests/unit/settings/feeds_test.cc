// Of which feeds a word that a number was traced is believed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "acute/adapter.h"
#include "kit/folder.h"
#include "settings/settings.h"
#include "social_care/adapter.h"
#include "third_sector/adapter.h"

namespace milecastle::settings {
namespace {

namespace fs = std::filesystem;

// The worked configuration, changed in one place.
class Configuration {
 public:
  Configuration() {
    fs::copy(fs::path(MILECASTLE_SOURCE_DIR) / "config", folder_.path(),
             fs::copy_options::recursive);
    std::ifstream file(folder_.path() / "gateway.toml");
    text_.assign(std::istreambuf_iterator<char>(file), {});
  }

  void Change(std::string_view from, std::string_view to) {
    const auto at = text_.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text_.replace(at, from.size(), to);
  }

  bool Traces(std::string_view feed) const {
    const auto loaded = Load(folder_.Write("gateway.toml", text_),
                             {{"acute", acute::MakeAdapter()->mappable()},
                              {"primary", {}},
                              {"community", {}},
                              {"canonical", {}},
                              {"social_care", social_care::MakeAdapter()->mappable()},
                              {"third_sector", third_sector::MakeAdapter()->mappable()}});
    for (const auto& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
    if (!loaded.settings) return false;
    for (const FeedSettings& each : loaded.settings->feeds) {
      if (each.feed->name == feed) return each.feed->traces_numbers;
    }
    ADD_FAILURE() << "no feed of the name " << feed;
    return false;
  }

 private:
  kit::TemporaryFolder folder_;
  std::string text_;
};

TEST(Feeds, ThatATraceIsBelievedIsDeniedByDefaultBelowTheHealthService) {
  const Configuration shipped;
  for (const char* feed : {"quayside-pas", "bridge-gp", "practices-folder", "district-nursing"}) {
    EXPECT_TRUE(shipped.Traces(feed)) << feed;
  }
  for (const char* feed : {"dale-befriending", "tyneside-council", "hearth-sheet", "haven-sheet"}) {
    EXPECT_FALSE(shipped.Traces(feed)) << feed;
  }
}

TEST(Feeds, ALocalOrganisationThatSendsAsAHealthServiceDoesIsBelievedNoTraceEither) {
  Configuration charity;
  charity.Change("organisations = [\"ZC1\"]", "organisations = [\"ZC1\", \"LOCALCARE\"]");
  EXPECT_FALSE(charity.Traces("district-nursing"));
}

TEST(Feeds, AnOperatorSaysOfWhichATraceIsBelieved) {
  Configuration said;
  said.Change("adapter = \"canonical\"", "adapter = \"canonical\"\ntraces_numbers = true");
  said.Change("adapter = \"community\"", "adapter = \"community\"\ntraces_numbers = false");
  EXPECT_TRUE(said.Traces("dale-befriending"));
  EXPECT_FALSE(said.Traces("district-nursing"));
}

}  // namespace
}  // namespace milecastle::settings
