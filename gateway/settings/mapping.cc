#include "settings/mapping.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <set>

#include "base/config.h"

namespace milecastle::settings {
namespace {

using base::ConfigTable;
using port::Folded;
using port::Mapping;

constexpr std::size_t kLargestFile = 4U << 20U;
constexpr std::size_t kMostHl7Fields = 200;

// How many letters to change, add or leave out.
std::size_t Distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t change = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

class Reader {
 public:
  Reader(ConfigTable root, const port::Mappable& mappable)
      : root_(std::move(root)), mappable_(mappable) {}

  Mapping Read() {
    for (const std::string_view key :
         {"delimiter", "charset", "dates", "columns", "values", "code"}) {
      if (root_.Has(key) && mappable_.fields.empty()) Useless(key, "its format has no columns");
    }
    for (const std::string_view key : {"code_systems", "units"}) {
      if (root_.Has(key) && !mappable_.names) Useless(key, "it reads none from a mapping");
    }
    if (root_.Has("local") && !mappable_.local_segments) Useless("local", "its format has none");
    ReadForm();
    ReadColumns();
    ReadValues();
    for (const ConfigTable& code : root_.Tables("code")) ReadCode(code);
    ReadNames();
    for (const ConfigTable& local : root_.Tables("local")) ReadLocal(local);
    return std::move(mapping_);
  }

 private:
  void Useless(std::string_view key, const std::string& why) {
    root_.Refuse(key, "has no effect on the feed's adapter, for " + why + "; remove it");
  }

  void ReadForm() {
    const std::map<std::string, char> delimiters = {
        {",", ','}, {";", ';'}, {"|", '|'}, {"tab", '\t'}};
    const auto delimiter = delimiters.find(root_.String("delimiter", ","));
    if (delimiter == delimiters.end()) {
      root_.Refuse("delimiter", "write \",\", \";\", \"|\" or \"tab\"");
    } else {
      mapping_.delimiter = delimiter->second;
    }
    mapping_.charset = root_.String("charset", mapping_.charset);
    if (mapping_.charset != "utf-8" && mapping_.charset != "utf-16" &&
        mapping_.charset != "windows-1252") {
      root_.Refuse("charset", "write \"utf-8\", \"utf-16\" or \"windows-1252\"");
    }
    if (root_.Has("dates")) ReadDates();
  }

  void ReadDates() {
    mapping_.dates = root_.Strings("dates");
    std::set<std::string> shapes;
    for (std::string form : mapping_.dates) {
      if (!port::IsDateForm(form)) {
        root_.Refuse("dates", "write forms such as \"DD/MM/YYYY\": YYYY, MM and DD once each");
      }
      std::replace_if(
          form.begin(), form.end(), [](char c) { return c >= 'A' && c <= 'Z'; }, '0');
      if (!shapes.insert(form).second) {
        root_.Refuse("dates", "holds two forms that one text can have; keep the one that is sent");
      }
    }
    if (mapping_.dates.empty()) root_.Refuse("dates", "name at least one form, or leave it out");
  }

  bool IsField(std::string_view name) const {
    const auto& fields = mappable_.fields;
    return std::find(fields.begin(), fields.end(), name) != fields.end();
  }

  std::string NoField(std::string_view name) const {
    const auto nearest =
        std::min_element(mappable_.fields.begin(), mappable_.fields.end(),
                         [name](auto a, auto b) { return Distance(a, name) < Distance(b, name); });
    if (nearest == mappable_.fields.end()) return "there are no fields";
    return "there is no such field; write \"" + std::string(*nearest) +
           "\", or another of the adapter's";
  }

  void ReadColumns() {
    const auto table = root_.Table("columns");
    if (!table) return;
    std::set<std::string> taken;
    for (const std::string& header : table->Keys()) {
      const std::string field = table->String(header, "");
      if (!IsField(field)) {
        table->Refuse(header, NoField(field));
      } else if (!taken.insert(field).second) {
        table->Refuse(header, "another column is \"" + field + "\" already; keep one of them");
      } else if (!mapping_.columns.emplace(Folded(header), field).second) {
        table->Refuse(header, "stands here twice but for capitals and spaces; keep one");
      }
    }
  }

  void ReadValues() {
    const auto table = root_.Table("values");
    for (const std::string& field : table ? table->Keys() : std::vector<std::string>()) {
      const auto values = table->Table(field);
      if (!IsField(field)) table->Refuse(field, NoField(field));
      if (SaysWho(field)) {
        table->Refuse(field,
                      "says who somebody is, which no mapping rewrites; remove it, and have "
                      "the sender correct the rows");
      }
      for (const std::string& sent : values ? values->Keys() : std::vector<std::string>()) {
        const std::string standard = values->String(sent, "");
        if (standard.empty()) {
          values->Refuse(sent, "write the standard's value, or leave the line out");
        }
        if (Folded(sent).empty()) {
          values->Refuse(sent, "an empty cell says nothing, and is never made to; remove the line");
        }
        if (Changes(field, sent, standard)) {
          values->Refuse(sent,
                         "is a plain answer on which somebody's safety rests; remove the line "
                         "or keep its meaning, and have the sender correct the rows");
        }
        if (!mapping_.values[field].emplace(Folded(sent), standard).second) {
          values->Refuse(sent, "stands here twice but for capitals and spaces; keep one");
        }
      }
    }
  }

  bool SaysWho(std::string_view field) const {
    const auto& fields = mappable_.as_sent;
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  }

  bool Changes(std::string_view field, std::string_view sent, std::string_view standard) const {
    return std::any_of(mappable_.kept.begin(), mappable_.kept.end(),
                       [&](const port::KeptAnswer& kept) {
                         return kept.field == field && kept.is(sent) && !kept.is(standard);
                       });
  }

  void ReadCode(const ConfigTable& table) {
    const std::string field = table.RequiredString("field");
    const std::string value = table.RequiredString("value");
    const record::Coding coding{.system = table.RequiredString("system"),
                                .code = table.RequiredString("code"),
                                .display = table.String("display", "")};
    if (!IsField(field)) table.Refuse("field", NoField(field));
    if (!mapping_.codes[field].emplace(Folded(value), coding).second) {
      table.Refuse("value", "has a code already; keep one");
    }
  }

  void ReadNames() {
    if (const auto systems = root_.Table("code_systems")) {
      for (const std::string& name : systems->Keys()) {
        const std::string uri = systems->String(name, "");
        if (uri.find(':') == std::string::npos) {
          systems->Refuse(name, "write the code system's URI, such as \"http://snomed.info/sct\"");
        }
        mapping_.code_systems[Folded(name)] = uri;
      }
    }
    if (const auto units = root_.Table("units")) {
      for (const std::string& unit : units->Keys()) mapping_.units[unit] = units->String(unit, "");
    }
  }

  void ReadLocal(const ConfigTable& table) {
    port::LocalSegment local;
    local.segment = table.RequiredString("segment");
    local.heading = table.RequiredString("heading");
    const std::string section = table.RequiredString("section");
    if (const auto known = record::SectionOf(section)) {
      local.section = *known;
    } else {
      table.Refuse("section", "is no heading; write one such as \"individual_requirements\"");
    }
    if (!IsLocalSegment(local.segment)) {
      table.Refuse("segment",
                   "write Z and two capital letters or digits, as in \"ZRS\"; ZU1 to ZU8 are read "
                   "as the UK's");
    }
    ReadDetails(table, local);
    mapping_.local_segments.push_back(std::move(local));
  }

  static bool IsLocalSegment(std::string_view name) {
    const auto is_free = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    return name.size() == 3 && name[0] == 'Z' && is_free(name[1]) && is_free(name[2]) &&
           (name[1] != 'U' || name[2] < '1' || name[2] > '8');
  }

  void ReadDetails(const ConfigTable& table, port::LocalSegment& local) {
    const auto details = table.Table("details");
    if (!details) table.Refuse("details", "say which fields are carried: 2 = \"name\"");
    for (const std::string& key : details ? details->Keys() : std::vector<std::string>()) {
      const std::string name = details->String(key, "");
      std::size_t number = 0;
      const char* const end = key.data() + key.size();
      if (std::from_chars(key.data(), end, number).ptr != end || number == 0 ||
          number > kMostHl7Fields) {
        details->Refuse(key, "write the number of a field, from 1 to 200");
      } else if (!local_fields_.emplace(local.segment, number).second) {
        details->Refuse(key, "the segment's field is carried already; keep one");
      }
      if (name.empty()) details->Refuse(key, "name what the field says");
      local.details[number] = name;
    }
  }

  ConfigTable root_;
  const port::Mappable& mappable_;
  Mapping mapping_;
  std::set<std::pair<std::string, std::size_t>> local_fields_;
};

LoadedMapping Checked(base::Result<base::ConfigFile> file, const port::Mappable& mappable) {
  if (!file) return {.mapping = std::nullopt, .problems = {file.error()}};
  LoadedMapping loaded{.mapping = Reader(file->Root(), mappable).Read(), .problems = {}};
  loaded.problems = file->Finish();
  if (!loaded.problems.empty()) loaded.mapping.reset();
  return loaded;
}

}  // namespace

LoadedMapping ParseMapping(std::string_view toml, std::string_view name,
                           const port::Mappable& mappable) {
  return Checked(base::ConfigFile::Parse(toml, name), mappable);
}

LoadedMapping LoadMapping(const std::filesystem::path& file, const port::Mappable& mappable) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed) ||
      std::filesystem::file_size(file, failed) > kLargestFile || failed) {
    return {.mapping = std::nullopt,
            .problems = {{base::ErrorId::kConfigUnreadable, file.string(),
                          "check that the file exists, and is no larger than 4 MiB"}}};
  }
  return Checked(base::ConfigFile::Load(file), mappable);
}

}  // namespace milecastle::settings
