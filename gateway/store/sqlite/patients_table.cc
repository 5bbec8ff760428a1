#include "inside/patients_table.h"

#include <algorithm>

#include "inside/fields.h"
#include "inside/identity_row.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kPersonsTable = "persons";
constexpr std::string_view kLocalsTable = "local_identifiers";
constexpr std::string_view kLinksTable = "links";
constexpr std::string_view kApartTable = "apart";

base::Error NoSuch(std::string advice) {
  return {base::ErrorId::kNotFound, "the patient index", std::move(advice)};
}

Person ReadPerson(Row& row) {
  Person person;
  person.id = row.IdOf<record::PersonId>();
  person.nhs_number = row.MaybeNhsNumber();
  person.state = row.As<PersonState>();
  person.under_merge_review = row.Bool();
  person.record_version = static_cast<std::uint64_t>(row.Int());
  return person;
}

Seal SealOfPerson(const Person& person) {
  const Value columns[] = {person.id, person.nhs_number, person.state, person.under_merge_review,
                           person.record_version};
  return SealOf(kPersonsTable, columns);
}

LinkEvent ReadLink(Row& row) {
  LinkEvent event{.identity = row.IdOf<record::IdentityId>(),
                  .from = row.IdOf<record::PersonId>(),
                  .to = row.IdOf<record::PersonId>(),
                  .reason = row.Text(),
                  .by = row.Text(),
                  .at = row.Time()};
  if (const auto packed = row.Maybe(&Row::Bytes)) {
    event.why = Unpack<MatchNote>(*packed);
    if (!event.why) row.Break();
  }
  return event;
}

Apart ReadApart(Row& row) {
  return {.one = row.IdOf<record::IdentityId>(),
          .other = row.IdOf<record::IdentityId>(),
          .by = row.Text(),
          .at = row.Time()};
}

}  // namespace

base::Result<std::optional<Person>> FindPersonIn(Connection& connection, record::PersonId id) {
  return First(connection, "SELECT * FROM persons WHERE id = ?", kPersonsTable, {id}, &ReadPerson);
}

base::Result<std::vector<Identity>> IdentitiesIn(Connection& connection, record::PersonId person) {
  return All(connection, "SELECT * FROM identities WHERE person = ? ORDER BY seq", kIdentitiesTable,
             {person}, &ReadIdentity);
}

base::Result<std::optional<Identity>> PatientsTable::FindIdentity(record::IdentityId id) {
  if (const Identity* const known = session_.known.identities.Find(id)) {
    return std::optional(*known);
  }
  return Remember(ReadIdentityRow(id));
}

// As it stood; it is about to be another.
base::Result<std::optional<Identity>> PatientsTable::TakeIdentity(record::IdentityId id) {
  auto known = session_.known.identities.Take(id);
  if (known) return known;
  return ReadIdentityRow(id);
}

base::Result<std::optional<Identity>> PatientsTable::ReadIdentityRow(record::IdentityId id) {
  return First(connection_, "SELECT * FROM identities WHERE id = ?", kIdentitiesTable, {id},
               &ReadIdentity);
}

base::Result<std::optional<Identity>> PatientsTable::Remember(
    base::Result<std::optional<Identity>> found) {
  if (session_.in_work && found && *found) session_.known.identities.Keep((*found)->id, **found);
  return found;
}

base::Result<std::optional<Identity>> PatientsTable::FindByLocal(
    const record::OdsCode& source, const record::LocalIdentifier& local) {
  const LocalName name{source, local};
  if (const record::IdentityId* const known = session_.known.by_local.Find(name)) {
    return FindIdentity(*known);
  }
  auto found = Remember(
      First(connection_,
            "SELECT * FROM identities WHERE id = (SELECT identity FROM local_identifiers"
            " WHERE value = ? AND authority = ? AND type = ? AND source = ?"
            " ORDER BY seq LIMIT 1)",
            kIdentitiesTable, {local.value, local.authority, local.type, source}, &ReadIdentity));
  if (session_.in_work && found && *found) session_.known.by_local.Keep(name, (*found)->id);
  return found;
}

base::Result<std::vector<Identity>> PatientsTable::FindByNhsNumber(
    const record::NhsNumber& number) {
  return All(connection_, "SELECT * FROM identities WHERE nhs_number = ? ORDER BY seq",
             kIdentitiesTable, {number}, &ReadIdentity);
}

base::Result<std::vector<Identity>> PatientsTable::FindSimilar(const record::BirthDate& born,
                                                               const std::string& family,
                                                               std::size_t limit) {
  const std::string folded = FoldName(family);
  return All(connection_,
             "SELECT * FROM identities WHERE id IN (SELECT DISTINCT identity FROM folded_names"
             " WHERE birth_date = ? AND sound = ? AND family = ? LIMIT ?) ORDER BY seq",
             kIdentitiesTable, {born.ToString(), SoundOf(folded), folded, limit}, &ReadIdentity);
}

base::Result<std::vector<Identity>> PatientsTable::FindBySound(const record::BirthDate& born,
                                                               const std::string& sound,
                                                               std::size_t limit) {
  if (sound.empty()) return std::vector<Identity>();
  return All(connection_,
             "SELECT * FROM identities WHERE id IN (SELECT DISTINCT identity FROM folded_names"
             " WHERE birth_date = ? AND sound = ? LIMIT ?) ORDER BY seq",
             kIdentitiesTable, {born.ToString(), sound, limit}, &ReadIdentity);
}

base::Result<std::vector<Identity>> PatientsTable::FindByGiven(const record::BirthDate& born,
                                                               const std::string& given,
                                                               std::size_t limit) {
  if (given.empty()) return std::vector<Identity>();
  return All(connection_,
             "SELECT * FROM identities WHERE id IN (SELECT DISTINCT identity FROM folded_names"
             " WHERE birth_date = ? AND given = ? LIMIT ?) ORDER BY seq",
             kIdentitiesTable, {born.ToString(), given, limit}, &ReadIdentity);
}

base::Result<std::vector<Identity>> PatientsTable::FindByPostcode(const std::string& postcode,
                                                                  const std::string& family,
                                                                  std::size_t limit) {
  if (postcode.empty() || family.empty()) return std::vector<Identity>();
  return All(connection_,
             "SELECT * FROM identities WHERE id IN (SELECT DISTINCT identity FROM folded_names"
             " WHERE postcode = ? AND family = ? LIMIT ?) ORDER BY seq",
             kIdentitiesTable, {postcode, family, limit}, &ReadIdentity);
}

base::Result<std::vector<Identity>> PatientsTable::FindByIdentifier(
    const record::LocalIdentifier& local, std::size_t limit) {
  if (local.value.empty()) return std::vector<Identity>();
  return All(connection_,
             "SELECT * FROM identities WHERE id IN (SELECT DISTINCT identity FROM"
             " local_identifiers WHERE value = ? AND authority = ? LIMIT ?) ORDER BY seq",
             kIdentitiesTable, {local.value, local.authority, limit}, &ReadIdentity);
}

base::Result<std::vector<record::IdentityId>> PatientsTable::ApartFrom(
    record::IdentityId identity) {
  const auto found =
      All(connection_, "SELECT * FROM apart WHERE one = ?1 OR other = ?1 ORDER BY seq", kApartTable,
          {identity}, &ReadApart);
  if (!found) return found.error();
  std::vector<record::IdentityId> others;
  for (const Apart& pair : *found) others.push_back(pair.one == identity ? pair.other : pair.one);
  return others;
}

base::Result<void> PatientsTable::KeepApart(const Apart& apart) {
  const auto known = ApartFrom(apart.one);
  if (!known) return known.error();
  if (std::find(known->begin(), known->end(), apart.other) != known->end()) return {};
  return Insert(connection_, "INSERT INTO apart (seal, one, other, by, at) VALUES (?,?,?,?,?)",
                kApartTable, {apart.one, apart.other, apart.by, apart.at});
}

base::Result<std::optional<Person>> PatientsTable::FindPerson(record::PersonId id) {
  if (const Person* const known = session_.known.persons.Find(id)) return std::optional(*known);
  auto found = FindPersonIn(connection_, id);
  if (session_.in_work && found && *found) session_.known.persons.Keep(id, **found);
  return found;
}

base::Result<std::optional<Person>> PatientsTable::FindPersonByNhsNumber(
    const record::NhsNumber& number) {
  return First(connection_, "SELECT * FROM persons WHERE nhs_number = ? AND state = 1",
               kPersonsTable, {number}, &ReadPerson);
}

base::Result<std::vector<Person>> PatientsTable::FindSeveredByNhsNumber(
    const record::NhsNumber& number) {
  return All(connection_, "SELECT * FROM persons WHERE nhs_number = ? AND state = 3 ORDER BY seq",
             kPersonsTable, {number}, &ReadPerson);
}

base::Result<std::vector<Identity>> PatientsTable::IdentitiesOf(record::PersonId person) {
  return IdentitiesIn(connection_, person);
}

base::Result<std::vector<LinkEvent>> PatientsTable::LinksOf(record::PersonId person) {
  return All(connection_,
             "SELECT * FROM links WHERE from_person = ?1 OR to_person = ?1 ORDER BY seq",
             kLinksTable, {person}, &ReadLink);
}

base::Result<void> PatientsTable::SavePerson(const Person& person) {
  auto before = FindPerson(person.id);
  if (!before) return before.error();
  session_.known.persons.Drop(person.id);
  if (!*before) {
    return Insert(connection_,
                  "INSERT INTO persons (seal, id, nhs_number, state, under_merge_review,"
                  " record_version) VALUES (?,?,?,?,?,?)",
                  kPersonsTable,
                  {person.id, person.nhs_number, person.state, person.under_merge_review,
                   person.record_version});
  }
  // A version never goes back: a segment of the past would be valid again.
  Person now = person;
  now.record_version = (*before)->record_version;
  auto updated =
      Run(connection_,
          "UPDATE persons SET seal = ?, nhs_number = ?, state = ?, under_merge_review = ?"
          " WHERE id = ?",
          {Blob{SealOfPerson(now)}, now.nhs_number, now.state, now.under_merge_review, now.id});
  if (!updated || now == **before) return updated;
  return AdvanceVersion(now.id);
}

base::Result<void> PatientsTable::SaveIdentity(const Identity& identity) {
  const auto before = TakeIdentity(identity.id);
  if (!before) return before.error();
  if (*before) return UpdateIdentity(**before, identity);
  const std::string claim = ClaimOf(identity);
  auto inserted =
      Run(connection_,
          "INSERT INTO identities (seal, id, person, source, nhs_number, shareable, updated,"
          " claim, merged_into) VALUES (?,?,?,?,?,?,?,?,?)",
          {Blob{SealOfIdentity(identity, claim)}, identity.id, identity.person, identity.source,
           identity.nhs_number, identity.shareable, identity.updated, Blob{claim},
           identity.merged_into});
  if (!inserted) return inserted;
  session_.owners[identity.id] = identity.person;
  if (auto forgotten = ForgetFactOwners(identity.person); !forgotten) return forgotten;
  if (auto advanced = AdvanceVersion(identity.person); !advanced) return advanced;
  if (auto indexed = IndexLocalIdentifiers(identity); !indexed) return indexed;
  if (auto indexed = IndexNames(connection_, identity); !indexed) return indexed;
  session_.known.identities.Keep(identity.id, identity);
  return SourceSpoke(identity.id, identity.source, identity.updated);
}

base::Result<void> PatientsTable::UpdateIdentity(const Identity& before, const Identity& identity) {
  Identity now = identity;
  now.person = before.person;  // moved by Link alone
  const std::string claim = ClaimOf(now);
  const Seal seal = SealOfIdentity(now, claim);
  // The index on the number is left alone where the number stays.
  auto updated =
      now.nhs_number == before.nhs_number && now.source == before.source
          ? Run(connection_,
                "UPDATE identities SET seal = ?, shareable = ?, updated = ?, claim = ?,"
                " merged_into = ? WHERE id = ?",
                {Blob{seal}, now.shareable, now.updated, Blob{claim}, now.merged_into, now.id})
          : Run(connection_,
                "UPDATE identities SET seal = ?, source = ?, nhs_number = ?, shareable = ?,"
                " updated = ?, claim = ?, merged_into = ? WHERE id = ?",
                {Blob{seal}, now.source, now.nhs_number, now.shareable, now.updated, Blob{claim},
                 now.merged_into, now.id});
  if (!updated) return updated;
  session_.owners[now.id] = now.person;
  if (now != before) {
    if (auto advanced = AdvanceVersion(now.person); !advanced) return advanced;
  }
  if (now.local_identifiers != before.local_identifiers || now.source != before.source) {
    ForgetNamesOf(before);
    if (auto indexed = IndexLocalIdentifiers(now); !indexed) return indexed;
  }
  const Demographics& said = before.demographics;
  if (now.demographics.names != said.names || now.demographics.birth_date != said.birth_date ||
      (now.demographics.addresses != said.addresses && FoundByOf(now) != FoundByOf(before))) {
    if (auto indexed = IndexNames(connection_, now); !indexed) return indexed;
  }
  session_.known.identities.Keep(now.id, std::move(now));
  return SourceSpoke(identity.id, identity.source, identity.updated);
}

// They may find another first from now on.
void PatientsTable::ForgetNamesOf(const Identity& identity) {
  for (const record::LocalIdentifier& local : identity.local_identifiers) {
    session_.known.by_local.Drop({identity.source, local});
  }
}

base::Result<void> PatientsTable::IndexLocalIdentifiers(const Identity& identity) {
  ForgetNamesOf(identity);
  auto cleared =
      Run(connection_, "DELETE FROM local_identifiers WHERE identity = ?", {identity.id});
  if (!cleared) return cleared;
  for (const record::LocalIdentifier& local : identity.local_identifiers) {
    auto added = Insert(
        connection_,
        "INSERT INTO local_identifiers (seal, identity, source, authority, type, value)"
        " VALUES (?,?,?,?,?,?)",
        kLocalsTable, {identity.id, identity.source, local.authority, local.type, local.value});
    if (!added) return added;
  }
  return {};
}

base::Result<void> PatientsTable::Link(const LinkEvent& event) {
  const auto identity = FindIdentity(event.identity);
  if (!identity) return identity.error();
  if (!*identity) return NoSuch("no identity has this id");
  const record::PersonId held = (*identity)->person;
  // A first sighting is written after the identity was saved with its person.
  const bool first = held == event.to;
  if (!first && held != event.from) {
    return base::Error{base::ErrorId::kConflict, "the patient index",
                       "the identity belongs to another person by now: read it again"};
  }
  const std::string why = event.why ? Pack(*event.why) : std::string();
  auto recorded =
      Insert(connection_,
             "INSERT INTO links (seal, identity, from_person, to_person, reason, by, at, why)"
             " VALUES (?,?,?,?,?,?,?,?)",
             kLinksTable,
             {event.identity, event.from, event.to, event.reason, event.by, event.at,
              event.why ? Value(Blob{why}) : Value()});
  if (!recorded) return recorded;
  if (event.from != event.to) session_.known.fact_owners.Clear();
  if (!first) {
    if (auto moved = Move(**identity, event.to); !moved) return moved;
    if (auto advanced = AdvanceVersion(event.from); !advanced) return advanced;
  }
  return AdvanceVersion(event.to);
}

// Whoever had none left and has one again is taken up by nobody any more.
base::Result<void> PatientsTable::ForgetFactOwners(record::PersonId with_another_identity) {
  session_.known.fact_owners.Drop(with_another_identity);
  const auto left =
      Number(connection_, "SELECT 1 FROM links WHERE from_person = ?1 AND to_person != ?1 LIMIT 1",
             {with_another_identity});
  if (!left) return left.error();
  if (*left) session_.known.fact_owners.Clear();
  return {};
}

base::Result<void> PatientsTable::Move(const Identity& identity, record::PersonId to) {
  Identity now = identity;
  now.person = to;
  session_.owners[identity.id] = to;
  session_.known.identities.Drop(identity.id);
  return Run(connection_, "UPDATE identities SET seal = ?, person = ? WHERE id = ?",
             {Blob{SealOfIdentity(now, ClaimOf(now))}, to, identity.id});
}

base::Result<void> PatientsTable::AdvanceVersion(record::PersonId person) {
  if (session_.advanced.contains(person)) return {};
  auto found = FindPerson(person);
  if (!found) return found.error();
  if (!*found) return NoSuch("no person has this id");
  ++(*found)->record_version;
  session_.known.persons.Drop(person);
  auto advanced = Run(connection_, "UPDATE persons SET seal = ?, record_version = ? WHERE id = ?",
                      {Blob{SealOfPerson(**found)}, (*found)->record_version, person});
  if (!advanced) return advanced;
  session_.advanced.insert(person);
  session_.known.persons.Keep(person, **found);
  return advanced;
}

base::Result<void> PatientsTable::AdvanceVersionOf(record::IdentityId identity) {
  auto owner = session_.owners.find(identity);
  if (owner == session_.owners.end()) {
    const auto found = FindIdentity(identity);
    if (!found) return found.error();
    if (!*found) return NoSuch("no identity has this id");
    owner = session_.owners.emplace(identity, (*found)->person).first;
  }
  return AdvanceVersion(owner->second);
}

base::Result<void> PatientsTable::SourceSpoke(record::IdentityId identity,
                                              const record::OdsCode& source, base::Instant at) {
  const auto [noted, first] = session_.spoken.try_emplace({identity, source}, at);
  if (!first && noted->second >= at) return {};
  noted->second = at;
  const Value columns[] = {identity, source, at};
  auto spoke = Run(connection_,
                   "INSERT INTO sources (seal, identity, source, last) VALUES (?,?,?,?)"
                   " ON CONFLICT (identity, source) DO UPDATE SET seal = excluded.seal,"
                   " last = excluded.last WHERE excluded.last > last",
                   {Blob{SealOf("sources", columns)}, columns[0], columns[1], columns[2]});
  // A view says when each source last spoke.
  if (!spoke || sqlite3_changes(connection_.raw()) == 0) return spoke;
  return AdvanceVersionOf(identity);
}

}  // namespace milecastle::store::sqlite
