#include "resources/replaced.h"

#include <string_view>

namespace milecastle::resources {
namespace {

using fhir::Element;

bool IsCurrent(const Element& reference) {
  const std::string_view status = reference["status"].peek();
  const std::string_view of_document = reference["docStatus"].peek();
  return (status.empty() || status == "current") && of_document != "preliminary" &&
         of_document != "entered-in-error";
}

bool IsOfDocument(std::string_view key) {
  return key.find("DocumentReference/") != key.npos || key.find("Composition/") != key.npos;
}

bool MayEnd(Context& context, const Element& target, const Element& within,
            const std::string& key) {
  if (!IsOfDocument(key)) return false;
  const Element here = context.Resolve(target["reference"].peek(), within);
  return !here || !IsCurrent(here);
}

}  // namespace

void EndReplaced(Context& context, const Element& relation, const Element& reference,
                 const std::string& key) {
  const Element target = relation["target"];
  const std::string other = context.KeyOfReference(target, reference);
  const bool ends = relation["code"].peek() == "replaces" && IsCurrent(reference) && other != key &&
                    MayEnd(context, target, reference, other);
  if (!ends) return;
  context.out().withdrawn_keys.push_back(other);
  context.out().replaced_documents.push_back(other);
}

}  // namespace milecastle::resources
