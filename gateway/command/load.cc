#include "inside/load.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "base/config.h"
#include "base/crypto.h"
#include "inside/json.h"

namespace milecastle::command {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKind = "milecastle submit position 1 ";

Trouble NotWritten(const std::string& path) {
  return {kMisuse, "the position could not be kept", path, "the file cannot be written",
          "name a file in a folder that can be written, or leave --resume out"};
}

std::optional<Trouble> AddFolder(const fs::path& folder, std::vector<std::string>& files) {
  std::vector<std::string> inside;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const bool hidden = entry->path().filename().native().starts_with('.');
    if (!hidden && entry->is_regular_file(failed)) inside.push_back(entry->path().string());
  }
  if (failed) {
    return MisuseOf(folder.string(), "the folder could not be read", "let this user list it");
  }
  std::sort(inside.begin(), inside.end());
  files.insert(files.end(), inside.begin(), inside.end());
  return std::nullopt;
}

std::optional<Trouble> AddListed(const std::string& list, std::vector<std::string>& named) {
  const auto text = base::ReadFile(list);
  if (!text) return TroubleOf(text.error(), "the list could not be read", kMisuse);
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) named.push_back(line);
  }
  return std::nullopt;
}

bool WriteWhole(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fdatasync(file) == 0;
}

// The name of a new file is durable with its folder.
bool SyncFolderOf(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  const base::UniqueFd opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.get() >= 0 && ::fsync(opened.get()) == 0;
}

// The last whole line's number; a line that was torn by a kill counts for nothing.
std::uint64_t LastNumber(std::string_view lines) {
  std::uint64_t last = 0;
  for (std::size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    std::from_chars(lines.data(), lines.data() + end, last);
    lines.remove_prefix(end + 1);
  }
  return last;
}

}  // namespace

std::variant<Load, Trouble> LoadOf(const std::vector<std::string>& named, const std::string& list) {
  std::vector<std::string> all = named;
  if (!list.empty()) {
    if (auto trouble = AddListed(list, all)) return *trouble;
  }
  Load load;
  for (const std::string& name : all) {
    std::error_code failed;
    if (!fs::is_directory(name, failed)) {
      load.files.push_back(name);
    } else if (auto trouble = AddFolder(name, load.files)) {
      return *trouble;
    }
  }
  if (load.files.empty()) {
    return MisuseOf("FILE", "there is nothing to send",
                    "name files, a folder that holds some, or --list FILE");
  }
  for (const std::string& file : load.files) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    if (failed) return MisuseOf(file, "a file could not be read", "name a file that is there");
    load.bytes += size;
  }
  return load;
}

std::string NameOf(const Load& load, std::string_view target) {
  std::string text(target);
  for (const std::string& file : load.files) {
    std::error_code failed;
    text += '\0' + file + '\0' + std::to_string(fs::file_size(file, failed));
  }
  const base::Digest digest = base::Sha256(text);
  return base::ToHex(base::AsBytes(digest));
}

std::variant<LoadPosition, Trouble> LoadPosition::Open(const std::string& path,
                                                       const std::string& load) {
  const std::string head = std::string(kKind) + load + "\n";
  std::error_code failed;
  std::uint64_t answered = 0;
  // A head that was torn is of a load that had not begun.
  const bool begun = fs::exists(path, failed) && fs::file_size(path, failed) >= head.size();
  if (begun) {
    const auto text = base::ReadFile(path);
    if (!text) return NotWritten(path);
    if (!text->starts_with(head)) {
      return MisuseOf(path, "it is the position of another load",
                      "name the files that it is of, as they were, or another position file");
    }
    answered = LastNumber(std::string_view(*text).substr(head.size()));
  }
  const int how = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (begun ? 0 : O_TRUNC);
  base::UniqueFd file(::open(path.c_str(), how, 0600));
  if (file.get() < 0) return NotWritten(path);
  // What follows a torn line is a line of its own.
  if (!WriteWhole(file.get(), begun ? "\n" + std::to_string(answered) + "\n" : head) ||
      !SyncFolderOf(path)) {
    return NotWritten(path);
  }
  return LoadPosition(std::move(file), path, answered);
}

std::optional<Trouble> LoadPosition::Advance() {
  ++answered_;
  if (WriteWhole(file_.get(), std::to_string(answered_) + "\n")) return std::nullopt;
  return NotWritten(path_);
}

void Summary::Add(const std::string& outcome, const std::string& error) {
  ++counts_[{outcome, error}];
  ++messages_;
}

void Summary::Print(std::ostream& out) const {
  out << Count(messages_, "message") << ":\n";
  for (const auto& [what, count] : counts_) {
    out << "  " << Printable(what.first);
    if (!what.second.empty()) out << ", " << Printable(what.second);
    out << " " << count << "\n";
  }
}

void Summary::PrintJson(std::ostream& out) const {
  boost::json::array counts;
  for (const auto& [what, count] : counts_) {
    counts.push_back(
        {{"outcome", JsonText(what.first)}, {"error", JsonText(what.second)}, {"messages", count}});
  }
  const boost::json::object line = {
      {"summary", boost::json::object{{"messages", messages_}, {"counts", std::move(counts)}}}};
  out << boost::json::serialize(line) << "\n";
}

}  // namespace milecastle::command
