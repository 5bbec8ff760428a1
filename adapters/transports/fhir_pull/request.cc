#include "fhir_pull/request.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/json_writer.h"

namespace milecastle::fhir_pull {
namespace {

using base::JsonWriter;
using record::Section;

constexpr std::string_view kMedia = "application/fhir+json";
constexpr std::string_view kOperation = "/Patient/$gpc.getstructuredrecord";
constexpr std::string_view kInteraction =
    "urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1";
constexpr std::string_view kPatientSearch =
    "urn:nhs:names:services:gpconnect:documents:fhir:rest:search:patient-1";
constexpr std::string_view kDocumentSearch =
    "urn:nhs:names:services:gpconnect:documents:fhir:rest:search:documentreference-1";
constexpr std::string_view kReadBinary =
    "urn:nhs:names:services:gpconnect:documents:fhir:rest:read:binary-1";
// https://fhir.nhs.uk/Id/nhs-number|, as it stands in a query.
constexpr std::string_view kNhsNumberInQuery = "https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C";
// As the specification has them: all five are to be sent.
constexpr std::string_view kIncludes =
    "?_include=DocumentReference:subject:Patient"
    "&_include=DocumentReference:custodian:Organization"
    "&_include=DocumentReference:author:Organization"
    "&_include=DocumentReference:author:Practitioner"
    "&_revinclude:recurse=PractitionerRole:practitioner";
constexpr std::string_view kNhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
constexpr std::string_view kOdsCode = "https://fhir.nhs.uk/Id/ods-organization-code";
constexpr std::string_view kSdsUser = "https://fhir.nhs.uk/Id/sds-user-id";
constexpr std::string_view kSdsRole = "https://fhir.nhs.uk/Id/sds-role-profile-id";
constexpr std::string_view kNotKnown = "UNK";  // as the specification has it: no smartcard
constexpr std::chrono::seconds kTokenLife{300};
constexpr std::string_view kTokenHeader = R"({"alg":"none","typ":"JWT"})";

// One of the Parameters, with the flag that belongs to it: each asks for more, so that what is
// ended, issued or not given is told as that.
struct Area {
  Section section;
  std::string_view parameter;
  std::string_view flag;  // empty: none
};
constexpr std::array kAreas = {
    Area{Section::kAllergies, "includeAllergies", "includeResolvedAllergies"},
    Area{Section::kMedications, "includeMedication", "includePrescriptionIssues"},
    Area{Section::kProblems, "includeProblems", ""},
    Area{Section::kContactsWithProfessionals, "includeConsultations", ""},
    Area{Section::kFamilyHistory, "includeConsultations", ""},
    Area{Section::kVaccinations, "includeImmunisations", "includeNotGiven"},
    Area{Section::kExaminationFindings, "includeUncategorisedData", ""},
    Area{Section::kInvestigationResults, "includeInvestigations", ""},
    Area{Section::kInvestigationsRequested, "includeInvestigations", ""},
    Area{Section::kReferralDetails, "includeReferrals", ""},
    Area{Section::kPlanAndActions, "includeDiaryEntries", ""},
};

std::vector<Section> AllSections() {
  std::vector<Section> sections;
  for (const Area& area : kAreas) sections.push_back(area.section);
  return sections;
}

void WriteIdentifier(JsonWriter& writer, std::string_view system, std::string_view value) {
  writer.Open('{').Key("system").Text(system).Key("value").Text(value).Close('}');
}

void WriteArea(JsonWriter& writer, const Area& area) {
  writer.Open('{').Key("name").Word(area.parameter);
  if (!area.flag.empty()) {
    writer.Key("part").Open('[').Open('{').Key("name").Word(area.flag);
    writer.Key("valueBoolean").Flag(true).Close('}').Close(']');
  }
  writer.Close('}');
}

void WriteDevice(JsonWriter& writer, const Provider& provider) {
  writer.Key("requesting_device").Open('{').Key("resourceType").Word("Device");
  writer.Key("identifier").Open('[');
  WriteIdentifier(writer, "urn:milecastle:system", provider.system);
  writer.Close(']').Key("model").Text(provider.system).Key("version").Word("1").Close('}');
}

// The code stands for the name too: that of a directory may be another than theirs.
void WriteOrganisation(JsonWriter& writer, const record::Requester& requester) {
  const std::string code = requester.organisation ? requester.organisation->text() : "";
  writer.Key("requesting_organization").Open('{').Key("resourceType").Word("Organization");
  writer.Key("identifier").Open('[');
  WriteIdentifier(writer, kOdsCode, code);
  writer.Close(']').Key("name").Text(code).Close('}');
}

// A user of ours is known by the issuer's id; of a smartcard nobody told us.
void WritePractitioner(JsonWriter& writer, const record::Requester& requester) {
  writer.Key("requesting_practitioner").Open('{').Key("resourceType").Word("Practitioner");
  writer.Key("id").Text(requester.user).Key("identifier").Open('[');
  WriteIdentifier(writer, kSdsUser, kNotKnown);
  WriteIdentifier(writer, kSdsRole, kNotKnown);
  WriteIdentifier(writer, requester.issuer, requester.user);
  writer.Close(']').Key("name").Open('[').Open('{').Key("family").Text(requester.user);
  writer.Close('}').Close(']').Close('}');
}

std::uint64_t SecondsOf(base::Instant now) {
  const auto since = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  return static_cast<std::uint64_t>(since.count());
}

std::string ClaimsFor(const Question& question, const Provider& provider, base::Instant now) {
  constexpr std::size_t kMostly = 1024;
  JsonWriter writer(kMostly);
  writer.Open('{').Key("iss").Text(provider.system);
  writer.Key("sub").Text(question.requester.user);
  writer.Key("aud").Text(UrlOf(provider));
  writer.Key("iat").Number(SecondsOf(now)).Key("exp").Number(SecondsOf(now + kTokenLife));
  // The only reason that the specification has beside moving a record to another practice.
  writer.Key("reason_for_request").Word("directcare");
  writer.Key("requested_scope").Word("patient/*.read organization/*.read");
  WriteDevice(writer, provider);
  WriteOrganisation(writer, question.requester);
  WritePractitioner(writer, question.requester);
  writer.Close('}');
  return std::move(writer).Take();
}

struct Asked {
  const Question& question;
  const Provider& provider;
  const base::Uuid& trace_id;
  base::Instant now;
};

https::Request RequestOf(https::Verb verb, std::string path, std::string_view interaction,
                         const Asked& asked) {
  const Provider& provider = asked.provider;
  const std::string token = TokenFor(asked.question, provider, asked.now);
  return {.verb = verb,
          .path = provider.base + std::move(path),
          .headers = {{"Accept", std::string(kMedia)},
                      {"Accept-Encoding", "identity"},
                      {"Authorization", "Bearer " + token},
                      {"Cache-Control", "no-store"},
                      {"Connection", "close"},
                      {"Content-Type", std::string(kMedia)},
                      {"Ssp-From", provider.from_asid},
                      {"Ssp-InteractionID", std::string(interaction)},
                      {"Ssp-To", provider.to_asid},
                      {"Ssp-TraceID", asked.trace_id.ToString()}}};
}

}  // namespace

const std::vector<Section>& Sections() {
  static const std::vector<Section> sections = AllSections();
  return sections;
}

std::string UrlOf(const Provider& provider) {
  const bool is_six = provider.host.find(':') != std::string::npos;
  std::string url = "https://" + (is_six ? "[" + provider.host + "]" : provider.host);
  if (provider.port != 443) url += ":" + std::to_string(provider.port);
  return url + provider.base;
}

std::string ParametersFor(const Question& question) {
  constexpr std::size_t kMostly = 1024;
  JsonWriter writer(kMostly);
  writer.Open('{').Key("resourceType").Word("Parameters").Key("parameter").Open('[');
  writer.Open('{').Key("name").Word("patientNHSNumber").Key("valueIdentifier");
  WriteIdentifier(writer, kNhsNumber, question.nhs_number.digits());
  writer.Close('}');
  std::string_view last;
  for (const Area& area : kAreas) {  // those of one parameter stand side by side
    const auto& asked = question.sections;
    if (area.parameter == last ||
        std::find(asked.begin(), asked.end(), area.section) == asked.end()) {
      continue;
    }
    WriteArea(writer, area);
    last = area.parameter;
  }
  writer.Close(']').Close('}');
  return std::move(writer).Take();
}

std::string TokenFor(const Question& question, const Provider& provider, base::Instant now) {
  return base::ToBase64Url(kTokenHeader) + "." +
         base::ToBase64Url(ClaimsFor(question, provider, now)) + ".";
}

https::Request RequestFor(const Question& question, const Provider& provider,
                          const base::Uuid& trace_id, base::Instant now) {
  https::Request request = RequestOf(https::Verb::kPost, std::string(kOperation), kInteraction,
                                     {question, provider, trace_id, now});
  request.body = ParametersFor(question);
  return request;
}

https::Request PatientSearchFor(const Question& question, const Provider& provider,
                                const base::Uuid& trace_id, base::Instant now) {
  std::string path = "/Patient?identifier=" + std::string(kNhsNumberInQuery);
  return RequestOf(https::Verb::kGet, path + question.nhs_number.digits(), kPatientSearch,
                   {question, provider, trace_id, now});
}

https::Request DocumentSearchFor(const Question& question, const std::string& patient_id,
                                 const Provider& provider, const base::Uuid& trace_id,
                                 base::Instant now) {
  return RequestOf(https::Verb::kGet,
                   "/Patient/" + patient_id + "/DocumentReference" + std::string(kIncludes),
                   kDocumentSearch, {question, provider, trace_id, now});
}

https::Request BinaryFor(const Question& question, const std::string& binary_id,
                         const Provider& provider, const base::Uuid& trace_id, base::Instant now) {
  return RequestOf(https::Verb::kGet, "/Binary/" + binary_id, kReadBinary,
                   {question, provider, trace_id, now});
}

}  // namespace milecastle::fhir_pull
