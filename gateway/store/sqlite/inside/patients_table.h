// Persons, identities and links.
//
// Thread-safety and failure: as store/patients.h.
#pragma once

#include "inside/session.h"
#include "store/patients.h"

namespace milecastle::store::sqlite {

class PatientsTable final : public Patients {
 public:
  explicit PatientsTable(Session& session) : session_(session), connection_(session.connection) {}

  base::Result<std::optional<Identity>> FindIdentity(record::IdentityId id) override;
  base::Result<std::optional<Identity>> FindByLocal(const record::OdsCode& source,
                                                    const record::LocalIdentifier& local) override;
  base::Result<std::vector<Identity>> FindByNhsNumber(const record::NhsNumber& number) override;
  base::Result<std::vector<Identity>> FindSimilar(const record::BirthDate& born,
                                                  const std::string& family,
                                                  std::size_t limit) override;
  base::Result<std::vector<Identity>> FindBySound(const record::BirthDate& born,
                                                  const std::string& sound,
                                                  std::size_t limit) override;
  base::Result<std::vector<Identity>> FindByGiven(const record::BirthDate& born,
                                                  const std::string& given,
                                                  std::size_t limit) override;
  base::Result<std::vector<Identity>> FindByPostcode(const std::string& postcode,
                                                     const std::string& family,
                                                     std::size_t limit) override;
  base::Result<std::vector<Identity>> FindByIdentifier(const record::LocalIdentifier& local,
                                                       std::size_t limit) override;
  base::Result<std::vector<record::IdentityId>> ApartFrom(record::IdentityId identity) override;
  base::Result<std::optional<Person>> FindPerson(record::PersonId id) override;
  base::Result<std::optional<Person>> FindPersonByNhsNumber(
      const record::NhsNumber& number) override;
  base::Result<std::vector<Person>> FindSeveredByNhsNumber(
      const record::NhsNumber& number) override;
  base::Result<std::vector<Identity>> IdentitiesOf(record::PersonId person) override;
  base::Result<std::vector<LinkEvent>> LinksOf(record::PersonId person) override;

  base::Result<void> SavePerson(const Person& person) override;
  base::Result<void> SaveIdentity(const Identity& identity) override;
  base::Result<void> Link(const LinkEvent& event) override;
  base::Result<void> KeepApart(const Apart& apart) override;
  base::Result<void> AdvanceVersion(record::PersonId person) override;

  // Of the person that the identity belongs to.
  base::Result<void> AdvanceVersionOf(record::IdentityId identity);
  base::Result<void> SourceSpoke(record::IdentityId identity, const record::OdsCode& source,
                                 base::Instant at);

 private:
  base::Result<std::optional<Identity>> Remember(base::Result<std::optional<Identity>> found);
  base::Result<std::optional<Identity>> TakeIdentity(record::IdentityId id);
  base::Result<std::optional<Identity>> ReadIdentityRow(record::IdentityId id);
  base::Result<void> UpdateIdentity(const Identity& before, const Identity& now);
  void ForgetNamesOf(const Identity& identity);
  base::Result<void> IndexLocalIdentifiers(const Identity& identity);
  base::Result<void> ForgetFactOwners(record::PersonId with_another_identity);
  base::Result<void> Move(const Identity& identity, record::PersonId to);

  Session& session_;
  Connection& connection_;
};

// In the module alone: what records and facts read too.
base::Result<std::optional<Person>> FindPersonIn(Connection& connection, record::PersonId id);
base::Result<std::vector<Identity>> IdentitiesIn(Connection& connection, record::PersonId person);

}  // namespace milecastle::store::sqlite
