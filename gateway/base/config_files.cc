#include "base/config_files.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "base/result.h"

namespace milecastle::base {
namespace {

namespace fs = std::filesystem;

Error Unreadable(const fs::path& folder, std::string advice) {
  return {ErrorId::kConfigUnreadable, folder.string(), std::move(advice)};
}

Result<std::vector<fs::path>> FilesIn(const fs::path& folder, std::string_view whose) {
  std::vector<fs::path> inside;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == ".toml") inside.push_back(entry->path());
  }
  if (failed) return Unreadable(folder, "let the gateway's user list and read this folder");
  if (inside.empty()) {
    return Unreadable(
        folder, "put " + std::string(whose) + " *.toml files here, or name the folder they are in");
  }
  std::sort(inside.begin(), inside.end());
  return inside;
}

}  // namespace

std::vector<fs::path> TomlFiles(std::span<const fs::path> paths, std::string_view whose,
                                std::vector<Error>& problems) {
  std::vector<fs::path> files;
  for (const auto& path : paths) {
    std::error_code none;
    if (!fs::is_directory(path, none)) {
      files.push_back(path);
      continue;
    }
    const auto inside = FilesIn(path, whose);
    if (inside) {
      files.insert(files.end(), inside->begin(), inside->end());
    } else {
      problems.push_back(inside.error());
    }
  }
  return files;
}

}  // namespace milecastle::base
