// The live sources of a running gateway: fhir_pull's clients and the primary-care adapter behind
// gather's port. Of the composition root.
//
// Thread-safety: any thread. Failure: MakeLive names the file that is wrong.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fhir_pull/client.h"
#include "gather/live_source.h"
#include "https/client.h"
#include "port/adapter.h"
#include "serve/metrics.h"
#include "serve/services.h"
#include "settings/settings.h"

namespace milecastle {

// The files of each source, by its name: read at start and at each reload.
using LiveTls = std::map<std::string, std::shared_ptr<const https::Tls>>;
LiveTls LoadLiveTls(const settings::Settings& settings, std::vector<base::Error>& problems);

class LiveWork {
 public:
  LiveWork(const settings::Settings& settings, const LiveTls& tls,
           std::shared_ptr<const port::Adapter> adapter, const base::Clock& clock);
  ~LiveWork();

  const gather::LiveSources& sources() const { return sources_; }
  void Use(const LiveTls& tls);  // from the next question on
  void Stop() { loop_.Stop(); }  // questions under way end as failed

  void AddSamples(base::Instant now, std::vector<serve::Sample>& samples) const;
  void AddHealth(std::vector<serve::HealthLine>& lines) const;

 private:
  https::Loop loop_;
  std::vector<std::shared_ptr<fhir_pull::Client>> clients_;
  gather::LiveSources sources_;
};

}  // namespace milecastle
