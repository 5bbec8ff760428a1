// The rows of a package, joined: each service as the JSON of /services/{id}.
//
// Thread-safety: one thread. Failure: kMessageTooLarge where the services hold far more than the
// files, by rows that many of them share.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "package.h"

namespace milecastle::open_referral {

class Joined {
 public:
  // Lists in the package what leads nowhere. It outlives this.
  explicit Joined(Package& package);

  // Nothing: with all that belongs to it, it is too large by itself.
  base::Result<std::optional<std::string>> JsonOf(std::size_t service);
  // One of its terms is not there: whether it is a refuge cannot be said.
  bool LacksATerm(std::size_t service) const { return lacks_a_term_[service]; }

 private:
  struct Child {
    std::string_view member;
    Kind kind;
    std::size_t row;
  };
  struct Column {  // of a table, as a member
    std::size_t at;
    std::string name;
  };

  void JoinRows(Kind kind);
  void JoinAttributes();
  void CheckNamed(Kind kind);
  void RefuseKey(Kind kind, std::size_t row, std::string_view column, Kind named);
  void Attach(Kind parent, std::size_t row, Child child);
  bool AttachAttribute(std::size_t row, std::string_view entity, std::string_view link);
  void AppendRow(Kind kind, std::size_t row, std::string& json);
  void AppendNamed(Kind kind, std::size_t row, std::string& json);
  void AppendChildren(Kind kind, std::size_t row, std::string& json);

  Package& package_;
  std::map<Kind, std::vector<std::vector<Child>>> children_;  // by parent and its row
  std::map<Kind, std::vector<Column>> columns_;
  std::set<std::pair<Kind, std::string_view>> lost_;  // columns that name a table that is not here
  std::vector<bool> lacks_a_term_;
  std::size_t left_;   // bytes that the services may still take
  std::size_t bound_;  // and the one that is being made
};

}  // namespace milecastle::open_referral
