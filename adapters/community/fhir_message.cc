#include "inside/fhir_message.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fhir/datatypes.h"
#include "fhir/document.h"
#include "inside/bars.h"
#include "inside/envelope.h"
#include "inside/stu3_message.h"
#include "r4/composition.h"
#include "r4/reading.h"
#include "r4/release.h"
#include "record/fhir_id.h"
#include "record/identifiers.h"
#include "resources/bundle.h"
#include "resources/nobody.h"
#include "resources/rules.h"
#include "resources/terms.h"

namespace milecastle::community {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

Error Unsupported(std::string place, std::string advice) {
  return {ErrorId::kMessageUnsupported, std::move(place), std::move(advice)};
}

// Why a whole message of one type is nothing to read. Types are named only out of published lists:
// any other is the sender's own text.
std::string AdviceOn(std::string_view type) {
  if (type == "OperationOutcome") {
    return "the source answered that somebody does not consent, and names nobody; send it with the "
           "Patient it is about (OperationOutcome)";
  }
  for (const resources::TypeReason& known : r4::kR4.types) {
    if (known.type != type) continue;
    const std::string_view why =
        known.why.empty() ? "no entry is made from a resource of this type" : known.why;
    return std::string(why).append(" (").append(type).append(")");
  }
  return "send a FHIR R4 Bundle, or a resource that names its patient";
}

// The entries of a transaction that ask for something else than to keep a resource.
struct Requests {
  std::vector<resources::Deletion> deletions;
  std::vector<record::NotCarried> not_carried;
};

// "Observation/7" of a deletion's address, of whatever version; empty for any that is no resource's
// on the home server. Nobody deletes a patient.
std::string NameIn(std::string_view url, const resources::Bundle& bundle) {
  if (const std::string_view at_home = bundle.NameAtHome(url); !at_home.empty()) url = at_home;
  url = fhir::WithoutVersion(url);
  while (url.starts_with('/')) url.remove_prefix(1);
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos || !record::IsFhirId(url.substr(slash + 1))) return "";
  const std::string_view type = url.substr(0, slash);
  const bool is_type = !type.empty() && std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return is_type && type != "Patient" ? std::string(url) : "";
}

// A document is known by its identifier, which a deletion alone does not say.
std::string KeyOfDeleted(const std::string& name, const Element& resource) {
  if (!name.starts_with("Composition/")) return name;
  if (!resource) return "";
  const std::string key = r4::KeyOfDocument(resource["identifier"]);
  return key.empty() ? name : key;
}

resources::Deletion DeletionOf(const Element& entry, const resources::Bundle& bundle) {
  const std::string name = NameIn(entry["request"]["url"].peek(), bundle);
  const Element resource = entry["resource"];
  resources::Deletion deletion{
      .key = KeyOfDeleted(name, resource), .place = entry.Place(), .resource = resource};
  const bool is_understood = !resource || (resources::KeyOf(resource) == name &&
                                           resources::WhyNotUnderstood(r4::kR4, resource).empty());
  deletion.is_clear = !deletion.key.empty() && is_understood;
  return deletion;
}

Requests RequestsOf(const resources::Bundle& bundle) {
  Requests found;
  for (const Element& entry : bundle.root()["entry"].items()) {
    if (fhir::IsContent(entry)) continue;
    const bool is_conditional = entry["request"]["url"].peek().find('?') != std::string_view::npos;
    if (entry["request"]["method"].peek() == "DELETE" && !is_conditional) {
      found.deletions.push_back(DeletionOf(entry, bundle));
    } else {
      found.not_carried.push_back({entry.Place(),
                                   "it asks the receiver for something else than to "
                                   "keep a resource; send the resource whole"});
    }
  }
  if (bundle.message() == bundle.root()) return found;
  for (const Element& entry : bundle.message()["entry"].items()) {
    if (!fhir::IsContent(entry)) {
      found.not_carried.push_back({entry.Place(), "a request beside the document of a message"});
    }
  }
  return found;
}

// Types that hold nothing of a patient by themselves; the advice names them.
base::Result<void> CheckContent(const resources::Bundle& bundle, const Requests& requests) {
  for (const resources::Deletion& deletion : requests.deletions) {
    if (deletion.resource) return {};
  }
  std::set<std::string> advice;
  for (const Element& resource : bundle.index().resources()) {
    const std::string_view type = resource["resourceType"].peek();
    if (type == "Patient" || r4::ReaderOf(type) != nullptr) return {};
    advice.insert(AdviceOn(type));
  }
  if (advice.empty()) {
    return Error{ErrorId::kPatientMissing, "entry",
                 requests.deletions.empty()
                     ? "the bundle is empty; nobody's record is in it"
                     : "the bundle deletes and does not say whose it was: send the Patient, or "
                       "what is deleted, with its subject"};
  }
  return Unsupported("entry", *advice.begin());
}

// A tag or label that says so of the whole message, or of its patient.
bool IsTest(const Element& resource) {
  for (const std::string_view part : {"security", "tag"}) {
    for (const Element& label : resource["meta"][part].items()) {
      if (label["code"].peek() == "HTEST") return true;
    }
  }
  return false;
}

std::string PlaceIn(const Element& resource, std::string_view part) {
  std::string place = resource.Place();
  if (!place.empty()) place += ".";
  return place.append(part);
}

base::Result<void> CheckOne(const Element& resource, const port::Feed& feed, bool may_be_stu3) {
  if (!may_be_stu3 && IsStu3(resource)) {
    return Unsupported(PlaceIn(resource, "meta.profile"),
                       "this is FHIR STU3, of which this feed carries messages and documents "
                       "(ITK3); what a practice answers goes to a feed of the adapter 'primary'");
  }
  if (feed.live && IsTest(resource)) {
    return Error{ErrorId::kTestOnLiveFeed, PlaceIn(resource, "meta"),
                 "send it without the label HTEST, or use a feed that is not live"};
  }
  return {};
}

// A message and a document are carried of either release, all else of R4.
bool MayBeStu3(const Element& content) {
  const std::string_view type = content["type"].peek();
  return content["resourceType"].peek() == "Bundle" && (type == "message" || type == "document");
}

base::Result<void> CheckAll(const Element& root, const resources::Bundle& content,
                            const port::Feed& feed) {
  const bool may_be_stu3 = MayBeStu3(content.root());
  if (auto checked = CheckOne(root, feed, may_be_stu3); !checked) return checked;
  for (const Element& resource : content.index().resources()) {
    if (auto checked = CheckOne(resource, feed, may_be_stu3); !checked) return checked;
  }
  return {};
}

// The document within an ITK3 message, else the message itself.
base::Result<Element> ContentOf(const Element& root) {
  if (root["type"].peek() != "message") return root;
  const Element header = HeaderOf(root);
  if (!header) {
    return Error{ErrorId::kMessageInvalid, "entry[0]", "a message starts with a MessageHeader"};
  }
  Element content = root;
  for (const Element& entry : root["entry"].items()) {
    const Element resource = entry["resource"];
    if (resource["resourceType"].peek() != "Bundle" || !fhir::IsContent(entry)) continue;
    if (content != root) {
      return Error{ErrorId::kMessageInvalid, resource.Place(), "send one document in a message"};
    }
    content = resource;
  }
  return content;
}

void AddLines(r4::Contributions* all, const std::vector<record::NotCarried>& lines) {
  for (auto& one : *all) {
    if (!one) continue;
    one->not_carried.insert(one->not_carried.end(), lines.begin(), lines.end());
    return;
  }
}

// Which names lead out of a bundle, and which stay within it.
resources::Naming NamingOf(const Kind& kind, const port::Feed& feed) {
  return {.feed = port::RecordSystemOf(feed),
          .references = kind.names_beyond,
          .patients = !kind.about_one};
}

// The organisation that speaks, where one says so; what is nobody's is taken as it is.
base::Result<std::optional<record::Contribution>> ReadOuter(const Element& root,
                                                            const resources::Bundle& bundle,
                                                            const port::Feed& feed,
                                                            port::Envelope* envelope) {
  if (auto checked = CheckAll(root, bundle, feed); !checked) return checked.error();
  auto sender = SenderOf(root, bundle);
  if (!sender) return sender.error();
  envelope->sender = *std::move(sender);
  return resources::OfNobody(bundle);
}

// The number of whom it names; nothing where it names none.
std::optional<record::NhsNumber> NumberOfConsent(const Element& consent,
                                                 const resources::Bundle& message) {
  const Element said = consent["patient"] ? consent["patient"] : consent["subject"];
  const Element identifier = said["identifier"];
  if (identifier["system"].peek() == resources::kNhsNumber) {
    return record::NhsNumber::Parse(identifier["value"].peek());
  }
  const Element target = message.index().Resolve(said["reference"].peek(), consent);
  if (!target) return std::nullopt;
  return record::NhsNumber::Parse(fhir::IdentifierOf(target, resources::kNhsNumber));
}

// What stands beside the document of a message is not read. A refusal there is not passed over: it
// is asked about of everybody whose it may be.
void AskAboutConsents(const resources::Bundle& content, r4::Contributions& all) {
  const auto entries = content.message()["entry"].items();
  const bool any = std::any_of(entries.begin(), entries.end(), [](const Element& entry) {
    return entry["resource"]["resourceType"].peek() == "Consent";
  });
  if (!any || content.message() == content.root()) return;
  const resources::Bundle message(content.message());
  for (const Element& consent : message.index().OfType("Consent")) {
    if (consent["status"].peek() == "entered-in-error") continue;
    const auto number = NumberOfConsent(consent, message);
    for (auto& one : all) {
      if (!one) continue;
      const auto own = record::NhsNumber::Parse(one->patient.nhs_number_as_sent);
      if (number && own && *number != *own) continue;
      one->not_carried.push_back(
          {consent.Place(), "a Consent beside the document is not read: an officer is asked"});
      one->preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                                  .answer = record::PreferenceAnswer::kUnclear,
                                  .place = consent.Place(),
                                  .key = resources::KeyOf(consent)});
    }
  }
}

// A message and a document delete nothing.
base::Result<r4::Contributions> ReadStu3Bundle(resources::Bundle& bundle, const Kind& kind,
                                               const port::Feed& feed, Requests& requests) {
  if (IsBars(bundle.message())) {
    return Unsupported("meta.profile",
                       "BaRS is of FHIR R4: send no resource of STU3 in its messages");
  }
  auto all = ReadStu3(bundle, {.about_one = kind.about_one,
                               .patient_limit = feed.patient_limit,
                               .naming = NamingOf(kind, feed)});
  if (!all) return all;
  for (const resources::Deletion& deletion : requests.deletions) {
    requests.not_carried.push_back(
        {deletion.place, "a message deletes nothing: send the deletion in a transaction of R4"});
  }
  AddLines(&*all, requests.not_carried);
  AskAboutConsents(bundle, *all);
  return all;
}

base::Result<r4::Contributions> ReadBundle(const Element& root, const port::Feed& feed,
                                           port::Envelope* envelope) {
  const auto content = ContentOf(root);
  if (!content) return content.error();
  const Kind* const kind = KindOf((*content)["type"].text());
  if (kind == nullptr) {
    return Unsupported((*content)["type"].Place(),
                       "send a Bundle of type collection, searchset, transaction, batch, document "
                       "or message: histories and answers to batches are not carried");
  }
  resources::Bundle bundle(*content, root, feed.server);
  auto nobodys = ReadOuter(root, bundle, feed, envelope);
  if (!nobodys) return nobodys.error();
  if (*nobodys) return r4::Contributions{**std::move(nobodys)};
  Requests requests = RequestsOf(bundle);
  const bool is_stu3 = MayBeStu3(*content) && IsStu3(root, bundle);
  if (is_stu3) return ReadStu3Bundle(bundle, *kind, feed, requests);
  if (auto checked = CheckContent(bundle, requests); !checked) return checked.error();
  for (const resources::Deletion& deletion : requests.deletions) {
    if (auto checked = CheckOne(deletion.resource, feed, false); !checked) return checked.error();
  }
  const bool is_bars = IsBars(root);
  if (is_bars) {
    if (auto checked = CheckBars(root, bundle); !checked) return checked.error();
  }
  auto all = r4::ReadPatients(bundle, {.about_one = kind->about_one,
                                       .patient_limit = feed.patient_limit,
                                       .deletions = requests.deletions,
                                       .naming = NamingOf(*kind, feed)});
  if (all && is_bars) SettleBars(bundle, &*all);
  if (!all) return all;
  AddLines(&*all, requests.not_carried);
  AskAboutConsents(bundle, *all);
  return all;
}

base::Result<r4::Contributions> ReadResource(const Element& root, const port::Feed& feed,
                                             port::Envelope* envelope) {
  resources::Bundle bundle(root);
  auto nobodys = ReadOuter(root, bundle, feed, envelope);
  if (!nobodys) return nobodys.error();
  if (*nobodys) return r4::Contributions{**std::move(nobodys)};
  const std::string_view type = root["resourceType"].peek();
  if (type != "Patient" && r4::ReaderOf(type) == nullptr) {
    return Unsupported("resourceType", AdviceOn(type));
  }
  auto all = r4::ReadPatients(
      bundle,
      {.about_one = false,
       .patient_limit = feed.patient_limit,
       .naming = {.feed = port::RecordSystemOf(feed), .references = true, .patients = true}});
  if (!all && all.error().id == ErrorId::kPatientMissing) {
    return Error{ErrorId::kPatientMissing, "subject",
                 "a resource alone must name its patient: by the NHS number in subject.identifier "
                 "(or patient.identifier), by a reference to the Patient (Patient/id), or in a "
                 "Bundle with the Patient"};
  }
  return all;
}

base::Result<r4::Contributions> ReadRoot(const Element& root, const port::Feed& feed,
                                         port::Envelope* envelope) {
  if (!root["resourceType"].IsText()) {
    return Error{ErrorId::kMessageUnparseable, "resourceType", "the document is no FHIR resource"};
  }
  root["resourceType"].text();
  if (root["resourceType"].peek() == "Bundle") return ReadBundle(root, feed, envelope);
  return ReadResource(root, feed, envelope);
}

port::Reading ReadDocument(const base::Result<fhir::Document>& document, std::string_view message,
                           const port::Feed& feed) {
  if (!document) return port::ReadingOf({}, document.error());
  port::Envelope envelope = EnvelopeOf(document->root(), message);
  auto all = ReadRoot(document->root(), feed, &envelope);
  if (!all) return port::ReadingOf(std::move(envelope), all.error());
  return {std::move(envelope), *std::move(all)};
}

}  // namespace

port::Reading ReadFhir(std::string_view message, const port::Feed& feed) {
  return ReadDocument(fhir::Document::Parse(message, {.bytes = feed.message_limit}), message, feed);
}

port::Reading ReadFhirXml(std::string_view message, const port::Feed& feed) {
  return ReadDocument(fhir::Document::ParseXml(message, {.bytes = feed.message_limit}), message,
                      feed);
}

}  // namespace milecastle::community
