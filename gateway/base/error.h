// The one error catalogue: every way in which Milecastle says no or fails, with what each edge
// calls it.
//
// An Error names a place and says what to do. It MUST NOT hold a value out of a message, a request
// or a record: errors are logged, counted and returned, and none of those may carry patient data.
// A refusal by policy is not an Error; it is a Decision (decide/). An Error means "could not", and
// discloses nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace milecastle::base {

enum class ErrorId : std::uint8_t {
  // What a sender sent.
  kMessageUnparseable,
  kMessageUnsupported,
  kMessageInvalid,
  kMessageTooLarge,
  kTestOnLiveFeed,
  kSenderNotAllowed,
  kCharacterSetUnsupported,
  kPatientMissing,
  kIdentifierInvalid,
  // What a caller asked.
  kArgumentInvalid,
  kArgumentMissing,
  kNotFound,
  kConflict,
  kUnauthenticated,
  kNotPermitted,
  kDeadlineExceeded,
  kOverloaded,
  kCancelled,
  // What an operator configured.
  kConfigUnreadable,
  kConfigInvalid,
  kPolicyInvalid,
  kCertificateInvalid,
  // What failed here.
  kStoreUnavailable,
  kStoreCorrupt,
  kAuditUnavailable,
  kAuditCorrupt,
  kProofInvalid,
  kFileUnavailable,
  kShuttingDown,
  kInternal,
};

// google.rpc.Code, by number, so that base needs no gRPC header.
enum class RpcCode : std::uint8_t {
  kCancelled = 1,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16,
};

// HL7 v2 table 0008. AE asks the sender to send again later; AR must not be sent again.
enum class AckCode : std::uint8_t { kAccept, kError, kReject };

struct ErrorLine {
  ErrorId id;
  std::string_view name;     // stable, for logs, metrics and clients: "message.unparseable"
  std::string_view meaning;  // one sentence
  RpcCode rpc;
  AckCode ack;
  std::string_view issue;  // FHIR OperationOutcome.issue.code
};

std::span<const ErrorLine> ErrorCatalogue();
const ErrorLine& LineOf(ErrorId id);
std::string_view AckText(AckCode code);  // "AA", "AE", "AR"

struct Error {
  ErrorId id = ErrorId::kInternal;
  std::string place;   // segment and field, file and line, flag, request field; never a value
  std::string advice;  // what to do instead; never a value

  bool operator==(const Error&) const = default;
};

// "message.invalid at PID-7: a birth date must be YYYYMMDD"
std::string Describe(const Error& error);

}  // namespace milecastle::base
