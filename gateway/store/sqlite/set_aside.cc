#include "inside/set_aside.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = ".damaged-";
constexpr std::array<std::string_view, 3> kParts = {"-wal", "-shm", ""};
constexpr std::size_t kMostKept = 3;
constexpr base::Instant::duration kKeptFor = std::chrono::days(31);

// "20261123T023000Z": in the order of time.
std::string Stamp(base::Instant now) {
  std::string stamp;
  for (const char each :
       base::ToRfc3339(now).substr(0, std::string_view("2026-11-23T02:30:00").size())) {
    if (each != '-' && each != ':') stamp += each;
  }
  return stamp + "Z";
}

std::string MarkedName(const fs::path& database) {
  return database.filename().string() + std::string(kMark);
}

fs::path With(const fs::path& path, std::string_view ending) {
  return path.string() + std::string(ending);
}

// What was set aside, by its main file; the oldest first.
std::vector<fs::path> AllSetAside(const fs::path& database) {
  std::vector<fs::path> all;
  std::error_code failed;
  const std::string marked = MarkedName(database);
  for (const auto& entry : fs::directory_iterator(database.parent_path(), failed)) {
    const std::string name = entry.path().filename().string();
    const bool is_part = name.ends_with("-wal") || name.ends_with("-shm");
    if (name.starts_with(marked) && !is_part) all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Where nothing stands yet.
fs::path FreeName(const fs::path& database, base::Instant now) {
  const fs::path wanted = database.parent_path() / (MarkedName(database) + Stamp(now));
  fs::path free = wanted;
  std::error_code failed;
  for (int count = 2; fs::exists(fs::symlink_status(free, failed)); ++count) {
    free = With(wanted, "." + std::to_string(count));
  }
  return free;
}

}  // namespace

base::Result<void> SetAside(const fs::path& database, base::Instant now) {
  const fs::path aside = FreeName(database, now);
  // The log first: beside a new database an old one would be taken for that one's.
  for (const std::string_view part : kParts) {
    std::error_code failed;
    const fs::path from = With(database, part);
    if (!fs::exists(fs::symlink_status(from, failed))) continue;
    fs::rename(from, With(aside, part), failed);
    if (failed) {
      return base::Error{base::ErrorId::kStoreUnavailable, database.filename().string(),
                         "it is damaged and cannot be set aside: look at the folder's rights"};
    }
  }
  return {};
}

void DropOldSetAside(const fs::path& database, base::Instant now) {
  const std::string oldest = MarkedName(database) + Stamp(now - kKeptFor);
  const std::vector<fs::path> all = AllSetAside(database);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool too_many = all.size() - i > kMostKept;
    if (!too_many && all[i].filename().string() >= oldest) continue;
    for (const std::string_view part : kParts) {
      std::error_code ignored;
      fs::remove(With(all[i], part), ignored);
    }
  }
}

}  // namespace milecastle::store::sqlite
