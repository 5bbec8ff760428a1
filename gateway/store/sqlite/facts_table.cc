#include "inside/facts_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "inside/fact_rows.h"
#include "inside/query.h"
#include "inside/records_table.h"

namespace milecastle::store::sqlite {
namespace {

// How far another's facts count for a person.
enum class Reach {
  kAll,
  // Of a neighbour by a link that is under review: what restricts, and nothing that would open.
  kRestricting,
};

// The ids that `sql` finds, which has one parameter and one column.
base::Result<std::vector<std::string>> Ids(Connection& connection, std::string_view sql,
                                           record::PersonId person) {
  auto running = Running::Start(connection, sql, std::array{Value(person)});
  if (!running) return running.error();
  std::vector<std::string> ids;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return ids;
    const Value id = running->statement().Column(0);
    if (const auto* blob = std::get_if<Blob>(&id.held)) ids.emplace_back(blob->bytes);
  }
}

constexpr std::string_view kIdentitiesOf =
    "SELECT id FROM identities WHERE person = ? ORDER BY seq";

// Persons whom this one has taken up: an identity of this one was theirs, and they have none left.
// One may come twice. No DISTINCT, UNION or IN: each would make a table for every message.
constexpr std::string_view kTakenUp =
    "SELECT l.from_person FROM identities i JOIN links l ON l.identity = i.id"
    " WHERE i.person = ?1 AND l.from_person != ?1"
    " AND NOT EXISTS (SELECT 1 FROM identities o WHERE o.person = l.from_person)";

// Everybody at the other end of a link, and their identities: whose consents hold too until a merge
// or unlink is reviewed (safety.md 15).
constexpr std::string_view kNeighbours =
    "WITH others (id) AS (SELECT from_person FROM links WHERE to_person = ?1"
    " UNION SELECT to_person FROM links WHERE from_person = ?1)"
    " SELECT id FROM others WHERE id != ?1"
    " UNION SELECT i.id FROM identities i JOIN others ON i.person = others.id"
    " WHERE others.id != ?1";

// A source that traced one of its identities is relied on; its other ones are marked by themselves.
std::vector<record::OdsCode> SourcesNeverTraced(const std::vector<Identity>& identities) {
  std::set<record::OdsCode> traced;
  std::set<record::OdsCode> untraced;
  for (const Identity& identity : identities) {
    (identity.shareable ? traced : untraced).insert(identity.source);
  }
  std::vector<record::OdsCode> never;
  std::set_difference(untraced.begin(), untraced.end(), traced.begin(), traced.end(),
                      std::back_inserter(never));
  return never;
}

bool Restricts(const record::Consent& consent) {
  return consent.kind != record::ConsentKind::kExplicitConsent;
}

class Collector {
 public:
  Collector(Connection& connection, PatientsTable& patients, record::PatientFacts& facts)
      : connection_(connection), patients_(patients), facts_(facts) {}

  base::Result<void> Collect(const std::string& owner, Reach reach) {
    if (std::find(done_.begin(), done_.end(), owner) != done_.end()) return {};
    done_.push_back(owner);
    if (reach == Reach::kAll) {
      auto evidence = Each(
          connection_, "SELECT * FROM evidence WHERE owner = ? ORDER BY seq", kEvidenceTable,
          {Blob{owner}}, [&](Row& row) { facts_.evidence.push_back(ReadEvidence(row).evidence); });
      if (!evidence) return evidence;
    }
    auto consents =
        Each(connection_, "SELECT * FROM consents WHERE owner = ? ORDER BY seq", kConsentsTable,
             {Blob{owner}}, [&](Row& row) { Take(ReadConsent(row).consent, reach); });
    if (!consents) return consents;
    auto flags = All(connection_, "SELECT * FROM location_flags WHERE owner = ? ORDER BY seq",
                     kFlagsTable, {Blob{owner}}, &ReadFlag);
    if (!flags) return flags.error();
    for (record::LocationFlag& flag : *flags) {
      if (auto taken = Take(std::move(flag), reach); !taken) return taken;
    }
    return {};
  }

  base::Result<void> CollectAll(const std::vector<std::string>& owners, Reach reach) {
    for (const std::string& owner : owners) {
      if (auto done = Collect(owner, reach); !done) return done;
    }
    return {};
  }

 private:
  void Take(record::Consent consent, Reach reach) {
    if (reach == Reach::kRestricting && !Restricts(consent)) return;
    const base::Instant spoke =
        std::max(consent.recorded, consent.withdrawn.value_or(consent.recorded));
    facts_.consents_as_of = std::max(facts_.consents_as_of.value_or(spoke), spoke);
    facts_.consents.push_back(std::move(consent));
  }

  base::Result<void> Take(record::LocationFlag flag, Reach reach) {
    const bool protects = flag.level != record::LocationProtection::kNone;
    if (reach != Reach::kAll && !protects) return {};
    if (flag.identity) {
      const auto identity = patients_.FindIdentity(*flag.identity);
      if (!identity) return identity.error();
      if (*identity) flag.source = (*identity)->source;
    }
    facts_.location_flags.push_back(std::move(flag));
    return {};
  }

  Connection& connection_;
  PatientsTable& patients_;
  record::PatientFacts& facts_;
  std::vector<std::string> done_;
};

base::Result<void> CollectAround(Connection& connection, const Person& person,
                                 Collector& collector) {
  const auto taken_up = Ids(connection, kTakenUp, person.id);
  if (!taken_up) return taken_up.error();
  if (auto done = collector.CollectAll(*taken_up, Reach::kAll); !done) return done;
  if (!person.under_merge_review) return {};
  const auto neighbours = Ids(connection, kNeighbours, person.id);
  if (!neighbours) return neighbours.error();
  return collector.CollectAll(*neighbours, Reach::kRestricting);
}

base::Error NoSuchConsent() {
  return {base::ErrorId::kNotFound, "the facts", "no consent has this id"};
}

base::Result<std::optional<ConsentRow>> FindConsentRow(Connection& connection, record::FactId id) {
  return First(connection, "SELECT * FROM consents WHERE id = ?", kConsentsTable, {id},
               &ReadConsent);
}

}  // namespace

base::Result<record::PatientFacts> FactsTable::FactsOf(record::PersonId id) {
  const auto person = FindPersonIn(connection_, id);
  if (!person) return person.error();
  if (!*person) return base::Error{base::ErrorId::kNotFound, "the facts", "no such person"};
  const auto identities = IdentitiesIn(connection_, id);
  if (!identities) return identities.error();

  record::PatientFacts facts;
  facts.under_merge_review = (*person)->under_merge_review;
  Collector collector(connection_, patients_, facts);
  const auto own = collector.Collect(std::string(id.uuid.AsBytes()), Reach::kAll);
  if (!own) return own.error();
  for (const Identity& identity : *identities) {
    const auto done = collector.Collect(std::string(identity.id.uuid.AsBytes()), Reach::kAll);
    if (!done) return done.error();
  }
  // Whoever has no identity left was merged away: nobody may read that as holding nothing.
  facts.active = (*person)->state == PersonState::kActive && !identities->empty();
  facts.untraced_sources = SourcesNeverTraced(*identities);
  if (const auto done = CollectAround(connection_, **person, collector); !done) {
    return done.error();
  }
  auto statements = StatementsIn(connection_, id);
  if (!statements) return statements.error();
  for (SourceStatement& statement : *statements) {
    facts.statements.push_back(std::move(statement.statement));
  }
  return facts;
}

// Itself, its identities and whom it has taken up.
base::Result<std::vector<std::string>> FactsTable::OwnersFor(record::PersonId person) {
  if (const auto* const known = session_.known.fact_owners.Find(person)) return *known;
  std::vector<std::string> owners = {std::string(person.uuid.AsBytes())};
  for (const std::string_view sql : {kIdentitiesOf, kTakenUp}) {
    const auto more = Ids(connection_, sql, person);
    if (!more) return more.error();
    for (const std::string& one : *more) {
      if (std::find(owners.begin(), owners.end(), one) == owners.end()) owners.push_back(one);
    }
  }
  if (session_.in_work) session_.known.fact_owners.Keep(person, owners);
  return owners;
}

base::Result<std::vector<record::Evidence>> FactsTable::EvidenceOf(record::PersonId person,
                                                                   const std::string& reference) {
  const auto owners = OwnersFor(person);
  if (!owners) return owners.error();
  std::vector<record::Evidence> evidence;
  for (const std::string& owner : *owners) {
    auto read = Each(connection_, "SELECT * FROM evidence WHERE owner = ? AND reference = ?",
                     kEvidenceTable, {Blob{owner}, reference},
                     [&](Row& row) { evidence.push_back(ReadEvidence(row).evidence); });
    if (!read) return read.error();
  }
  return evidence;
}

base::Result<std::optional<record::Consent>> FactsTable::FindConsent(record::FactId id) {
  auto found = FindConsentRow(connection_, id);
  if (!found) return found.error();
  if (!*found) return std::optional<record::Consent>();
  return std::optional<record::Consent>(std::move((*found)->consent));
}

base::Result<std::optional<FactOwner>> FactsTable::OwnerOf(record::FactId id) {
  const auto consent = FindConsentRow(connection_, id);
  if (!consent) return consent.error();
  if (*consent) return std::optional<FactOwner>((*consent)->owner);
  const auto evidence = First(connection_, "SELECT * FROM evidence WHERE id = ?", kEvidenceTable,
                              {id}, &ReadEvidence);
  if (!evidence) return evidence.error();
  if (*evidence) return std::optional<FactOwner>((*evidence)->owner);
  return std::optional<FactOwner>();
}

base::Result<void> FactsTable::PutEvidence(FactOwner owner, const record::Evidence& evidence) {
  const record::Evidence& e = evidence;
  auto put =
      Run(connection_,
          "INSERT INTO evidence (seal, owner, owner_kind, id, kind, organisation, reference, user,"
          " began, ended, said_by) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
          " ON CONFLICT (owner, kind, organisation, reference, user) DO UPDATE SET"
          " seal = excluded.seal, owner_kind = excluded.owner_kind, id = excluded.id,"
          " began = excluded.began, ended = excluded.ended, said_by = excluded.said_by",
          {Blob{SealOfEvidence({.seq = 0, .owner = owner, .evidence = e})}, OwnerBytes(owner),
           OwnerKind(owner), e.id, e.kind, e.organisation, e.reference, e.user, e.period.from,
           e.period.until, e.said_by});
  if (!put) return put;
  return Changed(owner);
}

base::Result<void> FactsTable::EndEvidence(FactOwner owner, record::EvidenceKind kind,
                                           const record::OdsCode& organisation,
                                           const std::string& reference, base::Instant at) {
  auto open =
      All(connection_,
          "SELECT * FROM evidence WHERE owner = ? AND kind = ? AND organisation = ?"
          " AND reference = ? AND (ended IS NULL OR ended > ?)",
          kEvidenceTable, {OwnerBytes(owner), kind, organisation, reference, at}, &ReadEvidence);
  if (!open) return open.error();
  for (EvidenceRow& row : *open) {
    row.evidence.period.until = at;
    auto ended = Run(connection_, "UPDATE evidence SET seal = ?, ended = ? WHERE seq = ?",
                     {Blob{SealOfEvidence(row)}, at, row.seq});
    if (!ended) return ended;
  }
  return open->empty() ? base::Result<void>() : Changed(owner);
}

base::Result<void> FactsTable::AddConsent(FactOwner owner, const record::Consent& consent) {
  const ConsentRow row{.seq = 0, .owner = owner, .consent = consent, .withdrawn_by = {}};
  const std::string body = BodyOf(consent);
  auto added = Run(
      connection_,
      "INSERT INTO consents (seal, owner, owner_kind, id, recorded, withdrawn, withdrawn_by,"
      " encoding_version, key_id, consent) VALUES (?,?,?,?,?,?,?,1,0,?)",
      {Blob{SealOfConsent(row, body)}, OwnerBytes(owner), OwnerKind(owner), consent.id,
       consent.recorded, consent.withdrawn, consent.withdrawn ? Value("") : Value(), Blob{body}});
  if (!added) return added;
  return Changed(owner);
}

base::Result<void> FactsTable::WithdrawConsent(record::FactId id, base::Instant at,
                                               const std::string& by) {
  auto found = FindConsentRow(connection_, id);
  if (!found) return found.error();
  if (!*found) return NoSuchConsent();
  ConsentRow& row = **found;
  if (row.consent.withdrawn) {
    return base::Error{base::ErrorId::kConflict, "the facts", "it is withdrawn already"};
  }
  row.consent.withdrawn = at;
  row.withdrawn_by = by;
  auto withdrawn = Run(
      connection_, "UPDATE consents SET seal = ?, withdrawn = ?, withdrawn_by = ? WHERE seq = ?",
      {Blob{SealOfConsent(row, BodyOf(row.consent))}, at, by, row.seq});
  if (!withdrawn) return withdrawn;
  return Changed(row.owner);
}

base::Result<void> FactsTable::PutLocationFlag(FactOwner owner, const record::LocationFlag& flag) {
  const Value columns[] = {OwnerBytes(owner), OwnerKind(owner), flag.said_by, flag.level,
                           flag.as_of};
  auto put =
      Run(connection_,
          "INSERT INTO location_flags (seal, owner, owner_kind, said_by, level, as_of)"
          " VALUES (?,?,?,?,?,?) ON CONFLICT (owner, said_by) DO UPDATE SET seal = excluded.seal,"
          " owner_kind = excluded.owner_kind, level = excluded.level, as_of = excluded.as_of"
          " WHERE excluded.as_of >= as_of",
          {Blob{SealOf(kFlagsTable, columns)}, columns[0], columns[1], columns[2], columns[3],
           columns[4]});
  if (!put) return put;
  return Changed(owner);
}

base::Result<void> FactsTable::Changed(const FactOwner& owner) {
  if (const auto* identity = std::get_if<record::IdentityId>(&owner)) {
    return patients_.AdvanceVersionOf(*identity);
  }
  return patients_.AdvanceVersion(std::get<record::PersonId>(owner));
}

}  // namespace milecastle::store::sqlite
