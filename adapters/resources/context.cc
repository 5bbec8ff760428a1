#include "resources/context.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>

#include "fhir/datatypes.h"
#include "record/belief.h"
#include "resources/left_out.h"
#include "resources/status.h"
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

// When it was put together; of one within a message, the inner one's: a message that is sent again
// makes its document no newer.
std::optional<record::Span> SentOf(const Bundle& bundle) {
  for (const Element& of : {bundle.root(), bundle.message()}) {
    const auto when = record::When::ParseIso(of["timestamp"].peek());
    if (when) return record::Span::Of(*when);
  }
  return std::nullopt;
}

}  // namespace

bool IsContained(const Element& element) {
  return element.parent().name() == "contained" ||
         (element.name() == "contained" && element.IsObject());
}

Context::Context(Bundle& bundle, Subject subject, std::unique_ptr<const Whose> whose,
                 const Release& release)
    : bundle_(bundle),
      release_(release),
      subject_(std::move(subject)),
      whose_(std::move(whose)),
      labels_(bundle.labels()) {
  const std::size_t count = resources().size();
  out_.drafts.reserve(count);
  subjects_.reserve(count);
  keys_.reserve(count);
  told_.reserve(count);
  out_.version.sent = SentOf(bundle);
}

const std::vector<Element>& Context::OfType(std::string_view type) const {
  if (by_type_.empty()) {
    for (const Element& resource : resources()) {
      by_type_[resource["resourceType"].peek()].push_back(resource);
    }
  }
  return by_type_[type];
}

Element Context::Resolve(std::string_view reference, const Element& within) const {
  const Element target = index().Resolve(reference, within);
  return target && !whose_->MayRead(target) ? Element() : target;
}

Element Context::Follow(const Element& reference, const Element& within) const {
  return Resolve(reference["reference"].text(), within);
}

std::string Context::KeyOfReference(const Element& reference, const Element& within) const {
  const std::string_view address = reference["reference"].text();
  if (const Element target = Resolve(address, within)) return KeyOf(target);
  if (index().Resolve(address, within)) return "";  // somebody else's
  // Not in this bundle: another one may bring it. Addresses of other servers name nothing of this
  // source.
  const std::string_view name = fhir::WithoutVersion(address);
  if (const std::string_view at_home = bundle_.NameAtHome(name); !at_home.empty()) {
    return std::string(at_home);
  }
  const bool is_relative =
      !name.empty() && name.find(':') == std::string_view::npos && name[0] != '#';
  if (!is_relative) return "";
  return std::string(bundle_.ForeignServer(within)).append(name);
}

const Placement* Context::FindPlacement(const std::string& key) const {
  const auto found = placements_.find(key);
  return found == placements_.end() ? nullptr : &found->second;
}

record::Subject Context::SubjectOf(const std::string& key) const {
  for (const std::string* const each : {&key, &GroupOf(key)}) {
    const Placement* const placement = FindPlacement(*each);
    if (placement != nullptr && placement->subject != record::Subject::kPatient) {
      return placement->subject;
    }
  }
  return record::Subject::kPatient;
}

// Of the resource that a part stands in, or that one is contained in.
record::Subject Context::SubjectOf(const Element& part) {
  Element at = part;
  while (at.parent().exists() && at.name() != "resource" && !IsContained(at)) at = at.parent();
  const auto [known, is_new] = subjects_.emplace(at.number(), record::Subject::kPatient);
  if (!is_new) return known->second;
  record::Subject subject = SubjectOf(KeyOf(at));
  if (IsContained(at) && subject == record::Subject::kPatient) subject = SubjectOf(at.parent());
  subjects_[at.number()] = subject;
  return subject;
}

const std::string& Context::GroupOf(const std::string& key) const {
  static const std::string kNone;
  const auto found = groups_.find(key);
  return found == groups_.end() ? kNone : found->second;
}

bool Context::IsPatient(const Element& reference, const Element& within) const {
  if (const Element target = Resolve(reference["reference"].peek(), within)) {
    return target == patient();
  }
  return IsNamed(subject_, reference, within);
}

std::string_view Context::WhyNot(const Element& resource) const {
  if (resource["modifierExtension"] || resource["implicitRules"]) {
    return "it carries rules that change its meaning and are not understood here";
  }
  if (IsOfUnknownStanding(release_, resource)) {
    return "its verification status is in no known word: whether it is so is not known";
  }
  return whose_->IsTheirs(resource) ? "" : "its subject is not the bundle's patient";
}

void Context::Miss(const Element& element, std::string_view why) {
  out_.not_carried.push_back({element.Place(), std::string(why)});
  if (element["resourceType"]) refused_.insert(element.number());
  element.Take();
}

void Context::Drop(const Element& resource, std::string_view why) {
  Miss(resource, why);
  dropped_.insert(resource.number());
}

void Context::DropRepeated(const Element& resource, std::string_view why) {
  Drop(resource, why);
  told_.insert(resource.number());
}

void Context::LeaveOut(const Element& resource) {
  if (IsOfAPlace(resource)) return;
  if (const auto section = SectionThatMisses(resource)) left_out_.insert(*section);
}

// Of the resource that a part, or a contained one, stands in. meta.versionId has no order.
record::Version Context::VersionOf(Element part) const {
  while (part.parent().exists() && part.name() != "resource") part = part.parent();
  record::Version version = out_.version;
  const auto when = record::When::ParseIso(part["meta"]["lastUpdated"].peek());
  if (when) version.made = record::Span::Of(*when);
  return version;
}

void Context::Add(const Element& resource, record::Draft&& draft) {
  const record::Entry& entry = draft.entry;
  Spend(1 + entry.performers.size() + entry.details.size() + entry.free_text.size() +
        draft.source_labels.size() + labels_.size());
  if (Overspent()) return;
  told_.insert(resource.number());
  record::GiveToOther(SubjectOf(resource), draft.entry);
  if (record::IsStandingFact(entry.kind)) record::Settle(draft.entry);
  if (const int number = ++keys_[draft.source_key]; number > 1) {
    draft.source_key += "~" + std::to_string(number);
    out_.not_carried.push_back(
        {resource.Place(),
         "its type and id stand in the bundle already, with other content; both are kept"});
  }
  draft.version = VersionOf(resource);
  auto& labels = draft.source_labels;
  for (const auto& label : labels_) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
  out_.drafts.push_back(std::move(draft));
}

// As a flag of the scene that an ambulance goes to.
bool Context::IsOfAPlace(const Element& resource) const {
  const Element subject = index().Resolve(resource["subject"]["reference"].peek(), resource);
  return subject["resourceType"].peek() == "Location";
}

// Whatever the reason: what makes an entry told of it, and a list is told where it is not refused.
// What a section gave before does not end by what could not be read.
void Context::FindLeftOut(const Element& resource) {
  const auto section = SectionThatMisses(resource);
  if (!section || told_.contains(resource.number())) return;
  const bool is_list = resource["resourceType"].peek() == "List";
  if (is_list && WhyNot(resource).empty()) return;
  if (SubjectOf(resource) != record::Subject::kPatient || IsOfAPlace(resource)) return;
  left_out_.insert(*section);
  if (refused_.contains(resource.number())) std::erase(out_.snapshot_of, *section);
}

void Context::StateWhatIsLeftOut() {
  if (!misses_) return;
  for (const Element& resource : resources()) {
    FindLeftOut(resource);
    for (const Element& contained : resource["contained"].items()) FindLeftOut(contained);
  }
  for (const record::Section section : left_out_) StateLeftOut(section, out_);
}

record::Contribution Context::Finish() {
  return Finish(ExplainUnread(bundle_.message(), release_));
}

record::Contribution Context::Finish(std::vector<record::NotCarried> unread) {
  std::move(unread.begin(), unread.end(), std::back_inserter(out_.not_carried));
  StateWhatIsLeftOut();
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
  for (auto* const keys : {&out_.withdrawn_keys, &out_.replaced_documents}) {
    std::sort(keys->begin(), keys->end());
    Unique(keys, std::equal_to<>());
  }
  return std::move(out_);
}

}  // namespace milecastle::resources
