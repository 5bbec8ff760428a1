// What became of the parts of one format, over all its golden cases, as a table.
//
// Thread-safety: none. Failure: none.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "effects.h"
#include "parts.h"

namespace milecastle::fidelity {

// Where an entry may stand under several headings, its parts are said to go wherever it goes.
enum class Entries { kOfOneHeading, kOfSeveral };

class Account {
 public:
  // `between`: what stands between the names of a path.
  Account(std::string_view between, Entries entries) : between_(between), entries_(entries) {}

  void Add(const Part& part, std::size_t message, const Loss& loss, const Listed& listed);

  std::string Table();

 private:
  // What happened to a part of one path in one message.
  struct Happened {
    std::string owner;
    Loss loss;
    Listed listed;
  };
  struct Row {
    bool is_carried = false;
    std::string fate;  // where it is carried to, or why not
    bool operator<(const Row& other) const;
  };
  using Fates = std::map<Path, Row>;
  using Sections = std::set<record::Section>;

  static bool IsWithoutEffect(const std::vector<Happened>& all);
  Row FateOf(const std::string& group, const std::vector<const Happened*>& all) const;
  bool GoesWithItsEntry(const std::vector<const Happened*>& all, const Sections& of_group) const;
  Sections SectionsOf(const std::string& group) const;
  Fates FatesOf(const std::string& group) const;
  std::string NameOf(const Path& path, const Fates& fates) const;
  void AddGroup(const std::string& group, std::string& table) const;
  bool HasGroups() const { return groups_.size() > 1; }
  std::string LeaveOut();  // names that nearly always have no effect, in a line

  std::string_view between_;
  Entries entries_;
  std::map<std::string, std::map<Path, std::vector<Happened>>> groups_;
  std::map<std::string, Sections> owners_;
};

}  // namespace milecastle::fidelity
