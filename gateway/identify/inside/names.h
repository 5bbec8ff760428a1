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

// The given names, folded, parted at spaces alone: "Mary-Ann" is one name.
std::vector<std::string> GivenNamesOf(std::string_view given);

// How alike the first of them are, the nearest that holds; of lists that are not empty. Daniel and
// Danielle may be twins: of two sexes nothing is spelt alike.
enum class GivenLikeness : std::uint8_t {
  kSame = 1,
  kShortForm,
  kSpeltAlike,
  kMiddleName,  // the first of one is among the others' that follow
  kInitial,
  kNone,
};
GivenLikeness CompareGiven(const std::vector<std::string>& left,
                           const std::vector<std::string>& right, bool sexes_differ);
// One and the same, or one is the other's initial.
bool SameInShort(const std::string& one, const std::string& other);

// "baby", "twin", "unknown" …: what is written for whom nobody has named yet.
bool IsOfTheUnnamed(std::string_view word);

// "jr", "sr", "2" … for what a suffix or a last word says of the generation; nothing else.
std::string GenerationOf(std::string_view word);

// "van", "de", "al" …: shared by many families.
bool IsParticle(std::string_view word);

}  // namespace milecastle::identify
