// Directories of services: what both halves of `milecastle directory` share, and the online one.
//
// Thread-safety: one thread. Failure: reported; the exit code is given.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "client.h"

namespace milecastle::command {

struct DirectoryFlags {
  std::string words;
  std::string term;
  std::string postcode;
  std::string open_on;
  std::int64_t age = -1;
  std::string status;
  std::string source;
  std::string after;
  std::string id;
  std::vector<std::string> files;
  bool accept_loss = false;
  Connection connection;
};

// The files of a directory: those that are named, and of a folder its tables, or where it has none
// its pages.
struct DirectoryFiles {
  std::vector<std::filesystem::path> files;
  bool are_tables = false;  // CSV, and datapackage.json
};
Answer<DirectoryFiles> FilesOf(const std::vector<std::string>& paths);

int SearchAtGateway(const DirectoryFlags& flags, Terminal& terminal);
int ShowAtGateway(const DirectoryFlags& flags, Terminal& terminal);
int ImportAtGateway(const DirectoryFlags& flags, Terminal& terminal);

}  // namespace milecastle::command
