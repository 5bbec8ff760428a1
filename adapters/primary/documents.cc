#include "primary/documents.h"

#include <utility>

#include "fhir/document.h"
#include "record/fhir_id.h"
#include "record/media.h"

namespace milecastle::primary {
namespace {

using fhir::Element;

void Count(const Element& resource, Searchset& found) {
  ++found.resources;
  if (resource["resourceType"].peek() != "Patient") return;
  ++found.patients;
  const std::string_view id = resource["id"].peek();
  found.patient_id = found.patients == 1 && record::IsFhirId(id) ? std::string(id) : "";
}

}  // namespace

std::optional<Searchset> SearchsetIn(std::string_view answer, std::size_t limit) {
  const auto document = fhir::Document::Parse(answer, {.bytes = limit});
  if (!document) return std::nullopt;
  const Element root = document->root();
  if (root["resourceType"].peek() != "Bundle" || root["type"].peek() != "searchset") {
    return std::nullopt;
  }
  Searchset found;
  for (const Element& entry : root["entry"].items()) Count(entry["resource"], found);
  for (const Element& link : root["link"].items()) {
    found.has_next = found.has_next || link["relation"].peek() == "next";
  }
  return found;
}

std::optional<record::Document> BinaryIn(std::string_view answer, std::string_view id,
                                         std::size_t limit) {
  const auto parsed = fhir::Document::Parse(answer, {.bytes = limit});
  if (!parsed) return std::nullopt;
  const Element root = parsed->root();
  if (root["resourceType"].peek() != "Binary" || root["id"].peek() != id) return std::nullopt;
  auto bytes = record::BytesOfBase64(root["content"].peek());
  if (!bytes || bytes->empty()) return std::nullopt;
  return record::DocumentOf(root["contentType"].peek(), "", std::move(*bytes));
}

}  // namespace milecastle::primary
