#include "disclose/demographics.h"

#include <algorithm>
#include <set>

#include "record/labels.h"

namespace milecastle::disclose {
namespace {

using decide::Mask;
using decide::MaskField;

wire::ShownDemographics Shown(const store::Identity& identity, Mask mask) {
  const store::Demographics& held = identity.demographics;
  wire::ShownDemographics shown{.names = held.names,
                                .birth_date = held.birth_date,
                                .sex = held.sex,
                                .language = held.language,
                                .ethnic_category = held.ethnic_category,
                                .deceased = held.deceased.value_or(held.died.has_value()),
                                .died = held.died,
                                .updated = identity.updated,
                                .untraced = !identity.shareable};
  if (!mask.Has(MaskField::kSource)) shown.source = identity.source.text();
  if (!mask.Has(MaskField::kAddresses)) shown.addresses = held.addresses;
  if (!mask.Has(MaskField::kContacts)) shown.telecoms = held.telecoms;
  if (!mask.Has(MaskField::kPractice)) {
    shown.gp_practice = held.gp_practice;
    shown.gp = held.gp;
  }
  for (const MaskField field :
       {MaskField::kAddresses, MaskField::kContacts, MaskField::kPractice, MaskField::kSource}) {
    if (mask.Has(field)) shown.masked.emplace_back(KeyOf(field));
  }
  return shown;
}

const decide::Verdict& VerdictOn(const decide::Decision& decision,
                                 const store::Identity& identity) {
  return decision.LineOf(identity.source, record::Section::kDemographics);
}

bool IsShown(const decide::Decision& decision, const store::Identity& identity) {
  return (identity.shareable || decision.ShowsUntraced(identity.source)) &&
         decision.SpeaksOf(identity.source) && VerdictOn(decision, identity).shows();
}

// Whether any of what is shown stands under a number that its source never traced: who somebody is,
// an entry, or a statement (safety.md 13).
bool ShowsUntraced(const decide::Decision& decision, const Held& held) {
  const auto& identities = held.found.identities;
  const auto& statements = held.statements;
  const auto classes = decision.classes();
  return std::any_of(identities.begin(), identities.end(),
                     [&](const auto& identity) {
                       return !identity.shareable && IsShown(decision, identity);
                     }) ||
         std::any_of(classes.begin(), classes.end(),
                     [](const auto& each) {
                       return each.verdict.shows() && record::IsUntraced(each.entry_class);
                     }) ||
         std::any_of(statements.begin(), statements.end(), [&](const auto& said) {
           return said.untraced && decision.ShowsUntraced(said.source) &&
                  decision.LineOf(said.source, said.statement.section).shows();
         });
}

// Of what is shown alone: a difference from what is not would tell of it.
bool BirthDatesDisagree(const decide::Decision& decision,
                        const std::vector<store::Identity>& identities) {
  std::set<record::BirthDate> dates;
  for (const auto& identity : identities) {
    if (identity.demographics.birth_date && IsShown(decision, identity)) {
      dates.insert(*identity.demographics.birth_date);
    }
  }
  return dates.size() > 1;
}

}  // namespace

std::vector<wire::ShownDemographics> ShowDemographics(const decide::Decision& decision,
                                                      const Held& held) {
  std::vector<wire::ShownDemographics> shown;
  for (const store::Identity& identity : held.found.identities) {
    if (!IsShown(decision, identity)) continue;
    shown.push_back(Shown(identity, VerdictOn(decision, identity).mask));
  }
  return shown;
}

bool FamilyNameDiffers(const decide::Decision& decision, const Held& held) {
  const auto& named_by = held.found.named_by;
  return held.found.matched() &&
         std::none_of(named_by.begin(), named_by.end(),
                      [&](const record::OdsCode& source) { return decision.SpeaksOf(source); });
}

record::KnownPlaces PlacesOf(const Held& held) {
  record::KnownPlaces places;
  for (const store::Identity& identity : held.found.identities) {
    for (const auto& address : identity.demographics.addresses) places.Add(address);
    for (const auto& telecom : identity.demographics.telecoms) places.Add(telecom);
  }
  return places;
}

std::vector<std::string> WarningsOf(const decide::Decision& decision, const Held& held) {
  std::vector<std::string> warnings;
  if (FamilyNameDiffers(decision, held)) warnings.emplace_back("family_name_differs");
  if (decision.location() == decide::LocationState::kProtected)
    warnings.emplace_back("location_protected");
  if (decision.location() == decide::LocationState::kUnchecked)
    warnings.emplace_back("location_protection_unchecked");
  if (BirthDatesDisagree(decision, held.found.identities))
    warnings.emplace_back("sources_disagree_on_birth_date");
  if (held.facts.under_merge_review) warnings.emplace_back("under_merge_review");
  if (ShowsUntraced(decision, held)) warnings.emplace_back("identity_untraced");
  return warnings;
}

}  // namespace milecastle::disclose
