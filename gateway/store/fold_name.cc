#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "store/patients.h"

namespace milecastle::store {
namespace {

bool Counts(UChar32 c) { return u_isalnum(c) != 0; }

}  // namespace

// Compatibility decomposition parts a letter from its accents; what is then no letter and no digit
// (accents, spaces, hyphens, apostrophes) is dropped. Folding after it, and decomposing again,
// because a folded letter may come apart once more.
std::string FoldName(std::string_view name) {
  UErrorCode failed = U_ZERO_ERROR;
  const icu::Normalizer2* const decompose = icu::Normalizer2::getNFKDInstance(failed);
  if (U_FAILURE(failed)) return std::string(name);
  const auto text =
      icu::UnicodeString::fromUTF8({name.data(), static_cast<std::int32_t>(name.size())});
  icu::UnicodeString parts = decompose->normalize(text, failed);
  parts = decompose->normalize(parts.foldCase(), failed);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    if (Counts(parts.char32At(i))) kept.append(parts.char32At(i));
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

}  // namespace milecastle::store
