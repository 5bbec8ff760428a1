#include "directory/whole.h"

#include <algorithm>
#include <utility>

namespace milecastle::directory {
namespace {

using base::Error;
using base::ErrorId;
using record::DirectoryPage;
using record::DirectoryService;

constexpr std::size_t kLongestId = 200;
constexpr std::size_t kLongestName = 1000;

Error Lies(std::string place, std::string advice) {
  return {ErrorId::kMessageInvalid, std::move(place), std::move(advice)};
}
Error Changed(std::string place) {
  return {ErrorId::kConflict, std::move(place),
          "it changed while it was read, or repeats itself: read it again"};
}
Error TooLarge(std::string place) {
  return {ErrorId::kMessageTooLarge, std::move(place),
          "it is past the limit of its source: raise that, or split the directory"};
}

std::size_t SizeOf(const std::vector<std::string>& texts) {
  std::size_t size = 0;
  for (const std::string& text : texts) size += text.size() + 1;
  return size;
}

std::size_t SizeOf(const DirectoryService& service) {
  std::size_t size = service.organisation_id.size() + service.organisation.size() +
                     service.description.size() + service.alert.size() + service.url.size() +
                     service.email.size() + service.fees.size() + service.assured.size() +
                     service.last_modified.size();
  for (const auto* list : {&service.phones, &service.schedules, &service.costs, &service.areas}) {
    size += SizeOf(*list);
  }
  for (const record::OpenDays& open : service.open)
    size += open.from.size() + open.until.size() + 1;
  for (const record::ServiceTerm& term : service.terms) {
    size += term.id.size() + term.name.size() + term.taxonomy.size() + 1;
  }
  for (const record::ServiceLocation& location : service.locations) {
    size += location.name.size() + location.type.size() + location.postcode.size() + 1;
    size += SizeOf(location.lines) + SizeOf(location.accessibility);
  }
  return size;
}

// Files without pages, as one page.
DirectoryPage Joined(std::vector<DirectoryPage> pages) {
  DirectoryPage all;
  std::uint64_t items = 0;
  bool told = true;
  for (DirectoryPage& page : pages) {
    all.entries += page.entries;
    items += page.items.value_or(0);
    told = told && page.items.has_value();
    for (auto& service : page.services) all.services.push_back(std::move(service));
    for (auto& refused : page.refused) all.refused.push_back(std::move(refused));
    for (auto& id : page.unread) all.unread.push_back(std::move(id));
  }
  if (told) all.items = items;
  return all;
}

}  // namespace

bool Fits(const DirectoryService& service, const Limits& limits) {
  return service.id.size() <= kLongestId && service.name.size() <= kLongestName &&
         SizeOf(service) <= limits.service_bytes;
}

Whole::Whole(std::string source, base::Instant began, const Limits& limits) : limits_(limits) {
  reading_.source = std::move(source);
  reading_.began = began;
  reading_.may_lose_percent = limits.may_lose_percent;
}

base::Result<void> Whole::CheckPlace(const DirectoryPage& page) const {
  const std::string place = "page " + std::to_string(next_);
  if (complete()) return Lies(place, "it is past the last page that was told");
  if (page.number != next_) return Lies(place, "the pages must be numbered from 1 on, each once");
  if (page.total > limits_.pages) return TooLarge("total_pages");
  if (!total_) return {};
  const bool same = std::max<std::uint64_t>(page.total, 1) == *total_ && page.items == items_;
  return same ? base::Result<void>() : Changed(place);
}

base::Result<void> Whole::AddServices(DirectoryPage& page) {
  const std::string place = "page " + std::to_string(next_);
  for (DirectoryService& service : page.services) {
    if (!ids_.insert(service.id).second) return Changed(place);
    if (Fits(service, limits_)) {
      reading_.services.push_back(std::move(service));
    } else {
      reading_.unread.push_back(std::move(service.id));
      ++reading_.refused;
    }
  }
  for (std::string& id : page.unread) {
    if (!ids_.insert(id).second) return Changed(place);
    reading_.unread.push_back(std::move(id));
  }
  reading_.refused += page.refused.size();
  if (ids_.size() > limits_.services) return TooLarge("services");
  return {};
}

base::Result<void> Whole::Add(DirectoryPage page) {
  if (auto fits = CheckPlace(page); !fits) return fits;
  if (!total_) {
    total_ = std::max<std::uint64_t>(page.total, 1);
    items_ = page.items;
  }
  const bool is_last = next_ == *total_;
  if (page.entries == 0 && !is_last) {
    return Lies("page " + std::to_string(next_), "it is empty, and pages were told behind it");
  }
  seen_ += page.entries;
  if (items_ && seen_ > *items_) return Lies("total_items", "the pages hold more than it tells");
  if (auto added = AddServices(page); !added) return added;
  ++next_;
  return {};
}

base::Result<store::DirectoryReading> Whole::Take() {
  if (!complete()) return Lies("total_pages", "pages are missing: give all of them");
  if (items_ && seen_ != *items_) return Lies("total_items", "the pages hold less than it tells");
  return std::move(reading_);
}

base::Result<store::DirectoryReading> Assemble(std::string source, base::Instant began,
                                               const Limits& limits,
                                               std::vector<DirectoryPage> pages) {
  const bool paged = std::any_of(pages.begin(), pages.end(), [](const DirectoryPage& page) {
    return page.total > 1 || page.number > 1;
  });
  Whole whole(std::move(source), began, limits);
  if (!paged) {
    if (auto added = whole.Add(Joined(std::move(pages))); !added) return added.error();
    return whole.Take();
  }
  std::sort(pages.begin(), pages.end(), [](const DirectoryPage& left, const DirectoryPage& right) {
    return left.number < right.number;
  });
  for (DirectoryPage& page : pages) {
    if (auto added = whole.Add(std::move(page)); !added) return added.error();
  }
  return whole.Take();
}

}  // namespace milecastle::directory
