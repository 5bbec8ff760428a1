#include "base/error.h"

#include <array>
#include <cstdlib>

namespace milecastle::base {
namespace {

constexpr std::array kCatalogue = {
    ErrorLine{ErrorId::kMessageUnparseable, "message.unparseable",
              "The bytes are not a message of the feed's format.", RpcCode::kInvalidArgument,
              AckCode::kReject, "structure"},
    ErrorLine{ErrorId::kMessageUnsupported, "message.unsupported",
              "The message is well formed, of a type that this adapter does not carry.",
              RpcCode::kUnimplemented, AckCode::kReject, "not-supported"},
    ErrorLine{ErrorId::kMessageInvalid, "message.invalid",
              "The message breaks a rule of its format or profile.", RpcCode::kInvalidArgument,
              AckCode::kReject, "invalid"},
    ErrorLine{ErrorId::kMessageTooLarge, "message.too_large",
              "The message is larger, deeper or longer than the configured limit.",
              RpcCode::kResourceExhausted, AckCode::kReject, "too-long"},
    ErrorLine{ErrorId::kTestOnLiveFeed, "message.test_on_live_feed",
              "A training or debugging message arrived on a live feed.", RpcCode::kInvalidArgument,
              AckCode::kReject, "business-rule"},
    ErrorLine{ErrorId::kSenderNotAllowed, "sender.not_allowed",
              "The feed may not speak for the organisation that the message names.",
              RpcCode::kPermissionDenied, AckCode::kReject, "forbidden"},
    ErrorLine{ErrorId::kCharacterSetUnsupported, "message.character_set",
              "The message is in a character set that cannot be read.", RpcCode::kInvalidArgument,
              AckCode::kReject, "not-supported"},
    ErrorLine{ErrorId::kPatientMissing, "message.patient_missing", "The message names no patient.",
              RpcCode::kInvalidArgument, AckCode::kReject, "required"},
    ErrorLine{ErrorId::kIdentifierInvalid, "identifier.invalid",
              "An identifier has the wrong form.", RpcCode::kInvalidArgument, AckCode::kReject,
              "value"},
    ErrorLine{ErrorId::kArgumentInvalid, "argument.invalid",
              "A field of the request has the wrong form.", RpcCode::kInvalidArgument,
              AckCode::kReject, "value"},
    ErrorLine{ErrorId::kArgumentMissing, "argument.missing",
              "A field that the request needs is absent.", RpcCode::kInvalidArgument,
              AckCode::kReject, "required"},
    ErrorLine{ErrorId::kNotFound, "not_found", "There is nothing of that name here.",
              RpcCode::kNotFound, AckCode::kReject, "not-found"},
    ErrorLine{ErrorId::kConflict, "conflict", "What was asked no longer fits what is recorded.",
              RpcCode::kFailedPrecondition, AckCode::kReject, "conflict"},
    ErrorLine{ErrorId::kUnauthenticated, "caller.unauthenticated",
              "The caller did not prove who it is.", RpcCode::kUnauthenticated, AckCode::kReject,
              "login"},
    ErrorLine{ErrorId::kNotPermitted, "caller.not_permitted",
              "The caller's organisation or role may not do this.", RpcCode::kPermissionDenied,
              AckCode::kReject, "forbidden"},
    ErrorLine{ErrorId::kDeadlineExceeded, "deadline_exceeded",
              "The answer was not ready in the time allowed.", RpcCode::kDeadlineExceeded,
              AckCode::kError, "timeout"},
    ErrorLine{ErrorId::kOverloaded, "overloaded", "A bounded queue is full; try again shortly.",
              RpcCode::kResourceExhausted, AckCode::kError, "throttled"},
    ErrorLine{ErrorId::kCancelled, "cancelled", "The caller went away.", RpcCode::kCancelled,
              AckCode::kError, "incomplete"},
    ErrorLine{ErrorId::kConfigUnreadable, "config.unreadable",
              "A configuration file cannot be read.", RpcCode::kFailedPrecondition, AckCode::kError,
              "exception"},
    ErrorLine{ErrorId::kConfigInvalid, "config.invalid", "A configuration value is wrong.",
              RpcCode::kFailedPrecondition, AckCode::kError, "exception"},
    ErrorLine{ErrorId::kPolicyInvalid, "policy.invalid",
              "A policy file is wrong, or tries to widen what a higher layer grants.",
              RpcCode::kFailedPrecondition, AckCode::kError, "exception"},
    ErrorLine{ErrorId::kCertificateInvalid, "certificate.invalid",
              "A certificate, key or revocation list is wrong or out of date.",
              RpcCode::kFailedPrecondition, AckCode::kError, "security"},
    ErrorLine{ErrorId::kStoreUnavailable, "store.unavailable",
              "The record store did not commit or could not be read.", RpcCode::kUnavailable,
              AckCode::kError, "no-store"},
    ErrorLine{ErrorId::kStoreCorrupt, "store.corrupt", "A stored row does not match its digest.",
              RpcCode::kInternal, AckCode::kError, "exception"},
    ErrorLine{ErrorId::kAuditUnavailable, "audit.unavailable",
              "No audit log could make the entry durable.", RpcCode::kUnavailable, AckCode::kError,
              "no-store"},
    ErrorLine{ErrorId::kAuditCorrupt, "audit.corrupt",
              "The audit log does not match its own hashes.", RpcCode::kInternal, AckCode::kError,
              "exception"},
    ErrorLine{ErrorId::kProofInvalid, "audit.proof_invalid",
              "A proof, signature or receipt does not verify.", RpcCode::kInvalidArgument,
              AckCode::kReject, "security"},
    ErrorLine{ErrorId::kFileUnavailable, "file.unavailable", "A file cannot be read or written.",
              RpcCode::kUnavailable, AckCode::kError, "exception"},
    ErrorLine{ErrorId::kShuttingDown, "shutting_down", "The gateway is stopping.",
              RpcCode::kUnavailable, AckCode::kError, "transient"},
    ErrorLine{ErrorId::kInternal, "internal", "A fault in Milecastle itself.", RpcCode::kInternal,
              AckCode::kError, "exception"},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i) {
    if (static_cast<std::size_t>(kCatalogue[i].id) != i) return false;
  }
  return kCatalogue.size() == static_cast<std::size_t>(ErrorId::kInternal) + 1;
}
static_assert(InOrder(), "the catalogue follows the order of ErrorId");

}  // namespace

std::span<const ErrorLine> ErrorCatalogue() { return kCatalogue; }

const ErrorLine& LineOf(ErrorId id) { return kCatalogue.at(static_cast<std::size_t>(id)); }

std::string_view AckText(AckCode code) {
  switch (code) {
    case AckCode::kAccept:
      return "AA";
    case AckCode::kError:
      return "AE";
    case AckCode::kReject:
      return "AR";
  }
  std::abort();
}

std::string Describe(const Error& error) {
  std::string text(LineOf(error.id).name);
  if (!error.place.empty()) text += " at " + error.place;
  text += ": ";
  text += error.advice.empty() ? std::string(LineOf(error.id).meaning) : error.advice;
  return text;
}

}  // namespace milecastle::base
