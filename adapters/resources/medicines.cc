#include "resources/medicines.h"

#include <map>
#include <string>

#include "fhir/datatypes.h"
#include "resources/doses.h"
#include "resources/observations.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;

namespace {

// dose[x] and rate[x] of STU3.
std::string AmountOf(const Element& chosen) {
  if (chosen.name().ends_with("Ratio")) return RatioText(chosen);
  return chosen.name().ends_with("Range") ? RangeText(chosen) : QuantityText(chosen);
}

}  // namespace

record::Coded MedicineOf(Context& context, const Element& resource) {
  const Element coded = resource["medicationCodeableConcept"];
  if (coded) return CodedOf(coded);
  const Element reference = resource["medicationReference"];
  const Element medicine = context.Follow(reference, resource);
  if (!medicine) {
    if (reference) context.Miss(reference, "it refers to no medicine in this bundle");
    record::Coded unknown;
    unknown.text = reference["display"].text();
    return unknown;
  }
  fhir::TypeOf(medicine);
  fhir::IdOf(medicine);
  return CodedOf(medicine["code"]);
}

void ReadDosage(const Element& dosages, record::Entry* entry) {
  for (const Element& dosage : dosages.items()) {
    AddDetail(entry, "dosage", dosage["text"].text());
    AddDetail(entry, "patient instruction", dosage["patientInstruction"].text());
    for (const Element& additional : dosage["additionalInstruction"].items()) {
      AddDetail(entry, "additional instruction", CodedOf(additional));
    }
    AddDetail(entry, "timing", TimingText(dosage["timing"]));
    for (const char* amount : {"dose", "rate"}) {
      if (const Element chosen = fhir::Choice(dosage, amount)) {
        AddDetail(entry, amount, AmountOf(chosen));
      }
    }
    AddMostOf(dosage, entry);
    AddDetail(entry, "route", CodedOf(dosage["route"]));
    AddDetail(entry, "site", CodedOf(dosage["site"]));
    AddDetail(entry, "method", CodedOf(dosage["method"]));
    AddDetail(entry, "as needed", dosage["asNeededBoolean"].text());
    AddDetail(entry, "as needed", CodedOf(dosage["asNeededCodeableConcept"]));
  }
}

void ReadReasons(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& reason : resource["reasonCode"].items())
    AddDetail(entry, "reason", CodedOf(reason));
  for (const Element& reason : resource["reasonReference"].items()) {
    AddLink(context, reason, resource, "reason", entry);
  }
}

void GroupByCourse(Context& context) {
  std::map<std::string, std::string> courses;
  for (const Element& course : Sorted(context, "MedicationStatement")) {
    for (const Element& plan : Targets(context, course["basedOn"], course)) {
      courses.emplace(context.KeyOf(plan), context.KeyOf(course));
    }
  }
  for (const auto& [plan, course] : courses) context.SetGroup(plan, course);
  for (const Element& issue : Sorted(context, "MedicationRequest")) {
    for (const Element& plan : Targets(context, issue["basedOn"], issue)) {
      const auto course = courses.find(context.KeyOf(plan));
      if (course != courses.end()) context.SetGroup(context.KeyOf(issue), course->second);
    }
  }
}

}  // namespace milecastle::resources
