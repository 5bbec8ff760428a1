// "Person demographics": who the person is.
#include <array>

#include "inside/entries.h"
#include "inside/values.h"

namespace milecastle::prsb {
namespace {

using fhir::Element;
using record::Update;

void SetText(const Element& group, std::string_view name, Update<std::string>& update) {
  std::string text = TextOf(Member(group, name));
  if (!text.empty()) update = Update<std::string>::Set(std::move(text));
}

std::string Joined(const Element& element) {
  std::string text;
  for (const Element& item : element.items()) {
    text += (text.empty() ? "" : " ") + std::string(item.text());
  }
  return text;
}

void ReadName(const Element& group, record::PatientClaim& claim) {
  const Element name = Member(group, "personname");
  std::vector<record::PersonName> names;
  record::PersonName full{.family = Joined(Member(name, "personfamilyname")),
                          .given = Joined(Member(name, "personfirstname")),
                          .prefix = Joined(Member(name, "title")),
                          .suffix = Joined(Member(name, "personnamesuffix")),
                          .use = "L"};
  if (!full.family.empty() || !full.given.empty()) names.push_back(std::move(full));
  if (std::string preferred = TextOf(Member(name, "personpreferredname")); !preferred.empty()) {
    names.push_back({.family = "", .given = preferred, .prefix = "", .suffix = "", .use = "A"});
  }
  if (!names.empty()) claim.names = Update<std::vector<record::PersonName>>::Set(std::move(names));
}

void ReadAddress(const Element& group, record::PatientClaim& claim) {
  const Element sent = Member(group, "personsaddress");
  record::Address address;
  for (const std::string_view line :
       {"addressline1", "addressline2", "addressline3", "addressline4", "addressline5"}) {
    std::string text = TextOf(Member(sent, line));
    if (!text.empty()) address.lines.push_back(std::move(text));
  }
  address.postcode = TextOf(Member(sent, "postcode"));
  if (address.lines.empty() && address.postcode.empty()) return;
  claim.addresses = Update<std::vector<record::Address>>::Set({std::move(address)});
}

}  // namespace

void ReadDemographics(const Element& group, const port::Mapping& mapping, const Issuer& issuer,
                      record::PatientClaim& claim) {
  claim.nhs_number_as_sent = TextOf(Member(group, "nhsnumber"));
  for (const Element& other : Member(group, "otheridentifier").items()) {
    if (issuer.authority.empty() || other.IsObject()) continue;
    claim.local_identifiers.push_back({issuer.authority, issuer.type, std::string(other.text())});
  }
  ReadName(group, claim);
  ReadAddress(group, claim);
  if (const auto born = WhenOf(Member(group, "dateofbirth"), mapping);
      born && born->precision >= record::Precision::kDay) {
    const record::BirthDate date{std::chrono::floor<std::chrono::days>(born->at)};
    claim.birth_date = Update<record::BirthDate>::Set(date);
  }
  if (const auto died = WhenOf(Member(group, "dateofdeath"), mapping)) {
    claim.died = Update<record::When>::Set(*died);
    claim.deceased = Update<bool>::Set(true);
  }
  SetText(group, "gender", claim.sex);
  // PERSON STATED GENDER CODE of the NHS data dictionary; other codes stay as sent.
  if (claim.sex.value == "1") claim.sex.value = "male";
  if (claim.sex.value == "2") claim.sex.value = "female";
  SetText(group, "ethnicity", claim.ethnic_category);
}

}  // namespace milecastle::prsb
