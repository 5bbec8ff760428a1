#include "hl7v2/split.h"

#include <gtest/gtest.h>

#include <string>

#include "hl7v2/message.h"

namespace milecastle::hl7v2 {
namespace {

TEST(Split, FindsMessagesWithOrWithoutFramesAndBlankLines) {
  const std::string file =
      "\xEF\xBB\xBFMSH|^~\\&|1\rPID|1\r\r\nMSH|^~\\&|2\nPID|2\n\n\x0BMSH|^~\\&|3\rPID|3\r\x1C\r\x0B"
      "MSH|^~\\&|4\r\x1C\r";
  const SplitFile split = SplitMessages(file);
  ASSERT_EQ(split.messages.size(), 4U);
  EXPECT_EQ(split.messages[0], "MSH|^~\\&|1\rPID|1");
  EXPECT_EQ(split.messages[2], "MSH|^~\\&|3\rPID|3");
  for (const auto message : split.messages) EXPECT_TRUE(Parse(message));
}

TEST(Split, PassesOverBatchEnvelopesAndCountsThem) {
  const std::string file = "FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|1\rPID|1\rBTS|1\rFTS|1\r";
  const SplitFile split = SplitMessages(file);
  ASSERT_EQ(split.messages.size(), 1U);
  EXPECT_EQ(split.messages[0], "MSH|^~\\&|1\rPID|1");
  EXPECT_EQ(split.envelopes, 4U);
}

TEST(Split, WhatIsNoMessageStillGetsAnOutcome) {
  const SplitFile split = SplitMessages("GET / HTTP/1.1\r\n\r\nMSH|^~\\&|1\r");
  ASSERT_EQ(split.messages.size(), 2U);
  EXPECT_FALSE(Parse(split.messages[0]));
  EXPECT_TRUE(SplitMessages("").messages.empty());
  EXPECT_TRUE(SplitMessages("\r\n \r\n").messages.empty());
}

}  // namespace
}  // namespace milecastle::hl7v2
