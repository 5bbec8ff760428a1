#include "receive/sender.h"

#include <gtest/gtest.h>

namespace milecastle::receive {
namespace {

port::Feed FeedOf(std::initializer_list<const char*> codes) {
  port::Feed feed;
  for (const char* code : codes) feed.organisations.push_back(*record::OdsCode::Parse(code));
  return feed;
}

std::string SourceIn(std::string_view sender, const port::Feed& feed) {
  const auto source = SourceOf(sender, feed);
  return source ? source->text() : std::string(base::LineOf(source.error().id).name);
}

TEST(Sender, AConfiguredCodeAndASiteOfAConfiguredTrustMaySpeak) {
  EXPECT_EQ(SourceIn("RXX", FeedOf({"RXX"})), "RXX");
  EXPECT_EQ(SourceIn("rxx", FeedOf({"RXX"})), "RXX");
  EXPECT_EQ(SourceIn("RXX01", FeedOf({"RXX"})), "RXX");
  EXPECT_EQ(SourceIn("RXX01", FeedOf({"RXX", "RXX01"})), "RXX01") << "configured by itself";
}

TEST(Sender, AnythingElseIsNotAllowed) {
  EXPECT_EQ(SourceIn("RYY", FeedOf({"RXX"})), "sender.not_allowed");
  EXPECT_EQ(SourceIn("RXX001", FeedOf({"RXX"})), "sender.not_allowed");
  EXPECT_EQ(SourceIn("A8100", FeedOf({"A81001"})), "sender.not_allowed");
  EXPECT_EQ(SourceIn("Royal & Co", FeedOf({"RXX"})), "sender.not_allowed");
  EXPECT_EQ(SourceIn("RXX", FeedOf({})), "sender.not_allowed");
}

TEST(Sender, WhoNamesNobodySpeaksForTheFeedsOnlyOrganisation) {
  EXPECT_EQ(SourceIn("", FeedOf({"A81001"})), "A81001");
  EXPECT_EQ(SourceIn("", FeedOf({"A81001", "A81002"})), "sender.not_allowed");
}

}  // namespace
}  // namespace milecastle::receive
