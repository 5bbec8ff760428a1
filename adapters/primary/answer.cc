#include "primary/answer.h"

#include "fhir/document.h"

namespace milecastle::primary {

std::string ErrorCodeOf(std::string_view answer, std::size_t limit) {
  const auto document = fhir::Document::Parse(answer, {.bytes = limit});
  if (!document) return {};
  const fhir::Element root = document->root();
  if (root["resourceType"].text() != "OperationOutcome") return {};
  for (const fhir::Element& issue : root["issue"].items()) {
    const std::string_view severity = issue["severity"].text();
    if (severity == "warning" || severity == "information") continue;
    for (const fhir::Element& coding : issue["details"]["coding"].items()) {
      if (!coding["code"].text().empty()) return std::string(coding["code"].text());
    }
  }
  return {};
}

}  // namespace milecastle::primary
