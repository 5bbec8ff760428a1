// What every driver of the service directory has to pass.
#include "store/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/config.h"
#include "kit/folder.h"
#include "sqlite/directory.h"

namespace milecastle::store {
namespace {

using record::DirectoryService;
using testing::ElementsAre;
using testing::IsEmpty;

base::Instant At(int seconds) {
  return base::Instant(std::chrono::seconds(1'700'000'000) + std::chrono::seconds(seconds));
}

DirectoryService Service(const std::string& id, const std::string& name = "Lunch club") {
  return {
      .id = id,
      .name = name,
      .status = record::ServiceStatus::kActive,
      .organisation_id = "o1",
      .organisation = "Hearth",
      .description = "Soup",
      .phones = {"01632 960000"},
      .minimum_age = 60,
      .schedules = {"WEEKLY, MO"},
      .open = {{.days = BitOf(record::Weekday::kMonday), .from = "2026-01-01", .until = ""}},
      .areas = {"Wallsend"},
      .terms = {{"t1", "Food", "local"}},
      .locations = {{.name = "The Old Granary", .lines = {"3 Fort Lane"}, .postcode = "NE28 6HH"}},
      .assured = "2026-01-01",
      .last_modified = "2026-02-01"};
}

class ServiceDirectory : public testing::Test {
 protected:
  ServiceDirectory() { Reopen(); }
  void Reopen() {
    directory_.reset();
    auto opened = sqlite::OpenDirectory(folder_.path() / "directory.db");
    ASSERT_TRUE(opened) << base::Describe(opened.error());
    directory_ = *std::move(opened);
  }
  DirectoryChange Put(DirectoryReading reading) {
    auto change = directory_->Replace(reading);
    EXPECT_TRUE(change) << (change ? "" : base::Describe(change.error()));
    return change ? *change : DirectoryChange{};
  }
  std::vector<std::string> Ids(const DirectorySearch& search = {}) {
    const auto found = directory_->Search(search);
    EXPECT_TRUE(found);
    std::vector<std::string> ids;
    for (const HeldService& held : found->services) ids.push_back(held.service.id);
    return ids;
  }
  HeldService Held(const std::string& id) {
    const auto held = directory_->Find(id);
    EXPECT_TRUE(held && held->size() == 1) << id;
    return held && !held->empty() ? held->front() : HeldService{};
  }

  kit::TemporaryFolder folder_;
  std::unique_ptr<store::ServiceDirectory> directory_;
};

TEST_F(ServiceDirectory, KeepsAServiceWithAllThatItSays) {
  const DirectoryService service = Service("a");
  Put({.source = "north", .began = At(1), .services = {service}});
  Reopen();
  const HeldService held = Held("a");
  EXPECT_EQ(held.service, service);
  EXPECT_EQ(held.source, "north");
  EXPECT_EQ(held.read, At(1));
  EXPECT_FALSE(held.gone);
}

TEST_F(ServiceDirectory, AReadingTakesThePlaceOfAllOfItsSourceAndOfNoOther) {
  Put({.source = "south", .began = At(0), .services = {Service("a", "Southern")}});
  Put({.source = "north", .began = At(1), .services = {Service("a"), Service("b")}});
  const auto change = Put(
      {.source = "north", .began = At(2), .services = {Service("b", "Supper club"), Service("c")}});
  EXPECT_EQ(change.services, 2U);
  EXPECT_EQ(change.added, 1U);
  EXPECT_EQ(change.changed, 1U);
  EXPECT_EQ(change.gone, 1U);
  EXPECT_THAT(Ids({.query = {}, .source = "north"}), ElementsAre("c", "b"));
  EXPECT_THAT(Ids({.query = {}, .source = "south"}), ElementsAre("a"));
  const auto sources = directory_->Sources();
  ASSERT_TRUE(sources && sources->size() == 2);
  EXPECT_EQ(sources->at(0).name, "north");
  EXPECT_EQ(sources->at(0).began, At(2));
  EXPECT_EQ(sources->at(0).services, 2U);
  EXPECT_EQ(sources->at(0).gone, 1U);
}

TEST_F(ServiceDirectory, OfWhatIsGoneNoPlaceStays) {
  Put({.source = "north", .began = At(1), .services = {Service("a"), Service("b")}});
  Put({.source = "north", .began = At(2), .services = {Service("b")}});
  const HeldService gone = Held("a");
  EXPECT_EQ(gone.gone, At(2));
  EXPECT_EQ(gone.read, At(1));
  EXPECT_EQ(gone.service.name, "Lunch club");
  EXPECT_EQ(gone.service.organisation, "Hearth");
  EXPECT_THAT(gone.service.locations, IsEmpty());
  EXPECT_THAT(gone.service.phones, IsEmpty());
  EXPECT_THAT(gone.service.areas, IsEmpty());
  EXPECT_THAT(gone.service.schedules, IsEmpty());
  EXPECT_EQ(gone.service.description, "");
  EXPECT_THAT(Ids(), ElementsAre("b"));
  const auto back =
      Put({.source = "north", .began = At(3), .services = {Service("a"), Service("b")}});
  EXPECT_EQ(back.added, 1U);
  EXPECT_FALSE(Held("a").gone);
}

TEST_F(ServiceDirectory, OfWhatIsGoneNoPlaceStaysInAnyFile) {
  DirectoryReading reading{.source = "north", .began = At(1)};
  for (int i = 0; i < 50; ++i) {
    reading.services.push_back(Service("id-" + std::to_string(i)));
    reading.services.back().locations[0].lines = {"9 Marzipan Yard"};
    reading.services.back().description.assign(3000, 'x');
  }
  Put(reading);
  const auto files_with_it = [&] {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      const auto bytes = base::ReadFile(file.path());
      if (bytes && bytes->find("Marzipan") != std::string::npos) names.push_back(file.path());
    }
    return names;
  };
  EXPECT_FALSE(files_with_it().empty());
  Put({.source = "north", .began = At(2)});
  EXPECT_THAT(files_with_it(), IsEmpty());
}

TEST_F(ServiceDirectory, WhatIsLongGoneIsForgotten) {
  Put({.source = "north", .began = At(1), .services = {Service("a"), Service("b")}});
  Put({.source = "north", .began = At(2), .services = {Service("b")}});
  Put({.source = "north", .began = At(3), .services = {Service("b")}});
  EXPECT_EQ(directory_->Sources()->at(0).gone, 1U) << "it stays so";
  constexpr int kYear = 367 * 24 * 3600;
  Put({.source = "north", .began = At(kYear), .services = {Service("b")}});
  const auto held = directory_->Find("a");
  EXPECT_TRUE(held && held->empty());
  EXPECT_EQ(directory_->Sources()->at(0).gone, 0U);
}

TEST_F(ServiceDirectory, WhatCouldNotBeReadStaysAsItWas) {
  Put({.source = "north", .began = At(1), .services = {Service("a"), Service("b")}});
  const auto change = Put({.source = "north",
                           .began = At(2),
                           .services = {Service("b")},
                           .unread = {"a", "never seen"},
                           .refused = 2});
  EXPECT_EQ(change.unread, 1U);
  EXPECT_EQ(change.gone, 0U);
  EXPECT_EQ(change.services, 2U);
  EXPECT_EQ(Held("a").read, At(1));
  EXPECT_EQ(Held("a").service, Service("a"));
}

TEST_F(ServiceDirectory, AReadingThatLosesTooMuchChangesNothing) {
  Put({.source = "north", .began = At(1), .services = {Service("a"), Service("b"), Service("c")}});
  DirectoryReading reading{
      .source = "north", .began = At(2), .services = {Service("d")}, .may_lose_percent = 50};
  const auto refused = directory_->Replace(reading);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, base::ErrorId::kConflict);
  EXPECT_THAT(Ids(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(directory_->Sources()->at(0).began, At(1));
  reading.services = {Service("a"), Service("b"), Service("d")};
  EXPECT_TRUE(directory_->Replace(reading)) << "one of three";
}

TEST_F(ServiceDirectory, PagesGoOnInOrderOfNamesAndHoldEachOnce) {
  std::vector<DirectoryService> services;
  for (const char* name : {"delta", "Alpha", "charlie", "Bravo", "alpha"}) {
    services.push_back(Service("id-" + std::to_string(services.size()), name));
  }
  Put({.source = "north", .began = At(1), .services = services});
  std::vector<std::string> seen;
  DirectorySearch search{.query = {}, .limit = 2};
  while (true) {
    const auto page = directory_->Search(search);
    ASSERT_TRUE(page);
    EXPECT_LE(page->services.size(), 2U);
    for (const HeldService& held : page->services) seen.push_back(held.service.name);
    if (!page->next) break;
    search.after = page->next;
  }
  EXPECT_THAT(seen, ElementsAre("Alpha", "alpha", "Bravo", "charlie", "delta"));
}

TEST_F(ServiceDirectory, SearchesByWhatIsAskedFor) {
  DirectoryService closed = Service("b");
  closed.status = record::ServiceStatus::kDefunct;
  Put({.source = "north", .began = At(1), .services = {Service("a"), closed}});
  EXPECT_THAT(Ids({.query = {.status = record::ServiceStatus::kActive}}), ElementsAre("a"));
  EXPECT_THAT(Ids({.query = {.words = "soup food"}}), ElementsAre("a", "b"));
  EXPECT_THAT(Ids({.query = {.postcode = "NE1"}}), IsEmpty());
}

}  // namespace
}  // namespace milecastle::store
