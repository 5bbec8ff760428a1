// The whole configuration of the made-up system, on which the real gateway starts: gateway.toml,
// the policy's organisations and agreements, and the rules, role groups and code sets of the worked
// configuration (config/). Certificates are made by deploy/trial-certificates, for whom
// `holders` names, one ODS:SYSTEM on each line.
//
// Thread-safety: one thread. Failure: false where a file cannot be read or written.
#pragma once

#include <filesystem>

namespace milecastle::kit {

// `config`: the worked configuration's folder.
bool WriteConfiguration(const std::filesystem::path& folder, const std::filesystem::path& config);

}  // namespace milecastle::kit
