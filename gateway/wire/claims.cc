#include "inside/claims.h"

#include <array>
#include <type_traits>
#include <utility>

namespace milecastle::wire {
namespace {

record::LocalIdentifier IdentifierOf(const v1::LocalIdentifier& identifier) {
  return {
      .authority = identifier.authority(), .type = identifier.type(), .value = identifier.value()};
}

record::PersonName PersonNameOf(const v1::PersonName& name) {
  return {.family = name.family(),
          .given = name.given(),
          .prefix = name.prefix(),
          .suffix = name.suffix(),
          .use = name.use()};
}

template <class T>
void SetIf(bool there, record::Update<T>& update, T value) {
  if (there) update = record::Update<T>::Set(std::move(value));
}

void ReadTexts(record::PatientClaim& out, const v1::PatientClaim& claim) {
  SetIf(claim.has_sex(), out.sex, claim.sex());
  SetIf(claim.has_language(), out.language, claim.language());
  SetIf(claim.has_ethnic_category(), out.ethnic_category, claim.ethnic_category());
  SetIf(claim.has_gp_practice(), out.gp_practice, claim.gp_practice());
  SetIf(claim.has_gp(), out.gp, claim.gp());
  SetIf(claim.has_deceased(), out.deceased, claim.deceased());
  if (claim.has_died()) out.died = record::Update<record::When>::Set(WhenOf(claim.died()));
  if (claim.has_birth_date()) {
    out.birth_date =
        record::Update<record::BirthDate>::Set(*record::BirthDate::Parse(claim.birth_date()));
  }
}

void ReadLists(record::PatientClaim& out, const v1::PatientClaim& claim) {
  std::vector<record::PersonName> names;
  for (const auto& name : claim.names().names()) names.push_back(PersonNameOf(name));
  SetIf(claim.has_names(), out.names, std::move(names));
  std::vector<record::Address> addresses;
  for (const auto& one : claim.addresses().addresses()) addresses.push_back(AddressOf(one));
  SetIf(claim.has_addresses(), out.addresses, std::move(addresses));
  std::vector<record::Telecom> telecoms;
  for (const auto& one : claim.telecoms().telecoms()) telecoms.push_back(TelecomOf(one));
  SetIf(claim.has_telecoms(), out.telecoms, std::move(telecoms));
}

template <auto Member>
void Delete(record::PatientClaim& claim) {
  using Field = std::remove_reference_t<decltype(claim.*Member)>;
  claim.*Member = Field::Delete();
}

// By the number of milecastle.v1.ClaimField.
using Claim = record::PatientClaim;
constexpr std::array<void (*)(Claim&), v1::ClaimField_ARRAYSIZE> kDeletes = {
    nullptr,
    Delete<&Claim::names>,
    Delete<&Claim::birth_date>,
    Delete<&Claim::sex>,
    Delete<&Claim::addresses>,
    Delete<&Claim::telecoms>,
    Delete<&Claim::language>,
    Delete<&Claim::ethnic_category>,
    Delete<&Claim::gp_practice>,
    Delete<&Claim::gp>,
    Delete<&Claim::died>,
    Delete<&Claim::deceased>,
};

record::EncounterClaim EncounterOf(const v1::EncounterClaim& claim) {
  return {.number = claim.number(),
          .change = static_cast<record::EncounterChange>(claim.change()),
          .patient_class = claim.patient_class(),
          .specialty = claim.specialty(),
          .location = claim.location(),
          .began = WhenIn(claim.has_began(), claim.began()),
          .ended = WhenIn(claim.has_ended(), claim.ended()),
          .expected = WhenIn(claim.has_expected(), claim.expected()),
          .former_number = claim.former_number()};
}

record::PreferenceClaim PreferenceOf(const v1::PreferenceClaim& claim) {
  record::PreferenceClaim out{.kind = static_cast<record::PreferenceKind>(claim.kind()),
                              .answer = static_cast<record::PreferenceAnswer>(claim.answer()),
                              .place = claim.place(),
                              .said = WhenIn(claim.has_said(), claim.said()),
                              .key = claim.key()};
  if (claim.has_by()) out.by = static_cast<record::PreferenceBy>(claim.by());
  return out;
}

record::MergeClaim MergeOf(const v1::MergeClaim& claim) {
  record::MergeClaim out{.surviving = {},
                         .discarded = {},
                         .surviving_nhs_number_as_sent = claim.surviving_nhs_number(),
                         .discarded_nhs_number_as_sent = claim.discarded_nhs_number()};
  for (const auto& one : claim.surviving()) out.surviving.push_back(IdentifierOf(one));
  for (const auto& one : claim.discarded()) out.discarded.push_back(IdentifierOf(one));
  return out;
}

}  // namespace

record::PatientClaim PatientClaimOf(const v1::PatientClaim& claim) {
  record::PatientClaim out;
  out.nhs_number_as_sent = claim.nhs_number();
  out.tracing = static_cast<record::Tracing>(claim.tracing());  // absent: 0, which is unstated
  out.pseudo_person = claim.pseudo_person();
  for (const auto& one : claim.local_identifiers()) {
    out.local_identifiers.push_back(IdentifierOf(one));
  }
  ReadLists(out, claim);
  ReadTexts(out, claim);
  for (const int field : claim.deleted()) kDeletes.at(field)(out);
  return out;
}

void ReadClaims(record::Contribution& out, const v1::PatientContribution& from) {
  if (from.has_encounter()) out.encounter = EncounterOf(from.encounter());
  for (const auto& claim : from.preferences()) {
    out.preferences.push_back(PreferenceOf(claim));
  }
  if (from.has_location_protection()) {
    out.location_protection = static_cast<record::LocationProtection>(from.location_protection());
  }
  if (from.has_merge()) out.merge = MergeOf(from.merge());
  for (const auto& claim : from.reviews()) {
    out.reviews.push_back(
        {.kind = static_cast<record::ReviewKind>(claim.kind()), .place = claim.place()});
  }
}

}  // namespace milecastle::wire
