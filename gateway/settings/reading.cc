#include "inside/reading.h"

#include "record/record_system.h"

namespace milecastle::settings {

std::optional<base::ConfigTable> Reading::Required(std::string_view key) const {
  auto table = root_.Table(key);
  if (!table && !root_.Has(key))
    root_.Refuse(key, "is missing: add the table [" + std::string(key) + "]");
  return table;
}

std::filesystem::path Reading::Path(const base::ConfigTable& table, std::string_view key) const {
  const std::string text = table.RequiredString(key);
  return text.empty() ? std::filesystem::path() : (folder_ / text).lexically_normal();
}

std::vector<std::filesystem::path> Reading::Paths(const base::ConfigTable& table,
                                                  std::string_view key) const {
  std::vector<std::filesystem::path> paths;
  for (const std::string& text : table.Strings(key))
    paths.push_back((folder_ / text).lexically_normal());
  if (paths.empty()) table.Refuse(key, "name at least one file");
  return paths;
}

std::size_t Size(const base::ConfigTable& table, std::string_view key, std::size_t fallback,
                 base::ConfigTable::Range range) {
  return static_cast<std::size_t>(table.Int(key, static_cast<std::int64_t>(fallback), range));
}

std::vector<record::OdsCode> Codes(const base::ConfigTable& table, std::string_view key) {
  std::vector<record::OdsCode> codes;
  for (const std::string& text : table.Strings(key)) {
    if (const auto code = record::OdsCode::Parse(text)) {
      codes.push_back(*code);
    } else {
      table.Refuse(key, "write ODS codes: 3 to 12 capital letters and digits");
    }
  }
  if (codes.empty()) table.Refuse(key, "name at least one organisation by its ODS code");
  return codes;
}

std::string SystemName(const base::ConfigTable& table, std::string_view key) {
  std::string name = table.RequiredString(key);
  if (name.find(record::kAfterSystem) == std::string::npos) return name;
  table.Refuse(key, "write it without \"|\"");
  return {};
}

void ReadListener(const base::ConfigTable& table, ingress::ListenerOptions& listener) {
  listener.address = table.String("address", "127.0.0.1");
  listener.port = static_cast<std::uint16_t>(table.RequiredInt("port", {0, 65'535}));
  listener.max_connections = Size(table, "max_connections", listener.max_connections, {1, 100'000});
  listener.max_per_source = Size(table, "max_per_source", listener.max_per_source, {1, 100'000});
  listener.max_per_certificate =
      Size(table, "max_per_certificate", listener.max_per_certificate, {1, 100'000});
}

}  // namespace milecastle::settings
