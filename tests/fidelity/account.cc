#include "account.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

namespace milecastle::fidelity {
namespace {

constexpr std::string_view kNoEffect = "without effect";
constexpr std::size_t kOften = 3;

template <class Names>
std::string List(const Names& names, std::string_view between) {
  std::string text;
  for (const auto& name : names) (text += text.empty() ? "" : between) += name;
  return text;
}

std::vector<std::string> NamesOf(const std::set<record::Section>& sections) {
  std::vector<std::string> names;
  names.reserve(sections.size());
  for (const auto section : sections) names.emplace_back(record::NameOf(section));
  return names;
}

// Numbers by their size, whatever stands behind them.
std::vector<std::string> InOrder(const std::set<std::string>& names) {
  std::vector<std::string> sorted(names.begin(), names.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& one, const auto& other) {
    return std::atoi(one.c_str()) < std::atoi(other.c_str());
  });
  return sorted;
}

bool IsAtOrBelow(const Path& path, const Path& above) {
  return path.size() >= above.size() && std::equal(above.begin(), above.end(), path.begin());
}

}  // namespace

bool Account::Row::operator<(const Row& other) const {
  return std::tuple(!is_carried, fate) < std::tuple(!other.is_carried, other.fate);
}

void Account::Add(const Part& part, std::size_t message, const Loss& loss, const Listed& listed) {
  const std::string owner = std::to_string(message) + " " + part.owner;
  groups_[part.group][part.path].push_back({owner, loss, listed});
  owners_[owner].insert(loss.sections.begin(), loss.sections.end());
}

Account::Sections Account::SectionsOf(const std::string& group) const {
  Sections all;
  for (const auto& [path, happened] : groups_.at(group)) {
    for (const Happened& one : happened) {
      all.insert(one.loss.sections.begin(), one.loss.sections.end());
    }
  }
  return all;
}

// Wherever the segment or resource that it stands in goes, it goes too.
bool Account::GoesWithItsEntry(const std::vector<const Happened*>& all,
                               const Sections& of_group) const {
  return entries_ == Entries::kOfSeveral && of_group.size() > 1 &&
         std::all_of(all.begin(), all.end(), [&](const Happened* one) {
           return one->loss.sections.empty() || one->loss.sections == owners_.at(one->owner);
         });
}

Account::Row Account::FateOf(const std::string& group,
                             const std::vector<const Happened*>& all) const {
  Loss loss;
  std::set<std::string> whys;
  std::set<std::string> whys_of_owners;
  bool is_ever_alone = false;
  for (const Happened* one : all) {
    loss.sections.insert(one->loss.sections.begin(), one->loss.sections.end());
    loss.others.insert(one->loss.others.begin(), one->loss.others.end());
    (one->listed.with_its_owner ? whys_of_owners : whys).insert(one->listed.why);
    is_ever_alone |= !one->listed.with_its_owner;
  }
  if (!is_ever_alone) whys = whys_of_owners;
  whys.erase("");
  if (loss.empty()) {
    return {false, whys.empty() ? std::string(kNoEffect) : "not carried: " + List(whys, "; ")};
  }
  const Sections of_group = SectionsOf(group);
  auto names =
      NamesOf(GoesWithItsEntry(all, of_group) && !loss.sections.empty() ? of_group : loss.sections);
  names.insert(names.end(), loss.others.begin(), loss.others.end());
  return {true, List(names, "; ")};
}

bool Account::IsWithoutEffect(const std::vector<Happened>& all) {
  return std::all_of(all.begin(), all.end(), [](const Happened& one) {
    return one.loss.empty() && (one.listed.why.empty() || one.listed.with_its_owner);
  });
}

Account::Fates Account::FatesOf(const std::string& group) const {
  Fates fates;
  for (const auto& [path, happened] : groups_.at(group)) {
    std::vector<const Happened*> all;
    for (const Happened& one : happened) all.push_back(&one);
    fates[path] = FateOf(group, all);
  }
  return fates;
}

// The shortest path of which all shares the fate.
std::string Account::NameOf(const Path& path, const Fates& fates) const {
  Path name;
  for (const std::string& step : path) {
    name.push_back(step);
    const bool is_shared = std::all_of(fates.begin(), fates.end(), [&](const auto& other) {
      return !IsAtOrBelow(other.first, name) || other.second.fate == fates.at(path).fate;
    });
    if (is_shared) break;
  }
  return List(name, between_);
}

// An element goes where any part of it does; its parts that go nowhere have rows of their own.
void Account::AddGroup(const std::string& group, std::string& table) const {
  const Fates fates = FatesOf(group);
  std::map<std::string, std::vector<const Happened*>> carried;
  std::map<Row, std::set<std::string>> rows;
  for (const auto& [path, happened] : groups_.at(group)) {
    if (!fates.at(path).is_carried) {
      rows[fates.at(path)].insert(NameOf(path, fates));
      continue;
    }
    auto& element = carried[path.empty() ? "(text)" : path.front()];
    for (const Happened& one : happened) element.push_back(&one);
  }
  for (const auto& [name, all] : carried) rows[FateOf(group, all)].insert(name);
  std::string first = group;
  for (const auto& [row, names] : rows) {
    table += (HasGroups() ? "| " + first + " | " : "| ") + List(InOrder(names), ", ") + " | " +
             row.fate + " |\n";
    first.clear();
  }
}

std::string Account::LeaveOut() {
  struct Seen {
    std::size_t all = 0;
    std::size_t without_effect = 0;
  };
  std::map<std::string, Seen> names;
  for (const auto& [group, paths] : groups_) {
    for (const auto& [path, all] : paths) {
      if (path.empty()) continue;
      ++names[path.back()].all;
      names[path.back()].without_effect += IsWithoutEffect(all) ? 1U : 0U;
    }
  }
  std::erase_if(names, [](const auto& name) {
    return name.second.all < kOften || name.second.without_effect * 4 < name.second.all * 3;
  });
  for (auto& [group, paths] : groups_) {
    std::erase_if(paths, [&](const auto& one) {
      return !one.first.empty() && names.contains(one.first.back()) && IsWithoutEffect(one.second);
    });
  }
  std::erase_if(groups_, [](const auto& group) { return group.second.empty(); });
  std::set<std::string> left_out;
  for (const auto& [name, seen] : names) left_out.insert(name);
  if (left_out.empty()) return "";
  return "\nWithout effect nearly wherever they stand: " + List(left_out, ", ") + ".\n";
}

std::string Account::Table() {
  const std::string behind = LeaveOut();
  std::string table = HasGroups() ? "| in | part | carried to |\n|---|---|---|\n"
                                  : "| part | carried to |\n|---|---|\n";
  for (const auto& [group, paths] : groups_) AddGroup(group, table);
  return table + behind;
}

}  // namespace milecastle::fidelity
