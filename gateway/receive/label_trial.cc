#include "receive/label_trial.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "record/label_flow.h"

namespace milecastle::receive {
namespace {

constexpr std::size_t kPeopleAtOnce = 64;

using Entries = std::vector<store::StoredEntry>;
using Classes = std::vector<record::EntryClass>;

// The labels that each entry has in the end, of those that it has of its own.
std::vector<std::vector<std::string>> InTheEnd(const Entries& entries, Classes own) {
  std::vector<record::LabelNode> nodes;
  nodes.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    nodes.push_back({.scope = entries[i].identity.uuid.AsBytes(),
                     .key = entries[i].source_key,
                     .links = entries[i].links,
                     .entry_class = &own[i]});
  }
  const auto came = record::LabelsByLinks(nodes);
  std::vector<std::vector<std::string>> all(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!came.empty()) record::AddLabels(came[i], own[i]);
    all[i] = std::move(own[i].labels);
  }
  return all;
}

Classes AsStored(const Entries& entries) {
  Classes classes;
  classes.reserve(entries.size());
  for (const store::StoredEntry& entry : entries) classes.push_back(entry.entry_class);
  return classes;
}

Classes By(const store::Rulebook& rules, const Entries& entries) {
  Classes classes = AsStored(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const store::StoredEntry& entry = entries[i];
    store::Labelled labelled =
        rules.Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
    classes[i].labels = std::move(labelled.labels);
    classes[i].headline = labelled.headline;
  }
  return classes;
}

// What is in one and not in the other; both are sorted.
std::vector<std::string> Without(const std::vector<std::string>& one,
                                 const std::vector<std::string>& other) {
  std::vector<std::string> rest;
  std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(rest));
  return rest;
}

void Count(const Entries& entries, const store::Rulebook& rules, LabelTrial& trial) {
  const auto before = InTheEnd(entries, AsStored(entries));
  const auto after = InTheEnd(entries, By(rules, entries));
  std::set<LabelChange> of_person;
  const auto note = [&](const record::EntryClass& entry_class, std::vector<std::string> labels,
                        bool gains) {
    for (std::string& label : labels) {
      LabelChange change{entry_class.source.text(), entry_class.section, std::move(label), gains};
      ++trial.changes[change].entries;
      of_person.insert(std::move(change));
    }
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const record::EntryClass& entry_class = entries[i].entry_class;
    if (entry_class.standing != record::Standing::kCurrent) continue;
    ++trial.entries;
    note(entry_class, Without(after[i], before[i]), true);
    note(entry_class, Without(before[i], after[i]), false);
  }
  for (const LabelChange& change : of_person) ++trial.changes[change].people;
  ++trial.people;
}

}  // namespace

base::Result<LabelTrial> TryRules(const ReadStore& read, const store::Rulebook& rules) {
  LabelTrial trial;
  for (std::uint64_t after = 0;;) {
    auto snapshot = read();
    if (!snapshot) return snapshot.error();
    const auto people = (*snapshot)->labels().PeopleAfter(after, kPeopleAtOnce);
    if (!people) return people.error();
    if (people->empty()) return trial;
    for (const auto& [number, person] : *people) {
      const auto entries = (*snapshot)->labels().EntriesOf(person);
      if (!entries) return entries.error();
      if (!entries->empty()) Count(*entries, rules, trial);
      after = number;
    }
  }
}

}  // namespace milecastle::receive
