#include "resources/patient.h"

#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "fhir/datatypes.h"
#include "resources/performers.h"
#include "resources/terms.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::Kind;
using record::PatientClaim;
using record::Section;
using record::Tracing;
using record::Update;

// NHSNumberVerificationStatus, numbers and the retired words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTracingCodes = {{
    {"01", "number-present-and-verified"},
    {"02", "number-present-but-not-traced"},
    {"03", "trace-required"},
    {"04", "trace-attempted-no-match-or-multiple-match-found"},
    {"05", "trace-needs-to-be-resolved"},
    {"06", "trace-in-progress"},
    {"07", "number-not-present-and-trace-not-required"},
    {"08", "trace-postponed"},
}};

Tracing TracingOf(const Release& release, const Element& identifier) {
  const Element status =
      fhir::Choice(fhir::Extension(identifier, release.nhs_number_verification), "value");
  for (const auto& coding : CodedOf(status).codings) {
    for (std::size_t i = 0; i < kTracingCodes.size(); ++i) {
      if (coding.code == kTracingCodes[i].first || coding.code == kTracingCodes[i].second) {
        return static_cast<Tracing>(i + 1);
      }
    }
  }
  return Tracing::kUnstated;
}

void ReadIdentifiers(Context& context, PatientClaim* claim) {
  for (const Element& identifier : context.patient()["identifier"].items()) {
    const std::string_view system = identifier["system"].text();
    const std::string value(identifier["value"].text());
    const std::string_view use = identifier["use"].text();
    if (system == kNhsNumber && use == "old") {
      context.Miss(identifier, "a former NHS number: nobody is linked by it");
    } else if (system == kNhsNumber) {
      claim->nhs_number_as_sent = value;
      claim->tracing = TracingOf(context.release(), identifier);
    } else if (system.empty() || value.empty()) {
      context.Miss(identifier, "an identifier without system or value");
    } else {
      claim->local_identifiers.push_back({std::string(system), "", value});
    }
  }
}

void ReadDemographics(Context& context, PatientClaim* claim) {
  const Element& patient = context.patient();
  std::vector<record::PersonName> names;
  for (const Element& name : patient["name"].items()) names.push_back(NameOf(name));
  if (!names.empty()) claim->names = Update<decltype(names)>::Set(std::move(names));
  std::vector<record::Address> addresses;
  for (const Element& address : patient["address"].items()) addresses.push_back(AddressOf(address));
  if (!addresses.empty()) claim->addresses = Update<decltype(addresses)>::Set(std::move(addresses));
  std::vector<record::Telecom> telecoms;
  for (const Element& telecom : patient["telecom"].items()) telecoms.push_back(TelecomOf(telecom));
  if (!telecoms.empty()) claim->telecoms = Update<decltype(telecoms)>::Set(std::move(telecoms));

  const Element birth = patient["birthDate"];
  if (const auto date = record::BirthDate::Parse(birth.peek())) {
    birth.text();
    claim->birth_date = Update<record::BirthDate>::Set(*date);
  } else if (birth) {
    context.Miss(birth, "not a whole date that exists");
  }
  if (patient["gender"])
    claim->sex = Update<std::string>::Set(std::string(patient["gender"].text()));
}

void ReadDeath(Context& context, PatientClaim* claim) {
  const Element deceased = fhir::Choice(context.patient(), "deceased");
  if (deceased.name() == "deceasedBoolean") {
    claim->deceased = Update<bool>::Set(deceased.IsTrue());
  } else if (deceased) {
    claim->deceased = Update<bool>::Set(true);
    if (auto when = WhenOf(context, deceased))
      claim->died = Update<record::When>::Set(std::move(*when));
  }
}

void ReadEthnicCategory(Context& context, PatientClaim* claim) {
  const Element ethnic =
      fhir::Choice(fhir::Extension(context.patient(), context.release().ethnic_category), "value");
  const record::Coded category = CodedOf(ethnic);
  if (!category.codings.empty())
    claim->ethnic_category = Update<std::string>::Set(category.codings.front().code);
}

// Whether two records are of one patient a person settles: it is asked, and nothing is merged.
void AskAboutLinks(Context& context) {
  for (const Element& link : context.patient()["link"].items()) {
    const std::string_view other = link["other"]["reference"].peek();
    const Element target = context.Resolve(other, context.patient());
    const bool is_relative = other.find("RelatedPerson/") != std::string_view::npos ||
                             target["resourceType"].peek() == "RelatedPerson";
    if (is_relative) continue;
    context.out().reviews.push_back({record::ReviewKind::kPatientsLinked, "Patient.link"});
    return;
  }
}

// No position in the key: the same person keeps it when another is added before.
std::string DigestOf(const record::Contact& contact) {
  return base::DigestName(contact.name + "\n" + contact.relationship, 16);
}

}  // namespace

record::Draft PatientDraft(Context& context, Section section, Kind kind, std::string_view part) {
  record::Draft draft;
  draft.source_key =
      context.subject().key.empty() ? context.KeyOf(context.patient()) : context.subject().key;
  draft.source_key.append("/").append(part);
  draft.entry.section = section;
  draft.entry.kind = kind;
  for (const Element& label : context.patient()["meta"]["security"].items()) {
    draft.source_labels.push_back(LabelOf(label));
  }
  return draft;
}

void ReadContacts(Context& context) {
  for (const Element& from : context.patient()["contact"].items()) {
    record::Contact contact;
    contact.name = WordsOf(NameOf(from["name"]));
    from["name"]["use"].text();
    for (const Element& relationship : from["relationship"].items()) {
      if (!contact.relationship.empty()) contact.relationship += ", ";
      contact.relationship += WordsOf(CodedOf(relationship));
    }
    for (const Element& address : from["address"].items())
      contact.addresses.push_back(AddressOf(address));
    for (const Element& telecom : from["telecom"].items())
      contact.telecoms.push_back(TelecomOf(telecom));
    auto draft = PatientDraft(context, Section::kPersonalContacts, Kind::kContact,
                              "contact/" + DigestOf(contact));
    draft.entry.what.text = "Contact";
    AddPerformers(context, from["organization"], context.patient(), "organisation", &draft.entry);
    draft.entry.contacts.push_back(std::move(contact));
    context.Add(from, std::move(draft));
  }
}

void ReadProtection(Context& context) {
  for (const Element& label : context.patient()["meta"]["security"].items()) {
    const std::string text = LabelOf(label);
    if (text == "confidentiality:R" || text == "confidentiality:V") {
      context.out().location_protection = record::LocationProtection::kNational;
    }
  }
}

void ReadCommunication(Context& context) {
  PatientClaim* const claim = &context.out().patient;
  for (const Element& extension :
       fhir::Extensions(context.patient(), context.release().nhs_communication)) {
    const record::Coded language =
        CodedOf(fhir::Choice(fhir::Extension(extension, "language"), "value"));
    const std::string code =
        language.codings.empty() ? language.text : language.codings.front().code;
    auto draft = PatientDraft(context, Section::kIndividualRequirements, Kind::kStatement,
                              "communication/" + code);
    record::Entry& entry = draft.entry;
    entry.what.text = "Communication";
    AddDetail(&entry, "language", language);
    const std::string_view preferred =
        fhir::Choice(fhir::Extension(extension, "preferred"), "value").text();
    AddDetail(&entry, "preferred", preferred);
    for (const auto& [url, name] :
         {std::pair{"modeOfCommunication", "mode"}, {"communicationProficiency", "proficiency"}}) {
      for (const Element& part : fhir::Extensions(extension, url)) {
        AddDetail(&entry, name, CodedOf(fhir::Choice(part, "value")));
      }
    }
    AddDetail(&entry, "interpreter required",
              fhir::Choice(fhir::Extension(extension, "interpreterRequired"), "value").text());
    const bool is_first = claim->language.change == Update<std::string>::Change::kLeave;
    if (!code.empty() && (is_first || preferred == "true"))
      claim->language = Update<std::string>::Set(code);
    context.Add(context.patient(), std::move(draft));
  }
}

void ReadNames(Context& context) {
  const Subject& subject = context.subject();
  PatientClaim& claim = context.out().patient;
  if (!subject.patient) claim.nhs_number_as_sent = subject.nhs_number;
  for (const record::LocalIdentifier& name : subject.names) claim.local_identifiers.push_back(name);
}

void ReadPerson(Context& context) {
  PatientClaim& claim = context.out().patient;
  fhir::TypeOf(context.patient());
  fhir::IdOf(context.patient());
  claim.version = context.VersionOf(context.patient());
  ReadIdentifiers(context, &claim);
  ReadDemographics(context, &claim);
  ReadEthnicCategory(context, &claim);
  ReadDeath(context, &claim);
  AskAboutLinks(context);
}

}  // namespace milecastle::resources
