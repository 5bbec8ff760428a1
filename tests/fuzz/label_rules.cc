// Any bytes as a text, as a page of HTML and as a file of label rules: a text is searched through
// whatever it holds, and rules are right or every problem names its place.
#include "normalise/label_rules.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using milecastle::normalise::LabelRules;
using milecastle::normalise::LabelRulesFile;

const LabelRules& Rules() {
  static const LabelRulesFile file{"rules", R"(
[[rule]]
id = "r"
label = "hidden"
words = ["one two", "two three four", "quayside"]
exact = ["GUM"]
except = ["gum disease", "the quayside walk"]
[[case]]
text = "Quayside"
labels = ["hidden"]
)"};
  static const auto loaded = LabelRules::Parse({&file, 1});
  if (loaded.rules == nullptr) std::abort();
  return *loaded.rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(Rules().FindIn(text));
  // Whatever stands before it, a word apart from it is found.
  if (Rules().FindIn(text + " , quayside").empty()) std::abort();
  milecastle::record::Entry page;
  page.document =
      milecastle::record::Document{.media_type = "text/html", .title = "", .bytes = text};
  static_cast<void>(Rules().FindIn(page));
  const LabelRulesFile file{"rules.toml", text};
  const auto loaded = LabelRules::Parse({&file, 1});
  if ((loaded.rules != nullptr) != loaded.problems.empty()) std::abort();
  for (const auto& problem : loaded.problems) {
    if (problem.place.empty()) std::abort();
  }
  return 0;
}
