#include "inside/identity_row.h"

#include <algorithm>

#include "inside/fields.h"

namespace milecastle::store::sqlite {

Identity ReadIdentity(Row& row) {
  Identity identity{.id = row.IdOf<record::IdentityId>(),
                    .person = row.IdOf<record::PersonId>(),
                    .source = row.Ods(),
                    .nhs_number_as_sent = {},
                    .nhs_number = row.MaybeNhsNumber(),
                    .local_identifiers = {},
                    .demographics = {},
                    .updated = {}};
  identity.shareable = row.Bool();
  identity.updated = row.Time();
  auto claim = Unpack<Claim>(row.Bytes());
  identity.merged_into = row.Maybe(&Row::IdOf<record::IdentityId>);
  if (!claim) {
    row.Break();
    return identity;
  }
  identity.nhs_number_as_sent = std::move(claim->nhs_number_as_sent);
  identity.tracing = claim->tracing;
  identity.pseudo_person = claim->pseudo_person;
  identity.local_identifiers = std::move(claim->local_identifiers);
  identity.demographics = std::move(claim->demographics);
  return identity;
}

std::string ClaimOf(const Identity& identity) {
  return Pack(Claim{identity.nhs_number_as_sent, identity.tracing, identity.pseudo_person,
                    identity.local_identifiers, identity.demographics});
}

std::string SealOfIdentity(const Identity& identity, const std::string& claim) {
  const Value columns[] = {identity.id,         identity.person,     identity.source,
                           identity.nhs_number, identity.shareable,  identity.updated,
                           Blob{claim},         identity.merged_into};
  return SealOf(kIdentitiesTable, columns);
}

std::vector<std::string> FoldedFamilies(const Identity& identity) {
  std::vector<std::string> families;
  if (!identity.demographics.birth_date) return families;
  for (const record::PersonName& name : identity.demographics.names) {
    families.push_back(FoldName(name.family));
  }
  std::sort(families.begin(), families.end());
  families.erase(std::unique(families.begin(), families.end()), families.end());
  return families;
}

}  // namespace milecastle::store::sqlite
