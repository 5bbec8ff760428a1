// One person's rows of a message, oldest first, and the contribution that they become.
//
// Thread-safety: one thread. Failure: what cannot be read of a row was refused before (rows.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns.h"
#include "record/contribution.h"
#include "sheet/people.h"

namespace milecastle::third_sector {

using sheet::Rows;

// The date of a row; none where none can be read, and rows without one come first.
std::optional<base::Instant> MomentOf(const sheet::Sheet& sheet, std::size_t row);
// Tells a thing from another of the same person: by its reference, or else by what it says.
std::string ThingOf(const sheet::Sheet& sheet, std::size_t row);
// Those of the rows that were not entered in error.
Rows Told(const sheet::Sheet& sheet, const Rows& rows);
inline constexpr std::size_t kDigits = 32;  // of a key

class Person {
 public:
  // `authority`: the organisation, as its local ids name it; empty where it is not known.
  Person(sheet::Sheet& sheet, Rows rows, std::string authority);

  sheet::Sheet& sheet() { return sheet_; }
  const Rows& rows() const { return rows_; }
  // Those that were not entered in error: nothing else is said by one that was.
  const Rows& told() const { return told_; }
  std::size_t latest() const { return rows_.back(); }
  const std::string& authority() const { return authority_; }
  record::Contribution& out() { return out_; }

  std::optional<record::When> Date(std::size_t row, std::string_view field);
  record::Coded Coded(std::size_t row, std::string_view field);
  // The latest of these rows that says something in it, its value; marks all of them.
  std::string Latest(const Rows& rows, std::string_view field);
  void Note(std::size_t row, std::string_view field, std::string why);
  // A second one of the same name gets a name of its own.
  void Add(std::string source_key, record::Entry entry, const Rows& rows);

  record::Contribution Finish();

 private:
  void PassOverErrors();

  sheet::Sheet& sheet_;
  Rows rows_;
  Rows told_;
  std::string authority_;
  record::Contribution out_;
  std::map<std::string, int> keys_;  // how many entries wanted that key
};

void ReadClaim(Person& person);      // claim.cc: who it is
void ReadThings(Person& person);     // things.cc: what each row is about
void ReadStandings(Person& person);  // standings.cc: what stands for the person

}  // namespace milecastle::third_sector
