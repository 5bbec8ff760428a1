// The Patient of UK Core and PDS.
#include "resources/patient.h"

#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::PatientClaim;
using record::Section;
using record::Update;

struct Part {
  std::string_view url;
  std::string_view part;  // of the source key
  std::string_view what;
  Section section;
};
// Extensions of Patient that say something by themselves.
constexpr auto kParts = std::to_array<Part>({
    {"*Extension-UKCore-BirthSex", "birth-sex", "Sex at birth", Section::kDemographics},
    {"*Extension-UKCore-ResidentialStatus", "residential-status", "Residential status",
     Section::kDemographics},
    {"*Extension-UKCore-CadavericDonor", "donor", "Organ donor", Section::kDemographics},
    {"http://hl7.org/fhir/StructureDefinition/patient-cadavericDonor", "donor", "Organ donor",
     Section::kDemographics},
    {"http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "birth-place", "Birth place",
     Section::kDemographics},
    {"http://hl7.org/fhir/StructureDefinition/patient-religion", "religion", "Religion",
     Section::kAboutMe},
    {"http://hl7.org/fhir/StructureDefinition/patient-genderIdentity", "gender-identity",
     "Gender identity", Section::kDemographics},
    {"http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "interpreter",
     "Interpreter required", Section::kIndividualRequirements},
    {"http://hl7.org/fhir/StructureDefinition/patient-disability", "disability", "Disability",
     Section::kIndividualRequirements},
    {"*Extension-UKCore-DeathNotificationStatus", "death-notification", "Death notification",
     Section::kDemographics},
    {"*Extension-CareConnect-DeathNotificationStatus-1", "death-notification", "Death notification",
     Section::kDemographics},
    {"*Extension-UKCore-ContactPreference", "contact-preference", "Contact preference",
     Section::kIndividualRequirements},
    {"*Extension-UKCore-NominatedPharmacy", "pharmacy", "Nominated pharmacy",
     Section::kProfessionalContacts},
    {"*Extension-UKCore-PreferredDispenserOrganization", "dispenser", "Preferred dispenser",
     Section::kProfessionalContacts},
    {"*Extension-UKCore-MedicalApplianceSupplier", "appliance-supplier",
     "Medical appliance supplier", Section::kProfessionalContacts},
    {"*Extension-PDS-RemovalFromRegistration", "removal", "Removal from registration",
     Section::kGpPractice},
    {"*Extension-UKCore-NHSNumberUnavailableReason", "no-nhs-number", "Reason for no NHS number",
     Section::kDemographics},
});

void AddValue(Context& context, const Element& value, std::string_view name, record::Draft* draft) {
  const bool is_organisation = value["identifier"].exists() || value["reference"].exists();
  if (is_organisation) {
    AddPerformers(context, value, context.patient(), name, &draft->entry);
  } else if (value.name() == "valueAddress") {
    draft->entry.addresses.push_back(resources::AddressOf(value));
  } else {
    AddChoice(context, value, context.patient(), name, &draft->entry);
  }
}

void ReadPart(Context& context, const Element& extension, const Part& part, std::size_t number) {
  std::string key(part.part);
  if (number > 1) key += "/" + std::to_string(number);
  auto draft = resources::PatientDraft(context, part.section, Kind::kStatement, key);
  draft.entry.what.text = part.what;
  if (const Element value = fhir::Choice(extension, "value")) {
    AddValue(context, value, "value", &draft);
  }
  for (const Element& piece : extension["extension"].items()) {
    const std::string_view url = piece["url"].text();
    constexpr std::size_t kLongest = 60;  // longer than any that is published
    AddValue(context, fhir::Choice(piece, "value"), url.size() > kLongest ? "value" : url, &draft);
  }
  context.Add(extension, std::move(draft));
}

void ReadParts(Context& context) {
  for (const Part& part : kParts) {
    std::size_t number = 0;
    for (const Element& extension : fhir::Extensions(context.patient(), part.url)) {
      ReadPart(context, extension, part, ++number);
    }
  }
}

// Patient.communication, beside UK Core's extension for the same.
void ReadLanguages(Context& context, PatientClaim* claim) {
  for (const Element& communication : context.patient()["communication"].items()) {
    const record::Coded language = CodedOf(communication["language"]);
    const std::string code =
        language.codings.empty() ? language.text : language.codings.front().code;
    const std::string_view preferred = communication["preferred"].text();
    auto draft = resources::PatientDraft(context, Section::kIndividualRequirements,
                                         Kind::kStatement, "language/" + code);
    draft.entry.what.text = "Communication";
    AddDetail(&draft.entry, "language", language);
    AddDetail(&draft.entry, "preferred", preferred);
    ReadExtensions(context, communication, context.patient(), &draft.entry);
    const bool is_first = claim->language.change == Update<std::string>::Change::kLeave;
    if (!code.empty() && (is_first || preferred == "true")) {
      claim->language = Update<std::string>::Set(code);
    }
    context.Add(communication, std::move(draft));
  }
}

// The practice is whoever a general practitioner stands for: by its code, or through the bundle.
std::string PracticeOf(Context& context, const Element& reference) {
  const Element target = context.Resolve(reference["reference"].peek(), context.patient());
  const std::string_view type = target["resourceType"].peek();
  if (type == "Organization") return resources::OdsCodeOf(target);
  if (type == "PractitionerRole") {
    return resources::OdsCodeOf(
        context.Resolve(target["organization"]["reference"].peek(), target));
  }
  const Element identifier = reference["identifier"];
  const bool is_ods = !target && resources::IsOdsSystem(identifier["system"].peek());
  return is_ods ? std::string(identifier["value"].peek()) : "";
}

// How to reach the practice, where it stands in the bundle.
void AddPracticeContact(Context& context, const Element& reference, record::Entry* entry) {
  const Element practice = context.Resolve(reference["reference"].peek(), context.patient());
  if (practice["resourceType"].peek() != "Organization") return;
  record::Contact contact;
  contact.name = practice["name"].text();
  contact.relationship = "GP practice";
  for (const Element& address : practice["address"].items()) {
    contact.addresses.push_back(resources::AddressOf(address));
  }
  for (const Element& telecom : practice["telecom"].items()) {
    contact.telecoms.push_back(resources::TelecomOf(telecom));
  }
  entry->contacts.push_back(std::move(contact));
}

bool HasEnded(const Element& reference) {
  return reference["identifier"]["period"]["end"].exists();
}

void ReadPractice(Context& context, PatientClaim* claim) {
  const Element& patient = context.patient();
  auto draft = resources::PatientDraft(context, Section::kGpPractice, Kind::kContact, "practice");
  record::Entry& entry = draft.entry;
  entry.what.text = "GP practice";
  for (const Element& gp : patient["generalPractitioner"].items()) {
    const std::string code = PracticeOf(context, gp);
    AddPracticeContact(context, gp, &entry);
    AddPerformers(context, gp, patient, "general practitioner", &entry);
    AddDetail(&entry, "registered from", WhenOf(context, gp["identifier"]["period"]["start"]));
    AddDetail(&entry, "registered until", WhenOf(context, gp["identifier"]["period"]["end"]));
    if (code.empty()) continue;
    if (entry.practice.empty()) entry.practice = code;
    // One that has an end may be over: nothing here knows what day it is.
    const auto ods = record::OdsCode::Parse(code);
    if (ods && !HasEnded(gp)) claim->gp_practice = Update<std::string>::Set(ods->text());
  }
  for (const auto& performer : entry.performers) {
    if (!performer.name.empty()) claim->gp = Update<std::string>::Set(performer.name);
  }
  if (patient["generalPractitioner"].first()) context.Add(patient, std::move(draft));
}

void ReadStanding(Context& context) {
  const Element& patient = context.patient();
  auto draft = resources::PatientDraft(context, Section::kDemographics, Kind::kStatement, "person");
  record::Entry& entry = draft.entry;
  entry.what.text = "Person";
  AddDetail(&entry, "record is active", patient["active"].text());
  AddDetail(&entry, "marital status", CodedOf(patient["maritalStatus"]));
  AddChoice(context, fhir::Choice(patient, "multipleBirth"), patient, "multiple birth", &entry);
  AddPerformers(context, patient["managingOrganization"], patient, "managing organisation", &entry);
  if (!entry.details.empty() || !entry.performers.empty()) context.Add(patient, std::move(draft));
}

}  // namespace

void ReadPatient(Context& context) {
  PatientClaim& claim = context.out().patient;
  if (!context.patient()) return resources::ReadNames(context);
  resources::ReadPerson(context);
  resources::ReadNames(context);
  resources::ReadCommunication(context);
  ReadLanguages(context, &claim);
  resources::ReadContacts(context);
  ReadPractice(context, &claim);
  ReadStanding(context);
  ReadParts(context);
  resources::ReadProtection(context);
}

}  // namespace milecastle::r4
