// The person of a Client Level Data row, as a claim: NHS number, the council's own identifier,
// birth date, gender, ethnicity, postcode, practice, death. The return names nobody; a council may
// send First_Name and Family_Name beside it.
#include "inside/person.h"

namespace milecastle::social_care {

using record::Update;

void ReadClaim(Person& person) {
  sheet::Sheet& sheet = person.sheet();
  const std::size_t row = person.latest();
  record::PatientClaim& claim = person.out().patient;
  claim.nhs_number_as_sent = person.Term(row, "NHS_Number");
  const std::string local = person.Term(row, "LA_Person_Unique_Identifier");
  if (!local.empty() && !person.authority().empty()) {
    claim.local_identifiers.push_back({person.authority(), "LA", local});
  }
  record::PersonName name;
  name.family = sheet.Value(row, "Family_Name");
  name.given = sheet.Value(row, "First_Name");
  if (!name.family.empty() || !name.given.empty()) {
    claim.names = Update<std::vector<record::PersonName>>::Set({std::move(name)});
  }
  if (const auto born = person.Date(row, "Date_of_Birth")) {
    const record::BirthDate date{std::chrono::floor<std::chrono::days>(born->at)};
    claim.birth_date = Update<record::BirthDate>::Set(date);
  }
  if (const auto died = person.Date(row, "Date_of_Death")) {
    claim.died = Update<record::When>::Set(*died);
    claim.deceased = Update<bool>::Set(true);
  }
  const auto set = [&](std::string_view field, Update<std::string>& update) {
    std::string text = person.Term(row, field);
    if (!text.empty()) update = Update<std::string>::Set(std::move(text));
  };
  set("Gender", claim.sex);
  set("Ethnicity", claim.ethnic_category);
  set("GP_Practice_Code", claim.gp_practice);
  if (std::string postcode = person.Term(row, "Postcode"); !postcode.empty()) {
    record::Address address;
    address.postcode = std::move(postcode);
    claim.addresses = Update<std::vector<record::Address>>::Set({std::move(address)});
  }
}

}  // namespace milecastle::social_care
