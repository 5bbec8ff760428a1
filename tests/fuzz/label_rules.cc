// Any bytes as a text, as the body of a document and as a file of label rules: a text is searched
// through whatever it holds and is written in, and rules are right or every problem names its
// place.
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

bool Read(const char* type, const std::string& bytes) {
  milecastle::record::Entry entry;
  entry.document = milecastle::record::Document{.media_type = type, .title = "", .bytes = bytes};
  return !Rules().FindIn(entry).empty();
}

// Nothing in it is a sign of RTF or markup, or makes it a text of a wide encoding.
bool IsPlain(const std::string& text) {
  return text.find_first_of("{}\\<>&") == std::string::npos &&
         text.find('\0') == std::string::npos && !text.starts_with("\xFF\xFE") &&
         !text.starts_with("\xFE\xFF") && !text.starts_with("PK") && !text.starts_with("%PDF");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(Rules().FindIn(text));
  // Whatever stands before it, a word apart from it is found.
  if (Rules().FindIn(text + " , quayside").empty()) std::abort();
  for (const char* type : {"text/html", "application/json", ""})
    static_cast<void>(Read(type, text));
  // In RTF too, behind a group that holds whatever it is, unless that leaves the document: bytes
  // that are skipped, or braces that are no pair.
  if (IsPlain(text) && !Read("application/rtf", "{\\rtf1 {" + text + "} {\\b quay}s\\'69de}")) {
    std::abort();
  }
  // And in a page, behind what begins no tag.
  if (IsPlain(text) && !Read("text/html", text + "<p>qu&#97;y<b>side</b>")) std::abort();
  const LabelRulesFile file{"rules.toml", text};
  const auto loaded = LabelRules::Parse({&file, 1});
  if ((loaded.rules != nullptr) != loaded.problems.empty()) std::abort();
  for (const auto& problem : loaded.problems) {
    if (problem.place.empty()) std::abort();
  }
  return 0;
}
