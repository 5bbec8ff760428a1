#include "inside/package.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/document.h"

namespace milecastle::open_referral {

// A resource of datapackage.json.
struct Package::Told {
  std::string path;
  std::string place;
  std::optional<Kind> kind;
  csv::Dialect dialect;
};

namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

constexpr std::string_view kPackageFile = "datapackage.json";
constexpr std::size_t kMostRefused = 1000;

struct Name {
  std::string_view one;
  std::string_view many;  // as HSDS 3.0 names the file, or as others do
  std::optional<Kind> kind;
};
// The tables of HSDS; of those without a kind nothing is read.
constexpr std::array kNames = {
    Name{"service", "services", Kind::kService},
    Name{"organization", "organizations", Kind::kOrganisation},
    Name{"location", "locations", Kind::kLocation},
    Name{"service_at_location", "service_at_locations", Kind::kServiceAtLocation},
    Name{"address", "addresses", Kind::kAddress},
    Name{"accessibility", "accessibilities", Kind::kAccessibility},
    Name{"phone", "phones", Kind::kPhone},
    Name{"schedule", "schedules", Kind::kSchedule},
    Name{"cost_option", "cost_options", Kind::kCost},
    Name{"service_area", "service_areas", Kind::kArea},
    Name{"attribute", "attributes", Kind::kAttribute},
    Name{"taxonomy_term", "taxonomy_terms", Kind::kTerm},
    Name{"contact", "contacts", {}},
    Name{"funding", "fundings", {}},
    Name{"language", "languages", {}},
    Name{"metadata", "metadatas", {}},
    Name{"meta_table_description", "meta_table_descriptions", {}},
    Name{"organization_identifier", "organization_identifiers", {}},
    Name{"program", "programs", {}},
    Name{"required_document", "required_documents", {}},
    Name{"taxonomy", "taxonomies", {}},
    Name{"unit", "units", {}},
    Name{"url", "urls", {}},
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// "services" of "data/Services.csv".
std::string Stem(std::string_view path) {
  path.remove_prefix(std::min(path.find_last_of("/\\") + 1, path.size()));
  std::string stem = Lower(path);
  if (stem.ends_with(".csv")) stem.resize(stem.size() - std::string_view(".csv").size());
  return stem;
}

std::string BaseName(std::string_view path) {
  return std::string(path.substr(std::min(path.find_last_of("/\\") + 1, path.size())));
}

const Name* NameOf(std::string_view path) {
  const std::string stem = Stem(path);
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& each) {
    return each.one == stem || each.many == stem;
  });
  return found == kNames.end() ? nullptr : &*found;
}

std::string FileOf(Kind kind) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const Name& each) { return each.kind == kind; });
  return std::string(found->many) + ".csv";
}

std::optional<csv::Charset> CharsetOf(std::string_view encoding) {
  const std::string folded = csv::FoldedName(encoding);
  if (folded.empty() || folded == "utf8") return csv::Charset::kUtf8;
  if (folded == "utf16") return csv::Charset::kUtf16;
  if (folded == "windows1252" || folded == "cp1252") return csv::Charset::kWindows1252;
  return std::nullopt;
}

// How the file is written, where that is what we read.
base::Result<csv::Dialect> DialectOf(const Element& resource) {
  csv::Dialect dialect;
  const auto charset = CharsetOf(resource["encoding"].text());
  if (!charset) {
    return Error{ErrorId::kCharacterSetUnsupported, "encoding", "save the files as UTF-8"};
  }
  dialect.charset = *charset;
  const Element told = resource["dialect"];
  const std::string_view delimiter = told["delimiter"].text();
  const std::string_view quote = told["quoteChar"].text();
  const bool is_odd = delimiter.size() > 1 || delimiter == "\"" || delimiter == "\n" ||
                      delimiter == "\r" || told["header"].text() == "false" ||
                      (!quote.empty() && quote != "\"");
  if (is_odd) {
    return Error{ErrorId::kMessageInvalid, "dialect",
                 "write CSV with a header, a delimiter of one character and \" for quotes"};
  }
  if (!delimiter.empty()) dialect.delimiter = delimiter[0];
  return dialect;
}

Error In(std::string_view file, Error error) {
  error.place = std::string(file) + ", " + error.place;
  return error;
}

}  // namespace

std::optional<Kind> KindOf(std::string_view name) {
  const Name* const known = NameOf(name);
  return known == nullptr ? std::nullopt : known->kind;
}

base::Result<std::vector<Package::Told>> Package::ReadPackage(std::string_view json) {
  const auto document = fhir::Document::Parse(json);
  if (!document) return In(kPackageFile, document.error());
  std::vector<Told> all;
  std::size_t count = 0;
  for (const Element& resource : document->root()["resources"].items()) {
    Told told{.path = BaseName(resource["path"].first().text()),
              .place = "resources[" + std::to_string(count++) + "]",
              .kind = KindOf(resource["name"].text()),
              .dialect = {}};
    if (!told.kind) told.kind = KindOf(told.path);
    if (!told.kind) continue;
    const auto dialect = DialectOf(resource);
    if (!dialect) return In(std::string(kPackageFile) + ", " + told.place, dialect.error());
    if (resource["path"].items().size() > 1) {
      return Error{ErrorId::kMessageInvalid, std::string(kPackageFile) + ", " + told.place,
                   "give each table as one file"};
    }
    told.dialect = *dialect;
    all.push_back(std::move(told));
  }
  return all;
}

base::Result<Package> Package::Open(const std::vector<record::DirectoryTable>& files) {
  Package package;
  std::vector<Told> told;
  for (const record::DirectoryTable& file : files) {
    package.bytes += file.bytes.size();
    if (Lower(BaseName(file.name)) != kPackageFile) continue;
    auto read = ReadPackage(file.bytes);
    if (!read) return read.error();
    told = std::move(*read);
  }
  for (const record::DirectoryTable& file : files) {
    if (Lower(BaseName(file.name)) == kPackageFile) continue;
    if (auto added = package.AddFile(file, told); !added) return added.error();
  }
  if (package.Find(Kind::kService) == nullptr) {
    return Error{ErrorId::kMessageInvalid, FileOf(Kind::kService), "it is not here: give it too"};
  }
  if (auto there = package.CheckAllThere(told); !there) return there.error();
  return package;
}

base::Result<void> Package::AddFile(const record::DirectoryTable& file,
                                    const std::vector<Told>& told) {
  const auto found = std::find_if(
      told.begin(), told.end(), [&](const Told& each) { return each.path == BaseName(file.name); });
  if (found != told.end()) return AddTable(*found->kind, file.bytes, found->dialect);
  const auto kind = KindOf(file.name);
  if (kind) return AddTable(*kind, file.bytes, {});
  NoteOther(file.name);
  return {};
}

void Package::NoteOther(std::string_view name) {
  const Name* const known = NameOf(name);
  not_carried.emplace(known == nullptr ? "files of no known table" : known->many);
}

base::Result<void> Package::AddTable(Kind kind, std::string_view bytes,
                                     const csv::Dialect& dialect) {
  std::string file = FileOf(kind);
  if (tables_.contains(kind)) {
    return Error{ErrorId::kMessageInvalid, file, "two files are this table: give one"};
  }
  auto table = csv::Table::Parse(bytes, dialect);
  if (!table) return In(file, table.error());
  Rows& rows =
      tables_.emplace(kind, Rows{std::move(file), std::move(*table), {}, {}}).first->second;
  const auto id = rows.table.ColumnOf("id");
  for (std::size_t row = 0; id && row < rows.table.size(); ++row) {
    const std::string_view text = rows.table.Peek(row, *id);
    if (text.empty()) continue;
    const bool is_first = rows.by_id.emplace(text, row).second;
    // An attribute is named by nobody: it counts by what it says.
    if (!is_first && kind != Kind::kAttribute) rows.twice.insert(text);
  }
  return CheckRows(kind, rows);
}

base::Result<void> Package::CheckRows(Kind kind, const Rows& rows) {
  const auto id = rows.table.ColumnOf("id");
  for (std::size_t row = 0; row < rows.table.size(); ++row) {
    const auto& fault = rows.table.FaultOf(row);
    if (fault && BearsTerms(kind)) {
      Error whole = In(rows.file, *fault);
      whole.advice += ": nothing is read without it, for it may tell of a refuge";
      return whole;
    }
    if (fault) Refuse(rows.file + ", " + fault->place, fault->advice);
    if (!fault && rows.IsBroken(row, id)) {
      Refuse(Place(kind, row, "id"), "the id stands in several rows: none of them is read");
    }
  }
  return {};
}

// Of what is named and not there, that is said; the terms cannot be done without.
base::Result<void> Package::CheckAllThere(const std::vector<Told>& told) {
  for (const Told& each : told) {
    if (tables_.contains(*each.kind)) continue;
    const std::string place = std::string(kPackageFile) + ", " + each.place;
    if (BearsTerms(*each.kind)) {
      return Error{ErrorId::kMessageInvalid, place,
                   "its file is not here: nothing is read without it, for it may tell of a refuge"};
    }
    Refuse(place, "its file is not here: give it too");
  }
  return {};
}

const Rows* Package::Find(Kind kind) const {
  const auto found = tables_.find(kind);
  return found == tables_.end() ? nullptr : &found->second;
}

std::optional<std::size_t> Package::RowOf(Kind kind, std::string_view id) const {
  const Rows* const rows = Find(kind);
  if (rows == nullptr || rows->twice.contains(id)) return std::nullopt;
  const auto found = rows->by_id.find(id);
  if (found == rows->by_id.end()) return std::nullopt;
  return found->second;
}

std::string Package::Place(Kind kind, std::size_t row, std::string_view column) const {
  const Rows& rows = *Find(kind);
  return rows.file + ", line " + std::to_string(rows.table.LineOf(row)) + ", column " +
         std::string(column);
}

void Package::Refuse(std::string place, std::string_view advice) {
  if (refused_.size() >= kMostRefused) {
    ++more_refused_;
    return;
  }
  refused_.push_back({ErrorId::kMessageInvalid, std::move(place), std::string(advice)});
}

std::vector<Error> Package::TakeRefused() {
  if (more_refused_ != 0) {
    refused_.push_back({ErrorId::kMessageInvalid, "tables",
                        std::to_string(more_refused_) + " more could not be read"});
  }
  return std::move(refused_);
}

}  // namespace milecastle::open_referral
