// Whose each resource is in a bundle that may speak of several patients.
//
// What is given to a patient is read for that patient alone; what is given to nobody is read for
// none. Everything else (organisations, professionals, medicines) is shared. A contained resource
// is whose the one is that holds it.
//
// Thread-safety: read-only once filled. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "fhir/document.h"

namespace milecastle::resources {

class Owners {
 public:
  static constexpr std::size_t kShared = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t kNobody = kShared - 1;

  // Patients are numbered from 0.
  void Give(const fhir::Element& resource, std::size_t patient);
  std::size_t OwnerOf(fhir::Element element) const;
  bool MayRead(const fhir::Element& element, std::size_t patient) const;
  // In their order.
  const std::vector<fhir::Element>& Of(std::size_t patient) const;

 private:
  std::unordered_map<std::uint32_t, std::size_t> owners_;  // by Element::number
  std::vector<std::vector<fhir::Element>> given_;          // by patient
};

}  // namespace milecastle::resources
