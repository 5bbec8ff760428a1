#include "detail/context.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/crypto.h"
#include "detail/terms.h"
#include "detail/unread.h"
#include "detail/values.h"
#include "fhir/datatypes.h"

namespace milecastle::primary {
namespace {

using fhir::Element;

void AppendContent(const Element& element, std::string* out) {
  out->append(element.name()).append("=").append(element.peek()).append(";");
  for (const Element& member : element.members()) AppendContent(member, out);
}

std::string Name(std::string_view type, std::string_view name) {
  return std::string(type).append("/").append(name);
}

template <class T, class Project>
void SortBy(std::vector<T>* items, Project project) {
  std::stable_sort(items->begin(), items->end(),
                   [&](const T& left, const T& right) { return project(left) < project(right); });
}

// By their keys. A draft is a large thing: each is moved once.
void SortDrafts(std::vector<record::Draft>* drafts) {
  std::vector<record::Draft*> order;
  order.reserve(drafts->size());
  for (record::Draft& draft : *drafts) order.push_back(&draft);
  SortBy(&order, [](const auto* draft) -> const std::string& { return draft->source_key; });
  std::vector<record::Draft> sorted;
  sorted.reserve(order.size());
  for (record::Draft* draft : order) sorted.push_back(std::move(*draft));
  *drafts = std::move(sorted);
}

template <class T, class Same>
void Unique(std::vector<T>* items, Same same) {
  items->erase(std::unique(items->begin(), items->end(), same), items->end());
}

}  // namespace

Context::Context(const Element& bundle, const Element& patient_element)
    : index_(bundle), patient_(patient_element) {
  out_.drafts.reserve(index_.resources().size());
  for (const Element& label : bundle["meta"]["security"].items()) {
    labels_.push_back(LabelOf(label));
  }
  for (const Element& role : index_.OfType("PractitionerRole")) {
    const Element practitioner = index_.Resolve(role["practitioner"]["reference"].peek(), role);
    if (practitioner) roles_.emplace(KeyOf(practitioner), role);
  }
}

std::string Context::KeyOf(const Element& resource) const {
  const std::string_view type = resource["resourceType"].peek();
  const std::string_view id = resource["id"].peek();
  if (!id.empty()) return Name(type, id);
  const Element identifier = resource["identifier"].first();
  if (!identifier["value"].peek().empty()) {
    return Name(
        type,
        std::string(identifier["system"].peek()).append("|").append(identifier["value"].peek()));
  }
  std::string content;
  AppendContent(resource, &content);
  return Name(type, "sha256:" + base::ToHex(base::AsBytes(base::Sha256(content))).substr(0, 32));
}

std::string Context::KeyOfReference(const Element& reference, const Element& within) const {
  const std::string_view address = reference["reference"].text();
  const Element target = index_.Resolve(address, within);
  if (target) return KeyOf(target);
  // Not in this bundle: an earlier one may have brought it. Addresses of other servers name nothing
  // of this source.
  const bool is_relative =
      !address.empty() && address.find(':') == std::string_view::npos && address[0] != '#';
  return is_relative ? std::string(fhir::WithoutVersion(address)) : "";
}

const Placement* Context::FindPlacement(const std::string& key) const {
  const auto found = placements_.find(key);
  return found == placements_.end() ? nullptr : &found->second;
}

std::string Context::GroupOf(const std::string& key) const {
  const auto found = groups_.find(key);
  return found == groups_.end() ? "" : found->second;
}

Element Context::RoleOfPractitioner(const Element& practitioner) const {
  const auto found = roles_.find(KeyOf(practitioner));
  return found == roles_.end() ? Element() : found->second;
}

bool Context::IsAboutPatient(const Element& resource) const {
  for (const std::string_view name : {"subject", "patient"}) {
    const Element subject = resource[name];
    if (!subject) continue;
    subject["display"].text();
    const Element identifier = subject["identifier"];
    const std::string_view number = identifier["value"].text();
    const bool is_nhs_number = identifier["system"].text() == kNhsNumber && !number.empty();
    if (is_nhs_number && number != fhir::IdentifierOf(patient_, kNhsNumber)) return false;
    const std::string_view address = subject["reference"].text();
    if (!address.empty()) return index_.Resolve(address, resource) == patient_;
  }
  return true;
}

std::string_view Context::WhyNot(const Element& resource) const {
  if (resource["modifierExtension"] || resource["implicitRules"]) {
    return "it carries rules that change its meaning and are not understood here";
  }
  return IsAboutPatient(resource) ? "" : "its subject is not the bundle's patient";
}

void Context::Miss(const Element& element, std::string_view why) {
  out_.not_carried.push_back({element.Place(), std::string(why)});
  element.Take();
}

void Context::Drop(const Element& resource, std::string_view why) {
  Miss(resource, why);
  dropped_.insert(resource.Place());
}

void Context::Add(const Element& resource, record::Draft draft) {
  const record::Entry& entry = draft.entry;
  Spend(1 + entry.performers.size() + entry.details.size() + entry.free_text.size() +
        draft.source_labels.size() + labels_.size());
  if (Overspent()) return;
  if (const int number = ++keys_[draft.source_key]; number > 1) {
    draft.source_key += "~" + std::to_string(number);
    out_.not_carried.push_back(
        {resource.Place(),
         "its type and id stand in the bundle already, with other content; both are kept"});
  }
  auto& labels = draft.source_labels;
  for (const auto& label : labels_) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
  out_.drafts.push_back(std::move(draft));
}

record::Contribution Context::Finish(const Element& bundle) {
  auto unread = ExplainUnread(bundle);
  std::move(unread.begin(), unread.end(), std::back_inserter(out_.not_carried));
  SortDrafts(&out_.drafts);
  const auto saying = [](const auto& statement) {
    return std::tie(statement.section, statement.saying, statement.text);
  };
  SortBy(&out_.statements, [&](const auto& statement) {
    return std::tuple_cat(saying(statement),
                          std::tuple(statement.when ? statement.when->at : base::Instant()));
  });
  Unique(&out_.statements,
         [&](const auto& left, const auto& right) { return saying(left) == saying(right); });
  std::sort(out_.snapshot_of.begin(), out_.snapshot_of.end());
  Unique(&out_.snapshot_of, std::equal_to<>());
  std::sort(out_.withdrawn_keys.begin(), out_.withdrawn_keys.end());
  Unique(&out_.withdrawn_keys, std::equal_to<>());
  return std::move(out_);
}

}  // namespace milecastle::primary
