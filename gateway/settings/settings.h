// What an operator writes in gateway.toml, as the options of the parts that it configures.
//
// `config/gateway.toml` is a complete, worked file that explains each setting. Relative paths are
// taken from the folder that the file stands in.
//
// Thread-safety: values. Failure: every problem at once, each with file, line and what to write
// instead.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authenticate/authenticator.h"
#include "base/error.h"
#include "base/log.h"
#include "disclose/guess_limit.h"
#include "disclose/sources.h"
#include "identify/trace.h"
#include "ingress/ingress.h"
#include "ingress/tls_material.h"
#include "normalise/normaliser.h"
#include "port/feed.h"

namespace milecastle::settings {

enum class Transport : std::uint8_t { kMllp = 1, kGrpc, kFolder };

struct FeedSettings {
  std::shared_ptr<const port::Feed> feed;
  Transport transport = Transport::kMllp;
  ingress::ListenerOptions listener;  // kMllp
  std::vector<std::pair<record::OdsCode, std::string>>
      callers;                   // certificates that may feed it: organisation, system
  std::filesystem::path folder;  // kFolder
};

struct AuditSettings {
  std::filesystem::path folder;
  std::filesystem::path key;  // made where it is not there
  std::string origin;
};

struct Settings {
  std::filesystem::path data;  // the store stands here
  base::Severity log_level = base::Severity::kInfo;
  ingress::ListenerOptions grpc;
  std::chrono::seconds longest_call{3600};
  ingress::TlsOptions tls;
  authenticate::AuthenticatorOptions tokens;
  AuditSettings audit;
  AuditSettings second_audit;
  std::vector<std::filesystem::path> policies;
  normalise::NormaliserOptions normalise;  // without the code sets' content
  std::vector<std::filesystem::path> code_sets;
  std::vector<FeedSettings> feeds;
  identify::TraceOptions trace;
  std::optional<std::uint16_t> metrics_port;
  std::size_t call_threads = 4;
  std::size_t call_queue = 256;
  std::size_t intake_threads = 2;
  std::size_t intake_messages = 1024;
  std::size_t intake_bytes = std::size_t{256} << 20;
  std::chrono::milliseconds refusal_grid{50};
  disclose::GuessLimit::Options guesses;
  std::chrono::milliseconds shutdown_grace{10'000};

  // Who is expected to send how often, for manifests.
  std::vector<disclose::ExpectedSource> ExpectedSources() const;
};

struct Loaded {
  std::optional<Settings> settings;
  std::vector<base::Error> problems;
};
// `adapters`: the names that a feed's adapter may have.
Loaded Load(const std::filesystem::path& file, const std::vector<std::string>& adapters);

}  // namespace milecastle::settings
