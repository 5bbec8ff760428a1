// The files of a directory that is kept as tables: which table each is, and its rows by their ids.
//
// A file is known by its name, singular or plural ("services.csv", "service.csv"), or as
// datapackage.json says; so is how it is written. Files are never opened by a name out of it.
//
// Thread-safety: one thread. Failure: in the Result where the whole cannot be read, with the file
// and place; what can be left out goes to `refused`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "csv/table.h"
#include "record/directory.h"

namespace milecastle::open_referral {

// The tables that are read.
enum class Kind : std::uint8_t {
  kService = 0,
  kOrganisation,
  kLocation,
  kServiceAtLocation,
  kAddress,
  kAccessibility,
  kPhone,
  kSchedule,
  kCost,
  kArea,
  kAttribute,
  kTerm,
};
constexpr std::size_t kKinds = 12;

// A table whose rows bear the terms by which a refuge is known.
constexpr bool BearsTerms(Kind kind) { return kind == Kind::kAttribute || kind == Kind::kTerm; }
// By a file's or an entity's name, without regard to capitals.
std::optional<Kind> KindOf(std::string_view name);

struct Rows {
  std::string file;  // "services.csv", whatever its sender calls it
  csv::Table table;
  std::map<std::string_view, std::size_t> by_id;
  std::set<std::string_view> twice;  // ids that stand in several rows, and for none of them

  std::string_view Cell(std::size_t row, std::optional<std::size_t> column) const {
    return column ? table.Peek(row, *column) : std::string_view();
  }
  // It has no cells, or shares its id.
  bool IsBroken(std::size_t row, std::optional<std::size_t> id) const {
    return table.FaultOf(row) || (!twice.empty() && twice.contains(Cell(row, id)));
  }
};

class Package {
 public:
  static base::Result<Package> Open(const std::vector<record::DirectoryTable>& files);

  // Nothing: it is not there.
  const Rows* Find(Kind kind) const;
  std::optional<std::size_t> RowOf(Kind kind, std::string_view id) const;
  // "services.csv, line 7, column status".
  std::string Place(Kind kind, std::size_t row, std::string_view column) const;

  // Bounded: past that it is said that there are more.
  void Refuse(std::string place, std::string_view advice);
  std::vector<base::Error> TakeRefused();

  std::set<std::string> not_carried;  // tables
  std::size_t bytes = 0;              // of all files

 private:
  struct Told;  // by datapackage.json
  static base::Result<std::vector<Told>> ReadPackage(std::string_view json);
  base::Result<void> AddFile(const record::DirectoryTable& file, const std::vector<Told>& told);
  base::Result<void> AddTable(Kind kind, std::string_view bytes, const csv::Dialect& dialect);
  base::Result<void> CheckRows(Kind kind, const Rows& rows);
  base::Result<void> CheckAllThere(const std::vector<Told>& told);
  void NoteOther(std::string_view name);

  std::map<Kind, Rows> tables_;
  std::vector<base::Error> refused_;
  std::size_t more_refused_ = 0;
};

}  // namespace milecastle::open_referral
