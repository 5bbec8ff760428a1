// What a practice's answer says where it is no record: the code of its OperationOutcome.
//
// Thread-safety: pure. Failure: empty where there is no such code, or what is no FHIR.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace milecastle::primary {

// Events of the adapter's envelopes, for what a practice answers.
inline constexpr std::string_view kStructuredRecord = "gp-connect-structured";
inline constexpr std::string_view kOutcome = "gp-connect-outcome";
// Of an error that names no patient: nobody's, and never the answer to a question about one.
inline constexpr std::string_view kNotice = "gp-connect-notice";

// Of Spine-ErrorOrWarningCode-1, as "PATIENT_NOT_FOUND": the first of an issue that is more than a
// warning. `limit`: bytes.
std::string ErrorCodeOf(std::string_view answer, std::size_t limit);

}  // namespace milecastle::primary
