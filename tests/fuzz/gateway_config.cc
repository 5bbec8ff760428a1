// Any bytes as gateway.toml, and as a mapping: settings, or problems, each of which names its
// place. The file lies in a folder of this process alone.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "settings/mapping.h"
#include "settings/settings.h"

namespace {

class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("milecastle-fuzz-config-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path File() const { return path_ / "gateway.toml"; }

 private:
  std::filesystem::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace milecastle;  // NOLINT(google-build-using-namespace)
  static const Folder folder;
  const auto file = folder.File();
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto loaded = settings::Load(
      file, {{"acute", {.fields = {}, .names = true, .local_segments = true}}, {"primary", {}}});
  if (!loaded.settings && loaded.problems.empty()) std::abort();
  for (const base::Error& problem : loaded.problems) {
    if (problem.place.empty()) std::abort();
  }
  const milecastle::port::Mappable all{
      .fields = {"LA_Code", "NHS_Number"}, .names = true, .local_segments = true};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mapping = settings::ParseMapping(text, "mapping.toml", all);
  if (mapping.mapping.has_value() != mapping.problems.empty()) std::abort();
  return 0;
}
