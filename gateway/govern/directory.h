// The directories of services: searched and shown by role, and replaced by an officer's import.
//
// Nothing here is of a patient, so what is searched for is written nowhere: an entry of the log for
// each search would disclose more about the person whom somebody looks for than the answer does. A
// refusal is in the log, as everywhere; an import is too, before it takes effect, with the digest
// of what was brought, and once more where it failed.
//
// Thread-safety: any thread. Failure: kNotPermitted, kNotFound; kArgumentInvalid where several
// sources hold an id; as directory/keeper.h for an import.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "directory/keeper.h"
#include "govern/act.h"

namespace milecastle::govern {

struct DirectoryFound {
  store::FoundServices found;
  std::vector<directory::SourceState> sources;
};

struct DirectoryImported {
  store::DirectoryChange change;
  std::uint64_t refused = 0;
};

class DirectoryDesk {
 public:
  template <class T>
  using Done = std::function<void(base::Result<T>)>;
  // Runs a job on a thread that may block; false: there is no room.
  using Post = std::function<bool(std::function<void()>)>;

  DirectoryDesk(Parts parts, directory::Keeper& keeper, Post post)
      : parts_(parts), keeper_(keeper), post_(std::move(post)) {}

  void Search(const record::Requester& user, const store::DirectorySearch& search,
              const Done<DirectoryFound>& done) const;
  void Show(const record::Requester& user, const std::string& id, const std::string& source,
            const Done<store::HeldService>& done) const;
  void Import(const record::Requester& officer, const directory::Brought& brought,
              const Done<Audited<DirectoryImported>>& done) const;
  // For whoever was permitted to look at operations.
  std::vector<directory::SourceState> States() const { return keeper_.States(); }

 private:
  base::Result<DirectoryFound> Found(const store::DirectorySearch& search) const;
  base::Result<store::HeldService> HeldOf(const std::string& id, const std::string& source) const;

  Parts parts_;
  directory::Keeper& keeper_;
  Post post_;
};

}  // namespace milecastle::govern
