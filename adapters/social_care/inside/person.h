// What is made of a Client Level Data return, part by part.
//
// Thread-safety: one thread. Failure: what cannot be read of a row was refused before (rows.h).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "record/contribution.h"
#include "sheet/sheet.h"

namespace milecastle::social_care {

// One person's rows of a message, and the contribution that they become.
class Person {
 public:
  // `rows` could be read, and are of one person. `authority`: the council, as identifiers name it.
  Person(sheet::Sheet& sheet, std::vector<std::size_t> rows, std::string authority);

  sheet::Sheet& sheet() { return sheet_; }
  const std::vector<std::size_t>& rows() const { return rows_; }
  std::size_t latest() const { return latest_; }  // the row of the latest event
  const std::string& authority() const { return authority_; }
  record::Contribution& out() { return out_; }

  // The value as the record takes it: Release 2's word, or the council's own with a line that says
  // so. Empty where nothing is said.
  std::string Term(std::size_t row, std::string_view field);
  record::Coded Coded(std::size_t row, std::string_view field);
  std::optional<record::When> Date(std::size_t row, std::string_view field);
  void Note(std::size_t row, std::string_view field, std::string why);

  // Adds the draft with what every one of them bears. `key` names it together with the kind.
  void Add(std::string_view kind, std::vector<std::string> key, std::size_t row,
           record::Entry entry);

  record::Contribution Finish();

 private:
  void AddStatements();
  void AccountForOtherRows();

  sheet::Sheet& sheet_;
  std::vector<std::size_t> rows_;
  std::size_t latest_;
  std::string authority_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_key_;  // drafts of one key
  record::Contribution out_;
};

void ReadClaim(Person& person);          // claim.cc: who it is
void ReadCircumstances(Person& person);  // circumstances.cc: what is said of the person
void ReadEvents(Person& person);         // events.cc: what was asked for, assessed, provided

}  // namespace milecastle::social_care
