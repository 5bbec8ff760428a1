#include "directory/keeper.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace milecastle::directory {

bool SourceState::IsStale(base::Instant now) const {
  constexpr int kMissed = 3;
  if (interval.count() == 0) return false;
  return !kept || now - kept->began > kMissed * interval;
}

Keeper::Keeper(store::ServiceDirectory& store, const base::Clock& clock, Readers readers,
               std::vector<Source> sources)
    : store_(store), clock_(clock), readers_(std::move(readers)), sources_(std::move(sources)) {
  for (const Source& source : sources_) {
    SourceState& state = states_[source.name];
    state.name = source.name;
    state.interval = source.interval;
  }
}

const Source* Keeper::Find(std::string_view name) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const Source& each) { return each.name == name; });
  return found == sources_.end() ? nullptr : &*found;
}

base::Result<std::vector<record::DirectoryPage>> Keeper::PagesOf(const Brought& brought) const {
  std::vector<record::DirectoryPage> pages;
  if (!brought.names.empty()) {
    std::vector<record::DirectoryTable> tables;
    for (std::size_t i = 0; i < std::min(brought.files.size(), brought.names.size()); ++i) {
      tables.push_back({brought.names[i], brought.files[i]});
    }
    auto page = readers_.tables(tables);
    if (!page) return page.error();
    pages.push_back(std::move(*page));
    return pages;
  }
  for (std::size_t i = 0; i < brought.files.size(); ++i) {
    auto page = readers_.page(brought.files[i]);
    if (!page) {
      base::Error error = page.error();
      error.place = "file " + std::to_string(i + 1) + ", " + error.place;
      return error;
    }
    pages.push_back(std::move(*page));
  }
  return pages;
}

base::Result<store::DirectoryReading> Keeper::Read(const Brought& brought) const {
  const Source* const source = Find(brought.source);
  if (source == nullptr) {
    return base::Error{base::ErrorId::kNotFound, "source",
                       "name one that is configured: [[directory.source]]"};
  }
  const base::Instant now = clock_.Now();
  auto pages = PagesOf(brought);
  if (!pages) return pages.error();
  Limits limits = source->limits;
  if (brought.accept_loss) limits.may_lose_percent = 100;
  return Assemble(brought.source, now, limits, std::move(*pages));
}

base::Result<store::DirectoryChange> Keeper::Keep(
    const base::Result<store::DirectoryReading>& reading, const std::string& source) {
  auto change =
      reading ? store_.Replace(*reading) : base::Result<store::DirectoryChange>(reading.error());
  if (change) {
    NoteTaken(source, *change);
  } else {
    NoteFailed(source, change.error());
  }
  return change;
}

void Keeper::NoteTaken(const std::string& source, const store::DirectoryChange& change) {
  {
    const std::lock_guard lock(mutex_);
    SourceState& state = states_[source];
    state.tried = clock_.Now();
    state.failed.reset();
    ++state.taken;
  }
  base::Log(base::LogId::kDirectoryTaken, {{"source", base::SafeText::Configured(source)},
                                           {"services", change.services},
                                           {"added", change.added},
                                           {"changed", change.changed},
                                           {"gone", change.gone},
                                           {"unread", change.unread}});
}

void Keeper::NoteFailed(const std::string& source, const base::Error& error) {
  bool said = false;
  {
    const std::lock_guard lock(mutex_);
    SourceState& state = states_[source];
    said = state.failed && state.failed->id == error.id && state.failed->place == error.place;
    state.tried = clock_.Now();
    state.failed = error;
    ++state.failures;
  }
  if (said) return;
  base::Log(base::LogId::kDirectoryFailed, {{"source", base::SafeText::Configured(source)},
                                            {"error", error.id},
                                            {"place", base::SafeText::Path(error.place)}});
}

std::optional<base::Instant> Keeper::LastRead(const std::string& source) const {
  const auto sources = store_.Sources();
  if (!sources) return std::nullopt;
  const auto found = std::find_if(sources->begin(), sources->end(),
                                  [&](const auto& each) { return each.name == source; });
  if (found == sources->end()) return std::nullopt;
  return found->began;
}

std::vector<SourceState> Keeper::States() const {
  const auto kept = store_.Sources();
  std::vector<SourceState> states;
  for (const Source& source : sources_) {
    {
      const std::lock_guard lock(mutex_);
      states.push_back(states_.at(source.name));
    }
    if (!kept) {
      states.back().known = false;
      states.back().failed = kept.error();
      continue;
    }
    const auto found = std::find_if(kept->begin(), kept->end(),
                                    [&](const auto& each) { return each.name == source.name; });
    if (found != kept->end()) states.back().kept = *found;
  }
  return states;
}

}  // namespace milecastle::directory
