// Recomputes everything in a log's own folder and names the place of whatever is damaged.
//
// Reads only. The log must not be open elsewhere; one that crashed shows its torn tail as a problem
// until it is opened again. Thread-safety: may run anywhere. Failure: kConflict where a process has
// the log open, kFileUnavailable where there is none; damage is in the Report, not an error.
#pragma once

#include <filesystem>

#include "audit/key.h"
#include "audit/report.h"
#include "base/result.h"

namespace milecastle::audit {

base::Result<Report> Fsck(const std::filesystem::path& folder, const VerifierKey& key);

}  // namespace milecastle::audit
