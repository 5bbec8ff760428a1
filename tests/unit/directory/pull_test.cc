// Reading a directory from its address: what is asked, and what ends it.
#include "directory/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "kit/clock.h"
#include "pages.h"

namespace milecastle::directory {
namespace {

using base::ErrorId;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kFirst = "/services?page=1&per_page=100";
constexpr std::string_view kSecond = "/services?page=2&per_page=100";

// Answers by path; a body is its own path, which the parser looks up.
class Server {
 public:
  Server() {
    Hold(std::string(kFirst), Page(1, 2, {"a", "b/c"}, 3));
    Hold(std::string(kSecond), Page(2, 2, {"d"}, 3));
    for (const auto& [path, id] : std::map<std::string, std::string>{
             {"/services/a", "a"}, {"/services/b%2Fc", "b/c"}, {"/services/d", "d"}}) {
      auto page = Page(1, 1, {id});
      page.services[0].description = "whole";
      Hold(path, page);
    }
  }
  void Hold(const std::string& path, record::DirectoryPage page) { pages[path] = std::move(page); }

  base::Result<store::DirectoryReading> Read(PullPlan plan = {}) {
    plan.source = "north";
    return Pull(plan, {.fetch = [this](const std::string& path) { return Fetch(path); },
                       .parse = [this](std::string_view body) { return Parse(body); },
                       .clock = clock});
  }
  ErrorId WhyNot(const PullPlan& plan = {}) {
    const auto reading = Read(plan);
    EXPECT_FALSE(reading);
    return reading ? ErrorId::kInternal : reading.error().id;
  }

  std::map<std::string, record::DirectoryPage> pages;
  std::vector<std::string> asked;
  kit::ManualClock clock{base::Instant(seconds(1'700'000'000))};
  seconds takes{0};

 private:
  base::Result<std::string> Fetch(const std::string& path) {
    asked.push_back(path);
    clock.Advance(takes);
    if (pages.contains(path)) return path;
    return base::Error{ErrorId::kNotFound, "status 404", ""};
  }
  base::Result<record::DirectoryPage> Parse(std::string_view body) {
    const auto& page = pages.at(std::string(body));
    if (page.services.empty() && !page.refused.empty()) return page.refused[0];
    return page;
  }
};

TEST(Pull, ReadsEveryPageAndThenEveryServiceByItself) {
  Server server;
  const auto reading = server.Read();
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), ElementsAre("a", "b/c", "d"));
  for (const auto& service : reading->services) EXPECT_EQ(service.description, "whole");
  EXPECT_THAT(server.asked,
              ElementsAre(kFirst, kSecond, "/services/a", "/services/b%2Fc", "/services/d"));
  EXPECT_EQ(reading->began, base::Instant(seconds(1'700'000'000)));
}

TEST(Pull, WherePagesHoldAllNothingElseIsAsked) {
  Server server;
  const auto reading = server.Read({.each_service = false});
  ASSERT_TRUE(reading);
  EXPECT_EQ(server.asked.size(), 2U);
}

TEST(Pull, AServiceThatIsNotThereAnyMoreRefusesTheReading) {
  Server server;
  server.pages.erase("/services/d");
  EXPECT_EQ(server.WhyNot(), ErrorId::kConflict);
}

TEST(Pull, AnotherServiceThanAskedForRefusesTheReading) {
  Server server;
  server.Hold("/services/d", Page(1, 1, {"e"}));
  EXPECT_EQ(server.WhyNot(), ErrorId::kMessageInvalid);
}

TEST(Pull, APageThatFailsRefusesTheReading) {
  Server server;
  server.pages.erase(std::string(kSecond));
  EXPECT_EQ(server.WhyNot(), ErrorId::kNotFound);
}

TEST(Pull, AServiceThatCannotBeReadIsNamedAndTheOthersAreRead) {
  Server server;
  record::DirectoryPage broken;
  broken.refused.push_back({ErrorId::kMessageInvalid, "document", ""});
  server.Hold("/services/d", broken);
  const auto reading = server.Read();
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), ElementsAre("a", "b/c"));
  EXPECT_THAT(reading->unread, ElementsAre("d"));
  EXPECT_EQ(reading->refused, 1U);
}

TEST(Pull, WhatTheListCouldNotTellIsAskedForByItself) {
  Server server;
  auto page = Page(2, 2, {}, 3);
  page.entries = 1;
  page.refused.push_back({ErrorId::kMessageInvalid, "contents[0]", ""});
  page.unread.push_back("d");
  page.services.clear();
  server.pages[std::string(kSecond)] = page;
  server.pages[std::string(kSecond)].services.push_back(Service("z"));  // so that it is a page
  server.pages[std::string(kSecond)].entries = 1;
  server.Hold("/services/z", Page(1, 1, {"z"}));
  const auto reading = server.Read();
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), testing::UnorderedElementsAre("a", "b/c", "d", "z"));
  EXPECT_THAT(reading->unread, IsEmpty());
  EXPECT_EQ(reading->refused, 0U);
}

TEST(Pull, TimeAndBytesAreBounded) {
  Server server;
  server.takes = seconds(10);
  EXPECT_EQ(server.WhyNot({.within = seconds(25)}), ErrorId::kDeadlineExceeded);
  EXPECT_LE(server.asked.size(), 3U);
  Server large;
  EXPECT_EQ(large.WhyNot({.limits = {.bytes = 40}}), ErrorId::kMessageTooLarge);
}

TEST(Pull, AnIdIsOneSegmentWhateverStandsInIt) {
  EXPECT_EQ(PathSegment("../../admin?x=1#y"), "%2E%2E%2F%2E%2E%2Fadmin%3Fx%3D1%23y");
  EXPECT_EQ(PathSegment("a b\r\nHost: c"), "a%20b%0D%0AHost%3A%20c");
  EXPECT_EQ(PathSegment("\xC3\xA9-_~9"), "%C3%A9-_~9");
}

}  // namespace
}  // namespace milecastle::directory
