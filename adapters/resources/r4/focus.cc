#include "r4/focus.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fhir/datatypes.h"
#include "resources/terms.h"
#include "resources/values.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Subject;
using resources::Context;

// HL7 v3 RoleCode: relatives by birth or marriage.
constexpr auto kRelatives = std::to_array<std::string_view>(
    {"FAMMEMB", "CHILD",   "DAU",   "DAUC",   "SON",   "SONC",      "NCHILD", "PRN",
     "MTH",     "NMTH",    "FTH",   "NFTH",   "SIB",   "BRO",       "SIS",    "TWIN",
     "TWINBRO", "TWINSIS", "GRPRN", "GRMTH",  "GRFTH", "GRNDCHILD", "AUNT",   "UNCLE",
     "COUSN",   "NIENEPH", "NIECE", "NEPHEW", "EXT"});

bool IsRelative(const Element& target) {
  for (const Element& relationship : target["relationship"].items()) {
    for (const std::string_view code : kRelatives) {
      if (fhir::HasCode(relationship, code)) return true;
    }
  }
  return target["resourceType"].peek() == "FamilyMemberHistory";
}

std::string NumberOf(const Element& owner) {
  for (const Element& identifier : owner["identifier"].items()) {
    if (identifier["system"].peek() == resources::kNhsNumber) {
      return std::string(identifier["value"].peek());
    }
  }
  return "";
}

bool IsThePatient(const Context& context, const Element& focus, const Element& target,
                  const Element& document) {
  if (target) {
    if (target == context.patient()) return true;
    const std::string own =
        context.patient() ? NumberOf(context.patient()) : context.subject().nhs_number;
    return target["resourceType"].peek() == "Patient" && !own.empty() && NumberOf(target) == own;
  }
  // Nobody stands there: it is the patient where the document names its patient in the same way.
  const Element subject = document["subject"];
  const std::string_view address = focus["reference"].peek();
  if (!address.empty()) return address == subject["reference"].peek();
  const std::string number = NumberOf(focus);
  return !number.empty() && number == NumberOf(subject);
}

void Weigh(const Context& context, const Element& focus, const Element& document, About* about) {
  const Element target = context.Follow(focus, document);
  const std::string_view display = focus["display"].text();
  focus["type"].text();
  if (IsThePatient(context, focus, target, document)) {
    focus["identifier"].Take();
    return;
  }
  about->subject = target && IsRelative(target) ? Subject::kFamily : Subject::kOther;
  if (!about->words.empty()) about->words += ", ";
  about->words += display.empty() ? "somebody else" : display;
}

}  // namespace

About AboutOf(const Context& context, const Element& section, const Element& document,
              const About& around) {
  const Element focus = section["focus"];
  if (!focus) return around;
  About about;
  for (const Element& one : focus.items()) Weigh(context, one, document, &about);
  return about;
}

}  // namespace milecastle::r4
