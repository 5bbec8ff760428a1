// Who took part in a document: roles, people and organisations.
//
// Thread-safety: as Context. Failure: none.
#pragma once

#include <string>
#include <string_view>

#include "context.h"
#include "record/entry.h"
#include "xml/document.h"

namespace milecastle::cda {

// The role within a participation: assignedAuthor, assignedEntity, relatedEntity …; empty: none.
xml::Node RoleIn(const xml::Node& participation);
xml::Node OrganisationIn(const xml::Node& role);  // for which it acts; empty: none is said
// `role` is what they did: "author".
record::Performer PerformerOf(Context& context, const xml::Node& participation,
                              std::string_view role);
// Addresses and telecoms of a role, with its person's name; empty where it has none.
record::Contact ContactOf(Context& context, const xml::Node& role, std::string_view relationship);
// The ODS code, else the name, of an organisation.
std::string OrganisationOf(const xml::Node& organisation);
std::string OdsCodeOf(const xml::Node& organisation);

}  // namespace milecastle::cda
