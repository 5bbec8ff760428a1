// Any bytes as what an outsider's verifier reads: notes, checkpoints, keys, leaves, payload
// bundles. What is taken says the same when it is written again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "audit/checkpoint.h"
#include "audit/key.h"
#include "audit/leaf.h"
#include "audit/note.h"
#include "audit/payload.h"
#include "audit/payload_bundle.h"
#include "audit/tile.h"

namespace {

using namespace milecastle::audit;

void Inside(std::string_view part, std::string_view whole) {
  if (part.empty()) return;
  if (part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) {
    std::abort();
  }
}

// Its private half was thrown away: whatever verifies is a forgery.
const VerifierKey& Key() {
  static const auto key = VerifierKey::Parse(
      "milecastle.example/fuzz+d179915c+Adco9a81pUtXvzIBr1LGyWcJ0r5Ds97t2EM6BN4EhBfa");
  if (!key) std::abort();
  return *key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)ParseNote(bytes);
  if (VerifyCheckpoint(bytes, Key())) std::abort();
  if (const auto key = VerifierKey::Parse(bytes); key && key->ToString() != bytes) std::abort();
  if (const auto leaf = DecodeLeaf(bytes); leaf && EncodeLeaf(*leaf) != bytes) std::abort();
  if (const auto headline = ReadHeadline(bytes)) {
    const auto again = ReadHeadline(MakePayload(*headline, "{}"));
    if (!again || *again != *headline) std::abort();
  }
  if (const auto items = ParsePayloads(bytes)) {
    for (const PayloadItem& item : *items) {
      Inside(item.salt, bytes);
      Inside(item.content, bytes);
    }
  }
  return 0;
}
