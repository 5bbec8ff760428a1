#include "inside/fact_rows.h"

#include "inside/fields.h"

namespace milecastle::store::sqlite {
namespace {

constexpr int kEncodingVersion = 1;
constexpr int kKeyId = 0;  // the disk's encryption

}  // namespace

Blob OwnerBytes(const FactOwner& owner) {
  return std::visit([](const auto& id) { return Blob{id.uuid.AsBytes()}; }, owner);
}

FactOwner ReadOwner(Row& row) {
  auto id = row.IdOf<record::IdentityId>();
  if (row.Int() == 1) return id;
  return record::PersonId{id.uuid};
}

EvidenceRow ReadEvidence(Row& row) {
  const std::int64_t seq = row.seq();
  const FactOwner owner = ReadOwner(row);
  const auto id = row.IdOf<record::FactId>();
  const auto kind = row.As<record::EvidenceKind>();
  record::Evidence evidence{.id = id,
                            .kind = kind,
                            .organisation = row.Ods(),
                            .user = {},
                            .reference = row.Text(),
                            .period = {},
                            .said_by = {}};
  evidence.user = row.Text();
  evidence.period.from = row.Time();
  evidence.period.until = row.Maybe(&Row::Time);
  evidence.said_by = row.Text();
  return {.seq = seq, .owner = owner, .evidence = std::move(evidence)};
}

Seal SealOfEvidence(const EvidenceRow& row) {
  const record::Evidence& evidence = row.evidence;
  const Value columns[] = {OwnerBytes(row.owner), OwnerKind(row.owner),  evidence.id,
                           evidence.kind,         evidence.organisation, evidence.reference,
                           evidence.user,         evidence.period.from,  evidence.period.until,
                           evidence.said_by};
  return SealOf(kEvidenceTable, columns);
}

ConsentRow ReadConsent(Row& row) {
  ConsentRow read;
  read.seq = row.seq();
  read.owner = ReadOwner(row);
  record::Consent& consent = read.consent;
  consent.id = row.IdOf<record::FactId>();
  consent.recorded = row.Time();
  consent.withdrawn = row.Maybe(&Row::Time);
  read.withdrawn_by = row.Maybe(&Row::Text).value_or("");
  row.Int();  // encoding_version
  row.Int();  // key_id
  auto body = Unpack<ConsentBody>(row.Bytes());
  if (!body) {
    row.Break();
    return read;
  }
  consent.kind = body->kind;
  consent.by = body->by;
  consent.scope = std::move(body->scope);
  consent.team = std::move(body->team);
  consent.reason_code = std::move(body->reason_code);
  consent.recorded_at = std::move(body->recorded_at);
  consent.recorded_by = std::move(body->recorded_by);
  consent.period = body->period;
  consent.informed = body->informed;
  return read;
}

std::string BodyOf(const record::Consent& consent) {
  return Pack(ConsentBody{consent.kind, consent.by, consent.scope, consent.team,
                          consent.reason_code, consent.recorded_at, consent.recorded_by,
                          consent.period, consent.informed});
}

Seal SealOfConsent(const ConsentRow& row, const std::string& body) {
  const bool withdrawn = row.consent.withdrawn.has_value();
  const Value columns[] = {OwnerBytes(row.owner),
                           OwnerKind(row.owner),
                           row.consent.id,
                           row.consent.recorded,
                           row.consent.withdrawn,
                           withdrawn ? Value(row.withdrawn_by) : Value(),
                           kEncodingVersion,
                           kKeyId,
                           Blob{body}};
  return SealOf(kConsentsTable, columns);
}

record::LocationFlag ReadFlag(Row& row) {
  const FactOwner owner = ReadOwner(row);
  record::LocationFlag flag;
  if (const auto* const identity = std::get_if<record::IdentityId>(&owner)) {
    flag.identity = *identity;
  }
  flag.said_by = row.Text();
  flag.level = row.As<record::LocationProtection>();
  flag.as_of = row.Time();
  return flag;
}

}  // namespace milecastle::store::sqlite
