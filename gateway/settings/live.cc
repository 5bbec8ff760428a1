// [live] and [[live.source]]: practices that are asked at the moment of a view.
#include <algorithm>
#include <set>

#include "inside/reading.h"
#include "inside/url.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;

std::string Plain(const ConfigTable& table, std::string_view key) {
  std::string text = table.RequiredString(key);
  if (!text.empty() && !IsPlain(text)) {
    table.Refuse(key, "write letters, digits and - . _ : / alone");
    text.clear();
  }
  return text;
}

void ReadAddress(const ConfigTable& table, LiveSettings& live) {
  const std::string text = table.RequiredString("url");
  if (const auto url = UrlOf(text)) {
    live.host = url->host;
    live.port = url->port;
    live.base = url->path;
  } else if (!text.empty()) {
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

// A practice has its record and its documents at addresses of their own, each asked by itself.
void ReadGives(const ConfigTable& table, LiveSettings& live) {
  const std::string gives = table.Has("gives") ? table.RequiredString("gives") : "record";
  live.gives_documents = gives == "documents";
  if (!live.gives_documents && gives != "record") {
    table.Refuse("gives", "write \"record\" or \"documents\"");
  }
}

void ReadLiveSections(const ConfigTable& table, const std::vector<record::Section>& known,
                      LiveSettings& live) {
  if (live.gives_documents) {
    if (table.Has("sections")) table.Refuse("sections", "leave it out where it gives documents");
    live.sections = {record::Section::kDocuments};
    return;
  }
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
  if (table.Has("record_system")) live.record_system = SystemName(table, "record_system");
  live.match_answer_id = table.Flag("match_answer_id", live.match_answer_id);
  ReadAddress(table, live);
  ReadFiles(from, table, live);
  ReadGives(table, live);
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
  std::set<std::pair<record::OdsCode, bool>> asked;
  for (const ConfigTable& each : table->Tables("source")) {
    LiveSettings live = ReadLiveSource(from, each, sections);
    if (!names.insert(live.name).second)
      each.Refuse("name", "is taken; give each live source a name of its own");
    if (live.organisation && !asked.emplace(*live.organisation, live.gives_documents).second)
      each.Refuse("organisation", "is asked by another live source already");
    settings.live.push_back(std::move(live));
  }
}

}  // namespace milecastle::settings
