#include "directory/sheltered.h"

#include <utility>

#include "base/log.h"

namespace milecastle::directory {

Sheltered::Sheltered(Open open, const base::Clock& clock)
    : open_(std::move(open)),
      clock_(clock),
      trouble_(base::Error{base::ErrorId::kStoreUnavailable, "", ""}) {
  OpenIt();
}

std::optional<base::Error> Sheltered::Trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool Sheltered::IsDue() const {
  const std::lock_guard lock(mutex_);
  return trouble_ && next_ && clock_.Monotonic() >= *next_;
}

void Sheltered::TryAgain() {
  {
    const std::lock_guard lock(mutex_);
    if (!trouble_) return;
    next_ = clock_.Monotonic();
  }
  OpenIt();
}

void Sheltered::OpenIt() {
  // Who still asks the one before has it open; the next one who asks tries again.
  const std::unique_lock alone(use_, std::try_to_lock);
  if (!alone || !Trouble()) return;
  store_.reset();
  auto opened = open_();
  if (!opened) return NoteTrouble(opened.error(), clock_.Monotonic() + kTryEvery);
  store_ = std::move(*opened);
  const std::lock_guard lock(mutex_);
  const bool was_told = !std::exchange(trouble_, std::nullopt)->place.empty();
  if (was_told) base::Log(base::LogId::kDirectoryRestored);
}

void Sheltered::NoteTrouble(const base::Error& error,
                            std::optional<std::chrono::nanoseconds> next) {
  const std::lock_guard lock(mutex_);
  const bool said = trouble_ && trouble_->place == error.place && trouble_->advice == error.advice;
  trouble_ = base::Error{base::ErrorId::kStoreUnavailable, error.place, error.advice};
  next_ = next;
  if (said) return;
  base::Log(base::LogId::kDirectoryUnavailable,
            {{"error", error.id}, {"place", base::SafeText::Path(error.place)}});
}

template <class Ask>
auto Sheltered::Using(Ask ask) -> decltype(ask(std::declval<store::ServiceDirectory&>())) {
  if (IsDue()) OpenIt();
  const std::shared_lock use(use_);
  if (const auto trouble = Trouble()) return *trouble;
  auto answer = ask(*store_);
  if (answer || answer.error().id != base::ErrorId::kStoreCorrupt) return answer;
  NoteTrouble(answer.error(), std::nullopt);
  return *Trouble();
}

base::Result<store::DirectoryChange> Sheltered::Replace(const store::DirectoryReading& reading) {
  return Using([&](store::ServiceDirectory& store) { return store.Replace(reading); });
}
base::Result<store::FoundServices> Sheltered::Search(const store::DirectorySearch& search) {
  return Using([&](store::ServiceDirectory& store) { return store.Search(search); });
}
base::Result<std::vector<store::HeldService>> Sheltered::Find(const std::string& id) {
  return Using([&](store::ServiceDirectory& store) { return store.Find(id); });
}
base::Result<std::vector<store::DirectorySource>> Sheltered::Sources() {
  return Using([&](store::ServiceDirectory& store) { return store.Sources(); });
}

}  // namespace milecastle::directory
