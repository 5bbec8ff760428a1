// The audit logs of this gateway by their origins, first log first.
//
// Thread-safety: read-only after composition. Lifetime: the logs outlive it. Failure: kNotFound for
// an origin of nobody.
#pragma once

#include <string>
#include <vector>

#include "audit/log.h"
#include "base/result.h"

namespace milecastle::govern {

class Logs {
 public:
  explicit Logs(std::vector<audit::Log*> logs) : logs_(std::move(logs)) {}

  base::Result<audit::Log*> Find(const std::string& origin) const {  // empty: the first
    for (audit::Log* log : logs_) {
      if (origin.empty() || log->origin() == origin) return log;
    }
    return base::Error{base::ErrorId::kNotFound, "origin", "no log of that origin is kept here"};
  }
  const std::vector<audit::Log*>& all() const { return logs_; }

 private:
  std::vector<audit::Log*> logs_;
};

}  // namespace milecastle::govern
