// [[feed]]: one way in, what it may say, and how it arrives.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "inside/reading.h"
#include "settings/mapping.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;

// Who works with the Personal Demographics Service. What a charity, a council or a program of one's
// own says of a trace is believed where the operator says so.
bool TracesByDefault(const port::Feed& feed) {
  const std::set<std::string_view> traced = {"acute", "primary", "community"};
  return traced.contains(feed.adapter) &&
         std::none_of(feed.organisations.begin(), feed.organisations.end(),
                      [](const auto& code) { return code.text().starts_with("LOCAL"); });
}

port::Feed ReadFeed(const ConfigTable& table) {
  port::Feed feed;
  feed.name = SystemName(table, "name");
  feed.adapter = table.RequiredString("adapter");
  feed.organisations = Codes(table, "organisations");
  if (table.Has("record_system")) feed.record_system = SystemName(table, "record_system");
  feed.server = table.String("server", "");
  feed.live = table.Flag("live", feed.live);
  feed.nhs_number_without_authority =
      table.Flag("nhs_number_without_authority", feed.nhs_number_without_authority);
  feed.enhanced_acknowledgement =
      table.Flag("enhanced_acknowledgement", feed.enhanced_acknowledgement);
  feed.undeclared_charset = table.String("undeclared_charset", "");
  feed.assigning_authority = table.String("assigning_authority", "");
  feed.traces_numbers = table.Flag("traces_numbers", TracesByDefault(feed));
  feed.share_untraced = table.Flag("share_untraced", feed.share_untraced);
  feed.message_limit =
      Size(table, "message_limit_kilobytes", feed.message_limit >> 10, {1, 1 << 20}) << 10;
  feed.patient_limit = Size(table, "patient_limit", feed.patient_limit, {1, 1000});
  feed.window = Size(table, "window", feed.window, {1, 10'000});
  feed.expected_interval =
      std::chrono::minutes(table.Int("expected_interval_minutes", 24L * 60, {1, 60L * 24 * 366}));
  feed.duplicate_window =
      std::chrono::hours(table.Int("duplicate_window_hours", 24L * 30, {1, 24L * 366}));
  return feed;
}

// "RXX/pas": the organisation and system of a certificate.
std::vector<std::pair<record::OdsCode, std::string>> ReadCallers(const ConfigTable& table) {
  std::vector<std::pair<record::OdsCode, std::string>> callers;
  for (const std::string& text : table.Strings("certificates")) {
    const auto slash = text.find('/');
    const auto code = record::OdsCode::Parse(text.substr(0, slash));
    if (slash == std::string::npos || !code || slash + 1 == text.size()) {
      table.Refuse("certificates",
                   "write \"ODS/system\", as in the certificate's subject: O=ODS, CN=system");
      continue;
    }
    callers.emplace_back(*code, text.substr(slash + 1));
  }
  return callers;
}

Transport ReadTransport(const ConfigTable& table) {
  const std::map<std::string, Transport> transports = {
      {"mllp", Transport::kMllp}, {"grpc", Transport::kGrpc}, {"folder", Transport::kFolder}};
  const auto transport = transports.find(table.RequiredString("transport"));
  if (transport != transports.end()) return transport->second;
  table.Refuse("transport", "write \"mllp\", \"grpc\" or \"folder\"");
  return Transport::kGrpc;
}

void ReadMllp(const ConfigTable& table, FeedSettings& settings) {
  settings.listener.name = settings.feed->name;
  ReadListener(table, settings.listener);
  settings.listener.first_byte_timeout =
      std::chrono::milliseconds(0);  // a feed may be silent for hours
  const bool plain = table.Flag("plain", false);
  settings.listener.mode = plain ? ingress::TlsMode::kPlainLoopback : ingress::TlsMode::kMutualTls;
  const std::string& address = settings.listener.address;
  if (plain && !address.starts_with("127.") && address != "::1")
    table.Refuse("plain", "is for a loopback address alone; leave it out, and use mutual TLS");
  settings.callers = ReadCallers(table);
  if (!plain && settings.callers.empty()) {
    table.Refuse("certificates", "name the certificates that may feed it: [\"ODS/system\"]");
  }
}

// An adapter that is none is refused elsewhere.
void ReadMapping(const Reading& from, const ConfigTable& table, const KnownAdapters& adapters,
                 port::Feed& feed, std::vector<base::Error>& problems) {
  const auto adapter = adapters.find(feed.adapter);
  if (!table.Has("mapping") || adapter == adapters.end()) return;
  auto loaded = LoadMapping(from.Path(table, "mapping"), adapter->second);
  problems.insert(problems.end(), loaded.problems.begin(), loaded.problems.end());
  if (loaded.mapping) feed.mapping = std::move(*loaded.mapping);
}

FeedSettings ReadOne(const Reading& from, const ConfigTable& table, port::Feed feed) {
  FeedSettings settings{.feed = std::make_shared<const port::Feed>(std::move(feed)),
                        .transport = ReadTransport(table)};
  switch (settings.transport) {
    case Transport::kMllp:
      ReadMllp(table, settings);
      break;
    case Transport::kGrpc:
      settings.callers = ReadCallers(table);
      if (settings.callers.empty())
        table.Refuse("certificates", "name the certificates that may submit: [\"ODS/system\"]");
      break;
    case Transport::kFolder:
      settings.folder = from.Path(table, "folder");
      break;
  }
  return settings;
}

void CheckAdapter(const ConfigTable& table, const std::string& adapter,
                  const KnownAdapters& adapters) {
  if (adapters.contains(adapter)) return;
  std::string names;
  for (const auto& [name, known] : adapters)
    names += (names.empty() ? "\"" : " or \"") + name + "\"";
  if (table.Has("adapter")) table.Refuse("adapter", "write " + names);
}

}  // namespace

ReadFeedsResult ReadFeeds(const Reading& from, const KnownAdapters& adapters) {
  ReadFeedsResult read;
  std::set<std::string> names;
  for (const ConfigTable& table : from.root().Tables("feed")) {
    port::Feed feed = ReadFeed(table);
    ReadMapping(from, table, adapters, feed, read.problems);
    CheckAdapter(table, feed.adapter, adapters);
    if (!names.insert(feed.name).second)
      table.Refuse("name", "is taken; give each feed a name of its own");
    read.feeds.push_back(ReadOne(from, table, std::move(feed)));
  }
  return read;
}

}  // namespace milecastle::settings
