#include "record/media.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

constexpr std::string_view kScript = "<script>alert(1)</script>";

TEST(Media, WhatCanRunIsHandedOnAsBytes) {
  for (const char* active :
       {"text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "image/svg+xml",
        "text/xml", "application/xml", "text/javascript", "application/ecmascript"}) {
    EXPECT_EQ(MediaTypeOf(active, kScript), kUnknownMedia) << active;
  }
  EXPECT_EQ(MediaTypeOf("", kScript), kUnknownMedia);
  EXPECT_EQ(MediaTypeOf("application/pdf", kScript), kUnknownMedia);
}

TEST(Media, WhatTheBytesBeginWithCounts) {
  EXPECT_EQ(MediaTypeOf("text/html", "%PDF-1.7"), "application/pdf");
  EXPECT_EQ(MediaTypeOf("", "%PDF-1.7"), "application/pdf");
  EXPECT_EQ(MediaTypeOf("image/jpg", "\xFF\xD8\xFF"), "image/jpg");
  EXPECT_EQ(MediaTypeOf("text/plain; charset=utf-8", "words"), "text/plain");
}

TEST(Media, APdfWithoutItsEndIsCutShort) {
  EXPECT_TRUE(IsCutShort("application/pdf", "%PDF-1.7 half"));
  EXPECT_FALSE(IsCutShort("application/pdf", "%PDF-1.7 whole %%EOF\n"));
  EXPECT_FALSE(IsCutShort("text/plain", "words"));
}

TEST(Media, Base64MayBeBrokenIntoLinesAndLackItsPadding) {
  EXPECT_EQ(BytesOfBase64("d29y\r\n  ZHM="), "words");
  EXPECT_EQ(BytesOfBase64("d29yZHM"), "words");
  EXPECT_EQ(BytesOfBase64("d29y%"), std::nullopt);
}

TEST(Media, ADocumentWithoutContentIsTruncatedAndATypeThatIsNotBelievedIsTold) {
  const Document empty = DocumentOf("application/pdf", "Letter", "");
  EXPECT_TRUE(empty.truncated);
  EXPECT_EQ(empty.media_type, "application/pdf") << "there are no bytes to say otherwise";
  EXPECT_EQ(DocumentOf("", "Letter", "").media_type, kUnknownMedia);
  const Document script = DocumentOf("text/html; charset=utf-8", "Letter", std::string(kScript));
  EXPECT_EQ(script.media_type, kUnknownMedia);
  EXPECT_TRUE(WhyOfOtherType("text/html; charset=utf-8", script));
  EXPECT_FALSE(WhyOfOtherType("", script)) << "nobody said what it is";
  EXPECT_FALSE(WhyOfOtherType("Text/Plain; charset=utf-8", DocumentOf("text/plain", "", "words")));
}

}  // namespace
}  // namespace milecastle::record
