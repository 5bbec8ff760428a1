#include "cda/documents.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cda/addresses.h"
#include "detail/context.h"
#include "detail/names.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

using base::Error;
using base::ErrorId;
using Contribution = base::Result<record::Contribution>;

bool IsSoap(const xml::Node& node) {
  return node.Is(kSoap11, "Envelope") || node.Is(kSoap12, "Envelope");
}

xml::Node DistributionOf(const xml::Node& root) {
  if (root.Is(kItk, "DistributionEnvelope")) return root;
  return IsSoap(root) ? root["Body"].Child(kItk, "DistributionEnvelope") : xml::Node();
}

// The documents that stand where an envelope has its payload, and nowhere else.
std::vector<xml::Node> DocumentsOf(const xml::Node& root) {
  if (root.Is(kHl7, "ClinicalDocument")) return {root};
  std::vector<xml::Node> found;
  const auto take = [&found](const xml::Node& holder) {
    for (const xml::Node& child : holder.children()) {
      if (child.Is(kHl7, "ClinicalDocument")) found.push_back(child);
    }
  };
  if (IsSoap(root)) take(root["Body"]);
  for (const xml::Node& payload : DistributionOf(root)["payloads"].All("payload")) take(payload);
  return found;
}

xml::Node CustodianOf(const xml::Node& document) {
  return document["custodian"]["assignedCustodian"]["representedCustodianOrganization"];
}

std::string SenderOf(const xml::Node& document, const xml::Node& distribution) {
  std::string sender = OdsCodeOf(CustodianOf(document));
  if (sender.empty()) {
    sender = OdsCodeOf(document["author"]["assignedAuthor"]["representedOrganization"]);
  }
  if (sender.empty()) {
    sender = OdsOfAddress(distribution["header"]["senderAddress"].value("uri"));
  }
  return sender;
}

std::string EventOf(const xml::Node& document) {
  struct Line {
    std::string_view message_type;
    std::string_view event;
  };
  constexpr auto kTypes = std::to_array<Line>(
      {{"POCD_MT200001GB", "nhs-111-report"}, {"POCD_MT010011GB", "nhs-non-coded-document"}});
  const std::string_view type =
      document.Child(kNhsExtensions, "messageType").attribute("extension").peek();
  for (const Line& line : kTypes) {
    if (type.starts_with(line.message_type)) return std::string(line.event);
  }
  return "clinical-document";
}

port::Envelope EnvelopeOf(const xml::Node& root, const std::vector<xml::Node>& documents,
                          std::string_view message) {
  const xml::Node distribution = DistributionOf(root);
  port::Envelope envelope;
  envelope.control_id = distribution["header"].value("trackingid");
  if (documents.empty()) return envelope;
  const xml::Node& first = documents.front();
  if (envelope.control_id.empty()) envelope.control_id = IdOf(first["id"]);
  if (envelope.control_id.empty()) {
    envelope.control_id = base::NameOfBytes(message);
  }
  envelope.event = EventOf(first);
  envelope.sender = SenderOf(first, distribution);
  envelope.sent = record::When::ParseHl7(first["effectiveTime"].attribute("value").peek());
  return envelope;
}

bool StartsNullified(std::string_view words) {
  constexpr std::string_view kWord = "nullif";
  return words.size() >= kWord.size() &&
         std::equal(kWord.begin(), kWord.end(), words.begin(),
                    [](char want, char c) { return want == c || want == c + 32; });
}

// Withdrawn by its author: by its status, or by a document whose type or title says so.
bool IsNullified(const xml::Node& document) {
  return document.Child(kHl7Extensions, "statusCode").value("code") == "nullified" ||
         StartsNullified(document["code"].attribute("displayName").peek()) ||
         StartsNullified(document["title"].peek());
}

record::Version VersionOf(const xml::Node& document) {
  record::Version version;
  version.number = record::VersionNumberOf(document["versionNumber"].attribute("value").peek());
  const auto made = record::When::ParseHl7(document["effectiveTime"].attribute("value").peek());
  if (made) version.made = record::Span::Of(*made);
  return version;
}

Contribution ReadDocument(const xml::Node& document) {
  Context context(document);
  if (context.key().empty()) {
    return Error{ErrorId::kMessageInvalid, document.Place() + "/id",
                 "a document has an id or setId, by which a later version is known"};
  }
  if (auto read = ReadPatient(context); !read) return read.error();
  context.out().version = VersionOf(document);
  context.out().patient.version.made = context.out().version.made;
  record::Draft header = ReadHeader(context);
  context.out().replaced_documents.push_back(context.key());
  if (IsNullified(document)) {
    context.out().withdrawn_keys.push_back(context.key());
    // Whom it names beside the patient is not kept of a withdrawn document either.
    std::erase_if(context.out().drafts, [](const record::Draft&) { return true; });
    document.Take();
    context.out().not_carried.push_back(
        {document.Place(), "the document is withdrawn: nothing of it is kept"});
    return context.Finish();
  }
  ReadBody(context, std::move(header));
  ReadParticipants(context);
  ReadEncounter(context);
  if (context.Overspent()) {
    return Error{ErrorId::kMessageTooLarge, document.Place(),
                 "its entries point to too much text; send a smaller document"};
  }
  return context.Finish();
}

// What stands around the documents goes to the account of the first that is read.
void AccountForEnvelope(const xml::Node& root, const std::vector<xml::Node>& documents,
                        std::vector<Contribution>& patients) {
  for (const xml::Node& document : documents) document.Take();
  const auto first = std::find_if(patients.begin(), patients.end(),
                                  [](const Contribution& each) { return each.has_value(); });
  if (first == patients.end()) return;
  for (record::NotCarried& line : ExplainUnread(root)) {
    (*first)->not_carried.push_back(std::move(line));
  }
}

// Each document is of whoever keeps it; one of another organisation is not taken in the first's
// name.
std::optional<Error> ForeignCustodian(const xml::Node& document, const xml::Node& distribution,
                                      const std::string& sender) {
  if (SenderOf(document, distribution) == sender) return std::nullopt;
  return Error{ErrorId::kMessageInvalid, CustodianOf(document).Place(),
               "the documents of one message are of one custodian: send this one by itself"};
}

}  // namespace

bool IsDocument(const xml::Node& root) {
  return root.Is(kHl7, "ClinicalDocument") || root.Is(kItk, "DistributionEnvelope") || IsSoap(root);
}

port::Reading Read(const xml::Document& document, std::string_view message,
                   const port::Feed& feed) {
  const xml::Node root = document.root();
  const std::vector<xml::Node> documents = DocumentsOf(root);
  port::Envelope envelope = EnvelopeOf(root, documents, message);
  if (documents.empty()) {
    return port::ReadingOf(std::move(envelope),
                           Error{ErrorId::kMessageUnsupported, root.Place(),
                                 "no ClinicalDocument stands in the envelope as XML; send it "
                                 "there, not encoded or encrypted"});
  }
  if (documents.size() > feed.patient_limit) {
    return port::ReadingOf(std::move(envelope),
                           Error{ErrorId::kMessageTooLarge, root.Place(),
                                 "more documents than patients may stand in one message"});
  }
  port::Reading reading{std::move(envelope), {}};
  for (const xml::Node& each : documents) {
    auto foreign = ForeignCustodian(each, DistributionOf(root), reading.envelope.sender);
    reading.patients.push_back(foreign ? Contribution(*std::move(foreign)) : ReadDocument(each));
  }
  AccountForEnvelope(root, documents, reading.patients);
  return reading;
}

}  // namespace milecastle::cda
