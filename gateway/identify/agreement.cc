#include "identify/agreement.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "inside/names.h"

namespace milecastle::identify {
namespace {

using Folded = std::vector<std::string>;

Folded Families(const store::Demographics& who) {
  Folded folded;
  for (const record::PersonName& name : who.names) {
    if (auto family = store::FoldName(name.family); !family.empty()) {
      folded.push_back(std::move(family));
    }
  }
  return folded;
}

Folded FirstNames(const store::Demographics& who) {
  Folded folded;
  for (const record::PersonName& name : who.names) {
    if (auto first = store::FirstGiven(name.given); !first.empty())
      folded.push_back(std::move(first));
  }
  return folded;
}

bool SameOrInitial(const std::string& left, const std::string& right) {
  if (left.size() == 1 || right.size() == 1) return left.front() == right.front();
  return left == right;
}

bool AnyInCommon(const Folded& left, const Folded& right,
                 bool (*same)(const std::string&, const std::string&)) {
  return std::any_of(left.begin(), left.end(), [&](const std::string& one) {
    return std::any_of(right.begin(), right.end(),
                       [&](const std::string& other) { return same(one, other); });
  });
}

bool SexesDiffer(const store::Demographics& left, const store::Demographics& right) {
  const char one = SexOf(left);
  const char other = SexOf(right);
  return one != ' ' && other != ' ' && one != other;
}

}  // namespace

Agreement Compare(const store::Demographics& left, const store::Demographics& right) {
  if (!left.birth_date || !right.birth_date) return Agreement::kTooLittle;
  if (*left.birth_date != *right.birth_date) return Agreement::kDisagree;
  const Folded families[] = {Families(left), Families(right)};
  const Folded firsts[] = {FirstNames(left), FirstNames(right)};
  if (families[0].empty() || families[1].empty()) return Agreement::kTooLittle;
  const bool family =
      AnyInCommon(families[0], families[1],
                  [](const std::string& one, const std::string& other) { return one == other; });
  const bool first = AnyInCommon(firsts[0], firsts[1], SameOrInitial);
  if (!family) return first ? Agreement::kAgree : Agreement::kDisagree;
  const bool firsts_known = !firsts[0].empty() && !firsts[1].empty();
  const bool twins = firsts_known && !first && SexesDiffer(left, right);
  return twins ? Agreement::kDisagree : Agreement::kAgree;
}

}  // namespace milecastle::identify
