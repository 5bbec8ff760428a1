#include "open_referral/tables.h"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "inside/join.h"
#include "inside/keep_back.h"
#include "inside/package.h"
#include "open_referral/reader.h"

namespace milecastle::open_referral {
namespace {

class Reading {
 public:
  explicit Reading(Package& package)
      : package_(package), rows_(*package.Find(Kind::kService)), joined_(package) {}

  base::Result<record::DirectoryPage> Do() {
    const auto id = rows_.table.ColumnOf("id");
    page_.entries = rows_.table.size();
    for (const std::string_view twice : rows_.twice) page_.unread.emplace_back(twice);
    for (std::size_t row = 0; row < rows_.table.size(); ++row) {
      if (rows_.IsBroken(row, id)) continue;
      if (const auto lack = LackOf(row); !lack.empty()) {
        Refuse(row, lack, "a service needs id, name, status and its organisation's id");
        continue;
      }
      if (auto read = ReadService(row); !read) return read.error();
    }
    page_.refused = package_.TakeRefused();
    const bool nothing = page_.services.empty() && page_.unread.empty();
    if (nothing && !page_.refused.empty()) return page_.refused[0];
    page_.not_carried.assign(not_carried_.begin(), not_carried_.end());
    page_.not_carried.insert(page_.not_carried.end(), package_.not_carried.begin(),
                             package_.not_carried.end());
    return std::move(page_);
  }

 private:
  std::string_view Cell(std::size_t row, std::string_view column) const {
    return rows_.Cell(row, rows_.table.ColumnOf(column));
  }

  // The column in which something needed is missing.
  std::string_view LackOf(std::size_t row) const {
    constexpr std::array<std::string_view, 3> kNeeded = {"id", "name", "organization_id"};
    for (const std::string_view column : kNeeded) {
      if (Cell(row, column).empty()) return column;
    }
    return record::ServiceStatusOf(Cell(row, "status")) ? "" : "status";
  }

  void Refuse(std::size_t row, std::string_view column, std::string_view advice) {
    if (const auto id = Cell(row, "id"); !id.empty()) page_.unread.emplace_back(id);
    package_.Refuse(package_.Place(Kind::kService, row, column), advice);
  }

  base::Result<void> ReadService(std::size_t row) {
    const auto json = joined_.JsonOf(row);
    if (!json) return json.error();
    base::Result<record::DirectoryPage> one =
        base::Error{base::ErrorId::kMessageTooLarge, "service", ""};
    if (*json) one = Read(**json);
    if (!one || one->services.size() != 1) {
      Refuse(row, "id", "with all that belongs to it it is past the limits of a service");
      return {};
    }
    if (joined_.LacksATerm(row)) KeepBack(&one->services[0]);
    page_.services.push_back(std::move(one->services[0]));
    not_carried_.insert(one->not_carried.begin(), one->not_carried.end());
    return {};
  }

  Package& package_;
  const Rows& rows_;
  Joined joined_;
  record::DirectoryPage page_;
  std::set<std::string> not_carried_;
};

}  // namespace

base::Result<record::DirectoryPage> ReadTables(const std::vector<record::DirectoryTable>& files) {
  auto package = Package::Open(files);
  if (!package) return package.error();
  return Reading(*package).Do();
}

}  // namespace milecastle::open_referral
