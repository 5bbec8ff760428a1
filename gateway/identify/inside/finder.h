// The patient index as the rules ask it: reads alone, inside the message's transaction.
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "identify/agreement.h"
#include "search.h"
#include "store/store.h"

namespace milecastle::identify {

class Finder {
 public:
  Finder(store::Transaction& transaction, const record::OdsCode& source)
      : transaction_(transaction), patients_(transaction.patients()), source_(source) {}

  // The source's identities that these name, each once, in the order of the identifiers.
  base::Result<std::vector<store::Identity>> ByLocal(
      const std::vector<record::LocalIdentifier>& locals);

  // The source's identities of this number, newest first.
  base::Result<std::vector<store::Identity>> OfSource(const record::NhsNumber& number);

  // The source's identities of this person.
  base::Result<std::vector<store::Identity>> OfSourceIn(const record::PersonId& person);

  base::Result<std::vector<store::Identity>> IdentitiesOf(const record::PersonId& person) {
    return patients_.IdentitiesOf(person);
  }
  base::Result<std::vector<store::LinkEvent>> LinksOf(const record::PersonId& person) {
    return patients_.LinksOf(person);
  }

  base::Result<std::optional<store::Person>> Active(const record::NhsNumber& number) {
    return patients_.FindPersonByNhsNumber(number);
  }
  // A severed person who has this number (holder.h).
  base::Result<std::optional<store::Person>> SeveredOf(const record::NhsNumber& number);

  // kNotFound never: an identity's person exists, or the store is corrupt.
  base::Result<store::Person> PersonOf(const record::PersonId& id);

  // With any identity of the person: one that agrees suffices.
  base::Result<Agreement> Agrees(const store::Demographics& who, const record::PersonId& person);

  // Whether a message of this unsettled identity waits already, and for whom.
  base::Result<std::optional<store::QueueItem>> WaitingOf(const store::Identity& identity);

  // Persons for an officer to choose from, the given ones first, then those of the same birth date
  // and family name. Never a severed one.
  base::Result<std::vector<record::PersonId>> Candidates(const std::vector<record::PersonId>& first,
                                                         const store::Demographics* similar_to);
  // The same, but whom a trace finds in place of those of the same birth date and family name.
  base::Result<std::vector<record::PersonId>> Candidates(const std::vector<record::PersonId>& first,
                                                         const Tracer& tracer,
                                                         const store::Identity& who,
                                                         Whereabouts whereabouts);

 private:
  base::Result<std::vector<record::PersonId>> NotSevered(
      const std::vector<record::PersonId>& persons);

  store::Transaction& transaction_;
  store::Patients& patients_;
  const record::OdsCode& source_;
};

}  // namespace milecastle::identify
