// The audit logs of this gateway by their origins, first log first.
//
// Thread-safety: read-only after composition. Lifetime: the logs outlive it. Failure: kNotFound for
// an origin of nobody; kAuditUnavailable for a log that could not be opened at start. Another log
// never stands in for it, for its leaves are other leaves.
#pragma once

#include <string>
#include <vector>

#include "audit/log.h"
#include "base/result.h"

namespace milecastle::govern {

class Logs {
 public:
  // `unopened`: the origin of a first log that could not be opened; empty where it could.
  explicit Logs(std::vector<audit::Log*> logs, std::string unopened = {})
      : logs_(std::move(logs)), unopened_(std::move(unopened)) {}

  base::Result<audit::Log*> Find(const std::string& origin) const {  // empty: the first
    if (!unopened_.empty() && (origin.empty() || origin == unopened_)) {
      return base::Error{base::ErrorId::kAuditUnavailable, "audit log " + unopened_,
                         "it could not be opened when the gateway started; ask the operator, or "
                         "name the other log's origin"};
    }
    for (audit::Log* log : logs_) {
      if (origin.empty() || log->origin() == origin) return log;
    }
    return base::Error{base::ErrorId::kNotFound, "origin", "no log of that origin is kept here"};
  }
  const std::vector<audit::Log*>& all() const { return logs_; }
  const std::string& unopened() const { return unopened_; }

 private:
  std::vector<audit::Log*> logs_;
  std::string unopened_;
};

}  // namespace milecastle::govern
