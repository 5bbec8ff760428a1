#include "resources/subjects.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "resources/terms.h"

namespace milecastle::resources {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;
using record::LocalIdentifier;

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
// A conditional reference by the NHS number, and nothing else.
constexpr auto kConditions = std::to_array<std::string_view>({
    "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|",
    "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C",
});
constexpr std::size_t kDigits = 10;

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

bool IsNumber(std::string_view text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789") == text.npos;
}

// The NHS number by which a reference names somebody; empty where it names none.
std::string NumberOf(const Element& reference) {
  const Element identifier = reference["identifier"];
  if (identifier["system"].peek() == kNhsNumber) {
    return WithoutSpaces(identifier["value"].peek());
  }
  const std::string_view address = reference["reference"].peek();
  for (const std::string_view known : kNumberAddresses) {
    if (address.starts_with(known)) return std::string(address.substr(known.size()));
  }
  for (const std::string_view known : kConditions) {
    if (!address.starts_with(known)) continue;
    std::string number = WithoutSpaces(address.substr(known.size()));
    return IsNumber(number) ? number : "";
  }
  return "";
}

// Whether a reference is there and says nothing at all.
bool IsBlank(const Element& reference) {
  return !reference["reference"] && !reference["identifier"] && !reference["display"];
}

// The Spine keeps what is of a patient below their address:
// "…/Patient/9990000018/RelatedPerson/F4". The NHS number there; empty where the entry of a
// resource has no such address.
std::string NumberAbove(const Element& resource) {
  std::string below("/");
  below.append(resource["resourceType"].peek()).append("/").append(resource["id"].peek());
  std::string_view address = resource.parent()["fullUrl"].peek();
  if (!address.ends_with(below)) return "";
  address.remove_suffix(below.size());
  for (const std::string_view known : kNumberAddresses) {
    if (!address.starts_with(known)) continue;
    const std::string_view number = address.substr(known.size());
    return IsNumber(number) ? std::string(number) : "";
  }
  return "";
}

bool IsPatient(const Element& resource) { return resource["resourceType"].peek() == "Patient"; }

// The NHS number that a Patient says is theirs today.
std::string NumberOfPatient(const Element& patient) {
  for (const Element& identifier : patient["identifier"].items()) {
    if (identifier["system"].peek() == kNhsNumber && identifier["use"].peek() != "old") {
      return WithoutSpaces(identifier["value"].peek());
    }
  }
  return "";
}

bool NamesPatient(std::string_view address) {
  return address.starts_with("Patient/") || address.find("/Patient/") != std::string_view::npos;
}

// Whose a resource says that it is.
struct Claim {
  std::set<std::size_t> patients;
  bool is_elsewhere = false;  // it names somebody who is not there, or no patient
};

class Finder {
 public:
  Finder(const Bundle& bundle, const SubjectOptions& options) : bundle_(bundle), options_(options) {
    if (bundle.root()["resourceType"].peek() == "Bundle") {
      resources_ = bundle.index().resources();
    } else {
      resources_ = {bundle.root()};
    }
  }

  base::Result<Subjects> Find() {
    if (auto dropped = DropRepeated(); !dropped) return dropped.error();
    for (const Element& resource : resources_) {
      if (IsPatient(resource) && !IsTaken(resource)) AddPatient(resource);
    }
    for (const Element& resource : resources_) {
      if (!IsTaken(resource)) Settle(resource, ClaimOf(resource));
      if (auto within = CheckLimit(resource); !within) return within.error();
    }
    if (auto settled = SettleDeletions(); !settled) return settled.error();
    SettleUnsaid();
    NameNumbered();
    return std::move(found_);
  }

 private:
  bool IsTaken(const Element& resource) const {
    return found_.owners.OwnerOf(resource) != Owners::kShared;
  }

  base::Result<void> CheckLimit(const Element& resource) const {
    if (found_.patients.size() <= options_.patient_limit) return {};
    return Error{ErrorId::kMessageTooLarge, resource.Place(),
                 "send fewer patients in one message, or raise the feed's patient_limit"};
  }

  Unclaimed& LeaveOut(const Element& resource, std::string_view why) {
    found_.owners.Give(resource, Owners::kNobody);
    return found_.unclaimed.emplace_back(Unclaimed{.resource = resource, .why = why});
  }

  // Of two patients by one name, whose everything is that names it nobody can say.
  base::Result<void> DropRepeated() {
    for (const auto& [again, first] : bundle_.index().repeated()) {
      if (again.SameAs(first)) {
        LeaveOut(again, "it stands in the bundle twice, with the same content").is_repeated = true;
      } else if (IsPatient(again) || IsPatient(first)) {
        return Error{ErrorId::kMessageInvalid, again.Place(),
                     "give each patient of a bundle an id and a fullUrl of its own"};
      }
    }
    return {};
  }

  std::size_t Add(Subject subject) {
    const std::size_t number = found_.patients.size();
    subject.key = options_.key;
    subject.naming = &options_.naming;
    found_.patients.push_back(std::move(subject));
    return number;
  }

  std::size_t AddPatient(const Element& patient) {
    const std::size_t number = Add({.patient = patient});
    by_element_.emplace(patient.number(), number);
    patient_ids_.emplace(patient["id"].peek());
    if (const std::string nhs = NumberOfPatient(patient); !nhs.empty()) {
      by_number_.emplace(nhs, number);
    }
    if (auto name = NameOfPatient(options_.naming, patient)) {
      by_name_.emplace(*name, number);
      found_.patients[number].names.push_back(*std::move(name));
    }
    found_.owners.Give(patient, number);
    return number;
  }

  std::size_t OfNumber(const std::string& number) {
    const auto known = by_number_.find(number);
    if (known != by_number_.end()) return known->second;
    return by_number_[number] = Add({.patient = {}, .nhs_number = number});
  }

  std::size_t OfName(const LocalIdentifier& name) {
    const auto known = by_name_.find(name);
    if (known != by_name_.end()) return known->second;
    return by_name_[name] = Add({.patient = {}, .names = {name}});
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
    const Element target = bundle_.index().Resolve(reference["reference"].peek(), within);
    if (target) return FollowTo(target, reference, claim);
    const auto name = NameIn(reference, within);
    if (const std::string number = NumberOf(reference); !number.empty()) {
      const std::size_t patient = OfNumber(number);
      claim->patients.insert(patient);
      if (name) numbered_[*name].insert(patient);
    } else if (name && MayName(within) && !IsOneOfSeveralHere(*name)) {
      claim->patients.insert(OfName(*name));
    } else {
      claim->is_elsewhere = true;
    }
  }

  void FollowTo(const Element& target, const Element& reference, Claim* claim) {
    const bool is_patient = IsPatient(target);
    const auto patient = is_patient ? OfPatient(target) : std::nullopt;
    if (patient) claim->patients.insert(*patient);
    if (!patient) claim->is_elsewhere = true;
    const std::string number = NumberOf(reference);
    if (is_patient && !number.empty()) claim->patients.insert(OfNumber(number));
  }

  // What speaks of the one Patient that it holds names nobody else: such a name is a slip. Nobody
  // is made for what is not carried.
  bool MayName(const Element& within) const {
    return (!options_.about_one || by_element_.empty()) &&
           options_.is_read(within["resourceType"].peek());
  }

  // Of several servers that each have such a Patient here, nobody says which is meant.
  bool IsOneOfSeveralHere(const LocalIdentifier& name) const {
    return !NamesServer(name) && patient_ids_.contains(name.value);
  }

  // By the server's record, else by an identifier of the patient's own.
  std::optional<LocalIdentifier> NameIn(const Element& reference, const Element& within) const {
    if (auto name = NameOfReference(options_.naming, reference, within)) return name;
    const Element identifier = reference["identifier"];
    const bool is_patients = reference.name() == "patient" || reference["type"].peek() == "Patient";
    if (!options_.naming.references || !is_patients || identifier["system"].peek().empty() ||
        identifier["value"].peek().empty()) {
      return std::nullopt;
    }
    return LocalIdentifier{std::string(identifier["system"].peek()), "",
                           std::string(identifier["value"].peek())};
  }

  // A number and a name in one reference are one person's, but where the name stands beside two.
  void NameNumbered() {
    for (const auto& [name, patients] : numbered_) {
      if (patients.size() != 1) continue;
      auto& names = found_.patients[*patients.begin()].names;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }

  // An appointment is made with the patients among its participants.
  void FollowParticipants(const Element& appointment, Claim* claim) {
    for (const Element& participant : appointment["participant"].items()) {
      const Element actor = participant["actor"];
      const Element target = bundle_.index().Resolve(actor["reference"].peek(), appointment);
      const bool is_patient = target["resourceType"].peek() == "Patient" ||
                              actor["type"].peek() == "Patient" ||
                              NamesPatient(actor["reference"].peek()) || !NumberOf(actor).empty();
      if (is_patient) Follow(actor, appointment, claim);
    }
  }

  Claim ClaimOf(const Element& resource) {
    const std::string_view type = resource["resourceType"].peek();
    Claim claim;
    for (const Member& member : kMembers) {
      if (!member.type.empty() && member.type != type) continue;
      for (const Element& reference : resource[member.name].items()) {
        const std::string above = IsBlank(reference) ? NumberAbove(resource) : "";
        if (above.empty()) {
          Follow(reference, resource, &claim);
        } else {
          claim.patients.insert(OfNumber(above));
        }
      }
    }
    if (type == "Appointment") FollowParticipants(resource, &claim);
    return claim;
  }

  void Settle(const Element& resource, const Claim& claim) {
    if (claim.patients.size() > 1) {
      LeaveOut(resource, "it speaks of several patients").patients = claim.patients;
      return;
    }
    if (claim.patients.empty() && claim.is_elsewhere) {
      LeaveOut(resource, "its subject is no patient who is named here");
      return;
    }
    if (!claim.patients.empty()) {
      found_.owners.Give(resource, *claim.patients.begin());
    } else if (options_.is_read(resource["resourceType"].peek())) {
      unsaid_.push_back(resource);
    }
  }

  base::Result<void> SettleDeletions() {
    const bool is_of_one = found_.patients.size() == 1;
    std::vector<Claim> claims;
    for (const Deletion& deletion : options_.deletions) {
      const bool says_whose = deletion.resource && deletion.is_clear;
      claims.push_back(says_whose ? ClaimOf(deletion.resource) : Claim());
      if (auto within = CheckLimit(deletion.resource); !within) return within;
    }
    const bool is_of_nobody_else = is_of_one && found_.patients.size() == 1;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      std::optional<std::size_t>& whose = found_.deletions.emplace_back();
      const Claim& claim = claims[i];
      const bool may_be_said = options_.deletions[i].is_clear && !claim.is_elsewhere;
      if (may_be_said && claim.patients.size() == 1) whose = *claim.patients.begin();
      if (may_be_said && claim.patients.empty() && is_of_nobody_else) whose = 0;
    }
    return {};
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

  const Bundle& bundle_;
  const SubjectOptions& options_;
  std::vector<Element> resources_;
  std::vector<Element> unsaid_;
  Subjects found_;
  std::map<std::uint32_t, std::size_t> by_element_;
  std::set<std::string, std::less<>> patient_ids_;
  std::map<std::string, std::size_t> by_number_;
  std::map<LocalIdentifier, std::size_t> by_name_;
  std::map<LocalIdentifier, std::set<std::size_t>> numbered_;  // who was named beside a number
};

}  // namespace

base::Result<Subjects> FindSubjects(const Bundle& bundle, const SubjectOptions& options) {
  return Finder(bundle, options).Find();
}

}  // namespace milecastle::resources
