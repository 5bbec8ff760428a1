#include "detail/context.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "detail/names.h"
#include "detail/narrative.h"
#include "detail/parts.h"
#include "record/belief.h"

namespace milecastle::cda {
std::string IdOf(const xml::Node& id) {
  const std::string_view root = id.value("root");
  const std::string_view extension = id.value("extension");
  if (root.empty()) return "";
  std::string text = base::Lower(root);  // UUIDs are written in either case
  if (!extension.empty()) text.append("|").append(extension);
  return text;
}

// One without a code says that there is something to know, and not what: no configuration knows it.
std::string LabelOf(const xml::Node& within) {
  const xml::Node code = within["confidentialityCode"];
  if (!code) return "";
  const std::string_view label = code.value("code");
  for (const char* name : {"codeSystem", "displayName", "codeSystemName", "nullFlavor"}) {
    code.value(name);
  }
  return "confidentiality:" + (label.empty() ? "untold" : std::string(label));
}

std::string KeyOfDocument(const xml::Node& of) {
  for (const char* name : {"setId", "id"}) {
    const std::string id = IdOf(of[name]);
    if (!id.empty()) return "document:" + id;
  }
  return "";
}

Context::Context(const xml::Node& document) : document_(document), key_(KeyOfDocument(document)) {
  IndexNarrative();
  std::string label = LabelOf(document);
  if (!label.empty()) labels_.push_back(std::move(label));
}

// IDs of the sections' text blocks; of one that stands twice nobody knows which is meant.
void Context::IndexNarrative() {
  std::vector<xml::Node> open{document_};
  while (!open.empty()) {
    const xml::Node node = open.back();
    open.pop_back();
    for (const xml::Node& child : node.children()) open.push_back(child);
    const std::string_view id = node.attribute("ID").peek();
    if (id.empty()) continue;
    const auto [found, is_new] = narrative_.emplace(id, node);
    if (!is_new) found->second = {};
  }
}

std::string Context::KeyOf(std::string_view kind, const xml::Node& part) const {
  std::string name;
  for (const xml::Node& id : part.All("id")) {
    if (name.empty()) name = IdOf(id);
  }
  // The place holds no value; below the document it is the same whatever stands around it.
  if (name.empty())
    name = part.Place().substr(std::min(document_.Place().size(), part.Place().size()));
  return key_ + "/" + std::string(kind) + ":" + base::DigestName(name, 16);
}

void Context::Miss(const xml::Node& node, std::string_view why) {
  if (!node) return;
  out_.not_carried.push_back({node.Place(), std::string(why)});
  node.Take();
}

void Context::Add(record::Draft draft) {
  for (const std::string& label : labels_) {
    auto& labels = draft.source_labels;
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
  if (record::IsStandingFact(draft.entry.kind)) record::Settle(draft.entry);
  const std::string key = draft.source_key;
  for (int i = 2; !keys_.insert(draft.source_key).second; ++i) {
    draft.source_key = key + ":" + std::to_string(i);
  }
  out_.drafts.push_back(std::move(draft));
}

std::string Context::Referred(const xml::Node& reference) {
  std::string_view to = reference.peek();
  if (!to.starts_with('#')) return "";
  reference.text();
  to.remove_prefix(1);
  const auto found = narrative_.find(to);
  if (found == narrative_.end() || !found->second) return "";
  if (Overspent()) return "";
  std::string words = WordsOf(found->second);
  spent_ += found->second.Inner().size() + 1;
  return words;
}

record::Contribution Context::Finish() {
  for (record::NotCarried& line : ExplainUnread(document_)) {
    out_.not_carried.push_back(std::move(line));
  }
  return std::move(out_);
}

}  // namespace milecastle::cda
