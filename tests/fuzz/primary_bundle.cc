// Any bytes as a GP Connect bundle, and as each answer of Access Document.
#include <string_view>

#include "primary/adapter.h"
#include "primary/documents.h"
#include "read_twice.h"
#include "record/fhir_id.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = milecastle::primary::MakeAdapter();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kLimit = std::size_t{1} << 20;
  const auto found = milecastle::primary::SearchsetIn(bytes, kLimit);
  if (found && !found->patient_id.empty() && !milecastle::record::IsFhirId(found->patient_id)) {
    __builtin_trap();  // it would stand in a path
  }
  const auto document = milecastle::primary::BinaryIn(bytes, "b-1", kLimit);
  if (document && document->bytes.empty()) __builtin_trap();
  return ReadTwice(*adapter, data, size);
}
