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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using milecastle::fhir::Document;
  const auto document = Document::Parse({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  Visit(document->root(), milecastle::fhir::ReferenceIndex(document->root()));
  document->root().Take();
  if (!document->root().Unread().empty()) std::abort();
  if (!document->root().SameAs(document->root())) std::abort();
  return 0;
}
