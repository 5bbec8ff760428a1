// [[directory.source]]: where the directories of services come from.
#include <set>

#include "inside/reading.h"
#include "inside/url.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;
using std::chrono::seconds;

seconds Seconds(const ConfigTable& table, std::string_view key, seconds fallback) {
  constexpr std::int64_t kMost = 90LL * 24 * 3600;
  return seconds(table.Int(key, fallback.count(), {1, kMost}));
}

void ReadDirectoryPull(const Reading& from, const ConfigTable& table, DirectorySettings& source) {
  const auto url = UrlOf(table.RequiredString("url"));
  if (!url)
    return table.Refuse("url", "write what /services stands behind: \"https://host:port/path\"");
  DirectoryPull& pull = source.pull.emplace();
  pull.host = url->host;
  pull.port = url->port;
  pull.base = url->path;
  pull.authority = from.Path(table, "authority");
  if (table.Has("revocation_lists")) pull.revocation_lists = from.Paths(table, "revocation_lists");
  pull.each_service = table.Flag("each_service", pull.each_service);
  pull.per_page = static_cast<std::uint32_t>(table.Int("per_page", pull.per_page, {1, 1000}));
  pull.retry = Seconds(table, "retry_seconds", pull.retry);
  pull.within = Seconds(table, "pull_limit_seconds", pull.within);
  pull.answer = Seconds(table, "answer_limit_seconds", pull.answer);
  pull.answer_bytes = Size(table, "answer_limit_kilobytes", pull.answer_bytes >> 10, {16, 32'768})
                      << 10;
}

void ReadDirectoryLimits(const ConfigTable& table, directory::Limits& limits) {
  limits.pages = Size(table, "page_limit", limits.pages, {1, 100'000});
  limits.services = Size(table, "service_limit", limits.services, {1, 200'000});
  limits.bytes = Size(table, "megabyte_limit", limits.bytes >> 20, {1, 4096}) << 20;
  limits.service_bytes = Size(table, "service_kilobytes", limits.service_bytes >> 10, {1, 512})
                         << 10;
  limits.may_lose_percent =
      static_cast<std::uint32_t>(table.Int("may_lose_percent", limits.may_lose_percent, {0, 100}));
}

DirectorySettings ReadDirectorySource(const Reading& from, const ConfigTable& table) {
  constexpr seconds kDay{24L * 3600};
  DirectorySettings source;
  source.name = table.RequiredString("name");
  if (!source.name.empty() && !IsPlain(source.name)) {
    table.Refuse("name", "write letters, digits and - . _ : / alone");
  }
  if (table.Has("url")) ReadDirectoryPull(from, table, source);
  if (table.Has("folder")) source.folder = from.Path(table, "folder");
  if (source.pull && !source.folder.empty()) {
    table.Refuse("folder", "a source with a url is asked for: leave one of them out");
  }
  source.interval = table.Has("interval_seconds") || source.pull
                        ? Seconds(table, "interval_seconds", kDay)
                        : seconds(0);
  ReadDirectoryLimits(table, source.limits);
  return source;
}

}  // namespace

void ReadDirectories(const Reading& from, Settings& settings) {
  constexpr std::size_t kMost = 64;
  const auto table = from.root().Table("directory");
  if (!table) return;
  std::set<std::string> names;
  for (const ConfigTable& each : table->Tables("source")) {
    DirectorySettings source = ReadDirectorySource(from, each);
    if (!names.insert(source.name).second) {
      each.Refuse("name", "is taken; give each source a name of its own");
    }
    if (names.size() > kMost) each.Refuse("name", "configure at most 64 sources");
    settings.directories.push_back(std::move(source));
  }
}

}  // namespace milecastle::settings
