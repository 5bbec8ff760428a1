// Operational log lines: one catalogue with stable ids, one JSON object a line, on standard error.
//
// No patient data: a field's value is a number, a flag, an ErrorId, or SafeText, whose makers say
// where the text came from. Thread-safety: Log may be called from any thread; a line is written
// whole. Failure: a line that cannot be written is lost; nothing that must not be lost goes here
// (that is audit/).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/error.h"
#include "base/uuid.h"

namespace milecastle::base {

enum class Severity : std::uint8_t { kDebug, kInfo, kWarning, kError, kAlarm };

enum class LogId : std::uint16_t {
  kStarting = 100,
  kReady = 101,
  kStopping = 102,
  kStopped = 103,
  kReloaded = 110,
  kReloadRefused = 111,
  kPolicyWarning = 112,
  kClockJumped = 113,
  kConnectionRefused = 201,
  kConnectionClosed = 202,
  kHandshakeFailed = 203,
  kCertificateExpiring = 204,
  kRevocationListStale = 205,
  kRevokedCut = 206,
  kFloodCut = 207,
  kTokenRefused = 210,
  kMessageOutcome = 300,
  kMessageFailed = 301,
  kFeedPaused = 302,
  kFeedSilent = 303,
  kFolderFile = 304,
  kCallServed = 400,
  kCallFailed = 401,
  kBreakGlass = 402,
  kGrpcFault = 403,
  kGuessing = 404,
  kLiveFailed = 410,
  kLiveBroken = 411,
  kLiveRestored = 412,
  kLiveUnusable = 413,
  kLiveWrongPatient = 414,
  kDirectoryTaken = 420,
  kDirectoryFailed = 421,
  kDirectorySetAside = 422,
  kDirectoryUnavailable = 423,
  kDirectoryRestored = 424,
  kStoreFault = 500,
  kStoreFatal = 501,
  kAuditFault = 510,
  kAuditSecondary = 511,
  kAuditFatal = 512,
  kAuditOneDisk = 513,
  kAuditBehind = 514,
  kAuditUnwitnessed = 515,
  kOutboxBacklog = 520,
  kQueueFull = 530,
  kReviewsOverdue = 540,
  kRelabelling = 550,
  kRelabelled = 551,
  kRelabelFault = 552,
};

struct LogLine {
  LogId id;
  std::string_view name;  // "message.outcome"
  Severity severity;
  std::string_view meaning;
};
const LogLine& LineOf(LogId id);

// Text that cannot be patient data, by where it comes from.
class SafeText {
 public:
  static SafeText Configured(std::string_view text) {
    return SafeText(text);
  }  // read from a configuration file
  static SafeText Certified(std::string_view text) {
    return SafeText(text);
  }  // read from a verified certificate
  static SafeText Catalogued(std::string_view text) {
    return SafeText(text);
  }  // a constant of this program
  static SafeText Generated(const Uuid& id) { return SafeText(id.ToString()); }  // an id made here
  static SafeText Path(std::string_view place) {
    return SafeText(place);
  }  // an Error's place or a system error

  const std::string& text() const { return text_; }

 private:
  explicit SafeText(std::string_view text) : text_(text) {}
  std::string text_;
};

struct LogField {
  LogField(std::string_view name, bool value) : name(name), value(value) {}
  template <class Integer>
  requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
      LogField(std::string_view name, Integer value)
      : name(name), value(static_cast<std::int64_t>(value)) {}
  LogField(std::string_view name, ErrorId id) : name(name), value(std::string(LineOf(id).name)) {}
  LogField(std::string_view name, const SafeText& text) : name(name), value(text.text()) {}

  std::string_view name;
  std::variant<bool, std::int64_t, std::string> value;
};

void SetLogLevel(Severity least);
void Log(LogId id, std::initializer_list<LogField> fields = {});

}  // namespace milecastle::base
