// A bundle while it is read: its resources, its labels, and the roles of its professionals. Made
// once, and shared by the contexts of all patients of whom it speaks.
//
// Thread-safety: as fhir/document.h. Failure: what is absent is empty.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fhir/document.h"
#include "fhir/references.h"

namespace milecastle::resources {

// Names a resource within its source: "Observation/<id>", else by its identifier, else by its
// content.
std::string KeyOf(const fhir::Element& resource);

class Bundle {
 public:
  // `root` is a Bundle, or any resource that stands for itself and holds contained ones.
  explicit Bundle(const fhir::Element& root);

  const fhir::Element& root() const { return root_; }
  const fhir::ReferenceIndex& index() const { return index_; }
  // The security labels of the bundle itself: they hold for everything in it.
  const std::vector<std::string>& labels() const { return labels_; }
  // The role of a practitioner, whichever entry it stands in.
  fhir::Element RoleOf(const fhir::Element& practitioner) const;

 private:
  fhir::Element root_;
  fhir::ReferenceIndex index_;
  std::vector<std::string> labels_;
  std::map<std::string, fhir::Element> roles_;  // by the practitioner's key
};

}  // namespace milecastle::resources
