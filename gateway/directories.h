// The directories of services of a running gateway: the file that keeps them, and where they come
// from. Of the composition root.
//
// What they keep is public and can be read again: a file or folder that cannot be used is logged,
// told of by health and `sources`, and stops nothing else. A damaged file is set aside at start and
// at reload, and another one made.
//
// Thread-safety: made, begun, reloaded and stopped by one thread; the keeper from any. Failure: in
// what is told of each source.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/keeper.h"
#include "directory/schedule.h"
#include "directory/sheltered.h"
#include "folder/watched_folder.h"
#include "https/client.h"
#include "serve/metrics.h"
#include "serve/services.h"
#include "settings/settings.h"
#include "store/directory.h"

namespace milecastle {

// The authorities of each source that is asked for, by its name: read at start and at each reload.
using DirectoryTls = std::map<std::string, std::shared_ptr<const https::Tls>>;
DirectoryTls LoadDirectoryTls(const settings::Settings& settings,
                              std::vector<base::Error>& problems);

class Directories {
 public:
  Directories(const settings::Settings& settings, const base::Clock& clock);
  ~Directories();

  directory::Keeper& keeper() { return keeper_; }
  // Begins to read what is to be asked for, and the folders.
  void Begin(const DirectoryTls& tls);
  // From the next answer on. What could not be used before is tried again.
  void Use(const DirectoryTls& tls);
  void Stop();

  void AddHealth(std::vector<serve::HealthLine>& lines) const;  // nothing where all is well
  void AddSamples(base::Instant now, std::vector<serve::Sample>& samples) const;

 private:
  class Asked;
  class FolderDoor;
  void WatchFolders();

  const std::filesystem::path file_;
  const std::vector<settings::DirectorySettings> sources_;
  const base::Clock& clock_;
  directory::Sheltered store_;
  directory::Keeper keeper_;
  std::unique_ptr<https::Loop> loop_;
  std::vector<std::unique_ptr<Asked>> asked_;
  std::unique_ptr<FolderDoor> door_;
  std::map<std::string, std::unique_ptr<folder::WatchedFolder>> folders_;  // by source
  std::vector<std::unique_ptr<directory::Schedule>> schedules_;  // last: they use the others
};

}  // namespace milecastle
