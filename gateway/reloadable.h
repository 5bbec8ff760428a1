// The adapters of a gateway, and what of it SIGHUP reads again. Of the composition root: the one
// place that names adapters.
//
// Thread-safety: functions without state. Failure: every problem, with its place.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authenticate/authenticator.h"
#include "base/clock.h"
#include "base/result.h"
#include "decide/decider.h"
#include "directories.h"
#include "ingress/tls_material.h"
#include "live.h"
#include "normalise/normaliser.h"
#include "port/adapter.h"
#include "settings/settings.h"

namespace milecastle {

using settings::Settings;
using Problems = std::vector<base::Error>;
using Adapters = std::map<std::string, std::shared_ptr<const port::Adapter>>;

Adapters MakeAdapters();

// The value, or one problem more.
template <class T>
std::optional<T> Keep(base::Result<T> result, Problems& problems) {
  if (result) return std::move(*result);
  problems.push_back(result.error());
  return std::nullopt;
}

// All of it is right and swapped, or nothing is.
struct Reloadable {
  std::shared_ptr<const decide::Decider> decider;
  std::shared_ptr<const ingress::TlsMaterial> tls;
  std::shared_ptr<authenticate::Authenticator> authenticator;
  std::shared_ptr<const normalise::Normaliser> normaliser;
  LiveTls live_tls;
  DirectoryTls directory_tls;
};
// What decides, and what labels.
struct LoadedRules {
  std::shared_ptr<const decide::Decider> decider;
  std::shared_ptr<const normalise::Normaliser> normaliser;
};
LoadedRules LoadRules(const Settings& settings, Problems& problems);
Reloadable LoadReloadable(const Settings& settings, const base::Clock& clock, Problems& problems);

}  // namespace milecastle
