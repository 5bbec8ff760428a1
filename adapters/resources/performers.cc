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

std::string OrganisationOf(const Element& organisation) {
  organisation["resourceType"].text();
  organisation["id"].text();
  const std::string code = fhir::IdentifierOf(organisation, kOdsOrganisation);
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
  const Element organisation = context.index().Follow(role["organization"], role);
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

// What the reference leads to decides what is known of the performer.
void FillPerformer(Context& context, const Element& target, record::Performer* to) {
  const std::string_view type = target["resourceType"].peek();
  if (type == "Practitioner") {
    FillFromPractitioner(target, to);
    FillFromRole(context, context.bundle().RoleOf(target), to);
  } else if (type == "PractitionerRole") {
    const Element practitioner =
        context.index().Resolve(target["practitioner"]["reference"].peek(), target);
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
  performer.role = role;
  const Element target = context.index().Follow(reference, within);
  if (target) FillPerformer(context, target, &performer);
  const std::string_view display = reference["display"].text();
  if (performer.name.empty() && performer.organisation.empty()) performer.name = display;
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
