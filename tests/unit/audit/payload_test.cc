// What every payload says at its top level.
#include "audit/payload.h"

#include <gtest/gtest.h>

namespace milecastle::audit {
namespace {

Headline Full() {
  return {.organisation = "ZT1",
          .user = "issuer user",
          .nhs_number = "9990000018",
          .purpose = "direct-care",
          .outcome = "permitted",
          .person = "a person",
          .sources = {"ZT1", "ZT2"},
          .entails_nothing = true};
}

TEST(Payload, GivesItsHeadlineBack) {
  EXPECT_EQ(*ReadHeadline(MakePayload(Full(), R"({"user":"another"})")), Full());
  EXPECT_EQ(*ReadHeadline(MakePayload({}, "")), Headline{});
}

TEST(Payload, TextsThatLookLikeItsOwnFormChangeNothing) {
  Headline hostile = Full();
  hostile.user = R"(x","what":{},"outcome":"refused)";
  hostile.entails_nothing = false;
  hostile.sources = {R"(,"what":)", R"("],"entails_nothing":true)"};
  EXPECT_EQ(*ReadHeadline(MakePayload(hostile, R"({"entails_nothing":true})")), hostile);
}

TEST(Payload, WhatIsNoneIsRefused) {
  for (const char* bytes : {"", "x", "[]", R"({"format":1)", R"(,"what":{}})"}) {
    EXPECT_EQ(ReadHeadline(bytes).error().id, base::ErrorId::kAuditCorrupt) << bytes;
  }
}

}  // namespace
}  // namespace milecastle::audit
