// Checkpoints: a log's size and root as a signed note (c2sp.org/tlog-checkpoint).
//
// Thread-safety: pure functions. Failure: kProofInvalid for what is not exactly a checkpoint of the
// key's own origin: other key, other origin, leading zeros, base64 that is not canonical.
#pragma once

#include <string>
#include <string_view>

#include "audit/key.h"
#include "audit/proof.h"
#include "base/result.h"

namespace milecastle::audit {

// The text that is signed: origin, size, root, each on a line. The origin is the key's name.
std::string CheckpointText(std::string_view origin, const Head& head);

base::Result<std::string> SignCheckpoint(const Head& head, const SigningKey& key);
base::Result<Head> VerifyCheckpoint(std::string_view note, const VerifierKey& key);

}  // namespace milecastle::audit
