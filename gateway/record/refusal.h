// Whether words or codes may say no: of a consent whose words are free, so that a refusal which
// nobody foresaw is looked at by a person and never passed over.
//
// It finds too much rather than too little: what it finds is asked for, and decides nothing. So it
// is for consents alone, and never for notes.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string>
#include <string_view>

namespace milecastle::record {

// "Refused", "OPTOUT", "opt-out", "No - not her GP", "must not be shared", "She wants nobody to
// know", "hospital only", "doNotShare". Not "no concerns" or "does not mind".
bool MaySayNo(std::string_view words);
// A word for yes, and none for no: "Given", "Consent given for sharing", "Implied".
bool SaysYes(std::string_view words);

// SNOMED CT and Read codes of consent to share a record, and of its refusal.
bool IsRefusalCode(std::string_view code);
bool IsAgreementCode(std::string_view code);

// As they are compared: small words between single spaces, one before and one after; apostrophes
// and invisible characters left out.
std::string PlainWords(std::string_view text);

}  // namespace milecastle::record
