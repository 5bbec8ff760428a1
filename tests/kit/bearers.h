// What bears a label in the end, of all that one source's messages told, whichever came first: each
// entry that says "GUM" has it of its own (record/label_flow.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "record/contribution.h"
#include "record/label_flow.h"

namespace milecastle::kit {

class Bearers {
 public:
  // What has the key of one before takes its place.
  void Add(std::vector<record::Draft> drafts) {
    for (record::Draft& draft : drafts) {
      const auto [known, added] = places_.try_emplace(draft.source_key, drafts_.size());
      if (added) drafts_.emplace_back();
      drafts_[known->second] = std::move(draft);
    }
  }

  // The names of those that bear it by their links alone.
  std::multiset<std::string> Names() const {
    std::vector<std::vector<record::Link>> links;
    std::vector<record::EntryClass> classes;
    for (const record::Draft& draft : drafts_) {
      links.push_back(LinksOf(draft.entry));
      classes.push_back(ClassOf(draft.entry));
    }
    std::vector<record::LabelNode> nodes;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      nodes.push_back({.scope = {},
                       .key = drafts_[i].source_key,
                       .links = links[i],
                       .entry_class = &classes[i]});
    }
    const auto came = record::LabelsByLinks(nodes);
    std::multiset<std::string> names;
    for (std::size_t i = 0; i < came.size(); ++i) {
      if (!came[i].empty()) names.insert(NameOf(drafts_[i].entry));
    }
    return names;
  }

 private:
  static std::string NameOf(const record::Entry& entry) {
    if (!entry.what.text.empty()) return entry.what.text;
    return entry.what.codings.empty() ? "" : entry.what.codings.front().display;
  }
  static bool SaysGum(const record::Entry& entry) {
    bool says = NameOf(entry) == "GUM";
    for (const auto& address : entry.addresses) says |= address.lines.front() == "GUM";
    for (const auto& detail : entry.details) {
      says |= detail.text == "GUM" || detail.coded.text == "GUM";
    }
    return says;
  }
  static std::vector<record::Link> LinksOf(const record::Entry& entry) {
    std::vector<record::Link> links = entry.links;
    if (!entry.group.empty()) links.push_back({std::string(record::kPartOf), entry.group});
    return links;
  }
  static record::EntryClass ClassOf(const record::Entry& entry) {
    record::EntryClass entry_class{
        .source = *record::OdsCode::Parse("RXX"), .section = entry.section, .kind = entry.kind};
    if (SaysGum(entry)) entry_class.labels = {"sexual_health"};
    return entry_class;
  }

  std::map<std::string, std::size_t> places_;
  std::vector<record::Draft> drafts_;
};

}  // namespace milecastle::kit
