// A gateway's keeping with synthetic people in it, and a doctor who may ask for them: the shipped
// policy, the SQLite store, an audit log, on a disk below TMPDIR.
//
// Everybody has the same record under another number of the 999 range: entries of many sections
// from five sources, labels on some, a restriction of the person's own; about a sixth of it is
// withheld.
//
// Thread-safety: as its parts; made by one thread. Failure: ends the program.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/log.h"
#include "base/clock.h"
#include "decide/in_force.h"
#include "disclose/sources.h"
#include "disclose/view.h"
#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::bench {

struct HouseOptions {
  std::size_t entries = 300;  // of each person
  std::size_t people = 1;
  std::size_t agreements = 0;  // beside those of the shipped policy
  // The store is opened again once it is filled: nothing of it is in memory, nor, as far as the
  // system does as it is asked, in its page cache.
  bool cold = false;
  std::size_t segment_cache_bytes = store::sqlite::Options{}.segment_cache_bytes;
};

inline constexpr const char* kFamilyName = "Example";
inline constexpr const char* kBirthDate = "1960-05-17";

// The numbers of the people of a house, in order.
std::vector<std::string> NhsNumbers(std::size_t people);

record::OdsCode Ods(std::string_view code);
record::Requester Doctor();
disclose::ViewRequest RequestFor(const std::string& nhs_number);

class House {
 public:
  explicit House(const HouseOptions& options);

  const kit::TemporaryFolder& folder() const { return folder_; }
  const base::SystemClock& clock() const { return clock_; }
  store::sqlite::Database& store() { return *store_; }
  audit::Log& log() { return *log_; }
  // A decider that has compiled nothing yet.
  std::shared_ptr<const decide::Decider> NewDecider() const;
  const decide::InForce& policy() const { return *policy_; }
  const std::vector<disclose::ExpectedSource>& sources() const { return sources_; }

  // What GetPatientView answers of the first of them.
  std::string OneAnswer();

 private:
  base::Uuid NewId() const { return base::Uuid::New(clock_.Now()); }
  void OpenStore(std::size_t segment_cache_bytes);
  void MakePeople(const HouseOptions& options);
  base::Result<void> MakePerson(store::Transaction& to, const std::string& nhs_number,
                                std::size_t entries) const;

  kit::TemporaryFolder folder_;
  base::SystemClock clock_;
  std::vector<disclose::ExpectedSource> sources_;
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<audit::Log> log_;
  std::optional<decide::Policy> rules_;
  std::unique_ptr<decide::InForce> policy_;
};

}  // namespace milecastle::bench
