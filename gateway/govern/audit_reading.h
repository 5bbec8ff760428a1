// Reading the audit log: who saw what. Every reading is itself decided and audited (safety.md 21).
//
// The contributing organisation's officer sees accesses to its data, a requesting organisation's
// officer its own people's, the system's officer all. Names of sensitive sources stay masked, and a
// payload stays closed, without a case reference.
//
// Thread-safety: any thread; `done` runs once. These calls block on disk: run them on a pool.
// Failure: kNotFound, also for an entry outside the caller's scope; kNotPermitted; the store's and
// the log's errors. Each of them is an entry of the log itself before it is told.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "govern/act.h"
#include "govern/logs.h"
#include "govern/trail.h"

namespace milecastle::govern {

struct EntryRead {
  store::TrailRow row;
  std::string payload;  // JSON; empty where it is closed to this reader or was disposed of
  base::Digest leaf_hash{};
};

struct EntriesFound {
  std::vector<store::TrailRow> rows;
  // Origins of logs that cannot be read to their end now: what they hold since is not in `rows`.
  std::vector<std::string> unread;
};

class AuditReading {
 public:
  using OnFound = std::function<void(base::Result<Audited<EntriesFound>>)>;
  using OnRead = std::function<void(base::Result<Audited<EntryRead>>)>;
  using OnExported = std::function<void(base::Result<Audited<std::filesystem::path>>)>;

  AuditReading(Parts parts, const Logs& logs, TrailLoop& trail)
      : parts_(parts), logs_(logs), trail_(trail) {}

  // `query.visible_to` is set here. Newest first. A log that cannot be read does not keep back what
  // is known of it and of the other.
  void Search(const record::Requester& officer, store::TrailQuery query,
              const std::string& case_reference, const OnFound& done);
  // An empty origin is the first log's.
  void Get(const record::Requester& officer, const store::TrailPlace& place,
           const std::string& case_reference, const OnRead& done);
  struct Exporting {
    std::string origin;  // empty: the first log's
    bool payloads = false;
    std::string case_reference;
  };
  // Writes an export (audit/export.h) into `folder`, which must be empty. Only for a scope over
  // all; payloads only for a case.
  void Export(const record::Requester& officer, const Exporting& asked,
              const std::filesystem::path& folder, const OnExported& done);

 private:
  base::Result<EntriesFound> Find(const decide::ActionVerdict& verdict,
                                  const store::TrailQuery& query);
  base::Result<EntryRead> Read(const decide::ActionVerdict& verdict,
                               const store::TrailPlace& place) const;
  static base::Result<std::vector<store::TrailRow>> SearchReached(
      store::ReadTrail& trail, const decide::ActionVerdict& verdict, store::TrailQuery query);
  // Whether its name tells on its own what the source does (safety.md 26).
  bool IsSensitive(std::string_view source) const;
  void MaskNames(store::TrailRow& row) const;
  static void HideUnreached(const decide::ActionVerdict& verdict, store::TrailRow& row);

  Parts parts_;
  const Logs& logs_;
  TrailLoop& trail_;
};

}  // namespace milecastle::govern
