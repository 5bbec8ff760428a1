// One reading of a directory from its address: the pages of `/services`, then each service by
// itself at `/services/{id}`, for the list leaves out places, schedules and terms.
//
// Whatever answers is bounded: pages, services, bytes and time. Nothing is followed but the numbers
// of pages and the ids that the list gave. A page that fails fails all; a service that cannot be
// read is kept as it was.
//
// Thread-safety: blocks the thread that calls. Failure: what `fetch` says; as whole.h.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "directory/whole.h"
#include "record/directory.h"
#include "store/directory.h"

namespace milecastle::directory {

// The body of an answer 200 to GET of a path behind the source's own, such as "/services?page=1";
// kNotFound for 404.
using Fetch = std::function<base::Result<std::string>(const std::string& path)>;
using Parse = std::function<base::Result<record::DirectoryPage>(std::string_view json)>;

struct PullParts {
  Fetch fetch;
  Parse parse;
  const base::Clock& clock;
};

struct PullPlan {
  std::string source;
  Limits limits;
  std::uint32_t per_page = 100;
  bool each_service = true;  // false: the pages hold all of every service
  std::chrono::nanoseconds within = std::chrono::minutes(30);
};

base::Result<store::DirectoryReading> Pull(const PullPlan& plan, const PullParts& parts);

// An id as one segment of a path: what is not plain is written in per cent.
std::string PathSegment(std::string_view id);

}  // namespace milecastle::directory
