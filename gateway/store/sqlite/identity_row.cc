#include "inside/identity_row.h"

#include <algorithm>

#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

std::vector<std::string> PostcodesOf(const Identity& identity) {
  std::vector<std::string> postcodes;
  for (const record::Address& address : identity.demographics.addresses) {
    std::string postcode = FoldPostcode(address.postcode);
    if (postcode.empty()) continue;
    if (std::find(postcodes.begin(), postcodes.end(), postcode) != postcodes.end()) continue;
    postcodes.push_back(std::move(postcode));
  }
  return postcodes;
}

}  // namespace

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

Seal SealOfIdentity(const Identity& identity, const std::string& claim) {
  const Value columns[] = {identity.id,         identity.person,     identity.source,
                           identity.nhs_number, identity.shareable,  identity.updated,
                           Blob{claim},         identity.merged_into};
  return SealOf(kIdentitiesTable, columns);
}

std::vector<FoundBy> FoundByOf(const Identity& identity) {
  constexpr std::size_t kMost = 16;
  std::vector<FoundBy> names;
  for (const record::PersonName& name : identity.demographics.names) {
    FoundBy one{.family = FoldName(name.family), .given = FirstGiven(name.given)};
    one.sound = SoundOf(one.family);
    if (std::find(names.begin(), names.end(), one) == names.end()) names.push_back(std::move(one));
  }
  const std::vector<std::string> postcodes = PostcodesOf(identity);
  std::vector<FoundBy> rows = names;
  for (std::size_t at = 0; at < postcodes.size() && !names.empty(); ++at) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (at == 0) rows[i].postcode = postcodes.front();
      if (at == 0 || rows.size() >= kMost) continue;
      rows.push_back(names[i]);
      rows.back().postcode = postcodes[at];
    }
  }
  return rows;
}

base::Result<void> IndexNames(Connection& connection, const Identity& identity) {
  auto cleared = Run(connection, "DELETE FROM folded_names WHERE identity = ?", {identity.id});
  if (!cleared) return cleared;
  const auto& born = identity.demographics.birth_date;
  const std::string birth_date = born ? born->ToString() : std::string();
  for (const FoundBy& row : FoundByOf(identity)) {
    if (!born && row.postcode.empty()) continue;  // found by nothing
    auto added = Insert(connection,
                        "INSERT INTO folded_names (seal, identity, birth_date, family, sound,"
                        " given, postcode) VALUES (?,?,?,?,?,?,?)",
                        "folded_names",
                        {identity.id, birth_date, row.family, row.sound, row.given,
                         row.postcode.empty() ? Value() : Value(row.postcode)});
    if (!added) return added;
  }
  return {};
}

}  // namespace milecastle::store::sqlite
