#include "resources/performers.h"

#include <algorithm>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/terms.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

std::string Text(const Element& element) { return std::string(element.text()); }

}  // namespace

bool IsOdsSystem(std::string_view system) {
  return system == kOdsOrganisation || system == kOdsOrganisationInLowerCase || system == kOdsSite;
}

std::string OdsCodeOf(const Element& organisation) {
  for (const Element& identifier : organisation["identifier"].items()) {
    if (!IsOdsSystem(identifier["system"].peek())) continue;
    identifier["system"].text();
    return Text(identifier["value"]);
  }
  return "";
}

std::string OrganisationOf(const Element& organisation) {
  organisation["resourceType"].text();
  organisation["id"].text();
  const std::string code = OdsCodeOf(organisation);
  return code.empty() ? Text(organisation["name"]) : code;
}

namespace {

void Append(std::string* text, std::string_view more, std::string_view between) {
  if (more.empty()) return;
  if (!text->empty()) text->append(between);
  text->append(more);
}

void FillFromRole(Context& context, const Element& role, record::Performer* to) {
  if (!role) return;
  role["resourceType"].text();
  role["id"].text();
  role["practitioner"]["reference"].text();
  for (const Element& code : role["code"].items()) Append(&to->role, WordsOf(CodedOf(code)), ", ");
  const Element organisation = context.Follow(role["organization"], role);
  role["organization"]["display"].text();
  if (organisation) to->organisation = OrganisationOf(organisation);
}

void FillFromPractitioner(const Element& practitioner, record::Performer* to) {
  practitioner["resourceType"].text();
  practitioner["id"].text();
  to->name = WordsOf(NameOf(practitioner["name"].first()));
  const Element identifier = practitioner["identifier"].first();
  to->identifier = Text(identifier["value"]);
  to->identifier_system = Text(identifier["system"]);
}

// A reference to what is not in the bundle may still say who it is.
void FillFromIdentifier(const Element& reference, record::Performer* to) {
  reference["type"].text();
  const Element identifier = reference["identifier"];
  const std::string_view system = identifier["system"].text();
  if (IsOdsSystem(system)) {
    to->organisation = Text(identifier["value"]);
  } else {
    to->identifier = Text(identifier["value"]);
    to->identifier_system = system;
  }
}

// What the reference leads to decides what is known of the performer.
void FillPerformer(Context& context, const Element& target, record::Performer* to) {
  const std::string_view type = target["resourceType"].peek();
  if (type == "Practitioner") {
    FillFromPractitioner(target, to);
    FillFromRole(context, context.bundle().RoleOf(target), to);
  } else if (type == "PractitionerRole") {
    const Element practitioner =
        context.Resolve(target["practitioner"]["reference"].peek(), target);
    if (practitioner) FillFromPractitioner(practitioner, to);
    FillFromRole(context, target, to);
  } else if (type == "Organization" || type == "HealthcareService" || type == "Location") {
    to->organisation = OrganisationOf(target);
  } else if (target == context.patient()) {
    Append(&to->role, "patient", ", ");
  } else {
    target["resourceType"].text();
    target["id"].text();
    to->name = WordsOf(NameOf(target["name"].first()));
  }
}

}  // namespace

record::Performer PerformerOf(Context& context, const Element& reference, const Element& within,
                              std::string_view role) {
  record::Performer performer;
  const Element target = context.Follow(reference, within);
  if (target) {
    performer = context.PerformerAt(
        target, [&](record::Performer* known) { FillPerformer(context, target, known); });
    std::string own = std::exchange(performer.role, std::string(role));
    Append(&performer.role, own, ", ");
  } else {
    performer.role = role;
    FillFromIdentifier(reference, &performer);
  }
  const std::string_view display = reference["display"].text();
  const bool is_named = !performer.name.empty() || (target && !performer.organisation.empty());
  if (!is_named) performer.name = display;
  return performer;
}

void AddPerformers(Context& context, const Element& references, const Element& within,
                   std::string_view role, record::Entry* entry) {
  for (const Element& reference : references.items()) {
    auto performer = PerformerOf(context, reference, within, role);
    const bool is_known = !performer.name.empty() || !performer.organisation.empty() ||
                          !performer.identifier.empty() || performer.role != role;
    if (!is_known) {
      context.Miss(reference, "it refers to nothing in this bundle");
    } else if (std::find(entry->performers.begin(), entry->performers.end(), performer) ==
               entry->performers.end()) {
      entry->performers.push_back(std::move(performer));
    }
  }
}

void AddLink(Context& context, const Element& reference, const Element& within,
             std::string_view name, record::Entry* entry) {
  if (!reference) return;
  const std::string key = context.KeyOfReference(reference, within);
  reference["display"].text();
  if (key.starts_with("List/")) {
    context.Miss(reference, "it refers to a list, of which no entry is made");
  } else if (key.empty()) {
    context.Miss(reference, "it refers to nothing of this source");
  } else {
    entry->links.push_back({.relation = std::string(name), .key = key});
  }
}

void AddNotes(Context& context, const Element& notes, const Element& within, record::Entry* entry) {
  for (const Element& note : notes.items()) {
    AddText(entry, note["text"].text());
    AddPerformers(context, note["authorReference"], within, "note by", entry);
  }
}

}  // namespace milecastle::resources
