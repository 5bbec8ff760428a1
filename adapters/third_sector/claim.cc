// Who the person of a sheet is: of each field the latest row that says something.
#include <algorithm>

#include "inside/person.h"

namespace milecastle::third_sector {
namespace {

using record::Update;

// Even of a person of whom all was entered in error it is said who they are.
const Rows& Who(const Person& person) {
  return person.told().empty() ? person.rows() : person.told();
}

void ReadNames(Person& person) {
  const Rows& rows = Who(person);
  std::vector<record::PersonName> names;
  // Every name counts, the latest first: a name that changed still says who it is.
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    record::PersonName name;
    name.family = person.sheet().Value(*row, "Family name");
    name.given = person.sheet().Value(*row, "Given names");
    name.prefix = person.sheet().Value(*row, "Title");
    name.use = names.empty() ? "L" : "A";
    const auto is_same = [&](const record::PersonName& one) {
      return port::Folded(one.family) == port::Folded(name.family) &&
             port::Folded(one.given) == port::Folded(name.given);
    };
    if (std::none_of(names.begin(), names.end(), is_same)) names.push_back(std::move(name));
  }
  person.out().patient.names = Update<std::vector<record::PersonName>>::Set(std::move(names));
}

void ReadBirth(Person& person) {
  record::PatientClaim& claim = person.out().patient;
  for (const std::size_t row : Who(person)) {
    const auto born = person.Date(row, "Date of birth");
    if (!born) continue;
    const record::BirthDate date{std::chrono::floor<std::chrono::days>(born->at)};
    claim.birth_date = Update<record::BirthDate>::Set(date);
  }
}

void ReadDeath(Person& person) {
  record::PatientClaim& claim = person.out().patient;
  for (const std::size_t row : person.told()) {
    const auto died = person.Date(row, "Date of death");
    if (!died) continue;
    claim.died = Update<record::When>::Set(*died);
    claim.deceased = Update<bool>::Set(true);
  }
}

void ReadAddress(Person& person) {
  record::Address address;
  std::string lines = person.Latest(person.told(), "Address");
  address.postcode = person.Latest(person.told(), "Postcode");
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    if (end > at) address.lines.push_back(lines.substr(at, end - at));
    at = end + 1;
  }
  if (address.lines.empty() && address.postcode.empty()) return;
  person.out().patient.addresses = Update<std::vector<record::Address>>::Set({std::move(address)});
}

void ReadTelecoms(Person& person) {
  std::vector<record::Telecom> telecoms;
  const auto add = [&](std::string_view field, std::string system) {
    std::string value = person.Latest(person.told(), field);
    if (!value.empty()) telecoms.push_back({std::move(system), std::move(value), ""});
  };
  add("Phone", "phone");
  add("Email", "email");
  if (telecoms.empty()) return;
  person.out().patient.telecoms = Update<std::vector<record::Telecom>>::Set(std::move(telecoms));
}

// The latest that is one: "n/a" is nobody's.
std::string LatestId(Person& person, std::string_view field) {
  std::string latest;
  for (const std::size_t row : Who(person)) {
    std::string id = person.sheet().Value(row, field);
    if (AnswerOf(id) != Answer::kNothing) latest = std::move(id);
  }
  return latest;
}

void ReadIdentifiers(Person& person) {
  record::PatientClaim& claim = person.out().patient;
  claim.nhs_number_as_sent = LatestId(person, "NHS number");
  if (!person.authority().empty()) {
    const std::string local = LatestId(person, "Local id");
    if (!local.empty()) claim.local_identifiers.push_back({person.authority(), "LOCAL", local});
  }
  if (claim.nhs_number_as_sent.empty()) return;
  const std::string traced = person.Latest(person.told(), "NHS number traced");
  // Their own word is not the Personal Demographics Service's: the feed says whether it is relied
  // on (share_untraced), as where nothing is said.
  if (AnswerOf(traced) == Answer::kYes) {
    person.Note(person.latest(), "NHS number traced",
                "their own word, which is no trace: the feed's share_untraced says whether the "
                "number is relied on");
  }
  if (AnswerOf(traced) == Answer::kNo) claim.tracing = record::Tracing::kNotTraced;
  if (AnswerOf(traced) == Answer::kWords) {
    claim.tracing = record::Tracing::kNotTraced;
    person.Note(person.latest(), "NHS number traced", "neither Yes nor No: the number is untraced");
  }
}

// Whatever stands there but a plain No hides where the person is.
void ReadProtection(Person& person) {
  for (const std::size_t row : person.rows()) {
    const Answer answer = AnswerOf(person.sheet().Value(row, "Address confidential"));
    if (answer == Answer::kYes || answer == Answer::kWords) {
      person.out().location_protection = record::LocationProtection::kLocal;
    }
  }
}

}  // namespace

void ReadClaim(Person& person) {
  ReadIdentifiers(person);
  ReadNames(person);
  ReadBirth(person);
  ReadDeath(person);
  ReadAddress(person);
  ReadTelecoms(person);
  ReadProtection(person);
  record::PatientClaim& claim = person.out().patient;
  const auto set = [&](std::string_view field, Update<std::string>& update) {
    std::string text = person.Latest(person.told(), field);
    if (AnswerOf(text) != Answer::kNothing) update = Update<std::string>::Set(std::move(text));
  };
  set("Gender", claim.sex);
  set("Language", claim.language);
  set("Ethnicity", claim.ethnic_category);
  set("GP practice", claim.gp_practice);
  set("GP", claim.gp);
}

}  // namespace milecastle::third_sector
