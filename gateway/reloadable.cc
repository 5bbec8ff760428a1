#include "reloadable.h"

#include <utility>

#include "acute/adapter.h"
#include "canonical/adapter.h"
#include "community/adapter.h"
#include "normalise/code_set.h"
#include "normalise/release_table.h"
#include "primary/adapter.h"
#include "social_care/adapter.h"

namespace milecastle {
namespace {

std::shared_ptr<const normalise::Normaliser> MakeNormaliser(const Settings& settings,
                                                            Problems& problems) {
  normalise::NormaliserOptions options = settings.normalise;
  for (const auto& file : settings.code_sets) {
    if (auto codes = Keep(normalise::LoadCodeSet(file), problems)) {
      options.code_labels.insert(options.code_labels.end(), codes->begin(), codes->end());
    }
  }
  for (const auto& each : settings.reference_sets) {
    if (auto codes = Keep(normalise::LoadReferenceSet(each), problems)) {
      options.code_labels.insert(options.code_labels.end(), codes->begin(), codes->end());
    }
  }
  for (const auto& each : settings.code_maps) {
    const auto added = normalise::AddMapped(each, options.code_labels);
    if (!added) problems.push_back(added.error());
  }
  auto made = Keep(normalise::Normaliser::Create(options), problems);
  return made ? std::make_shared<const normalise::Normaliser>(std::move(*made)) : nullptr;
}

}  // namespace

Adapters MakeAdapters() {
  return {{"acute", acute::MakeAdapter()},
          {"canonical", canonical::MakeAdapter()},
          {"community", community::MakeAdapter()},
          {"primary", primary::MakeAdapter()},
          {"social_care", social_care::MakeAdapter()}};
}

Reloadable LoadReloadable(const Settings& settings, const base::Clock& clock, Problems& problems) {
  Reloadable loaded;
  decide::Policy::Loaded policy = decide::Policy::Load(settings.policies);
  problems.insert(problems.end(), policy.problems.begin(), policy.problems.end());
  if (policy.policy)
    loaded.decider = std::make_shared<const decide::Decider>(std::move(*policy.policy));
  loaded.tls = Keep(ingress::TlsMaterial::Load(settings.tls, clock), problems).value_or(nullptr);
  if (auto made = Keep(authenticate::Authenticator::Load(settings.tokens, clock), problems)) {
    loaded.authenticator = std::move(*made);
  }
  loaded.normaliser = MakeNormaliser(settings, problems);
  loaded.live_tls = LoadLiveTls(settings, problems);
  return loaded;
}

}  // namespace milecastle
