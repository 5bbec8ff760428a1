// Offline verification of an export with nothing but a public key (FORMAT.md, "Export").
//
// Checks: the checkpoint's signature and origin; every tile against the root; every leaf in the
// export against its tile; event ids unique; each payload against its leaf; each tombstone's
// signature; no gap. Thread-safety: may run anywhere. Failure: VerifyExport reports and does not
// fail; what it cannot read is a problem.
#pragma once

#include <filesystem>

#include "audit/key.h"
#include "audit/report.h"

namespace milecastle::audit {

Report VerifyExport(const std::filesystem::path& folder, const VerifierKey& key);

}  // namespace milecastle::audit
