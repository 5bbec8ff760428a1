// What the audit log is told of a message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"

namespace milecastle::receive {
namespace {

using testing::MatchesRegex;
using testing::SizeIs;

TEST(EventOfAMessage, SaysWhatCameAndWhatBecameOfIt) {
  kit::SmallGateway gateway;
  const record::Contribution said =
      kit::About({.nhs_number = "9990000018"}, {kit::Allergy("a", "Nuts")});
  gateway.Send(gateway.Script("a\"b\\c\n\xC3\xA9", said));
  const auto outbox = gateway.Outbox();
  ASSERT_THAT(outbox, SizeIs(1));
  const std::string& bytes = outbox.front().bytes;
  const std::string expected =
      R"("what":\{"message":"[-0-9a-f]+","feed":"royal-adt","event":"ADT\^A08",)"
      R"("control_id":"a\\"b\\\\c\?\?\?","sender":"RXX","received":"2026-01-05T[:0-9]+\.[0-9]+Z",)"
      R"("digest":"[0-9a-f]+","bytes":10,"disposition":"accepted","identity":"[-0-9a-f]+",)"
      R"("entries":1,"not_carried":0\}\})";
  EXPECT_THAT(bytes.substr(bytes.find("\"what\"")), MatchesRegex(expected));
}

}  // namespace
}  // namespace milecastle::receive
