#include "base/config.h"

#include <gtest/gtest.h>

namespace milecastle::base {
namespace {

ConfigFile Parsed(std::string_view toml) {
  auto file = ConfigFile::Parse(toml, "gateway.toml");
  EXPECT_TRUE(file.has_value());
  return std::move(file).value();
}

TEST(Config, ReportsAWrongValueWithItsLineAndWhatToWrite) {
  const ConfigFile file = Parsed("name = \"a\"\nport = \"x\"\n");
  file.Root().String("name", "");
  EXPECT_EQ(file.Root().Int("port", 1, {1, 65535}), 1);
  ASSERT_EQ(file.Finish().size(), 1U);
  EXPECT_EQ(file.Finish()[0].place, "gateway.toml:2");
  EXPECT_NE(file.Finish()[0].advice.find("1 to 65535"), std::string::npos);
}

TEST(Config, RefusesAKeyThatNobodyReads) {
  const ConfigFile file = Parsed("[tls]\nrequire_cleint_certificate = false\n");
  EXPECT_TRUE(file.Root().Table("tls")->Flag("require_client_certificate", true));
  ASSERT_EQ(file.Finish().size(), 1U);
  EXPECT_EQ(file.Finish()[0].place, "gateway.toml:2");
}

TEST(Config, ReadsAnOdsCodeThatLooksLikeANumberAsText) {
  const ConfigFile file = Parsed("organisation = \"5E1\"\n");
  EXPECT_EQ(file.Root().RequiredString("organisation"), "5E1");
  EXPECT_TRUE(file.Finish().empty());
}

TEST(Config, SaysWhereAFileIsNotToml) {
  const auto file = ConfigFile::Parse("a = 1\nb = = 2\n", "p.toml");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().place, "p.toml:2");
}

// The parser underneath asserts on these, and a gateway that reloads its policy must outlive them.
TEST(Config, RefusesAHeaderThatNamesNothingWithItsLine) {
  for (const std::string wrong : {"[=]", "[.a]", "[[[a", "[[ [a]]", "[,", "[[\n", "[\n"}) {
    const auto file = ConfigFile::Parse("a = [\n  1 ]\n" + wrong, "p.toml");
    ASSERT_FALSE(file.has_value()) << wrong;
    EXPECT_EQ(file.error().place, "p.toml:3") << wrong;
    EXPECT_EQ(file.error().id, ErrorId::kConfigInvalid);
  }
}

// Letters that the parser's own table calls unreachable: a sanitizer would end here.
TEST(Config, RefusesLettersWhereWhiteSpaceMayStand) {
  for (const std::string letter : {"\xC4\x8D", "\xC2\xA7", "\xCC\xAA", "\xC9\xA0"}) {
    const auto bare = ConfigFile::Parse("a = 1\ns" + letter + "t = 2\n", "p.toml");
    ASSERT_FALSE(bare.has_value());
    EXPECT_EQ(bare.error().place, "p.toml:2");
    EXPECT_TRUE(ConfigFile::Parse("s = \"\"\"\\\n" + letter + "\"\"\"\n", "p.toml"));
  }
}

}  // namespace
}  // namespace milecastle::base
