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

TEST(Split, LeavesOutWhatPeopleWriteAroundMessages) {
  const std::string first = "MSH|^~\\&|A\nPID|1";
  const std::string second = "MSH|^~\\&|B\nPID|2";
  const std::string file =
      "/*\n * of a test\n */\n\n" + first + "\n\n# the next\n// one\n" + second + "\n# the end\n";
  const auto messages = SplitMessages(file).messages;
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0], first + "\n");
  EXPECT_EQ(messages[1], second);
}

TEST(Split, LeavesOutNothingThatMayBeAMessageOrALineOfAText) {
  // Commented out, or cut off: somebody must be told.
  EXPECT_EQ(SplitMessages("/*\nPID|1\n*/\nMSH|^~\\&|A\n").messages.size(), 2U);
  EXPECT_EQ(SplitMessages("/* without an end\nMSH|^~\\&|A\n").messages.size(), 2U);
  EXPECT_EQ(SplitMessages("# PID\nPID|1\nMSH|^~\\&|A\n").messages.size(), 2U);
  // Segments end in CR: a line that begins so is one of the text before it.
  const std::string text = "MSH|^~\\&|A\rOBX|1|TX|T||one\n# two\n\n";
  EXPECT_EQ(SplitMessages(text + "MSH|^~\\&|B\r").messages.front(),
            text.substr(0, text.size() - 2));
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
