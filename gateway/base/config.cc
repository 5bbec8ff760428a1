#include "base/config.h"

// toml++ asserts that a header's first character can begin a key, and without assertions assumes
// it: "[=]" would end the gateway, or leave it undefined, at a reload. So its assertions stand in
// every build, and throw; nothing that is thrown leaves this file.
namespace milecastle::base {
struct NotExpectedByParser {};
}  // namespace milecastle::base
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? void() : throw milecastle::base::NotExpectedByParser())
#define TOML_EXCEPTIONS 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate"  // in its noexcept functions, none of which can fail
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include <fstream>
#include <set>
#include <sstream>

namespace milecastle::base {

struct ConfigFile::State {
  std::string name;
  toml::table document;
  std::vector<Error> problems;
  std::vector<std::shared_ptr<ConfigTable::Node>> nodes;  // every table that was opened
};

struct ConfigTable::Node {
  ConfigFile::State* file = nullptr;
  const toml::table* table = nullptr;
  std::set<std::string, std::less<>> read;
};

namespace {

std::string Place(const std::string& file, const toml::source_region& where) {
  return file + ":" + std::to_string(where.begin.line);
}

// The parser throws without a place: it is the end of the shortest text of whole lines that makes
// it throw.
std::size_t LineNotExpected(std::string_view toml) {
  std::size_t line = 1;
  for (std::size_t end = toml.find('\n'); end != std::string_view::npos;
       end = toml.find('\n', end + 1), ++line) {
    try {
      static_cast<void>(toml::parse(toml.substr(0, end + 1)));
    } catch (const toml::parse_error&) {
      continue;  // cut in the middle of a value
    } catch (const NotExpectedByParser&) {
      return line;
    }
  }
  return line;
}

ConfigTable Open(const std::shared_ptr<ConfigTable::Node>& parent, const toml::table& table) {
  auto node = std::make_shared<ConfigTable::Node>();
  node->file = parent->file;
  node->table = &table;
  parent->file->nodes.push_back(node);
  return ConfigTable(node);
}

}  // namespace

bool ConfigTable::Has(std::string_view key) const { return node_->table->contains(key); }

std::string ConfigTable::PlaceOf(std::string_view key) const {
  const toml::node* value = node_->table->get(key);
  return Place(node_->file->name, value ? value->source() : node_->table->source());
}

void ConfigTable::Refuse(std::string_view key, std::string_view advice) const {
  node_->file->problems.push_back({ErrorId::kConfigInvalid, PlaceOf(key),
                                   "`" + std::string(key) + "`: " + std::string(advice)});
}

std::string ConfigTable::String(std::string_view key, std::string_view fallback) const {
  node_->read.emplace(key);
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return std::string(fallback);
  if (const auto text = value->value_exact<std::string>()) return *text;
  Refuse(key, "write a string in quotes");
  return std::string(fallback);
}

std::string ConfigTable::RequiredString(std::string_view key) const {
  if (!Has(key)) Refuse(key, "is missing; add it to this table");
  return String(key, "");
}

std::int64_t ConfigTable::Int(std::string_view key, std::int64_t fallback, Range range) const {
  node_->read.emplace(key);
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return fallback;
  const auto number = value->value_exact<std::int64_t>();
  if (number && *number >= range.least && *number <= range.most) return *number;
  Refuse(key, "write a whole number from " + std::to_string(range.least) + " to " +
                  std::to_string(range.most));
  return fallback;
}

std::int64_t ConfigTable::RequiredInt(std::string_view key, Range range) const {
  if (!Has(key)) Refuse(key, "is missing; add it to this table");
  return Int(key, range.least, range);
}

bool ConfigTable::Flag(std::string_view key, bool fallback) const {
  node_->read.emplace(key);
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return fallback;
  if (const auto flag = value->value_exact<bool>()) return *flag;
  Refuse(key, "write true or false");
  return fallback;
}

std::vector<std::string> ConfigTable::Strings(std::string_view key) const {
  node_->read.emplace(key);
  std::vector<std::string> texts;
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return texts;
  if (const toml::array* array = value->as_array()) {
    for (const toml::node& item : *array) {
      if (const auto text = item.value_exact<std::string>()) texts.push_back(*text);
    }
    if (texts.size() == array->size()) return texts;
  }
  Refuse(key, "write a list of strings: [\"one\", \"two\"]");
  return {};
}

std::optional<ConfigTable> ConfigTable::Table(std::string_view key) const {
  node_->read.emplace(key);
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return std::nullopt;
  if (const toml::table* table = value->as_table()) return Open(node_, *table);
  Refuse(key, "write a table: [" + std::string(key) + "]");
  return std::nullopt;
}

std::vector<ConfigTable> ConfigTable::Tables(std::string_view key) const {
  node_->read.emplace(key);
  std::vector<ConfigTable> tables;
  const toml::node* value = node_->table->get(key);
  if (value == nullptr) return tables;
  if (const toml::array* array = value->as_array()) {
    for (const toml::node& item : *array) {
      if (const toml::table* table = item.as_table()) tables.push_back(Open(node_, *table));
    }
    if (tables.size() == array->size()) return tables;
  }
  Refuse(key, "write a list of tables: [[" + std::string(key) + "]]");
  return {};
}

std::vector<std::string> ConfigTable::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : *node_->table) keys.emplace_back(key.str());
  return keys;
}

Result<ConfigFile> ConfigFile::Load(const std::filesystem::path& path) {
  auto text = ReadFile(path);
  if (!text) {
    return Error{ErrorId::kConfigUnreadable, path.string(),
                 "check that the file exists and may be read"};
  }
  return Parse(*text, path.string());
}

Result<ConfigFile> ConfigFile::Parse(std::string_view toml, std::string_view name) {
  auto state = std::make_shared<State>();
  state->name = name;
  try {
    state->document = toml::parse(toml, name);
  } catch (const toml::parse_error& error) {
    return Error{ErrorId::kConfigInvalid, Place(state->name, error.source()),
                 "not TOML: " + std::string(error.description())};
  } catch (const NotExpectedByParser&) {
    return Error{ErrorId::kConfigInvalid, state->name + ":" + std::to_string(LineNotExpected(toml)),
                 "not TOML: write a key in brackets: [table] or [[table]]"};
  }
  auto root = std::make_shared<ConfigTable::Node>();
  root->file = state.get();
  root->table = &state->document;
  state->nodes.push_back(root);
  return ConfigFile(std::move(state));
}

ConfigTable ConfigFile::Root() const { return ConfigTable(state_->nodes.front()); }

std::vector<Error> ConfigFile::Finish() const {
  std::vector<Error> problems = state_->problems;
  for (const auto& node : state_->nodes) {
    for (const auto& [key, value] : *node->table) {
      if (node->read.contains(key.str())) continue;
      problems.push_back({ErrorId::kConfigInvalid, Place(state_->name, key.source()),
                          "`" + std::string(key.str()) +
                              "` is not a setting here; remove it or correct its name"});
    }
  }
  return problems;
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || std::filesystem::is_directory(path) || !(bytes << file.rdbuf()).good()) {
    // An empty file leaves nothing to copy and fails the stream; that is not an error.
    if (std::error_code none;
        file.is_open() && std::filesystem::file_size(path, none) == 0 && !none)
      return std::string();
    return Error{ErrorId::kFileUnavailable, path.string(),
                 "check that the file exists and may be read"};
  }
  return std::move(bytes).str();
}

}  // namespace milecastle::base
