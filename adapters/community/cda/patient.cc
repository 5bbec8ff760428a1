// recordTarget: who the document is of (CDA R2 section 4.2.2.11).
#include <array>
#include <utility>

#include "detail/names.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

using base::Error;
using base::ErrorId;
using record::PatientClaim;
using record::Update;

bool IsNhsNumber(std::string_view root) {
  return root == kNhsNumberVerified || root == kNhsNumberUnverified;
}

// A verified number and an unverified one that are the same are verified; two that differ leave it
// open whose document this is.
base::Result<void> TakeNhsNumber(const xml::Node& id, PatientClaim& claim) {
  const bool verified = id.value("root") == kNhsNumberVerified;
  std::string number = Trimmed(id.value("extension"));
  id.value("assigningAuthorityName");
  if (number.empty()) return {};
  if (!claim.nhs_number_as_sent.empty() && claim.nhs_number_as_sent != number) {
    return Error{ErrorId::kMessageInvalid, id.Place(),
                 "a patient has one NHS number: send the current one"};
  }
  claim.nhs_number_as_sent = std::move(number);
  if (verified) claim.tracing = record::Tracing::kVerified;
  if (claim.tracing == record::Tracing::kUnstated) claim.tracing = record::Tracing::kNotTraced;
  return {};
}

// "RAA:Some Hospital", as NHS documents write whose a local number is.
std::string AuthorityOf(std::string_view root, std::string_view name) {
  const std::string_view before = name.substr(0, name.find(':'));
  if (const auto code = record::OdsCode::Parse(before); code && before.size() < name.size()) {
    return code->text();
  }
  if (!name.empty()) return Trimmed(name);
  return root == kLocalPerson ? "" : SystemOf(root);
}

void TakeLocalId(Context& context, const xml::Node& id, PatientClaim& claim) {
  const std::string_view root = id.attribute("root").peek();
  const std::string value = Trimmed(id.attribute("extension").peek());
  if (value.empty() && root.empty()) {
    id.value("nullFlavor");
    return;
  }
  record::LocalIdentifier local;
  local.value = value;
  local.authority = AuthorityOf(root, id.attribute("assigningAuthorityName").peek());
  if (local.value.empty() || local.authority.empty()) {
    context.Miss(id, "an identifier without its number or whose it is");
    return;
  }
  id.Take();
  claim.local_identifiers.push_back(std::move(local));
}

base::Result<void> ReadIdentifiers(Context& context, const xml::Node& role) {
  PatientClaim& claim = context.out().patient;
  for (const xml::Node& id : role.All("id")) {
    if (!IsNhsNumber(id.attribute("root").peek())) {
      TakeLocalId(context, id, claim);
    } else if (auto taken = TakeNhsNumber(id, claim); !taken) {
      return taken;
    }
  }
  return {};
}

std::string SexOf(const xml::Node& code) {
  const std::string_view sex = code.value("code");
  const std::string_view system = code.value("codeSystem");
  for (const char* name : {"displayName", "codeSystemName", "nullFlavor"}) code.value(name);
  if (system != kNhsGender) return std::string(sex);
  return sex == "1" ? "M" : sex == "2" ? "F" : sex == "0" ? "U" : std::string(sex);
}

void ReadNames(const xml::Node& patient, PatientClaim& claim) {
  std::vector<record::PersonName> names;
  for (const xml::Node& name : patient.All("name")) {
    record::PersonName read = NameOf(name);
    if (!read.family.empty() || !read.given.empty()) names.push_back(std::move(read));
  }
  if (!names.empty()) claim.names = decltype(claim.names)::Set(std::move(names));
}

void ReadLanguage(const xml::Node& patient, PatientClaim& claim) {
  for (const xml::Node& communication : patient.All("languageCommunication")) {
    const bool preferred = IsTrue(communication["preferenceInd"].attribute("value").peek());
    const bool is_first = claim.language.change == Update<std::string>::Change::kLeave;
    if (!is_first && !preferred) continue;
    const xml::Node code = communication["languageCode"];
    std::string language(code.value("code"));
    for (const char* name : {"codeSystem", "displayName", "nullFlavor"}) code.value(name);
    communication["preferenceInd"].value("value");
    if (!language.empty()) claim.language = Update<std::string>::Set(std::move(language));
  }
}

void ReadDeath(Context& context, const xml::Node& patient, PatientClaim& claim) {
  for (const std::string_view space : {kHl7Extensions, kHl7}) {
    const xml::Node flag = patient.Child(space, "deceasedInd").attribute("value");
    if (flag) claim.deceased = Update<bool>::Set(IsTrue(flag.text()));
    if (auto died = WhenOf(context, patient.Child(space, "deceasedTime"))) {
      claim.deceased = Update<bool>::Set(true);
      claim.died = Update<record::When>::Set(*std::move(died));
    }
  }
}

void ReadPerson(Context& context, const xml::Node& patient) {
  PatientClaim& claim = context.out().patient;
  ReadNames(patient, claim);
  std::string sex = SexOf(patient["administrativeGenderCode"]);
  if (!sex.empty()) claim.sex = Update<std::string>::Set(std::move(sex));
  const xml::Node birth = patient["birthTime"].attribute("value");
  if (const auto date = record::BirthDate::Parse(birth.peek())) {
    birth.text();
    claim.birth_date = Update<record::BirthDate>::Set(*date);
  } else if (birth) {
    context.Miss(birth, "not a whole date that exists");
  }
  const xml::Node ethnic = patient["ethnicGroupCode"];
  if (!ethnic.attribute("code").peek().empty()) {
    const record::Coded category = CodedOf(context, ethnic);
    claim.ethnic_category = Update<std::string>::Set(category.codings.front().code);
  }
  ReadLanguage(patient, claim);
  ReadDeath(context, patient, claim);
}

void ReadGuardians(Context& context, const xml::Node& patient) {
  for (const xml::Node& guardian : patient.All("guardian")) {
    record::Draft draft;
    draft.source_key = context.KeyOf("contact", guardian);
    draft.entry.section = record::Section::kPersonalContacts;
    draft.entry.kind = record::Kind::kContact;
    draft.entry.what.text = "Guardian";
    draft.entry.contacts.push_back(ContactOf(context, guardian, "guardian"));
    context.Add(std::move(draft));
  }
}

// Whom an NHS document names as provider is the patient's GP practice only where it says so.
void ReadProvider(Context& context, const xml::Node& provider) {
  if (!provider) return;
  const xml::Node industry = provider["standardIndustryClassCode"];
  const bool is_practice =
      industry.value("codeSystem") == kNhsIndustry && industry.value("code") == "001";
  industry.value("displayName");
  record::Draft draft;
  draft.source_key = "provider";  // one, whichever document said so last
  record::Entry& entry = draft.entry;
  entry.section =
      is_practice ? record::Section::kGpPractice : record::Section::kProfessionalContacts;
  entry.kind = record::Kind::kContact;
  entry.what.text = is_practice ? "GP practice" : "Provider organisation";
  const std::string code = OdsCodeOf(provider);
  record::Contact contact = ContactOf(context, provider, entry.what.text);
  contact.name = Trimmed(provider["name"].text());
  if (is_practice) {
    entry.practice = code.empty() ? contact.name : code;
    if (const auto ods = record::OdsCode::Parse(code)) {
      context.out().patient.gp_practice = Update<std::string>::Set(ods->text());
    }
  }
  const bool says_nothing = contact.name.empty() && code.empty();
  if (!is_practice && !code.empty()) entry.performers.push_back({.organisation = code});
  entry.contacts.push_back(std::move(contact));
  if (!says_nothing) context.Add(std::move(draft));
}

template <class T, class Read>
void ReadAll(const xml::Node& role, std::string_view name, Update<std::vector<T>>& into,
             const Read& read) {
  std::vector<T> all;
  for (const xml::Node& node : role.All(name)) {
    node.value("nullFlavor");
    T item = read(node);
    if (!(item == T{.use = item.use}) && !(item == T{})) all.push_back(std::move(item));
  }
  if (!all.empty()) into = Update<std::vector<T>>::Set(std::move(all));
}

}  // namespace

base::Result<void> ReadPatient(Context& context) {
  const auto targets = context.document().All("recordTarget");
  const xml::Node role = targets[0]["patientRole"];
  if (!role) {
    return Error{ErrorId::kPatientMissing, context.document().Place() + "/recordTarget",
                 "a document says whose it is: add its recordTarget"};
  }
  if (targets.size() > 1 || targets[0].All("patientRole").size() > 1) {
    return Error{ErrorId::kMessageInvalid, context.document().Place() + "/recordTarget",
                 "a document of several patients is refused: send one for each"};
  }
  if (auto read = ReadIdentifiers(context, role); !read) return read;
  PatientClaim& claim = context.out().patient;
  ReadAll(role, "addr", claim.addresses, AddressOf);
  ReadAll(role, "telecom", claim.telecoms, [](const xml::Node& node) {
    record::Telecom telecom = TelecomOf(node);
    return telecom.value.empty() ? record::Telecom{} : telecom;
  });
  ReadPerson(context, role["patient"]);
  ReadGuardians(context, role["patient"]);
  ReadProvider(context, role["providerOrganization"]);
  return {};
}

}  // namespace milecastle::cda
