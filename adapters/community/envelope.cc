#include "inside/envelope.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cda/addresses.h"
#include "resources/performers.h"

namespace milecastle::community {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

constexpr auto kKinds = std::to_array<Kind>({
    {"collection", "fhir-collection", true, true},
    {"document", "fhir-document", true},
    {"message", "fhir-message", true},
    {"searchset", "fhir-searchset", false, true},
    {"transaction", "fhir-transaction", false, true},
    {"batch", "fhir-batch", false, true},
});

// A code of a published list, short and plain; anything else is the sender's own text.
bool IsPlain(std::string_view code) {
  constexpr std::size_t kLongest = 64;
  return !code.empty() && code.size() <= kLongest &&
         std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::string EventOf(const Element& root) {
  const std::string_view type = root["resourceType"].peek();
  if (type != "Bundle") return "fhir-resource";
  const Element header = HeaderOf(root);
  for (const std::string_view member : {"eventCoding", "event"}) {
    const std::string_view code = header[member]["code"].peek();
    if (IsPlain(code)) return std::string(code);
  }
  const Kind* const kind = KindOf(root["type"].peek());
  return kind == nullptr ? "fhir-bundle" : std::string(kind->event);
}

// A resource alone keeps its id in every version of it: only its bytes name the message.
std::string ControlIdOf(const Element& root, std::string_view digest_of) {
  if (root["resourceType"].peek() == "Bundle") {
    for (const std::string_view id :
         {HeaderOf(root)["id"].peek(), root["identifier"]["value"].peek(), root["id"].peek()}) {
      if (!id.empty()) return std::string(id);
    }
  }
  return base::NameOfBytes(digest_of);
}

Element CompositionOf(const resources::Bundle& content) {
  const auto compositions = content.index().OfType("Composition");
  return compositions.empty() ? Element() : compositions.front();
}

// Looks without marking: who sends is no part of the record.
std::string OdsOfIdentifiers(const Element& owner) {
  for (const Element& identifier : owner["identifier"].items()) {
    if (resources::IsOdsSystem(identifier["system"].peek())) {
      return std::string(identifier["value"].peek());
    }
  }
  return "";
}

std::string OdsOf(const Element& reference, const Element& within, const resources::Bundle& all) {
  const Element target = all.index().Resolve(reference["reference"].peek(), within);
  if (!target) return OdsOfIdentifiers(reference);
  const std::string_view type = target["resourceType"].peek();
  if (type == "PractitionerRole") return OdsOf(target["organization"], target, all);
  return type == "Organization" ? OdsOfIdentifiers(target) : "";
}

std::string OdsOfHeader(const Element& root, const Element& header) {
  if (!header) return "";
  const resources::Bundle all(root);
  for (const std::string_view member : {"sender", "responsible"}) {
    std::string code = OdsOf(header[member], header, all);
    if (!code.empty()) return code;
  }
  return cda::OdsOfAddress(header["source"]["endpoint"].peek());
}

std::string OdsOfDocument(const Element& composition, const resources::Bundle& content) {
  for (const std::string_view member : {"custodian", "author"}) {
    for (const Element& reference : composition[member].items()) {
      std::string code = OdsOf(reference, composition, content);
      if (!code.empty()) return code;
    }
  }
  return "";
}

// PDS names the practice as managing organisation, which is not who sends.
bool IsPractice(const Element& patient, std::string_view code, const resources::Bundle& content) {
  for (const Element& gp : patient["generalPractitioner"].items()) {
    if (OdsOf(gp, patient, content) == code) return true;
  }
  return false;
}

}  // namespace

const Kind* KindOf(std::string_view bundle_type) {
  const auto* const found = std::find_if(
      kKinds.begin(), kKinds.end(), [&](const Kind& kind) { return kind.type == bundle_type; });
  return found == kKinds.end() ? nullptr : found;
}

Element HeaderOf(const Element& message) {
  if (message["type"].peek() != "message") return {};
  for (const Element& entry : message["entry"].items()) {
    if (entry["resource"]["resourceType"].peek() == "MessageHeader") return entry["resource"];
  }
  return {};
}

port::Envelope EnvelopeOf(const Element& root, std::string_view digest_of) {
  port::Envelope envelope;
  envelope.control_id = ControlIdOf(root, digest_of);
  envelope.event = EventOf(root);
  envelope.sent = record::When::ParseIso(root["timestamp"].peek());
  return envelope;
}

base::Result<std::string> SenderOf(const Element& root, const resources::Bundle& content) {
  std::string code = OdsOfHeader(root, HeaderOf(root));
  if (!code.empty()) return code;
  code = OdsOfDocument(CompositionOf(content), content);
  if (!code.empty()) return code;
  std::vector<Element> patients = content.index().OfType("Patient");
  if (content.root()["resourceType"].peek() == "Patient") patients.push_back(content.root());
  for (const Element& patient : patients) {
    const std::string own = OdsOf(patient["managingOrganization"], patient, content);
    if (own.empty() || IsPractice(patient, own, content)) continue;
    if (!code.empty() && own != code) {
      return Error{ErrorId::kMessageInvalid, patient["managingOrganization"].Place(),
                   "a message speaks for one organisation: send one for each"};
    }
    code = own;
  }
  return code;
}

}  // namespace milecastle::community
