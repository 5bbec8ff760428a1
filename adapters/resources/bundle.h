// A bundle while it is read: its resources, its labels, and the roles of its professionals. Made
// once, and shared by the contexts of all patients of whom it speaks.
//
// Thread-safety: as fhir/document.h. Failure: what is absent is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "fhir/document.h"
#include "fhir/references.h"

namespace milecastle::resources {

// Names a resource within its source: "Observation/<id>", else by its identifier, else by its
// content.
std::string KeyOf(const fhir::Element& resource);

class Bundle {
 public:
  // `root` is a Bundle, or any resource that stands for itself and holds contained ones. `message`
  // is what is accounted for, where the bundle stands within another. `home` is the address of the
  // server whose records these are; not said: that of the Patients, else of all entries, if it is
  // one.
  explicit Bundle(const fhir::Element& root) : Bundle(root, root) {}
  Bundle(const fhir::Element& root, const fhir::Element& message, std::string_view home = {});

  const fhir::Element& root() const { return root_; }
  const fhir::Element& message() const { return message_; }
  const fhir::ReferenceIndex& index() const { return index_; }
  // The security labels of the bundle itself: they hold for everything in it.
  const std::vector<std::string>& labels() const { return labels_; }
  // The role of a practitioner, whichever entry it stands in.
  fhir::Element RoleOf(const fhir::Element& practitioner) const;
  // As KeyOf, behind its server's address where that is not the home: two servers number each for
  // itself. What is named by its content is read through once.
  const std::string& KeyIn(const fhir::Element& resource) const;
  // How the keys of what stands with an element begin; empty at home.
  std::string_view ForeignServer(const fhir::Element& within) const;
  // "Patient/7" of its absolute address on the home server; empty for any other.
  std::string_view NameAtHome(std::string_view address) const;

  // Counts work and memory that grows faster than the bundle: entries that repeat what they share.
  // A bundle made to blow up is refused instead of read.
  void Spend(std::size_t units) { spent_ += units; }
  bool Overspent() const { return spent_ > kMostUnits; }

 private:
  static constexpr std::size_t kMostUnits = 2'000'000;

  fhir::Element root_;
  fhir::Element message_;
  fhir::ReferenceIndex index_;
  std::string home_;  // empty: of several servers none is it
  std::vector<std::string> labels_;
  std::map<std::string, fhir::Element> roles_;                   // by the practitioner's key
  mutable std::unordered_map<std::uint32_t, std::string> keys_;  // by Element::number
  std::size_t spent_ = 0;
};

}  // namespace milecastle::resources
