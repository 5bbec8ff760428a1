// The store of the directories as far as it can be had. What it holds is public and can be read
// again, so a file that cannot be opened, or is found to be damaged, is an answer here and nothing
// more: it must never keep anybody from a patient's record.
//
// One that could not be opened is tried again when somebody asks for it, some time after the last
// try. One that proves damaged while it is used is asked nothing more until TryAgain, of which the
// opener makes what it will (directories.cc sets it aside).
//
// Thread-safety: any thread. Lifetime: the clock outlives it. Failure: kStoreUnavailable with what
// to do while the store cannot be had; else as store/directory.h.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/directory.h"

namespace milecastle::directory {

class Sheltered final : public store::ServiceDirectory {
 public:
  using Open = std::function<base::Result<std::unique_ptr<store::ServiceDirectory>>()>;
  static constexpr std::chrono::seconds kTryEvery{10};

  Sheltered(Open open, const base::Clock& clock);

  // Opens it where it is not open or is damaged: now, or when the next one asks for it.
  void TryAgain();
  // Why it cannot be had.
  std::optional<base::Error> Trouble() const;

  base::Result<store::DirectoryChange> Replace(const store::DirectoryReading& reading) override;
  base::Result<store::FoundServices> Search(const store::DirectorySearch& search) override;
  base::Result<std::vector<store::HeldService>> Find(const std::string& id) override;
  base::Result<std::vector<store::DirectorySource>> Sources() override;

 private:
  template <class Ask>
  auto Using(Ask ask) -> decltype(ask(std::declval<store::ServiceDirectory&>()));
  bool IsDue() const;
  void OpenIt();
  void NoteTrouble(const base::Error& error, std::optional<std::chrono::nanoseconds> next);

  const Open open_;
  const base::Clock& clock_;
  std::shared_mutex
      use_;  // shared: asks; alone: opens and closes, for a file has to be closed first
  std::unique_ptr<store::ServiceDirectory> store_;
  mutable std::mutex mutex_;
  std::optional<base::Error> trouble_;
  std::optional<std::chrono::nanoseconds>
      next_;  // when it is tried again; none: when it is told to
};

}  // namespace milecastle::directory
