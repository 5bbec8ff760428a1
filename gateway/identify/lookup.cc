#include "identify/lookup.h"

#include <algorithm>

namespace milecastle::identify {
namespace {

// What is asked is kept in the audit log for good: nobody fills it with long names.
constexpr std::size_t kLongestName = 256;  // bytes

base::Error Wrong(const char* field, const char* advice) {
  return {base::ErrorId::kArgumentInvalid, field, advice};
}

bool HasFamilyName(const store::Identity& identity, const std::string& folded) {
  const auto& names = identity.demographics.names;
  return std::any_of(names.begin(), names.end(), [&](const record::PersonName& name) {
    return store::FoldName(name.family) == folded;
  });
}

void SetMatch(const Details& details, Found& found) {
  const std::string folded = store::FoldName(details.family_name);
  bool born = false;
  for (const store::Identity& identity : found.identities) {
    born = born || identity.demographics.birth_date == details.birth_date;
    if (HasFamilyName(identity, folded)) found.named_by.push_back(identity.source);
  }
  if (!born) {
    found.match = Match::kBirthDateDiffers;
  } else {
    found.match = found.named_by.empty() ? Match::kMatchedNameDiffers : Match::kMatched;
  }
}

}  // namespace

base::Result<Details> ReadDetails(const PersonKey& key) {
  const auto number = record::NhsNumber::Parse(key.nhs_number);
  if (!number) return Wrong("nhs_number", "write ten digits whose check digit holds");
  const auto born = record::BirthDate::Parse(key.birth_date);
  if (!born || key.birth_date.size() != 10) return Wrong("birth_date", "write YYYY-MM-DD");
  if (key.family_name.size() > kLongestName)
    return Wrong("family_name", "write it in at most 256 bytes");
  if (store::FoldName(key.family_name).empty())
    return Wrong("family_name", "write the family name");
  return Details{*number, *born, key.family_name};
}

base::Result<Found> FindPerson(store::ReadPatients& patients, const Details& details) {
  auto person = patients.FindPersonByNhsNumber(details.nhs_number);
  if (!person) return person.error();
  // Nobody: the same questions are asked of an id that nobody has, so that the work is the same
  // (safety.md 9).
  const record::PersonId asked = *person ? (*person)->id : record::PersonId{};
  auto identities = patients.IdentitiesOf(asked);
  if (!identities) return identities.error();
  Found found{.person = *person, .identities = std::move(*identities), .named_by = {}};
  if (found.person) SetMatch(details, found);
  return found;
}

}  // namespace milecastle::identify
