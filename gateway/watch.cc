// What a running gateway tells of itself: health, metrics, certificates that end.
#include <sys/stat.h>

#include "base/log.h"
#include "gateway.h"

namespace milecastle {

void Gateway::WarnOfCertificates() const {
  for (const auto& alarm : tls_->Alarms()) {
    const bool list = alarm.kind == ingress::TlsAlarm::Kind::kRevocationListStale;
    base::Log(list ? base::LogId::kRevocationListStale : base::LogId::kCertificateExpiring,
              {{"file", base::SafeText::Configured(alarm.place)},
               {"days", std::chrono::duration_cast<std::chrono::days>(alarm.remaining).count()}});
  }
}

// safety.md 3: the second log is a help only where it does not fall with the first.
void Gateway::WarnOfSharedDisk() const {
  struct stat first {};
  struct stat second {};
  if (::stat(settings_.audit.folder.c_str(), &first) != 0) return;
  if (::stat(settings_.second_audit.folder.c_str(), &second) != 0) return;
  if (first.st_dev == second.st_dev) base::Log(base::LogId::kAuditOneDisk);
}

void Gateway::WarnOfSilence() const {
  auto snapshot = store_->Read();
  if (!snapshot) return;
  const auto states = (*snapshot)->journal().Feeds();
  if (!states) return;
  for (const auto& each : settings_.feeds) {
    for (const auto& state : *states) {
      if (state.feed != each.feed->name) continue;
      const auto silent = clock_.Now() - state.last_received;
      if (silent <= each.feed->expected_interval) continue;
      base::Log(base::LogId::kFeedSilent,
                {{"feed", base::SafeText::Configured(each.feed->name)},
                 {"minutes", std::chrono::duration_cast<std::chrono::minutes>(silent).count()}});
    }
  }
}

serve::Health Gateway::HealthNow() const {
  serve::Health health{.version = MILECASTLE_VERSION,
                       .policy_version = policy_.Get()->policy().version(),
                       .started = started_};
  const bool readable = store_->Read().has_value();
  health.lines.push_back(
      {"store", readable, readable ? "reads" : "cannot be read: look at its disk"});
  const bool first = first_log_ && first_log_->Available();
  health.lines.push_back(
      {"audit", first, first ? "appends" : "sealed: restart the gateway once its disk is well"});
  const bool second = second_log_->Available();
  health.lines.push_back(
      {"audit.second", second, second ? "stands ready" : "sealed: restart once its disk is well"});
  const std::uint64_t backlog = outbox_->Backlog();
  health.lines.push_back(
      {"outbox", backlog < 10'000, std::to_string(backlog) + " committed events wait for the log"});
  const auto alarms = tls_->Alarms();
  health.lines.push_back(
      {"certificates", alarms.empty(),
       alarms.empty() ? "none ends soon; revocation lists are current"
                      : "a certificate ends soon or a revocation list is stale; see the log"});
  for (const std::string& warning : policy_.Get()->policy().Warnings(clock_.Now())) {
    health.lines.push_back({"policy", true, warning});
  }
  return health;
}

std::vector<serve::Sample> Gateway::Samples() const {
  std::vector<serve::Sample> samples;
  for (const auto* pool : {calls_.get(), readers_.get()}) {
    const auto counts = pool->Counts();
    const std::vector<std::pair<std::string, std::string>> queue = {{"queue", pool->name()}};
    samples.push_back({"milecastle_queue_length", "Jobs that wait.", queue,
                       static_cast<double>(counts.queued), false});
    samples.push_back({"milecastle_queue_refused_total", "Jobs refused by a full queue.", queue,
                       static_cast<double>(counts.refused), true});
  }
  for (const auto& count : ingress_->Counts()) {
    samples.push_back({"milecastle_connections",
                       "Connections by listener and what became of them.",
                       {{"listener", count.listener}, {"outcome", std::string(count.name)}},
                       static_cast<double>(count.value),
                       false});
  }
  for (const auto& count : ingress_->Breaches()) {
    samples.push_back({"milecastle_ingress_guard_closed_total",
                       "Connections that the HTTP/2 frame guard cut, by the limit that they broke.",
                       {{"listener", count.listener}, {"reason", std::string(count.name)}},
                       static_cast<double>(count.value),
                       true});
  }
  samples.push_back({"milecastle_outbox_backlog",
                     "Committed events that wait for the audit log.",
                     {},
                     static_cast<double>(outbox_->Backlog()),
                     false});
  samples.push_back({"milecastle_intake_bytes",
                     "Bytes of messages taken and not yet answered.",
                     {},
                     static_cast<double>(intake_->Counts().bytes),
                     false});
  for (const audit::Log* log : logs_->all()) {
    samples.push_back({"milecastle_audit_leaves",
                       "Durable leaves by log.",
                       {{"origin", log->origin()}},
                       static_cast<double>(log->DurableHead().size),
                       false});
  }
  auto snapshot = store_->Read();
  const auto feeds = snapshot ? (*snapshot)->journal().Feeds()
                              : base::Result<std::vector<store::FeedState>>(snapshot.error());
  if (!feeds) return samples;
  for (const auto& feed : *feeds) {
    for (const auto& [disposition, messages] : feed.by_disposition) {
      samples.push_back({"milecastle_messages_total",
                         "Messages by feed and what became of them.",
                         {{"feed", feed.feed}, {"disposition", disposition}},
                         static_cast<double>(messages),
                         true});
    }
  }
  return samples;
}

}  // namespace milecastle
