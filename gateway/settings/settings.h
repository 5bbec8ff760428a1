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
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authenticate/authenticator.h"
#include "base/error.h"
#include "base/log.h"
#include "directory/whole.h"
#include "disclose/guess_limit.h"
#include "disclose/sources.h"
#include "identify/trace.h"
#include "ingress/ingress.h"
#include "ingress/tls_material.h"
#include "normalise/normaliser.h"
#include "normalise/release_table.h"
#include "port/feed.h"
#include "record/sections.h"

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

// One practice that is asked at the moment of a view.
struct LiveSettings {
  std::string name;
  std::optional<record::OdsCode> organisation;  // there once the file was right
  std::string record_system;                    // as a feed's; empty: of its name
  std::string host;
  std::uint16_t port = 443;
  std::string base;  // path
  std::string from_asid;
  std::string to_asid;
  std::string system;
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
  std::vector<std::filesystem::path> revocation_lists;  // none: not checked
  std::vector<record::Section> sections;
  bool gives_documents = false;  // its documents (Access Document), and no record
  bool match_answer_id = true;
  std::chrono::milliseconds connect{2000};
  std::chrono::milliseconds header{4000};
  std::chrono::milliseconds whole{4500};
  std::size_t answer_bytes = std::size_t{8} << 20;
  std::size_t outstanding = 8;
  std::uint32_t failures = 5;
  std::chrono::milliseconds pause{5000};
};

// Where a directory of services is asked for.
struct DirectoryPull {
  std::string host;
  std::uint16_t port = 443;
  std::string base;  // path
  std::filesystem::path authority;
  std::vector<std::filesystem::path> revocation_lists;  // none: not checked
  bool each_service = true;                             // false: pages hold all of every service
  std::uint32_t per_page = 100;
  std::chrono::seconds retry{900};
  std::chrono::seconds within{1800};  // for all of one reading
  std::chrono::seconds answer{30};    // for one answer
  std::size_t answer_bytes = std::size_t{8} << 20;
};
// One source of services: asked for, read from a folder, or brought by somebody.
struct DirectorySettings {
  std::string name;
  std::optional<DirectoryPull> pull;
  std::filesystem::path folder;      // empty: none
  std::chrono::seconds interval{0};  // in which it is to be read; 0: not said
  directory::Limits limits;
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
  std::vector<normalise::ReferenceSet> reference_sets;
  std::vector<normalise::CodeMap> code_maps;
  std::vector<std::filesystem::path> label_rules;  // none: words label nothing
  std::vector<FeedSettings> feeds;
  std::vector<LiveSettings> live;
  std::chrono::milliseconds live_limit{5000};  // of a view's time, for all of them
  std::size_t live_outstanding = 64;           // questions under way, to all of them
  std::vector<DirectorySettings> directories;
  identify::TraceOptions trace;
  std::optional<std::uint16_t> metrics_port;
  std::size_t call_threads = 4;
  std::size_t call_queue = 256;
  std::size_t intake_threads = 2;
  std::size_t intake_messages = 1024;
  std::size_t intake_bytes = std::size_t{256} << 20;
  std::size_t document_bytes = std::size_t{16} << 20;  // of one document by itself
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
// By the name that a feed's adapter may have: of what a mapping may speak to it.
using KnownAdapters = std::map<std::string, port::Mappable, std::less<>>;
// `live_sections`: what a live source can be asked for.
Loaded Load(const std::filesystem::path& file, const KnownAdapters& adapters,
            const std::vector<record::Section>& live_sections = {});

}  // namespace milecastle::settings
