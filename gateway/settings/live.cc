// [live] and [[live.source]]: practices that are asked at the moment of a view.
#include <algorithm>
#include <charconv>
#include <set>

#include "inside/reading.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;

// An ASID, a name in a token: what goes into a header as it is.
bool IsPlain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '.' || each == '_' || each == ':' ||
           each == '/';
  });
}

std::string Plain(const ConfigTable& table, std::string_view key) {
  std::string text = table.RequiredString(key);
  if (!text.empty() && !IsPlain(text)) {
    table.Refuse(key, "write letters, digits and - . _ : / alone");
    text.clear();
  }
  return text;
}

std::optional<std::uint16_t> PortOf(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (fault != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

// "https://host[:port]/base", or "https://[address of six]:port/base".
bool TakeUrl(std::string_view url, LiveSettings& live) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return false;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view place = url.substr(0, slash);
  live.base = url.substr(slash);
  while (live.base.ends_with('/')) live.base.pop_back();
  if (!live.base.empty() && !IsPlain(live.base)) return false;
  const bool bracketed = place.starts_with('[');
  const std::size_t host_end =
      bracketed ? place.find(']') : std::min(place.find(':'), place.size());
  if (host_end == std::string_view::npos) return false;
  live.host = bracketed ? place.substr(1, host_end - 1) : place.substr(0, host_end);
  place.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (live.host.empty() || !IsPlain(live.host) || live.host.find('/') != std::string::npos)
    return false;
  if (place.empty()) return true;
  const auto port = place.starts_with(':') ? PortOf(place.substr(1)) : std::nullopt;
  if (port) live.port = *port;
  return port.has_value();
}

void ReadAddress(const ConfigTable& table, LiveSettings& live) {
  const std::string url = table.RequiredString("url");
  if (!url.empty() && !TakeUrl(url, live)) {
    table.Refuse("url", "write the provider's FHIR base: \"https://host:port/path\"");
  }
  live.from_asid = Plain(table, "from_asid");
  live.to_asid = Plain(table, "to_asid");
  live.system = Plain(table, "system");
}

void ReadFiles(const Reading& from, const ConfigTable& table, LiveSettings& live) {
  live.certificate = from.Path(table, "certificate");
  live.key = from.Path(table, "key");
  live.authority = from.Path(table, "authority");
  if (table.Has("revocation_lists")) live.revocation_lists = from.Paths(table, "revocation_lists");
}

void ReadLiveSections(const ConfigTable& table, const std::vector<record::Section>& known,
                      LiveSettings& live) {
  for (const std::string& key : table.Strings("sections")) {
    const auto section = record::SectionOf(key);
    const bool can = section && std::find(known.begin(), known.end(), *section) != known.end();
    if (can) {
      live.sections.push_back(*section);
    } else {
      table.Refuse("sections",
                   "write headings that a practice can be asked for, such as \"allergies\"");
    }
  }
  if (!table.Has("sections")) live.sections = known;
  if (live.sections.empty()) table.Refuse("sections", "name at least one");
}

std::chrono::milliseconds Time(const ConfigTable& table, std::string_view key,
                               std::chrono::milliseconds fallback) {
  return std::chrono::milliseconds(table.Int(key, fallback.count(), {10, 60'000}));
}

void ReadLiveLimits(const ConfigTable& table, LiveSettings& live) {
  live.connect = Time(table, "connect_ms", live.connect);
  live.header = Time(table, "first_byte_ms", live.header);
  live.whole = Time(table, "deadline_ms", live.whole);
  live.answer_bytes = Size(table, "answer_limit_kilobytes", live.answer_bytes >> 10, {16, 1 << 17})
                      << 10;
  live.outstanding = Size(table, "max_outstanding", live.outstanding, {1, 1000});
  live.failures = static_cast<std::uint32_t>(table.Int("failures", live.failures, {1, 1000}));
  live.pause = Time(table, "pause_ms", live.pause);
}

LiveSettings ReadLiveSource(const Reading& from, const ConfigTable& table,
                            const std::vector<record::Section>& sections) {
  LiveSettings live;
  live.name = Plain(table, "name");
  live.organisation = record::OdsCode::Parse(table.RequiredString("organisation"));
  if (!live.organisation && table.Has("organisation"))
    table.Refuse("organisation", "write the practice's ODS code");
  live.match_answer_id = table.Flag("match_answer_id", live.match_answer_id);
  ReadAddress(table, live);
  ReadFiles(from, table, live);
  ReadLiveSections(table, sections, live);
  ReadLiveLimits(table, live);
  return live;
}

}  // namespace

void ReadLive(const Reading& from, const std::vector<record::Section>& sections,
              Settings& settings) {
  const auto table = from.root().Table("live");
  if (!table) return;
  settings.live_limit = Time(*table, "deadline_ms", settings.live_limit);
  settings.live_outstanding =
      Size(*table, "max_outstanding", settings.live_outstanding, {1, 10'000});
  std::set<std::string> names;
  std::set<record::OdsCode> organisations;
  for (const ConfigTable& each : table->Tables("source")) {
    LiveSettings live = ReadLiveSource(from, each, sections);
    if (!names.insert(live.name).second)
      each.Refuse("name", "is taken; give each live source a name of its own");
    if (live.organisation && !organisations.insert(*live.organisation).second)
      each.Refuse("organisation", "is asked by another live source already");
    settings.live.push_back(std::move(live));
  }
}

}  // namespace milecastle::settings
