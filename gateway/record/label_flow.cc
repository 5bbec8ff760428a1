#include "record/label_flow.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "record/document_key.h"

namespace milecastle::record {
namespace {

using Flags = std::vector<bool>;
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

bool Takes(const EntryClass& entry_class) {
  return entry_class.kind != Kind::kContact && !IsWarning(entry_class);
}

// The nodes by number: who is linked with whom, and whose head is whose.
class Flow {
 public:
  explicit Flow(std::span<const LabelNode> nodes) : nodes_(nodes), heads_(nodes.size(), kNobody) {
    Places places;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      places.emplace(std::pair(nodes[i].scope, nodes[i].key), i);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (const Link& link : nodes[i].links) {
        if (link.relation == kInDocument) continue;
        if (link.key.ends_with('/')) {
          LinkToParts(i, link.key, places);
          continue;
        }
        const auto target = places.find(std::pair(nodes[i].scope, std::string_view(link.key)));
        if (target == places.end() || target->second == i) continue;
        if (link.relation == kPartOf && heads_[i] == kNobody) {
          heads_[i] = target->second;
        } else {
          pairs_.emplace_back(i, target->second);
        }
      }
    }
    Order();
  }

  // Who bears a label in the end, of those who have it of their own.
  Flags From(const Flags& own) const {
    Flags linked = own;
    for (const auto& [one, other] : pairs_) {
      if (own[one] && TakesNode(other)) linked[other] = true;
      if (own[other] && TakesNode(one)) linked[one] = true;
    }
    Flags up = linked;
    for (const std::size_t i : parts_first_) {
      if (up[i] && heads_[i] != kNobody && TakesNode(heads_[i])) up[heads_[i]] = true;
    }
    Flags down = std::move(linked);
    for (auto i = parts_first_.rbegin(); i != parts_first_.rend(); ++i) {
      if (heads_[*i] != kNobody && down[heads_[*i]] && TakesNode(*i)) down[*i] = true;
    }
    for (std::size_t i = 0; i < down.size(); ++i) down[i] = down[i] || up[i];
    return down;
  }

 private:
  using Places = std::map<std::pair<std::string_view, std::string_view>, std::size_t>;

  // To all whose keys are below it (record/document_key.h).
  void LinkToParts(std::size_t node, std::string_view below, const Places& places) {
    constexpr std::size_t kMost = 64;  // the work stays linear
    const std::string_view scope = nodes_[node].scope;
    std::size_t count = 0;
    for (auto at = places.lower_bound({scope, below}); at != places.end() && count < kMost; ++at) {
      if (at->first.first != scope || !at->first.second.starts_with(below)) return;
      if (at->second != node) pairs_.emplace_back(node, at->second);
      ++count;
    }
  }

  bool TakesNode(std::size_t node) const { return Takes(*nodes_[node].entry_class); }

  // Parts before their heads. What stands in a ring has no head: a ring is no group.
  void Order() {
    std::vector<std::uint32_t> parts(nodes_.size(), 0);
    for (const std::size_t head : heads_) {
      if (head != kNobody) ++parts[head];
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (parts[i] == 0) parts_first_.push_back(i);
    }
    for (std::size_t next = 0; next < parts_first_.size(); ++next) {
      const std::size_t head = heads_[parts_first_[next]];
      if (head != kNobody && --parts[head] == 0) parts_first_.push_back(head);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (parts[i] == 0) continue;
      // Its label still goes to what it names and from it, as along any link.
      pairs_.emplace_back(i, heads_[i]);
      heads_[i] = kNobody;
      parts_first_.push_back(i);
    }
  }

  std::span<const LabelNode> nodes_;
  std::vector<std::size_t> heads_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::vector<std::size_t> parts_first_;
};

std::map<std::string_view, Flags> OwnLabels(std::span<const LabelNode> nodes) {
  std::map<std::string_view, Flags> own;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& label : nodes[i].entry_class->labels) {
      own.try_emplace(label, nodes.size()).first->second[i] = true;
    }
  }
  return own;
}

}  // namespace

bool IsWarning(Section section, Kind kind) {
  return section == Section::kAllergies || section == Section::kAlerts || kind == Kind::kAllergy ||
         kind == Kind::kAlert;
}

bool IsWarning(const EntryClass& entry_class) {
  return IsWarning(entry_class.section, entry_class.kind) ||
         entry_class.headline == Headline::kAllergy || entry_class.headline == Headline::kAlert;
}

std::vector<std::vector<std::string>> LabelsByLinks(std::span<const LabelNode> nodes) {
  const auto own = OwnLabels(nodes);
  if (own.empty()) return {};
  const Flow flow(nodes);
  std::vector<std::vector<std::string>> came(nodes.size());
  for (const auto& [label, has] : own) {
    const Flags bears = flow.From(has);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (bears[i] && !has[i]) came[i].emplace_back(label);
    }
  }
  return came;
}

void AddLabels(const std::vector<std::string>& more, EntryClass& entry_class) {
  auto& labels = entry_class.labels;
  labels.insert(labels.end(), more.begin(), more.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

}  // namespace milecastle::record
