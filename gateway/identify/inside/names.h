// Names as matching compares them: how alike two are spelt, which are short forms of which, and the
// words of one that stand for no family.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/patients.h"

namespace milecastle::identify {

// 'M', 'F', or ' ' for what says neither: HL7 table 0001 and FHIR's words.
char SexOf(const store::Demographics& who);

// The words of a name, folded: parted at spaces, hyphens and slashes.
std::vector<std::string> WordsOf(std::string_view name);

// Jaro-Winkler of at least 0.90, of two names of three letters or more; by sound too: or of at
// least 0.80 where both have one Soundex. Of very long ones the first 64 letters count. The same
// whichever is asked about.
enum class Likeness : std::uint8_t { kLetters = 1, kLettersOrSound };
bool SpeltAlike(const std::string& left, const std::string& right,
                Likeness likeness = Likeness::kLetters);

// By the table in names.cc: one is a short form of the other, or both are of the same name.
bool IsShortForm(const std::string& left, const std::string& right);

// "jr", "sr", "2" … for what a suffix or a last word says of the generation; nothing else.
std::string GenerationOf(std::string_view word);

// "van", "de", "al" …: shared by many families.
bool IsParticle(std::string_view word);

}  // namespace milecastle::identify
