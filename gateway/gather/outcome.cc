#include "gather/outcome.h"

#include <algorithm>
#include <array>

namespace milecastle::gather {
namespace {

constexpr std::array kErrorCodes = {
    // 400
    ErrorCode{"INVALID_IDENTIFIER_SYSTEM", Outcome::kRefused},
    ErrorCode{"INVALID_IDENTIFIER_VALUE", Outcome::kRefused},
    ErrorCode{"INVALID_NHS_NUMBER", Outcome::kRefused},
    ErrorCode{"INVALID_PATIENT_DEMOGRAPHICS", Outcome::kRefused},
    ErrorCode{"BAD_REQUEST", Outcome::kRefused},
    ErrorCode{"CONFLICTING_VALUES", Outcome::kRefused},
    // 403
    ErrorCode{"NO_PATIENT_CONSENT", Outcome::kDissent},
    ErrorCode{"NO_ORGANISATION_CONSENT", Outcome::kRefused},
    ErrorCode{"ACCESS DENIED", Outcome::kRefused},
    ErrorCode{"ACCESS_DENIED", Outcome::kRefused},
    ErrorCode{"NO_RELATIONSHIP", Outcome::kRefused},
    // 404
    ErrorCode{"PATIENT_NOT_FOUND", Outcome::kNotFound},
    ErrorCode{"NO_RECORD_FOUND", Outcome::kNotFound},
    ErrorCode{"ORGANISATION_NOT_FOUND", Outcome::kRefused},
    ErrorCode{"PRACTITIONER_NOT_FOUND", Outcome::kRefused},
    // 409, 422
    ErrorCode{"DUPLICATE_REJECTED", Outcome::kUnavailable},
    ErrorCode{"INVALID_RESOURCE", Outcome::kRefused},
    ErrorCode{"INVALID_PARAMETER", Outcome::kRefused},
    ErrorCode{"REFERENCE_NOT_FOUND", Outcome::kRefused},
    // 500, 501
    ErrorCode{"INTERNAL_SERVER_ERROR", Outcome::kUnavailable},
    ErrorCode{"NOT_IMPLEMENTED", Outcome::kRefused},
};

constexpr int kRequestTimeout = 408;
constexpr int kTooManyRequests = 429;

}  // namespace

std::string_view KeyOf(Outcome outcome) {
  constexpr std::array<std::string_view, 11> kNames = {
      "returned",       "dissent",       "not_found", "refused",      "unavailable", "timed_out",
      "invalid_answer", "wrong_patient", "busy",      "circuit_open", "no_time"};
  return kNames.at(static_cast<std::size_t>(outcome) - 1);
}

std::span<const ErrorCode> ErrorCodes() { return kErrorCodes; }

Outcome OutcomeOf(int http_status, std::string_view code) {
  const auto* const known = std::find_if(kErrorCodes.begin(), kErrorCodes.end(),
                                         [&](const ErrorCode& each) { return each.code == code; });
  if (known != kErrorCodes.end()) return known->outcome;
  if (http_status >= 500 || http_status == kRequestTimeout || http_status == kTooManyRequests) {
    return Outcome::kUnavailable;
  }
  // What answers 404 in words of its own is not where the record would be.
  if (http_status == 404) return Outcome::kUnavailable;
  return http_status >= 400 ? Outcome::kRefused : Outcome::kInvalidAnswer;
}

}  // namespace milecastle::gather
