// Any bytes as a FHIR document: read whole or refused, and every value within reach.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fhir/document.h"
#include "fhir/references.h"

namespace {

void Visit(const milecastle::fhir::Element& element,
           const milecastle::fhir::ReferenceIndex& index) {
  index.Follow(element, element);
  for (const auto& member : element.members()) Visit(member, index);
}

void Check(const milecastle::base::Result<milecastle::fhir::Document>& document) {
  if (!document) return;
  Visit(document->root(), milecastle::fhir::ReferenceIndex(document->root()));
  document->root().Take();
  if (!document->root().Unread().empty()) std::abort();
  if (!document->root().SameAs(document->root())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using milecastle::fhir::Document;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(Document::Parse(bytes));
  Check(Document::ParseXml(bytes));
  return 0;
}
