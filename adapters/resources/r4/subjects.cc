#include "r4/subjects.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "inside/readers.h"
#include "resources/terms.h"

namespace milecastle::r4 {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;
using resources::Owners;

struct Member {
  std::string_view type;  // of the resource; empty: any
  std::string_view name;
};
constexpr auto kMembers = std::to_array<Member>({
    {"", "subject"},
    {"", "patient"},
    {"Task", "for"},
    {"Coverage", "beneficiary"},
    {"ResearchSubject", "individual"},
});

// Addresses whose last step is the NHS number.
constexpr auto kNumberAddresses = std::to_array<std::string_view>({
    "https://fhir.nhs.uk/Id/nhs-number/",
    "https://fhir.nhs.uk/Id/nhs-number|",
    "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/",
    "https://demographics.spineservices.nhs.uk/STU3/Patient/",
});

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

// The NHS number by which a reference names somebody; empty where it names none.
std::string NumberOf(const Element& reference) {
  const Element identifier = reference["identifier"];
  if (identifier["system"].peek() == resources::kNhsNumber) {
    return WithoutSpaces(identifier["value"].peek());
  }
  const std::string_view address = reference["reference"].peek();
  for (const std::string_view known : kNumberAddresses) {
    if (address.starts_with(known)) return std::string(address.substr(known.size()));
  }
  return "";
}

// The NHS number that a Patient says is theirs today.
std::string NumberOfPatient(const Element& patient) {
  for (const Element& identifier : patient["identifier"].items()) {
    if (identifier["system"].peek() == resources::kNhsNumber && identifier["use"].peek() != "old") {
      return WithoutSpaces(identifier["value"].peek());
    }
  }
  return "";
}

// Whose a resource says that it is.
struct Claim {
  std::set<std::size_t> patients;
  bool is_elsewhere = false;  // it names somebody who is not there, or no patient
};

class Finder {
 public:
  Finder(const resources::Bundle& bundle, const SubjectOptions& options)
      : bundle_(bundle), options_(options) {
    if (bundle.root()["resourceType"].peek() == "Bundle") {
      resources_ = bundle.index().resources();
    } else {
      resources_ = {bundle.root()};
    }
  }

  base::Result<Subjects> Find() {
    DropRepeated();
    for (const Element& resource : resources_) {
      if (resource["resourceType"].peek() == "Patient" && !IsTaken(resource)) AddPatient(resource);
    }
    for (const Element& resource : resources_) {
      if (!IsTaken(resource)) Settle(resource, ClaimOf(resource));
      if (found_.patients.size() > options_.patient_limit) {
        return Error{ErrorId::kMessageTooLarge, resource.Place(),
                     "send fewer patients in one message, or raise the feed's patient_limit"};
      }
    }
    SettleUnsaid();
    return std::move(found_);
  }

 private:
  bool IsTaken(const Element& resource) const {
    return found_.owners.OwnerOf(resource) != Owners::kShared;
  }

  void LeaveOut(const Element& resource, std::string_view why) {
    found_.owners.Give(resource, Owners::kNobody);
    found_.unclaimed.push_back({resource, why});
  }

  void DropRepeated() {
    for (const Element& resource : bundle_.index().repeated()) {
      if (resource.SameAs(bundle_.index().Resolve(bundle_.KeyIn(resource), resource))) {
        LeaveOut(resource, "it stands in the bundle twice, with the same content");
      }
    }
  }

  std::size_t AddPatient(const Element& patient) {
    const std::size_t number = found_.patients.size();
    found_.patients.push_back({.patient = patient, .number = number, .key = "Patient"});
    by_element_.emplace(patient.number(), number);
    if (const std::string nhs = NumberOfPatient(patient); !nhs.empty()) {
      by_number_.emplace(nhs, number);
    }
    found_.owners.Give(patient, number);
    return number;
  }

  std::size_t OfNumber(const std::string& number) {
    const auto [at, is_new] = by_number_.emplace(number, found_.patients.size());
    if (is_new) {
      found_.patients.push_back({.nhs_number = number, .number = at->second, .key = "Patient"});
    }
    return at->second;
  }

  // A contained Patient is one person with every other of the same NHS number.
  std::optional<std::size_t> OfPatient(const Element& patient) {
    const auto known = by_element_.find(patient.number());
    if (known != by_element_.end()) return known->second;
    if (IsTaken(patient)) return std::nullopt;  // the second of two equal ones
    const std::string number = NumberOfPatient(patient);
    const auto same = by_number_.find(number);
    if (!number.empty() && same != by_number_.end()) return same->second;
    if (!patient["identifier"].first().exists()) return std::nullopt;
    return AddPatient(patient);
  }

  void Follow(const Element& reference, const Element& within, Claim* claim) {
    const std::string_view address = reference["reference"].peek();
    const Element target = bundle_.index().Resolve(address, within);
    const std::string number = NumberOf(reference);
    if (target && target["resourceType"].peek() == "Patient") {
      const auto patient = OfPatient(target);
      if (patient) claim->patients.insert(*patient);
      if (!patient) claim->is_elsewhere = true;
    } else if (target || number.empty()) {
      claim->is_elsewhere = true;
    }
    if (!number.empty() && !(target && target["resourceType"].peek() != "Patient")) {
      claim->patients.insert(OfNumber(number));
    }
  }

  // An appointment is made with the patients among its participants.
  void FollowParticipants(const Element& appointment, Claim* claim) {
    for (const Element& participant : appointment["participant"].items()) {
      const Element actor = participant["actor"];
      const Element target = bundle_.index().Resolve(actor["reference"].peek(), appointment);
      const bool is_patient =
          target["resourceType"].peek() == "Patient" || actor["type"].peek() == "Patient" ||
          actor["reference"].peek().starts_with("Patient/") || !NumberOf(actor).empty();
      if (is_patient) Follow(actor, appointment, claim);
    }
  }

  Claim ClaimOf(const Element& resource) {
    const std::string_view type = resource["resourceType"].peek();
    Claim claim;
    for (const Member& member : kMembers) {
      if (!member.type.empty() && member.type != type) continue;
      for (const Element& reference : resource[member.name].items()) {
        Follow(reference, resource, &claim);
      }
    }
    if (type == "Appointment") FollowParticipants(resource, &claim);
    return claim;
  }

  void Settle(const Element& resource, const Claim& claim) {
    if (claim.patients.size() > 1) return LeaveOut(resource, "it speaks of several patients");
    if (claim.patients.empty() && claim.is_elsewhere) {
      return LeaveOut(resource, "its subject is no patient who is named here");
    }
    if (!claim.patients.empty()) {
      found_.owners.Give(resource, *claim.patients.begin());
    } else if (ReaderOf(resource["resourceType"].peek()) != nullptr) {
      unsaid_.push_back(resource);
    }
  }

  void SettleUnsaid() {
    for (const Element& resource : unsaid_) {
      if (options_.about_one && found_.patients.size() == 1) {
        found_.owners.Give(resource, 0);
      } else {
        LeaveOut(resource, "it does not say whose it is");
      }
    }
  }

  const resources::Bundle& bundle_;
  const SubjectOptions& options_;
  std::vector<Element> resources_;
  std::vector<Element> unsaid_;
  Subjects found_;
  std::map<std::uint32_t, std::size_t> by_element_;
  std::map<std::string, std::size_t> by_number_;
};

}  // namespace

base::Result<Subjects> FindSubjects(const resources::Bundle& bundle,
                                    const SubjectOptions& options) {
  return Finder(bundle, options).Find();
}

}  // namespace milecastle::r4
