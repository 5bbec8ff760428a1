// The Patient resource: whose record it is, the practice, the people around them.
#include "resources/patient.h"

#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/terms.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Kind;
using record::PatientClaim;
using record::Section;
using record::Update;
using resources::AddressOf;
using resources::kOdsOrganisation;
using resources::OrganisationOf;
using resources::PatientDraft;
using resources::TelecomOf;

void ReadRegistration(Context& context, record::Entry* entry) {
  const Element registration =
      fhir::Extension(context.patient(), "*Extension-CareConnect-RegistrationDetails-1");
  const Element period = fhir::Choice(fhir::Extension(registration, "registrationPeriod"), "value");
  entry->effective = WhenOf(context, period["start"]);
  entry->ended = WhenOf(context, period["end"]);
  AddDetail(entry, "registration type",
            CodedOf(fhir::Choice(fhir::Extension(registration, "registrationType"), "value")));
  AddDetail(entry, "registration status",
            CodedOf(fhir::Choice(fhir::Extension(registration, "registrationStatus"), "value")));
  const Element branch =
      fhir::Choice(fhir::Extension(registration, "preferredBranchSurgery"), "value");
  AddPerformers(context, branch, context.patient(), "preferred branch surgery", entry);
}

// Being on a practice's list is evidence of a relationship: a registration that ended or is
// temporary is not.
bool IsRegistered(const record::Entry& practice, const Element& patient) {
  if (practice.ended || patient["active"].text() == "false") return false;
  for (const auto& detail : practice.details) {
    if (detail.name != "registration type") continue;
    for (const auto& coding : detail.coded.codings) {
      if (coding.code == "T") return false;
    }
  }
  return true;
}

void ReadPractice(Context& context, PatientClaim* claim) {
  const Element& patient = context.patient();
  auto draft = PatientDraft(context, Section::kGpPractice, Kind::kContact, "practice");
  record::Entry& entry = draft.entry;
  entry.what.text = "GP practice";
  ReadRegistration(context, &entry);
  AddPerformers(context, patient["generalPractitioner"], patient, "general practitioner", &entry);
  for (const auto& performer : entry.performers) {
    if (performer.role.starts_with("general practitioner") && !performer.name.empty()) {
      claim->gp = Update<std::string>::Set(performer.name);
    }
  }
  const Element organisation = context.index().Follow(patient["managingOrganization"], patient);
  patient["managingOrganization"]["display"].text();
  if (organisation) {
    entry.practice = OrganisationOf(organisation);
    record::Contact contact;
    contact.name = organisation["name"].text();
    contact.relationship = "GP practice";
    for (const Element& address : organisation["address"].items())
      contact.addresses.push_back(AddressOf(address));
    for (const Element& telecom : organisation["telecom"].items())
      contact.telecoms.push_back(TelecomOf(telecom));
    entry.contacts.push_back(std::move(contact));
  }
  const auto code = record::OdsCode::Parse(fhir::IdentifierOf(organisation, kOdsOrganisation));
  if (code && IsRegistered(entry, patient))
    claim->gp_practice = Update<std::string>::Set(code->text());
  const bool says_nothing = entry.practice.empty() && entry.performers.empty() &&
                            entry.details.empty() && !entry.effective && entry.contacts.empty();
  if (!says_nothing) context.Add(patient, std::move(draft));
}

}  // namespace

void ReadWho(Context& context) {
  resources::ReadPerson(context);
  resources::ReadNames(context);
  resources::ReadCommunication(context);
  resources::ReadContacts(context);
  resources::ReadProtection(context);
}

void ReadPatient(Context& context) {
  if (!context.patient()) return resources::ReadNames(context);
  ReadWho(context);
  ReadPractice(context, &context.out().patient);
}

}  // namespace milecastle::stu3
