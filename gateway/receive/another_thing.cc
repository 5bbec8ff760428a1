#include "inside/another_thing.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

// Case alone makes no other word.
std::set<std::string> NamesOf(const record::Coded& what) {
  std::set<std::string> names;
  if (!what.text.empty()) names.insert(base::Lower(what.text));
  for (const record::Coding& coding : what.codings) {
    if (!coding.code.empty()) names.insert(coding.system + "\n" + coding.code);
    if (!coding.display.empty()) names.insert(base::Lower(coding.display));
  }
  return names;
}

}  // namespace

bool IsAnotherThing(std::string_view before, std::string_view after) {
  const auto one = wire::DecodeEntry(before);
  const auto other = wire::DecodeEntry(after);
  if (!one || !other) return true;
  const std::set<std::string> names = NamesOf(one->what);
  const std::set<std::string> others = NamesOf(other->what);
  if (names.empty() && others.empty()) return false;
  return std::none_of(names.begin(), names.end(),
                      [&](const std::string& name) { return others.contains(name); });
}

}  // namespace milecastle::receive
