#include "normalise/release_table.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "base/config.h"

namespace milecastle::normalise {
namespace {

using base::Error;
using base::ErrorId;
using Fields = std::vector<std::string_view>;

constexpr std::string_view kSnomed = "http://snomed.info/sct";

Fields FieldsOf(std::string_view line) {
  Fields fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

Error Wrong(const std::string& name, std::size_t line, std::string advice) {
  return {ErrorId::kConfigInvalid, name + ":" + std::to_string(line), std::move(advice)};
}

// Where the columns that are wanted stand, by the file's first line.
base::Result<std::vector<std::size_t>> ColumnsOf(const Fields& header, const Fields& wanted,
                                                 const std::string& name) {
  std::vector<std::size_t> columns;
  for (const std::string_view each : wanted) {
    const auto found = std::find(header.begin(), header.end(), each);
    if (found == header.end()) {
      return Wrong(name, 1,
                   "there is no column " + std::string(each) +
                       ": name a file of this form, tab-separated, with its header");
    }
    columns.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  return columns;
}

// Each row's wanted cells, in the order of `wanted`.
using OnRow = std::function<void(const Fields& cells)>;
base::Result<void> ReadRows(std::string_view tsv, const Fields& wanted, const std::string& name,
                            const OnRow& on_row) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (tsv.starts_with(kByteOrderMark)) tsv.remove_prefix(kByteOrderMark.size());
  std::vector<std::size_t> columns;
  std::size_t width = 0;
  for (std::size_t line = 1; !tsv.empty(); ++line) {
    const std::size_t end = std::min(tsv.find('\n'), tsv.size());
    std::string_view text = tsv.substr(0, end);
    tsv.remove_prefix(std::min(end + 1, tsv.size()));
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    const Fields fields = FieldsOf(text);
    if (columns.empty()) {
      auto found = ColumnsOf(fields, wanted, name);
      if (!found) return found.error();
      columns = std::move(*found);
      width = fields.size();
      continue;
    }
    if (fields.size() != width) return Wrong(name, line, "the row has other columns than line 1");
    Fields cells;
    for (const std::size_t column : columns) cells.push_back(fields[column]);
    on_row(cells);
  }
  if (columns.empty()) return Wrong(name, 1, "the file is empty");
  return {};
}

base::Result<std::string> Bytes(const std::filesystem::path& file) {
  auto bytes = base::ReadFile(file);
  if (bytes) return bytes;
  return Error{ErrorId::kConfigUnreadable, file.string(), bytes.error().advice};
}

struct MapForm {
  std::string_view uri;
  Fields columns;  // old code, term of it or the code again, SNOMED CT, status
};
MapForm FormOf(OldSystem system) {
  if (system == OldSystem::kReadV2) {
    return {"http://read.info/readv2", {"ReadCode", "TermCode", "ConceptId", "MapStatus"}};
  }
  return {"http://read.info/ctv3",
          {"CTV3_CONCEPTID", "CTV3_CONCEPTID", "SCT_CONCEPTID", "MAPSTATUS"}};
}

// As systems write it: with its dots, without, and of Read v2 with the code of its term behind it.
std::set<std::string> WritingsOf(std::string_view code, std::string_view term) {
  const std::size_t end = code.find_last_not_of('.');
  std::set<std::string> writings = {std::string(code), std::string(code.substr(0, end + 1))};
  if (term != code && !term.empty()) writings.insert(std::string(code) + std::string(term));
  writings.erase("");
  return writings;
}

}  // namespace

base::Result<std::vector<CodeLabel>> ParseReferenceSet(std::string_view tsv,
                                                       const ReferenceSet& from) {
  const std::string name = from.file.string();
  std::vector<CodeLabel> members;
  const auto read = ReadRows(
      tsv, {"active", "refsetId", "referencedComponentId"}, name, [&](const Fields& cells) {
        if (cells[0] != "1" || cells[1] != from.id || cells[2].empty()) return;
        members.push_back({std::string(kSnomed), std::string(cells[2]), from.label});
      });
  if (!read) return read.error();
  if (!IsLabel(from.label)) {
    return Error{ErrorId::kConfigInvalid, name,
                 "write the label in lower case letters, digits and _, beginning with a letter"};
  }
  if (members.empty()) {
    return Error{ErrorId::kConfigInvalid, name,
                 "it holds no active member of the reference set: name the snapshot that does"};
  }
  return members;
}

base::Result<std::vector<CodeLabel>> LoadReferenceSet(const ReferenceSet& from) {
  const auto tsv = Bytes(from.file);
  if (!tsv) return tsv.error();
  return ParseReferenceSet(*tsv, from);
}

base::Result<void> AddMapped(std::string_view tsv, const CodeMap& from,
                             std::vector<CodeLabel>& labels) {
  std::multimap<std::string, std::string, std::less<>> labels_of;  // by code of SNOMED CT
  for (const CodeLabel& one : labels) {
    if (one.system == kSnomed) labels_of.emplace(one.code, one.label);
  }
  const MapForm form = FormOf(from.system);
  std::set<std::pair<std::string, std::string>> found;
  const auto read = ReadRows(tsv, form.columns, from.file.string(), [&](const Fields& cells) {
    if (cells[3] != "1") return;
    const auto [first, last] = labels_of.equal_range(cells[2]);
    for (auto label = first; label != last; ++label) {
      for (const std::string& code : WritingsOf(cells[0], cells[1])) {
        found.emplace(code, label->second);
      }
    }
  });
  if (!read) return read.error();
  for (const auto& [code, label] : found) labels.push_back({std::string(form.uri), code, label});
  return {};
}

base::Result<void> AddMapped(const CodeMap& from, std::vector<CodeLabel>& labels) {
  const auto tsv = Bytes(from.file);
  if (!tsv) return tsv.error();
  return AddMapped(*tsv, from, labels);
}

}  // namespace milecastle::normalise
