#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdlib>
#include <memory>

#include "base/clock.h"

namespace milecastle::base {
namespace {

using enum Severity;

constexpr std::array kLines = {
    LogLine{LogId::kStarting, "gateway.starting", kInfo, "The gateway reads its configuration."},
    LogLine{LogId::kReady, "gateway.ready", kInfo, "Every listener accepts."},
    LogLine{LogId::kStopping, "gateway.stopping", kInfo,
            "No new work is taken; what runs is finished."},
    LogLine{LogId::kStopped, "gateway.stopped", kInfo, "Everything acknowledged is durable."},
    LogLine{LogId::kReloaded, "gateway.reloaded", kInfo,
            "Policy, certificates and lists were swapped together."},
    LogLine{LogId::kReloadRefused, "gateway.reload_refused", kAlarm,
            "A reload was wrong; the old state is kept."},
    LogLine{LogId::kPolicyWarning, "policy.warning", kWarning,
            "The policy is in force, and somebody should look at this of it."},
    LogLine{LogId::kClockJumped, "clock.jumped", kAlarm,
            "The wall clock was set by a second or more: look at its time server."},
    LogLine{LogId::kConnectionRefused, "connection.refused", kWarning, "A limit refused a peer."},
    LogLine{LogId::kConnectionClosed, "connection.closed", kDebug, "A connection ended."},
    LogLine{LogId::kHandshakeFailed, "connection.handshake_failed", kWarning,
            "TLS was not agreed."},
    LogLine{LogId::kCertificateExpiring, "certificate.expiring", kAlarm,
            "A certificate of ours ends soon."},
    LogLine{LogId::kRevocationListStale, "revocation_list.stale", kAlarm,
            "A revocation list is past its next update."},
    LogLine{LogId::kRevokedCut, "connection.revoked", kWarning,
            "A live connection's certificate was revoked; it was cut."},
    LogLine{LogId::kFloodCut, "connection.flood", kWarning,
            "A live connection's HTTP/2 frames broke a limit; it was cut."},
    LogLine{LogId::kTokenRefused, "token.refused", kWarning, "A user token was not accepted."},
    LogLine{LogId::kMessageOutcome, "message.outcome", kDebug,
            "A message was committed with this outcome."},
    LogLine{LogId::kMessageFailed, "message.failed", kError,
            "A message was not committed; its sender was told."},
    LogLine{LogId::kFeedPaused, "feed.paused", kWarning,
            "A full queue stopped the reading of a feed."},
    LogLine{LogId::kFeedSilent, "feed.silent", kWarning,
            "A feed was silent for longer than its expected interval."},
    LogLine{LogId::kFolderFile, "folder.file", kInfo, "A file of a watched folder was taken."},
    LogLine{LogId::kCallServed, "call.served", kDebug, "A call was answered."},
    LogLine{LogId::kCallFailed, "call.failed", kWarning, "A call ended in an error."},
    LogLine{LogId::kBreakGlass, "view.break_glass", kAlarm,
            "Emergency access was used; a review is open."},
    LogLine{
        LogId::kGrpcFault, "grpc.fault", kWarning,
        "gRPC met a fault at this place of its own code; what it says of it may quote a caller."},
    LogLine{LogId::kGuessing, "view.guessing", kAlarm,
            "A user or an organisation asked for many people that it has no part in."},
    LogLine{LogId::kLiveFailed, "live.failed", kWarning,
            "A live source did not answer a question."},
    LogLine{LogId::kLiveBroken, "live.broken", kAlarm,
            "A live source failed too often in a row: it is asked nothing for a while."},
    LogLine{LogId::kLiveRestored, "live.restored", kInfo, "A live source answers again."},
    LogLine{LogId::kLiveUnusable, "live.unusable", kWarning,
            "A live source's answer could not be read, or is to another question."},
    LogLine{LogId::kLiveWrongPatient, "live.wrong_patient", kAlarm,
            "A live source answered with somebody else's record; nothing of it was used."},
    LogLine{LogId::kDirectoryTaken, "directory.taken", kInfo,
            "A directory of services was read whole, and took the place of what was kept of it."},
    LogLine{
        LogId::kDirectoryFailed, "directory.failed", kWarning,
        "A directory of services could not be read whole: what was kept of it stays. Said again "
        "only when the reason is another."},
    LogLine{LogId::kDirectorySetAside, "directory.set_aside", kError,
            "The file of the directories of services was damaged: it was set aside and another one "
            "made. Their sources are read again; import again what was imported by hand."},
    LogLine{LogId::kDirectoryUnavailable, "directory.unavailable", kError,
            "The file of the directories of services cannot be used; records are not touched. Said "
            "again only when the reason is another."},
    LogLine{LogId::kDirectoryRestored, "directory.restored", kInfo,
            "The file of the directories of services can be used again."},
    LogLine{LogId::kStoreFault, "store.fault", kError, "The store refused a transaction."},
    LogLine{LogId::kStoreFatal, "store.fatal", kAlarm,
            "The store could not sync; the process stops."},
    LogLine{LogId::kAuditFault, "audit.fault", kAlarm, "An audit log failed and was sealed."},
    LogLine{LogId::kAuditSecondary, "audit.secondary", kAlarm,
            "Entries go to the second audit log."},
    LogLine{LogId::kAuditFatal, "audit.fatal", kAlarm,
            "Both audit logs failed; the process stops."},
    LogLine{LogId::kAuditOneDisk, "audit.one_disk", kWarning,
            "Both audit logs stand on one file system: what takes one takes both."},
    LogLine{LogId::kAuditBehind, "audit.behind", kAlarm,
            "An audit log cannot be followed: reviews and searches lack what it holds since."},
    LogLine{LogId::kAuditUnwitnessed, "audit.unwitnessed", kWarning,
            "An audit log's checkpoint could not be kept beside the other log."},
    LogLine{LogId::kOutboxBacklog, "outbox.backlog", kWarning,
            "Committed events wait for the audit log."},
    LogLine{LogId::kQueueFull, "queue.full", kWarning, "A bounded queue refused work."},
    LogLine{LogId::kReviewsOverdue, "reviews.overdue", kAlarm,
            "Open items of a queue whose time is over: nobody has looked at them."},
    LogLine{LogId::kRelabelling, "labels.changing", kInfo,
            "Label rules changed: what is stored is labelled anew; views have it already."},
    LogLine{LogId::kRelabelled, "labels.changed", kInfo,
            "What is stored has the labels of the rules in force, those that went included."},
    LogLine{LogId::kRelabelFault, "labels.fault", kAlarm,
            "What is stored cannot be labelled anew: each view does so, until it can be."},
};

spdlog::level::level_enum LevelOf(Severity severity) {
  switch (severity) {
    case kDebug:
      return spdlog::level::debug;
    case kInfo:
      return spdlog::level::info;
    case kWarning:
      return spdlog::level::warn;
    case kError:
      return spdlog::level::err;
    case kAlarm:
      return spdlog::level::critical;
  }
  std::abort();
}

std::string_view NameOf(Severity severity) {
  constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "alarm"};
  return kNames.at(static_cast<std::size_t>(severity));
}

spdlog::logger& Sink() {
  static const auto shared_sink = [] {
    auto sink = std::make_shared<spdlog::logger>("milecastle",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    sink->set_pattern("%v");
    sink->set_level(spdlog::level::info);
    return sink;
  }();
  return *shared_sink;
}

}  // namespace

const LogLine& LineOf(LogId id) {
  const auto* const line = std::find_if(
      kLines.begin(), kLines.end(), [id](const LogLine& candidate) { return candidate.id == id; });
  if (line == kLines.end()) std::abort();
  return *line;
}

void SetLogLevel(Severity least) { Sink().set_level(LevelOf(least)); }

void Log(LogId id, std::initializer_list<LogField> fields) {
  const LogLine& line = LineOf(id);
  if (!Sink().should_log(LevelOf(line.severity))) return;
  boost::json::object object;
  object["time"] = ToRfc3339(SystemClock().Now());
  object["severity"] = NameOf(line.severity);
  object["id"] = static_cast<std::int64_t>(id);
  object["event"] = line.name;
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { object[field.name] = value; }, field.value);
  }
  Sink().log(LevelOf(line.severity), "{}", boost::json::serialize(object));
}

}  // namespace milecastle::base
