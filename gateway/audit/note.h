// C2SP signed notes (c2sp.org/signed-note@v1.0.0) with Ed25519 signatures, byte for byte.
//
// Thread-safety: pure functions. Failure: ParseNote and Verify refuse whatever is not exactly a
// signed note, or not signed by the given key, with kProofInvalid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/key.h"
#include "base/result.h"

namespace milecastle::audit {

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string signature;  // raw bytes, without the key id
};

struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;
};

// `text` ends in a newline and holds no other control character.
base::Result<std::string> SignNote(std::string_view text, const SigningKey& key);

base::Result<Note> ParseNote(std::string_view bytes);

// Gives the text. Signatures of unknown keys are ignored; one of this key that fails refuses the
// note.
base::Result<std::string> VerifyNote(std::string_view bytes, const VerifierKey& key);

}  // namespace milecastle::audit
