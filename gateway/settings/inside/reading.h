// The file as it is read: its tables, and paths taken from its folder. For settings/ alone.
//
// Thread-safety: one thread. Failure: problems are noted in the ConfigFile.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "settings/settings.h"

namespace milecastle::settings {

class Reading {
 public:
  Reading(base::ConfigTable root, const std::filesystem::path& file)
      : root_(std::move(root)), folder_(std::filesystem::absolute(file).parent_path()) {}

  const base::ConfigTable& root() const { return root_; }
  std::optional<base::ConfigTable> Required(std::string_view key) const;
  std::filesystem::path Path(const base::ConfigTable& table, std::string_view key) const;
  std::vector<std::filesystem::path> Paths(const base::ConfigTable& table,
                                           std::string_view key) const;  // at least one

 private:
  base::ConfigTable root_;
  std::filesystem::path folder_;
};

std::size_t Size(const base::ConfigTable& table, std::string_view key, std::size_t fallback,
                 base::ConfigTable::Range range);
std::vector<record::OdsCode> Codes(const base::ConfigTable& table,
                                   std::string_view key);  // at least one
// Of a record system: it stands before every key, with a stroke behind it.
std::string SystemName(const base::ConfigTable& table, std::string_view key);
void ReadListener(const base::ConfigTable& table, ingress::ListenerOptions& listener);
struct ReadFeedsResult {
  std::vector<FeedSettings> feeds;
  std::vector<base::Error> problems;  // of the mappings that they name
};
ReadFeedsResult ReadFeeds(const Reading& from, const KnownAdapters& adapters);
void ReadDirectories(const Reading& from, Settings& settings);
void ReadLive(const Reading& from, const std::vector<record::Section>& sections,
              Settings& settings);

}  // namespace milecastle::settings
