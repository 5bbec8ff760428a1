// Whom a contribution is about, and which of a bundle's resources are theirs.
//
// Thread-safety: read-only once made, but that asking whose a resource is marks what it says of its
// subject. Failure: none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/document.h"
#include "fhir/references.h"
#include "record/patient.h"
#include "resources/logical_ids.h"
#include "resources/owners.h"

namespace milecastle::resources {

// Whom a contribution is about.
struct Subject {
  fhir::Element patient;        // empty where a reference alone names them
  std::string nhs_number = {};  // of that reference
  bool is_alone = true;         // the bundle speaks of nobody else
  std::string key = {};         // names what is read off the Patient; else the Patient's own
  std::vector<record::LocalIdentifier> names = {};  // by which their source knows them besides
  const Naming* naming = nullptr;                   // where references may lead out of the bundle
};

// By the id of a server's record: whether a reference names the subject, and whether somebody else.
bool IsNamed(const Subject& subject, const fhir::Element& reference, const fhir::Element& within);
bool IsNamedOtherwise(const Subject& subject, const fhir::Element& reference,
                      const fhir::Element& within);

class Whose {
 public:
  virtual ~Whose() = default;
  // The subject's resources in order, without those contained in others.
  virtual const std::vector<fhir::Element>& Resources() const = 0;
  // Whether what a reference leads to may be read for the subject.
  virtual bool MayRead(const fhir::Element& target) const = 0;
  virtual bool IsTheirs(const fhir::Element& resource) const = 0;
};

// A bundle about one patient: all is theirs but what names somebody else.
class AllBut final : public Whose {
 public:
  // The index outlives this.
  AllBut(const fhir::ReferenceIndex& index, fhir::Element patient)
      : index_(index), patient_(std::move(patient)) {}
  const std::vector<fhir::Element>& Resources() const override;
  bool MayRead(const fhir::Element&) const override { return true; }
  bool IsTheirs(const fhir::Element& resource) const override;

 private:
  const fhir::ReferenceIndex& index_;
  const fhir::Element patient_;
};

// A bundle that may speak of several: theirs is what was given to them, and what is contained in it
// may still name somebody else.
class OnlyGiven final : public Whose {
 public:
  // `number`: of the subject, among the owners'. The index and the owners outlive this.
  OnlyGiven(const fhir::ReferenceIndex& index, const Owners& owners, std::size_t number,
            Subject subject)
      : index_(index), owners_(owners), number_(number), subject_(std::move(subject)) {}
  const std::vector<fhir::Element>& Resources() const override { return owners_.Of(number_); }
  bool MayRead(const fhir::Element& target) const override {
    return owners_.MayRead(target, number_);
  }
  bool IsTheirs(const fhir::Element& resource) const override;

 private:
  bool IsSomebodyElse(const fhir::Element& said, const fhir::Element& resource) const;

  const fhir::ReferenceIndex& index_;
  const Owners& owners_;
  const std::size_t number_;
  const Subject subject_;
};

}  // namespace milecastle::resources
