#include "community/adapter.h"

#include <string>
#include <utility>
#include <vector>

#include "cda/documents.h"
#include "inside/fhir_message.h"
#include "xml/document.h"

namespace milecastle::community {
namespace {

port::Reading ReadXml(std::string_view message, const port::Feed& feed) {
  // FHIR keeps base64 in attributes.
  const xml::Limits limits{.bytes = feed.message_limit, .attribute_length = feed.message_limit};
  const auto document = xml::Document::Parse(message, limits, cda::IsName);
  if (!document) return port::ReadingOf({}, document.error());
  if (cda::IsDocument(document->root())) return cda::Read(*document, message, feed);
  if (document->root().space() == "http://hl7.org/fhir") return ReadFhirXml(message, feed);
  return port::ReadingOf({}, base::Error{base::ErrorId::kMessageUnsupported, "",
                                         "of XML a CDA ClinicalDocument is carried, alone or in an "
                                         "ITK or SOAP envelope, and FHIR"});
}

class CommunityAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "community"; }

  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    if (file.empty()) return {};
    return {std::string(file)};
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    return xml::IsXml(message) ? ReadXml(message, feed) : ReadFhir(message, feed);
  }

  // Neither the folder nor the intake service answers in a protocol of its own.
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<CommunityAdapter>(); }

}  // namespace milecastle::community
