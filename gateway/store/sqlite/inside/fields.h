// The fields of every struct that is packed, in their stored order. Stored: MUST NOT be reordered;
// new ones go to the end.
//
// A function each: it packs a const struct and unpacks into another. They stand in the namespaces
// of their structs, where pack.h finds them by their argument.
//
// Thread-safety: functions of their arguments. Failure: the Unpacker's.
#pragma once

#include "inside/pack.h"
#include "record/contribution.h"
#include "record/entry.h"
#include "record/facts.h"
#include "record/likeness.h"
#include "store/journal.h"
#include "store/patients.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

template <>
inline record::EntryClass Blank<record::EntryClass>() {
  return {.source = Blank<record::OdsCode>(), .labels = {}};
}

// A column of the table identities: what no query looks into.
struct Claim {
  std::string nhs_number_as_sent;
  record::Tracing tracing = record::Tracing::kUnstated;
  bool pseudo_person = false;
  std::vector<record::LocalIdentifier> local_identifiers;
  Demographics demographics;
};
template <class A>
void Fields(A& a, Like<Claim> auto& x) {
  a(x.nhs_number_as_sent, x.tracing, x.pseudo_person, x.local_identifiers, x.demographics);
}

// The immutable part of a consent; its id, times and withdrawal are columns.
struct ConsentBody {
  record::ConsentKind kind = record::ConsentKind::kObjection;
  record::ConsentBy by = record::ConsentBy::kPerson;
  record::ConsentScope scope;
  std::string team;
  std::string reason_code;
  std::optional<record::OdsCode> recorded_at;
  std::string recorded_by;
  record::Period period;
  bool informed = false;
};
template <class A>
void Fields(A& a, Like<ConsentBody> auto& x) {
  a(x.kind, x.by, x.scope, x.team, x.reason_code, x.recorded_at, x.recorded_by, x.period,
    x.informed);
}

}  // namespace milecastle::store::sqlite

namespace milecastle::store {

template <class A>
void Fields(A& a, sqlite::Like<Demographics> auto& x) {
  a(x.names, x.birth_date, x.sex, x.addresses, x.telecoms, x.language, x.ethnic_category,
    x.gp_practice, x.gp, x.died, x.deceased);
}
template <class A>
void Fields(A& a, sqlite::Like<JournalPatient> auto& x) {
  a(x.disposition, x.error_name, x.error_place, x.error_advice, x.entries);
}
template <class A>
void Fields(A& a, sqlite::Like<LabelOrigin> auto& x) {
  a(x.said, x.kept);
}
template <class A>
void Fields(A& a, sqlite::Like<FieldNote> auto& x) {
  a(x.field, x.verdict, x.points);
}
template <class A>
void Fields(A& a, sqlite::Like<MatchNote> auto& x) {
  a(x.configuration, x.verdict, x.score, x.fields);
}

}  // namespace milecastle::store

namespace milecastle::record {

using store::sqlite::Like;

template <class A>
void Fields(A& a, Like<When> auto& x) {
  a(x.at, x.precision, x.zone, x.original);
}
template <class A>
void Fields(A& a, const BirthDate& x) {
  a(static_cast<int>(x.date.year()), static_cast<unsigned>(x.date.month()),
    static_cast<unsigned>(x.date.day()));
}
template <class A>
void Fields(A& a, BirthDate& x) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  a(year, month, day);
  x.date = std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day);
}
template <class A>
void Fields(A& a, Like<PersonName> auto& x) {
  a(x.family, x.given, x.prefix, x.suffix, x.use);
}
template <class A>
void Fields(A& a, Like<Address> auto& x) {
  a(x.lines, x.postcode, x.use);
}
template <class A>
void Fields(A& a, Like<Telecom> auto& x) {
  a(x.system, x.value, x.use);
}
template <class A>
void Fields(A& a, Like<LocalIdentifier> auto& x) {
  a(x.authority, x.type, x.value);
}
template <class A>
void Fields(A& a, Like<NotCarried> auto& x) {
  a(x.place, x.why);
}
template <class A>
void Fields(A& a, Like<Performer> auto& x) {
  a(x.name, x.identifier, x.identifier_system, x.role, x.organisation);
}
template <class A>
void Fields(A& a, Like<Link> auto& x) {
  a(x.relation, x.key);
}
template <class A>
void Fields(A& a, Like<SectionStatement> auto& x) {
  a(x.section, x.saying, x.when, x.by, x.text);
}
template <class A>
void Fields(A& a, Like<Period> auto& x) {
  a(x.from, x.until);
}
template <class A>
void Fields(A& a, Like<ConsentScope> auto& x) {
  a(x.sections, x.sources, x.consumers, x.purposes, x.labels);
}
template <class A>
void Fields(A& a, Like<Span> auto& x) {
  a(x.earliest, x.latest);
}
template <class A>
void Fields(A& a, Like<Version> auto& x) {
  a(x.number, x.made, x.sent);
}
template <class A>
void Fields(A& a, Like<Likeness> auto& x) {
  a(x.holding, x.keys);
}
// Without its standing: that is a column of the entry.
template <class A>
void Fields(A& a, Like<EntryClass> auto& x) {
  a(x.source, x.section, x.kind, x.verification, x.labels, x.headline);
}

}  // namespace milecastle::record
