// The command line: one binary, one file per subcommand, nothing decided here.
//
// Clients speak the contract of proto/milecastle/v1 over mutual TLS, like any other caller. What
// works offline (dry runs, verification, policy checks) uses the gateway's own modules; adapters,
// drivers and the server itself are handed in by main.cc, so that this module depends on none.
//
// Standard output holds what was asked for and nothing else; errors go to standard error, in four
// parts: what, where, why, what to do. Exit codes: 0 done; 1 some was not accepted, or a
// verification failed; 2 misuse; 3 refused by policy; 4 the gateway is unavailable or failed.
//
// Thread-safety: Run once, from one thread. Failure: the exit code.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "normalise/normaliser.h"
#include "port/adapter.h"
#include "port/feed.h"
#include "record/contribution.h"
#include "record/directory.h"

namespace milecastle::command {

struct ServeOptions {
  bool check_only = false;  // read configuration, policy and certificates, serve nothing
};
struct ServeReport {
  std::vector<base::Error> problems;  // every one that kept it from starting or ended it
  std::vector<std::string> warnings;  // what somebody should look at in what is right
};

// By what a file is read.
struct DryRunReader {
  const port::Adapter& adapter;
  const port::Feed& feed;
  const normalise::Normaliser& normaliser;
};
// What one message would become, patient by patient (receive/dry_run.h).
struct DryRunPatient {
  std::optional<base::Error> error;   // why one of several would be quarantined unread
  std::string_view nhs_number_state;  // empty where there is an error
  record::Contribution contribution;  // without its drafts, which became items
  std::vector<normalise::Item> items;
};
struct DryRunMessage {
  std::string_view outcome;  // "accepted", "rejected", "unsupported"
  std::optional<base::Error> error;
  port::Envelope envelope;
  std::vector<DryRunPatient> patients;  // empty where the message was refused
};

struct LoadedMapping {
  std::optional<port::Mapping> mapping;
  std::vector<base::Error> problems;
};

// A user token for trials (authenticate/issue.h); issued now.
struct TokenRequest {
  std::string issuer_key_pem;   // EC P-256 private key
  std::string certificate_pem;  // of the client that the token is bound to
  std::string issuer;
  std::string key_id;
  std::string audience;
  std::string user;
  std::string name;
  std::string organisation;
  std::vector<std::string> roles;
  std::string team;
  int assurance = 3;
  std::chrono::seconds lifetime{0};
  std::string launch_nhs_number;  // an attested launch from this open record; empty: none
};

struct StoreFinding {
  std::string place;  // table and row
  std::string what;   // never a value
};
struct StoreCheck {
  std::uint64_t rows = 0;
  std::vector<StoreFinding> findings;
};

// What the rules of a configuration would make of the labels of what is stored: numbers alone.
struct LabelChange {
  std::string source;
  std::string section;  // its key
  std::string label;
  bool gains = false;  // else it loses it
  std::uint64_t entries = 0;
  std::uint64_t people = 0;
};
struct LabelTrial {
  std::uint64_t people = 0;
  std::uint64_t entries = 0;
  std::vector<LabelChange> changes;  // sorted
};
struct TriedLabels {
  std::optional<LabelTrial> trial;
  std::vector<base::Error> problems;  // of the configuration or the store; then there is no trial
};

// Where an MLLP sender connects; plain where certificate, key and authority are empty.
struct MllpTarget {
  std::string host;
  std::uint16_t port = 0;
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
  std::string server_name;  // expected in the certificate; empty: host
  std::chrono::seconds timeout{30};
};
// Sends one message and waits for its acknowledgement.
using MllpExchange = std::function<base::Result<std::string>(std::string_view message)>;

// What main.cc hands in. A subcommand whose part is empty is not offered.
struct Parts {
  std::string version;
  std::vector<const port::Adapter*> adapters;
  // Serves until it is told to stop.
  std::function<ServeReport(const std::filesystem::path& config, const ServeOptions& options)>
      serve;
  std::function<std::vector<DryRunMessage>(const DryRunReader& reader, std::string_view bytes)>
      dry_run;
  // A feed's mapping for that adapter, or every problem of its file.
  std::function<LoadedMapping(const std::filesystem::path& file, const port::Adapter& adapter)>
      load_mapping;
  std::function<base::Result<record::DirectoryPage>(std::string_view json)> read_directory;
  std::function<base::Result<record::DirectoryPage>(
      const std::vector<record::DirectoryTable>& tables)>
      read_directory_tables;
  std::function<base::Result<std::string>(const TokenRequest& request)> issue_token;
  std::function<base::Result<StoreCheck>(const std::filesystem::path& store)> check_store;
  std::function<TriedLabels(const std::filesystem::path& config)> try_labels;
  std::function<base::Result<MllpExchange>(const MllpTarget& target)> connect_mllp;
};

// The whole command line, `argv[0]` included. Progress is shown where standard error is a terminal.
int Run(int argc, char** argv, const Parts& parts);

// The same for whoever brings the streams; `arguments` without the program's name.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool progress = false;
};
int Run(const std::vector<std::string>& arguments, const Parts& parts, const Streams& streams);

}  // namespace milecastle::command
