#include "resources/context.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/terms.h"
#include "resources/unread.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

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

Context::Context(Bundle& bundle, Subject subject, const Release& release)
    : bundle_(bundle), release_(release), subject_(std::move(subject)), labels_(bundle.labels()) {
  out_.drafts.reserve(resources().size());
}

const std::vector<Element>& Context::resources() const {
  return subject_.owners == nullptr ? index().resources() : subject_.owners->Of(subject_.number);
}

std::vector<Element> Context::OfType(std::string_view type) const {
  std::vector<Element> found;
  for (const Element& resource : resources()) {
    if (resource["resourceType"].peek() == type) found.push_back(resource);
  }
  return found;
}

Element Context::Resolve(std::string_view reference, const Element& within) const {
  const Element target = index().Resolve(reference, within);
  const bool is_others =
      target && subject_.owners != nullptr && !subject_.owners->MayRead(target, subject_.number);
  return is_others ? Element() : target;
}

Element Context::Follow(const Element& reference, const Element& within) const {
  return Resolve(reference["reference"].text(), within);
}

std::string Context::KeyOfReference(const Element& reference, const Element& within) const {
  const std::string_view address = reference["reference"].text();
  if (const Element target = Resolve(address, within)) return KeyOf(target);
  if (index().Resolve(address, within)) return "";  // somebody else's
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

// Whose a resource of the bundle is, was settled when it was given; what is contained in it may
// still name somebody else.
bool Context::IsSomebodyElse(const Element& subject, const Element& resource) const {
  if (resource.parent().name() != "contained") return false;
  const Element target = index().Resolve(subject["reference"].peek(), resource);
  if (target && !subject_.owners->MayRead(target, subject_.number)) return true;
  const Element identifier = subject["identifier"];
  if (identifier["system"].peek() != kNhsNumber) return false;
  const std::string own =
      patient() ? fhir::IdentifierOf(patient(), kNhsNumber) : subject_.nhs_number;
  return identifier["value"].peek() != own;
}

bool Context::IsAboutPatient(const Element& resource) const {
  for (const std::string_view name : {"subject", "patient"}) {
    const Element subject = resource[name];
    if (!subject) continue;
    subject["display"].text();
    const Element identifier = subject["identifier"];
    const std::string_view number = identifier["value"].text();
    const bool is_nhs_number = identifier["system"].text() == kNhsNumber && !number.empty();
    const std::string_view address = subject["reference"].text();
    if (subject_.owners != nullptr) {
      if (IsSomebodyElse(subject, resource)) return false;
      continue;
    }
    if (is_nhs_number && number != fhir::IdentifierOf(patient(), kNhsNumber)) return false;
    if (!address.empty()) return index().Resolve(address, resource) == patient();
  }
  return subject_.owners == nullptr || subject_.owners->OwnerOf(resource) == subject_.number;
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

record::Contribution Context::Finish() {
  return Finish(ExplainUnread(bundle_.message(), release_));
}

record::Contribution Context::Finish(std::vector<record::NotCarried> unread) {
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

}  // namespace milecastle::resources
