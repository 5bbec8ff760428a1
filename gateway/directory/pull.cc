#include "directory/pull.h"

#include <utility>
#include <vector>

namespace milecastle::directory {
namespace {

using base::Error;
using base::ErrorId;

// What one pull may still fetch.
class Bounded {
 public:
  Bounded(const PullPlan& plan, const PullParts& parts)
      : parts_(parts), left_(plan.limits.bytes), until_(parts.clock.Monotonic() + plan.within) {}

  base::Result<std::string> Get(const std::string& path) {
    if (parts_.clock.Monotonic() >= until_) {
      return Error{ErrorId::kDeadlineExceeded, "source",
                   "it takes longer than its source may: raise pull_limit_seconds"};
    }
    auto body = parts_.fetch(path);
    if (!body) return body;
    if (body->size() > left_) {
      return Error{ErrorId::kMessageTooLarge, "source", "it is past the bytes of one reading"};
    }
    left_ -= body->size();
    return body;
  }

 private:
  const PullParts& parts_;
  std::size_t left_;
  const std::chrono::nanoseconds until_;
};

base::Result<store::DirectoryReading> ReadList(const PullPlan& plan, const PullParts& parts,
                                               Bounded& bounded) {
  Whole whole(plan.source, parts.clock.Now(), plan.limits);
  while (!whole.complete()) {
    const auto body = bounded.Get("/services?page=" + std::to_string(whole.next()) +
                                  "&per_page=" + std::to_string(plan.per_page));
    if (!body) return body.error();
    auto page = parts.parse(*body);
    if (!page) return page.error();
    if (auto added = whole.Add(std::move(*page)); !added) return added.error();
  }
  return whole.Take();
}

// The service of that id as it stands by itself, where it can be read.
base::Result<std::optional<record::DirectoryService>> ReadOne(const std::string& id,
                                                              const PullPlan& plan,
                                                              const PullParts& parts,
                                                              Bounded& bounded) {
  const auto body = bounded.Get("/services/" + PathSegment(id));
  if (!body && body.error().id == ErrorId::kNotFound) {
    return Error{ErrorId::kConflict, "services/{id}",
                 "a service of the list is not there: it changed while it was read"};
  }
  if (!body) return body.error();
  auto page = parts.parse(*body);
  if (!page || page->services.size() != 1 || !Fits(page->services[0], plan.limits)) {
    return std::optional<record::DirectoryService>();
  }
  if (page->services[0].id != id) {
    return Error{ErrorId::kMessageInvalid, "services/{id}", "another service than was asked for"};
  }
  return std::optional(std::move(page->services[0]));
}

}  // namespace

std::string PathSegment(std::string_view id) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string segment;
  for (const char each : id) {
    if (kPlain.find(each) != std::string_view::npos) {
      segment += each;
      continue;
    }
    const auto byte = static_cast<unsigned char>(each);
    segment += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
  }
  return segment;
}

base::Result<store::DirectoryReading> Pull(const PullPlan& plan, const PullParts& parts) {
  Bounded bounded(plan, parts);
  auto listed = ReadList(plan, parts, bounded);
  if (!listed || !plan.each_service) return listed;
  std::vector<std::string> ids = std::move(listed->unread);
  listed->refused -= ids.size();  // each is asked for by itself
  for (const auto& service : listed->services) ids.push_back(service.id);
  listed->unread.clear();
  listed->services.clear();
  for (std::string& id : ids) {
    auto service = ReadOne(id, plan, parts, bounded);
    if (!service) return service.error();
    if (*service) {
      listed->services.push_back(std::move(**service));
    } else {
      listed->unread.push_back(std::move(id));
      ++listed->refused;
    }
  }
  return listed;
}

}  // namespace milecastle::directory
