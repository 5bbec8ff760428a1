// Any bytes as a policy: it is read, or every problem names its file.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "decide/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace milecastle;  // NOLINT(google-build-using-namespace)
  const std::array<decide::PolicyFile, 1> files = {
      {{"policy.toml", std::string(reinterpret_cast<const char*>(data), size)}}};
  const auto loaded = decide::Policy::Parse(files);
  if (loaded.policy.has_value() != loaded.problems.empty()) std::abort();
  for (const base::Error& problem : loaded.problems) {
    if (problem.place.empty()) std::abort();
  }
  return 0;
}
