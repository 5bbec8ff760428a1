#include "resources/rules.h"

#include <algorithm>
#include <array>

namespace milecastle::resources {
namespace {

using fhir::Element;

// Of all releases, whatever the type. R4's focus: whom or what it is about instead of the patient.
constexpr auto kWords = std::to_array<fhir::Name>(
    {"notGiven", "wasNotGiven", "reasonNotGiven", "notDone", "notDoneReason",
     "notDoneCodeableConcept", "notDoneReference", "_notGiven", "_notDone", "taken", "wasNotTaken",
     "doNotPerform", "focus"});

bool IsOneOf(const Element& member) {
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const fhir::Name& word) { return word.text() == member.name(); });
}

bool HasAnyOf(const Element& resource) {
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const fhir::Name& word) { return resource[word].exists(); });
}

const OwnWord* FindOwn(const Release& release, const Element& resource, std::string_view name) {
  const std::string_view type = resource["resourceType"].peek();
  const auto found =
      std::find_if(release.own_words.begin(), release.own_words.end(),
                   [&](const OwnWord& own) { return own.member == name && own.type == type; });
  return found == release.own_words.end() ? nullptr : &*found;
}

bool IsFalse(const Element& member) { return !member.IsObject() && member.peek() == "false"; }

// Contained resources speak for themselves.
bool HasModifier(const Element& element) {
  if (!element.DocumentMayName("modifierExtension") && !element.DocumentMayName("implicitRules")) {
    return false;
  }
  for (const Element& member : element.members()) {
    if (member.name() == "modifierExtension" || member.name() == "implicitRules") return true;
    if (member.name() != "contained" && HasModifier(member)) return true;
  }
  return false;
}

}  // namespace

std::string_view WhyNotUnderstood(const Release& release, const Element& resource) {
  if (HasModifier(resource)) {
    return "it carries rules that change its meaning and are not understood here";
  }
  if (!HasAnyOf(resource)) return "";
  for (const Element& member : resource.members()) {
    if (!IsOneOf(member) || FindOwn(release, resource, member.name()) != nullptr) continue;
    if (!IsFalse(member)) {
      return "whether it was done is said in the words of another release of FHIR";
    }
    member.text();
  }
  return "";
}

bool SaysNotDone(const Release& release, const Element& resource) {
  bool says_so = false;
  for (const Element& member : resource.members()) {
    if (!IsOneOf(member)) continue;
    const OwnWord* const own = FindOwn(release, resource, member.name());
    if (own == nullptr || !own->denies) continue;
    if (IsFalse(member)) {
      member.text();
      return false;
    }
    says_so = true;
  }
  return says_so;
}

bool IsDeclined(const Context& context, const Element& appointment) {
  const auto participants = appointment["participant"].items();
  return std::any_of(participants.begin(), participants.end(), [&](const Element& participant) {
    return participant["status"].peek() == "declined" &&
           context.IsPatient(participant["actor"], appointment);
  });
}

void Deny(record::Entry* entry) {
  entry->negated = true;
  entry->intent = record::Intent::kNotDone;
}

}  // namespace milecastle::resources
