#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace milecastle::base {
namespace {

TEST(Utf8, MeasuresTheSequenceAtTheStart) {
  const std::vector<std::pair<std::string_view, std::size_t>> wanted = {
      {"a\xC3", 1}, {"\xC3\xA9x", 2}, {"\xE2\x80\x94", 3}, {"\xF0\x9F\x8F\xB0", 4}};
  for (const auto& [text, length] : wanted) EXPECT_EQ(Utf8Length(text), length) << text;
  EXPECT_EQ(Utf8Length(std::string_view("\0", 1)), 1U);
}

TEST(Utf8, KnowsWhatIsNone) {
  for (const std::string_view text :
       {"", "\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80", "\xE2\x80",
        "\xF4\x90\x80\x80", "\xF0\x80\x80\xAF", "\xFF"}) {
    EXPECT_EQ(Utf8Length(text), 0U);
  }
}

}  // namespace
}  // namespace milecastle::base
