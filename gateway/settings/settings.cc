#include "settings/settings.h"

#include <algorithm>
#include <map>

#include "base/config.h"
#include "inside/reading.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;

base::Severity SeverityOf(const ConfigTable& table) {
  const std::map<std::string, base::Severity> levels = {{"debug", base::Severity::kDebug},
                                                        {"info", base::Severity::kInfo},
                                                        {"warning", base::Severity::kWarning},
                                                        {"error", base::Severity::kError}};
  const auto level = levels.find(table.String("log_level", "info"));
  if (level != levels.end()) return level->second;
  table.Refuse("log_level", "write \"debug\", \"info\", \"warning\" or \"error\"");
  return base::Severity::kInfo;
}

void ReadGateway(const Reading& from, Settings& settings) {
  const auto table = from.Required("gateway");
  if (!table) return;
  settings.data = from.Path(*table, "data");
  settings.log_level = SeverityOf(*table);
  settings.call_threads = Size(*table, "call_threads", settings.call_threads, {1, 256});
  settings.call_queue = Size(*table, "call_queue", settings.call_queue, {1, 100'000});
  settings.intake_threads = Size(*table, "intake_threads", settings.intake_threads, {1, 256});
  settings.intake_messages =
      Size(*table, "intake_messages", settings.intake_messages, {1, 100'000});
  settings.intake_bytes = Size(*table, "intake_megabytes", settings.intake_bytes >> 20, {1, 65'536})
                          << 20;
  settings.document_bytes =
      Size(*table, "document_megabytes", settings.document_bytes >> 20, {1, 1024}) << 20;
  settings.refusal_grid = std::chrono::milliseconds(table->Int("refusal_grid_ms", 50, {0, 1000}));
  settings.guesses.user_refusals = static_cast<std::uint32_t>(
      table->Int("user_refusals", settings.guesses.user_refusals, {0, 10'000}));
  settings.guesses.organisation_refusals = static_cast<std::uint32_t>(
      table->Int("organisation_refusals", settings.guesses.organisation_refusals, {0, 1'000'000}));
  settings.guesses.refill =
      std::chrono::seconds(table->Int("refusal_refill_seconds", 60, {1, 3600}));
  settings.shutdown_grace =
      std::chrono::milliseconds(table->Int("shutdown_grace_ms", 10'000, {0, 600'000}));
  if (table->Has("metrics_port")) {
    settings.metrics_port = static_cast<std::uint16_t>(table->Int("metrics_port", 0, {0, 65'535}));
  }
}

void ReadTls(const Reading& from, Settings& settings) {
  const auto table = from.Required("tls");
  if (!table) return;
  settings.tls.certificate = from.Path(*table, "certificate");
  settings.tls.key = from.Path(*table, "key");
  settings.tls.client_authorities = from.Paths(*table, "client_authorities");
  settings.tls.revocation_lists = from.Paths(*table, "revocation_lists");
  settings.tls.revocation_grace =
      std::chrono::hours(table->Int("revocation_grace_hours", 24, {0, 24L * 14}));
}

authenticate::Issuer ReadIssuer(const Reading& from, const ConfigTable& table) {
  authenticate::Issuer issuer{.name = table.RequiredString("name"),
                              .organisations = Codes(table, "organisations"),
                              .systems = table.Strings("systems")};
  for (const ConfigTable& key : table.Tables("key")) {
    issuer.keys.push_back({.id = key.RequiredString("id"), .file = from.Path(key, "file")});
  }
  if (issuer.keys.empty()) table.Refuse("key", "name at least one key: [[tokens.issuer.key]]");
  return issuer;
}

void ReadTokens(const Reading& from, Settings& settings) {
  const auto table = from.Required("tokens");
  if (!table) return;
  settings.tokens.audience = table->RequiredString("audience");
  if (table->Has("revocations")) settings.tokens.revocations = from.Path(*table, "revocations");
  settings.tokens.leeway = std::chrono::seconds(table->Int("leeway_seconds", 30, {0, 60}));
  settings.tokens.max_lifetime =
      std::chrono::minutes(table->Int("max_lifetime_minutes", 60, {1, 24L * 60}));
  for (const ConfigTable& issuer : table->Tables("issuer")) {
    settings.tokens.issuers.push_back(ReadIssuer(from, issuer));
  }
  if (settings.tokens.issuers.empty())
    table->Refuse("issuer", "name who signs users' tokens: [[tokens.issuer]]");
}

AuditSettings ReadLog(const Reading& from, const ConfigTable& table) {
  return {.folder = from.Path(table, "folder"),
          .key = from.Path(table, "key"),
          .origin = table.RequiredString("origin")};
}

// Two logs, apart (safety.md 3): one that cannot be written must not take the other with it.
void ReadAudit(const Reading& from, Settings& settings) {
  const auto table = from.Required("audit");
  if (!table) return;
  settings.audit = ReadLog(from, *table);
  const auto second = table->Table("second");
  if (!second)
    return table->Refuse(
        "second", "is missing: a second log stands ready on another file system: [audit.second]");
  settings.second_audit = ReadLog(from, *second);
  if (settings.second_audit.origin == settings.audit.origin)
    second->Refuse("origin", "give the second log a name of its own");
  if (settings.second_audit.key == settings.audit.key)
    second->Refuse("key", "give the second log a key of its own");
  if (settings.second_audit.folder == settings.audit.folder)
    second->Refuse("folder", "give the second log a folder of its own");
}

void ReadReleases(const Reading& from, const ConfigTable& parent, Settings& settings) {
  for (const ConfigTable& table : parent.Tables("reference_set")) {
    settings.reference_sets.push_back({.file = from.Path(table, "file"),
                                       .id = table.RequiredString("id"),
                                       .label = table.RequiredString("label")});
    if (!normalise::IsLabel(settings.reference_sets.back().label)) {
      table.Refuse("label", "write lower case letters, digits and _, beginning with a letter");
    }
  }
  for (const ConfigTable& table : parent.Tables("code_map")) {
    const std::string system = table.RequiredString("from");
    if (system != "read_v2" && system != "ctv3") {
      table.Refuse("from", "write \"read_v2\" or \"ctv3\"");
    }
    settings.code_maps.push_back(
        {.file = from.Path(table, "file"),
         .system = system == "ctv3" ? normalise::OldSystem::kCtv3 : normalise::OldSystem::kReadV2});
  }
}

void ReadNormalise(const Reading& from, Settings& settings) {
  const auto table = from.root().Table("normalise");
  if (!table) return;
  settings.code_sets = from.Paths(*table, "code_sets");
  if (table->Has("label_rules")) settings.label_rules = from.Paths(*table, "label_rules");
  ReadReleases(from, *table, settings);
  if (const auto systems = table->Table("systems")) {
    for (const std::string& name : systems->Keys())
      settings.normalise.systems[name] = systems->String(name, "");
  }
  if (const auto labels = table->Table("source_labels")) {
    for (const std::string& name : labels->Keys())
      settings.normalise.source_labels[name] = labels->String(name, "");
  }
  const auto sections = table->Table("section_labels");
  for (const std::string& key : sections ? sections->Keys() : std::vector<std::string>()) {
    const std::string label = sections->String(key, "");
    if (const auto section = record::SectionOf(key)) {
      settings.normalise.section_labels[*section] = label;
    } else {
      sections->Refuse(key, "is no heading; write one such as \"safeguarding\"");
    }
  }
}

std::vector<std::string> IgnoredNames(const ConfigTable& table, std::vector<std::string> fallback) {
  constexpr std::size_t kMost = 1000;
  if (!table.Has("ignored_names")) return fallback;
  auto names = table.Strings("ignored_names");
  if (names.size() > kMost) table.Refuse("ignored_names", "write at most 1000 names");
  return names;
}

// What speaks for one person and what against (gateway/identify/TRACE.md).
void ReadTrace(const Reading& from, Settings& settings) {
  constexpr base::ConfigTable::Range kPoints{-1000, 1000};
  const auto identify = from.root().Table("identify");
  const auto table = identify ? identify->Table("trace") : std::nullopt;
  if (!table) return;
  identify::TraceOptions& trace = settings.trace;
  trace.enabled = table->Flag("enabled", trace.enabled);
  trace.auto_link = table->Flag("auto_link", trace.auto_link);
  trace.possible_from =
      static_cast<std::int32_t>(table->Int("possible_from", trace.possible_from, {1, 1000}));
  trace.certain_from =
      static_cast<std::int32_t>(table->Int("certain_from", trace.certain_from, {1, 1000}));
  trace.candidates = Size(*table, "candidates", trace.candidates, {1, 1000});
  trace.ignored_names = IgnoredNames(*table, std::move(trace.ignored_names));
  const auto weights = table->Table("weights");
  for (const identify::WeightLine& line : identify::WeightLines()) {
    std::int32_t& points = trace.weights.*line.points;
    if (weights) points = static_cast<std::int32_t>(weights->Int(line.key, points, kPoints));
  }
  for (const auto& [key, advice] : identify::ProblemsOf(trace)) {
    const bool is_weight = weights && weights->Has(key);
    (is_weight ? *weights : *table).Refuse(key, advice);
  }
}

void ReadGrpc(const Reading& from, Settings& settings) {
  settings.grpc.name = "grpc";
  settings.grpc.alpn = "h2";
  const auto table = from.Required("grpc");
  if (table) ReadListener(*table, settings.grpc);
  if (table) {
    settings.longest_call =
        std::chrono::seconds(table->Int("longest_call_seconds", 3600, {2, 7L * 24 * 3600}));
  }
}

void ReadIngress(const Reading& from, Settings& settings) {
  const auto table = from.root().Table("ingress");
  if (!table || table->Flag("frame_guard", true)) settings.grpc.frame_guard.emplace();
}

}  // namespace

std::vector<disclose::ExpectedSource> Settings::ExpectedSources() const {
  std::map<record::OdsCode, disclose::ExpectedSource> sources;
  for (const FeedSettings& each : feeds) {
    for (const record::OdsCode& organisation : each.feed->organisations) {
      auto& source =
          sources.try_emplace(organisation, disclose::ExpectedSource{.organisation = organisation})
              .first->second;
      source.feeds.push_back(each.feed->name);
      const auto interval = each.feed->expected_interval;
      source.interval =
          source.interval.count() == 0 ? interval : std::min(source.interval, interval);
    }
  }
  std::vector<disclose::ExpectedSource> list;
  list.reserve(sources.size());
  for (auto& [organisation, source] : sources) list.push_back(std::move(source));
  return list;
}

Loaded Load(const std::filesystem::path& file, const KnownAdapters& adapters,
            const std::vector<record::Section>& live_sections) {
  auto parsed = base::ConfigFile::Load(file);
  if (!parsed) return {.problems = {parsed.error()}};
  const Reading from(parsed->Root(), file);
  Settings settings;
  ReadGateway(from, settings);
  ReadGrpc(from, settings);
  ReadIngress(from, settings);
  ReadTls(from, settings);
  ReadTokens(from, settings);
  ReadAudit(from, settings);
  if (const auto table = from.Required("policy")) settings.policies = from.Paths(*table, "files");
  ReadNormalise(from, settings);
  ReadTrace(from, settings);
  auto feeds = ReadFeeds(from, adapters);
  settings.feeds = std::move(feeds.feeds);
  ReadLive(from, live_sections, settings);
  ReadDirectories(from, settings);
  Loaded loaded{.problems = parsed->Finish()};
  loaded.problems.insert(loaded.problems.end(), feeds.problems.begin(), feeds.problems.end());
  if (loaded.problems.empty()) loaded.settings = std::move(settings);
  return loaded;
}

}  // namespace milecastle::settings
