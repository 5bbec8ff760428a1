// What a running gateway tells of itself: health, metrics, certificates that end.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/log.h"
#include "gateway.h"
#include "receive/rulebook.h"

namespace milecastle {
namespace {

using Samples = std::vector<serve::Sample>;
using Labels = std::vector<std::pair<std::string, std::string>>;

void AddQueues(std::initializer_list<const workers::Pool*> pools, Samples& samples) {
  for (const workers::Pool* pool : pools) {
    const auto counts = pool->Counts();
    const Labels queue = {{"queue", pool->name()}};
    samples.push_back({"milecastle_queue_length", "Jobs that wait.", queue,
                       static_cast<double>(counts.queued), false});
    samples.push_back({"milecastle_queue_refused_total", "Jobs refused by a full queue.", queue,
                       static_cast<double>(counts.refused), true});
  }
}

void AddConnections(const ingress::ListenerCount& count, Labels labels, Samples& samples) {
  const auto value = static_cast<double>(count.value);
  if (count.name == "open") {
    samples.push_back({"milecastle_connections", "Connections that are open, by listener.",
                       std::move(labels), value, false});
    return;
  }
  if (count.name.starts_with("bytes_")) {
    labels.emplace_back("direction", count.name.substr(std::string_view("bytes_").size()));
    samples.push_back({"milecastle_bytes_total", "Bytes inside TLS, by listener and direction.",
                       std::move(labels), value, true});
    return;
  }
  labels.emplace_back("outcome", count.name);
  samples.push_back({"milecastle_connections_total",
                     "Connections by listener and what became of them.", std::move(labels), value,
                     true});
}

// A log that could not even be opened is sealed.
void AddLog(const std::string& origin, const audit::Log* log, Samples& samples) {
  const Labels labels = {{"origin", origin}};
  samples.push_back({"milecastle_audit_sealed",
                     "1: this log takes no entries until its disk is well and a restart.", labels,
                     log != nullptr && log->Available() ? 0.0 : 1.0, false});
  if (log == nullptr) return;
  samples.push_back({"milecastle_audit_leaves", "Durable leaves by log.", labels,
                     static_cast<double>(log->DurableHead().size), false});
}

// Of a file that holds several, the one that ends first.
void AddCertificates(const ingress::TlsMaterial& tls, base::Instant now, Samples& samples) {
  std::map<std::pair<std::string, std::string>, base::Instant> ends;
  for (const auto& [use, place, not_after] : tls.Ends()) {
    const bool server = use == ingress::CertificateEnd::Use::kServer;
    const auto end = ends.try_emplace({server ? "server" : "client_authority", place}, not_after);
    end.first->second = std::min(end.first->second, not_after);
  }
  for (const auto& [of, not_after] : ends) {
    using Days = std::chrono::duration<double, std::chrono::days::period>;
    samples.push_back({"milecastle_certificate_days",
                       "Days until the first certificate of the file ends; below 0: it has.",
                       {{"use", of.first}, {"file", of.second}},
                       Days(not_after - now).count(),
                       false});
  }
}

void AddGuesses(const disclose::GuessLimit& guesses, Samples& samples) {
  const auto add = [&](const char* of, std::uint64_t times) {
    samples.push_back({.name = "milecastle_guessing_total",
                       .help = "Users, and organisations, that spent all their refusals.",
                       .labels = {{"of", of}},
                       .value = static_cast<double>(times),
                       .counter = true});
  };
  add("user", guesses.users_alarmed());
  add("organisation", guesses.organisations_alarmed());
}

void AddOverdue(const std::vector<govern::Overdue>& counts, Samples& samples) {
  for (const govern::Overdue& count : counts) {
    samples.push_back({.name = "milecastle_reviews_overdue",
                       .help = "Open items of the queues whose time is over, by kind.",
                       .labels = {{"kind", std::string(store::KeyOf(count.kind))}},
                       .value = static_cast<double>(count.items)});
  }
}

void AddLabelling(const std::optional<store::Labelling>& labelling, Samples& samples) {
  if (!labelling) return;
  samples.push_back({.name = "milecastle_labels_due",
                     .help = "Stored entries that the label rules in force have yet to look at.",
                     .value = static_cast<double>(labelling->upto - labelling->looked_to)});
  const auto add = [&](const char* change, std::uint64_t entries) {
    samples.push_back({.name = "milecastle_labels_changed",
                       .help = "Stored entries with a label more, or less, by the rules in force.",
                       .labels = {{"change", change}},
                       .value = static_cast<double>(entries)});
  };
  add("gained", labelling->gained);
  add("lost", labelling->lost);
}

void AddMessages(store::Store& store, Samples& samples) {
  const auto snapshot = store.Read();
  if (!snapshot) return;
  const auto feeds = (*snapshot)->journal().Feeds();
  if (!feeds) return;
  for (const auto& feed : *feeds) {
    for (const auto& [disposition, messages] : feed.by_disposition) {
      samples.push_back({"milecastle_messages_total",
                         "Messages by feed and what became of them.",
                         {{"feed", feed.feed}, {"disposition", disposition}},
                         static_cast<double>(messages),
                         true});
    }
  }
}

void AddUnsettled(const receive::IntakeCounts& counts, Samples& samples) {
  for (const auto& [source, patients] : counts.unsettled) {
    samples.push_back({.name = "milecastle_identity_waits_total",
                       .help = "Patients of messages who wait for an identity officer, by source.",
                       .labels = {{"feed", source.first}, {"organisation", source.second}},
                       .value = static_cast<double>(patients),
                       .counter = true});
  }
}

// Of the processor's time: views and intake go first. Where that is refused nothing is lost.
void GoLast() {
  constexpr int kNice = 15;
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
}

}  // namespace

std::shared_ptr<const ingress::TlsMaterial> Gateway::Tls() const {
  const std::lock_guard lock(reloaded_mutex_);
  return tls_;
}

// A clock that is wrong refuses good tokens and certificates, and counts relationships wrongly.
void Gateway::WarnOfClock() {
  const auto jump = clock_jump_.Look();
  if (!jump) return;
  ++clock_jumps_;
  base::Log(base::LogId::kClockJumped, {{"milliseconds", jump->count()}});
}

void Gateway::WarnOfCertificates() const {
  for (const auto& alarm : Tls()->Alarms()) {
    const bool list = alarm.kind == ingress::TlsAlarm::Kind::kRevocationListStale;
    base::Log(list ? base::LogId::kRevocationListStale : base::LogId::kCertificateExpiring,
              {{"file", base::SafeText::Configured(alarm.place)},
               {"days", std::chrono::duration_cast<std::chrono::days>(alarm.remaining).count()}});
  }
}

void Gateway::WarnOfPolicy() const {
  for (const std::string& warning : policy_.Get()->policy().Warnings(clock_.Now())) {
    base::Log(base::LogId::kPolicyWarning, {{"warning", base::SafeText::Configured(warning)}});
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

// Whose time is over stays in the queue and holds up nothing: it is this alarm that somebody hears.
void Gateway::WarnOfOverdue() {
  auto counts = govern::CountOverdue(GovernParts());
  if (!counts) return;  // the store says so itself
  for (const govern::Overdue& count : *counts) {
    if (count.items == 0) continue;
    base::Log(
        base::LogId::kReviewsOverdue,
        {{"kind", base::SafeText::Catalogued(store::KeyOf(count.kind))},
         {"items", count.items},
         {"hours",
          std::chrono::duration_cast<std::chrono::hours>(clock_.Now() - count.since).count()}});
  }
  const std::lock_guard lock(overdue_mutex_);
  overdue_ = std::move(*counts);
}

std::vector<govern::Overdue> Gateway::OverdueNow() const {
  const std::lock_guard lock(overdue_mutex_);
  return overdue_;
}

// A store that nobody writes to would be called well while its disk is full, and one that was full
// would be called so until somebody writes. What is written is what is so: how far a log goes.
void Gateway::ProveStoreWrites() {
  const audit::Log& log = first_log_ ? *first_log_ : *second_log_;
  const audit::Head head = log.DurableHead();
  const auto prove = [noted = store::NotedHead{log.origin(), head.size, head.root, clock_.Now()}](
                         store::Transaction& transaction) {
    return transaction.trail().NoteHead(noted);
  };
  const bool taken = store_->TryWrite(prove, [](const base::Result<void>&) {});
  static_cast<void>(taken);  // a full queue writes without being asked to
}

serve::HealthLine Gateway::StoreHealth() const {
  serve::HealthLine line{"store", false, {}, (settings_.data / "store.db").string()};
  const store::WriteTried tried = store_->LastWrite();
  if (!store_->Read()) {
    line.text = "cannot be read: look at its disk";
  } else if (tried.failed) {
    line.text = "reads, does not write (" + tried.failed->advice + ", tried " +
                base::ToRfc3339(tried.at) +
                "): make room on its disk or look at it; it is tried again every second";
  } else {
    line.healthy = true;
    line.text = "reads, and wrote at " + base::ToRfc3339(tried.at);
  }
  return line;
}

// What is stored comes under the rules behind all else; views have what they add at once.
void Gateway::FollowRules() {
  relabelling_ = std::make_unique<receive::Relabelling>(receive::RelabellingParts{
      .store = *store_,
      .clock = clock_,
      .ended =
          [this](const store::Labelling& labelling) {
            Note(audit::Kind::kAdministration, "relabelled",
                 "rules " + base::ToHex(base::AsBytes(labelling.rules)) + ", entries " +
                     std::to_string(labelling.looked_at) + ", gained " +
                     std::to_string(labelling.gained) + ", lost " + std::to_string(labelling.lost));
          },
      .go_last = &GoLast});
  relabelling_->Follow(receive::RulebookOf(normaliser_));
}

serve::HealthLine Gateway::LabelHealth() const {
  const auto labelling = relabelling_->Progress();
  serve::HealthLine line{
      "labels", true, "nobody has looked yet by which rules they were given", {}};
  if (!labelling) return line;
  if (labelling->ended) {
    line.text = "of all that is stored are those of the rules in force";
  } else {
    line.text = "rules changed: " + std::to_string(labelling->looked_to) + " of " +
                std::to_string(labelling->upto) +
                " stored entries were looked at; views have what the rules add already";
  }
  return line;
}

void Gateway::AddLogHealth(std::vector<serve::HealthLine>& lines) const {
  const std::string sealed = "sealed: restart the gateway once its disk is well";
  serve::HealthLine first{"audit", first_log_ && first_log_->Available(), "appends",
                          settings_.audit.folder.string()};
  if (!first_log_) first.text = "could not be opened at start: the gateway's log says why";
  if (first_log_ && !first.healthy) first.text = sealed;
  lines.push_back(std::move(first));
  const bool second = second_log_->Available();
  lines.push_back({"audit.second", second, second ? "stands ready" : sealed,
                   settings_.second_audit.folder.string()});
  for (const govern::LogBehind& behind : trail_->Behind()) {
    lines.push_back(
        {"audit.trail", false,
         "log " + behind.origin + " is not followed: reviews and searches lack what it took since",
         behind.error.place});
  }
}

serve::Health Gateway::HealthNow() const {
  serve::Health health{.version = MILECASTLE_VERSION,
                       .policy_version = policy_.Get()->policy().version(),
                       .started = started_};
  health.lines.push_back(StoreHealth());
  AddLogHealth(health.lines);
  health.lines.push_back(LabelHealth());
  const std::uint64_t backlog = outbox_->Backlog();
  health.lines.push_back({"outbox",
                          backlog < 10'000,
                          std::to_string(backlog) + " committed events wait for the log",
                          {}});
  const auto alarms = Tls()->Alarms();
  health.lines.push_back(
      {"certificates",
       alarms.empty(),
       alarms.empty() ? "none ends soon; revocation lists are current"
                      : "a certificate ends soon or a revocation list is stale; see the log",
       {}});
  if (live_) live_->AddHealth(health.lines);
  directories_->AddHealth(health.lines);
  for (const std::string& warning : policy_.Get()->policy().Warnings(clock_.Now())) {
    health.lines.push_back({"policy", true, warning, {}});
  }
  return health;
}

std::vector<serve::Sample> Gateway::Samples() const {
  std::vector<serve::Sample> samples;
  AddQueues({calls_.get(), readers_.get()}, samples);
  for (const auto& count : ingress_->Counts()) {
    const bool grpc = count.listener == settings_.grpc.name;
    AddConnections(count, {{"listener", count.listener}, {"kind", grpc ? "grpc" : "mllp"}},
                   samples);
  }
  for (const auto& count : ingress_->Breaches()) {
    samples.push_back(
        {.name = "milecastle_ingress_guard_closed_total",
         .help = "Connections that the HTTP/2 frame guard cut, by the limit that they broke.",
         .labels = {{"listener", count.listener}, {"reason", std::string(count.name)}},
         .value = static_cast<double>(count.value),
         .counter = true});
  }
  samples.push_back({.name = "milecastle_outbox_backlog",
                     .help = "Committed events that wait for the audit log.",
                     .value = static_cast<double>(outbox_->Backlog())});
  samples.push_back({.name = "milecastle_intake_bytes",
                     .help = "Bytes of messages taken and not yet answered.",
                     .value = static_cast<double>(intake_->Counts().bytes)});
  samples.push_back({.name = "milecastle_clock_jumps_total",
                     .help = "How often the wall clock was set by a second or more.",
                     .value = static_cast<double>(clock_jumps_),
                     .counter = true});
  AddLog(settings_.audit.origin, first_log_.get(), samples);
  AddLog(settings_.second_audit.origin, second_log_.get(), samples);
  AddCertificates(*Tls(), clock_.Now(), samples);
  AddMessages(*store_, samples);
  AddUnsettled(intake_->Counts(), samples);
  AddLabelling(relabelling_->Progress(), samples);
  AddGuesses(views_->guesses(), samples);
  AddOverdue(OverdueNow(), samples);
  if (live_) live_->AddSamples(clock_.Now(), samples);
  directories_->AddSamples(clock_.Now(), samples);
  return samples;
}

}  // namespace milecastle
