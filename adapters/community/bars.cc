#include "inside/bars.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/envelope.h"
#include "r4/release.h"
#include "resources/values.h"

namespace milecastle::community {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

struct Event {
  std::string_view code;
  std::array<std::string_view, 2> focus;  // what it is about
};
constexpr auto kEvents = std::to_array<Event>({
    {"servicerequest-request", {"ServiceRequest", "ServiceRequest"}},
    {"servicerequest-response", {"Encounter", "ServiceRequest"}},
    {"booking-request", {"Appointment", "Appointment"}},
});

const Event* EventOf(const Element& header) {
  const Element coding = header["eventCoding"];
  constexpr std::string_view kSystem = "https://fhir.nhs.uk/CodeSystem/message-event";
  if (!coding["system"].peek().starts_with(kSystem)) return nullptr;
  const auto* const found = std::find_if(kEvents.begin(), kEvents.end(), [&](const Event& event) {
    return event.code == coding["code"].peek();
  });
  return found == kEvents.end() ? nullptr : found;
}

Error Invalid(const Element& at, std::string_view member, std::string advice) {
  std::string place = at.Place();
  place += (place.empty() ? "" : ".") + std::string(member);
  return {ErrorId::kMessageInvalid, std::move(place), std::move(advice)};
}

// The profile of BaRS's messages, which is of version 1 where it says no other.
bool NamesProfile(const Element& message) {
  constexpr std::string_view kProfile = "https://fhir.nhs.uk/StructureDefinition/BARSBundleMessage";
  for (const Element& profile : message["meta"]["profile"].items()) {
    const std::string_view url = profile.peek();
    if (!url.starts_with(kProfile)) continue;
    const std::string_view version = url.substr(kProfile.size());
    if (version.empty() || version.starts_with("|1.")) return true;
  }
  return false;
}

base::Result<void> CheckVersion(const Element& message) {
  const std::string_view version = message["meta"]["versionId"].peek();
  if (version.empty()) {
    if (NamesProfile(message)) return {};
    return Invalid(message, "meta.versionId", "say which version of BaRS the message is of");
  }
  if (version.starts_with("1.")) return {};
  return Error{ErrorId::kMessageUnsupported, "meta.versionId", "versions 1.x of BaRS are carried"};
}

base::Result<void> CheckReason(const Element& header) {
  for (const Element& coding : header["reason"]["coding"].items()) {
    for (const std::string_view known : {"new", "update", "delete"}) {
      if (coding["code"].peek() == known) return {};
    }
  }
  return Invalid(header, "reason",
                 "say whether it is new or an update; a cancellation is an update whose referral "
                 "or booking says that it is revoked, cancelled or entered in error");
}

base::Result<void> CheckFocus(const Element& header, const Event& event,
                              const resources::Bundle& bundle) {
  for (const Element& focus : header["focus"].items()) {
    const Element target = bundle.index().Resolve(focus["reference"].peek(), header);
    const std::string_view type = target["resourceType"].peek();
    if (!type.empty() && (type == event.focus[0] || type == event.focus[1])) return {};
  }
  return Invalid(
      header, "focus",
      "name what the message is about, and send it in the bundle: " + std::string(event.focus[0]));
}

// "urn:uuid:X" of the entry in which a resource stands.
std::string UuidOf(const Element& resource) {
  constexpr std::string_view kUrn = "urn:uuid:";
  const std::string_view url = resource.parent()["fullUrl"].peek();
  return url.starts_with(kUrn) ? std::string(url.substr(kUrn.size())) : "";
}

using Names =
    std::map<std::string, std::string, std::less<>>;  // the readers' key → the lasting one

// Resources that are the same to the letter have one key: they keep it.
Names NamesOf(const resources::Bundle& bundle) {
  Names names;
  std::map<std::string, int> wanted;
  for (const Element& resource : bundle.index().resources()) {
    if (!resource["id"].peek().empty()) continue;
    const std::string uuid = UuidOf(resource);
    const std::string key = resources::KeyOf(resource);
    if (uuid.empty() || ++wanted[key] > 1) {
      names.erase(key);
      continue;
    }
    names[key] = std::string(resource["resourceType"].peek()) + "/" + uuid;
  }
  return names;
}

void Rename(const Names& names, std::string* key) {
  const auto found = names.find(*key);
  if (found != names.end()) *key = found->second;
}

// A key may go on behind the resource's: "Encounter/1/discharge".
void RenameDraft(const Names& names, record::Draft* draft) {
  auto before = names.upper_bound(draft->source_key);
  if (before != names.begin()) {
    --before;
    const std::string_view key = draft->source_key;
    const bool is_of = key.starts_with(before->first) &&
                       (key.size() == before->first.size() || key[before->first.size()] == '/');
    if (is_of) draft->source_key = before->second + std::string(key.substr(before->first.size()));
  }
  Rename(names, &draft->entry.group);
  for (record::Link& link : draft->entry.links) Rename(names, &link.key);
}

void Settle(const Names& names, record::Contribution* contribution) {
  for (record::Draft& draft : contribution->drafts) {
    RenameDraft(names, &draft);
    const bool is_request = draft.source_key.starts_with("ServiceRequest/");
    if (is_request) draft.entry.section = record::Section::kReferralDetails;
    if (is_request) draft.entry.kind = record::Kind::kReferral;
  }
  for (std::string& key : contribution->withdrawn_keys) Rename(names, &key);
  for (std::string& key : contribution->replaced_documents) Rename(names, &key);
  // A booking that is cancelled ends the relationship that its beginning made.
  if (contribution->encounter) Rename(names, &contribution->encounter->number);
}

// A flag whose subject is where the patient is.
bool IsOfScene(const Element& flag, const resources::Bundle& bundle) {
  const Element subject = bundle.index().Resolve(flag["subject"]["reference"].peek(), flag);
  return subject["resourceType"].peek() == "Location";
}

record::Draft SceneAlert(const Element& flag) {
  record::Draft draft;
  draft.source_key = resources::KeyOf(flag);
  record::Entry& entry = draft.entry;
  entry.section = record::Section::kAlerts;
  entry.kind = record::Kind::kAlert;
  entry.what = resources::CodedOf(flag["code"]);
  resources::AddDetail(&entry, "category", resources::CodedOf(flag["category"].first()));
  entry.status_original = flag["status"].text();
  if (const auto* word = resources::FindStatus(r4::kR4, entry.status_original)) {
    entry.status = word->status;
  }
  if (const auto* word = resources::FindVerification(r4::kR4, entry.status_original)) {
    entry.verification = word->verification;
  }
  entry.effective = record::When::ParseIso(flag["period"]["start"].peek());
  entry.ended = record::When::ParseIso(flag["period"]["end"].peek());
  for (const Element& label : flag["meta"]["security"].items()) {
    draft.source_labels.push_back(resources::LabelOf(label));
  }
  return draft;
}

// The readers gave it to nobody, for its subject is a place.
void AddScene(const resources::Bundle& bundle, record::Contribution* contribution) {
  for (const Element& flag : bundle.index().OfType("Flag")) {
    if (!IsOfScene(flag, bundle)) continue;
    contribution->drafts.push_back(SceneAlert(flag));
    for (record::NotCarried& line : contribution->not_carried) {
      if (line.place != flag.Place()) continue;
      line.why =
          "said of a place: its code, category, status and period are an alert of the "
          "patient, the rest of it is not carried";
    }
  }
}

}  // namespace

bool IsBars(const Element& message) { return EventOf(HeaderOf(message)) != nullptr; }

base::Result<void> CheckBars(const Element& message, const resources::Bundle& bundle) {
  const Element header = HeaderOf(message);
  if (auto checked = CheckVersion(message); !checked) return checked;
  if (auto checked = CheckReason(header); !checked) return checked;
  return CheckFocus(header, *EventOf(header), bundle);
}

void SettleBars(const resources::Bundle& bundle, r4::Contributions* all) {
  const bool is_alone = all->size() == 1 && all->front();
  if (is_alone) AddScene(bundle, &*all->front());
  if (!all->empty() && all->front() && bundle.root()["meta"]["versionId"].peek().empty()) {
    all->front()->not_carried.push_back(
        {"meta.versionId", "it is not said: read as 1.x of BaRS, by its profile"});
  }
  const Names names = NamesOf(bundle);
  for (auto& one : *all) {
    if (one) Settle(names, &*one);
  }
}

}  // namespace milecastle::community
