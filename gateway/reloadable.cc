#include "reloadable.h"

#include <utility>

#include "acute/adapter.h"
#include "canonical/adapter.h"
#include "community/adapter.h"
#include "normalise/code_set.h"
#include "normalise/label_rules.h"
#include "normalise/release_table.h"
#include "primary/adapter.h"
#include "social_care/adapter.h"
#include "third_sector/adapter.h"

namespace milecastle {
namespace {

// A label that the policy does not name is withheld from everybody, in an emergency too, and one
// with a statute is hidden from them: a slip, or a word, must not do that.
void CheckLabels(const normalise::LabelRules& rules, const decide::Policy& policy,
                 Problems& problems) {
  for (const auto& given : rules.labels()) {
    const decide::LabelRule* const known = policy.FindLabel(given.label);
    if (known != nullptr && known->statute.empty()) continue;
    problems.push_back(
        {base::ErrorId::kConfigInvalid, std::string(given.place),
         known == nullptr ? "write a label that the policy names under [labels]"
                          : "words guess, and this label hides from everybody: list its codes in a "
                            "code set, and give the words another label"});
  }
}

std::shared_ptr<const normalise::Normaliser> MakeNormaliser(const Settings& settings,
                                                            const decide::Decider* decider,
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
  if (!settings.label_rules.empty()) {
    auto loaded = normalise::LabelRules::Load(settings.label_rules);
    problems.insert(problems.end(), loaded.problems.begin(), loaded.problems.end());
    if (loaded.rules && decider != nullptr) {
      CheckLabels(*loaded.rules, decider->policy(), problems);
    }
    options.label_rules = std::move(loaded.rules);
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
          {"social_care", social_care::MakeAdapter()},
          {"third_sector", third_sector::MakeAdapter()}};
}

LoadedRules LoadRules(const Settings& settings, Problems& problems) {
  LoadedRules loaded;
  decide::Policy::Loaded policy = decide::Policy::Load(settings.policies);
  problems.insert(problems.end(), policy.problems.begin(), policy.problems.end());
  if (policy.policy)
    loaded.decider = std::make_shared<const decide::Decider>(std::move(*policy.policy));
  loaded.normaliser = MakeNormaliser(settings, loaded.decider.get(), problems);
  return loaded;
}

Reloadable LoadReloadable(const Settings& settings, const base::Clock& clock, Problems& problems) {
  Reloadable loaded;
  LoadedRules rules = LoadRules(settings, problems);
  loaded.decider = std::move(rules.decider);
  loaded.normaliser = std::move(rules.normaliser);
  loaded.tls = Keep(ingress::TlsMaterial::Load(settings.tls, clock), problems).value_or(nullptr);
  if (auto made = Keep(authenticate::Authenticator::Load(settings.tokens, clock), problems)) {
    loaded.authenticator = std::move(*made);
  }
  loaded.live_tls = LoadLiveTls(settings, problems);
  loaded.directory_tls = LoadDirectoryTls(settings, problems);
  return loaded;
}

}  // namespace milecastle
