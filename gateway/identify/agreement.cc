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

bool IsAlike(const std::string& one, const std::string& other) {
  return one == other || SpeltAlike(one, other, Likeness::kLettersOrSound);
}

bool AreFamiliesAlike(const std::string& one, const std::string& other) {
  if (one == other) return true;
  const Folded left = WordsOf(one);
  const Folded right = WordsOf(other);
  const auto part = [](const std::string& word, const std::string& each) {
    return word == each && !IsParticle(word);
  };
  return IsAlike(store::FoldName(one), store::FoldName(other)) || AnyInCommon(left, right, part);
}

bool AreGivenAlike(const std::string& one, const std::string& other, bool sexes_differ) {
  if (one == other) return true;
  const auto alike = [&](const Folded& left, const Folded& right) {
    return CompareGiven(left, right, sexes_differ) != GivenLikeness::kNone;
  };
  return alike(GivenNamesOf(one), GivenNamesOf(other)) || alike(WordsOf(one), WordsOf(other));
}

// As written, of who has been named.
Folded NamesOf(const store::Demographics& who, std::string record::PersonName::*part) {
  Folded names;
  for (const record::PersonName& name : who.names) {
    const Folded words = WordsOf(name.*part);
    if (!words.empty() && !IsOfTheUnnamed(words.front())) names.push_back(name.*part);
  }
  return names;
}

// Both sides say one, and none is alike.
template <class Alike>
bool Differ(const store::Demographics& left, const store::Demographics& right,
            std::string record::PersonName::*part, Alike alike) {
  const Folded ours = NamesOf(left, part);
  const Folded theirs = NamesOf(right, part);
  if (ours.empty() || theirs.empty()) return false;
  return std::none_of(ours.begin(), ours.end(), [&](const std::string& one) {
    return std::any_of(theirs.begin(), theirs.end(),
                       [&](const std::string& other) { return alike(one, other); });
  });
}

bool GivenDiffer(const store::Demographics& left, const store::Demographics& right,
                 bool sexes_differ) {
  return Differ(left, right, &record::PersonName::given,
                [&](const std::string& one, const std::string& other) {
                  return AreGivenAlike(one, other, sexes_differ);
                });
}

bool SexesDiffer(const store::Demographics& left, const store::Demographics& right) {
  const char one = SexOf(left);
  const char other = SexOf(right);
  return one != ' ' && other != ' ' && one != other;
}

}  // namespace

Agreement CompareKnown(const store::Demographics& left, const store::Demographics& right) {
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

Agreement Compare(const store::Demographics& left, const store::Demographics& right) {
  const Agreement agreement = CompareKnown(left, right);
  if (agreement != Agreement::kAgree) return agreement;
  return GivenDiffer(left, right, SexesDiffer(left, right)) ? Agreement::kDisagree
                                                            : Agreement::kAgree;
}

bool IsSomebodyElse(const store::Demographics& held, const store::Demographics& said) {
  const bool sex = SexesDiffer(held, said);
  const bool born = held.birth_date && said.birth_date && *held.birth_date != *said.birth_date;
  const bool family = Differ(held, said, &record::PersonName::family, AreFamiliesAlike);
  // As nearly every message has it: another given name alone is nobody else.
  if (!born && !family && !sex) return false;
  const bool given = GivenDiffer(held, said, sex);
  return (given && (born || family || sex)) || (born && family);
}

}  // namespace milecastle::identify
