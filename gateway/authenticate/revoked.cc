#include "inside/revoked.h"

#include "base/config.h"

namespace milecastle::authenticate {

base::Result<Revoked> Revoked::Load(const std::filesystem::path& path) {
  Revoked revoked;
  if (path.empty()) return revoked;
  const auto file = base::ConfigFile::Load(path);
  if (!file) return file.error();
  for (std::string& token : file->Root().Strings("tokens")) revoked.tokens.insert(std::move(token));
  for (const base::ConfigTable& line : file->Root().Tables("users")) {
    revoked.users.emplace(line.RequiredString("issuer"), line.RequiredString("user"));
  }
  for (const base::ConfigTable& line : file->Root().Tables("keys")) {
    revoked.keys.emplace(line.RequiredString("issuer"), line.RequiredString("key"));
  }
  // All or nothing: half a list would let somebody in.
  if (const auto problems = file->Finish(); !problems.empty()) return problems.front();
  return revoked;
}

}  // namespace milecastle::authenticate
