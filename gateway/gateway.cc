#include "gateway.h"

#include <grpcpp/impl/codegen/service_type.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "audit/payload.h"
#include "base/log.h"
#include "receive/rulebook.h"

namespace milecastle {
namespace {

// Nothing that was not durable is acknowledged after this: the process ends where it stands.
[[noreturn]] void Die(base::LogId why) {
  base::Log(why);
  ::_exit(70);  // EX_SOFTWARE
}

// Made for a log that begins. Beside one that is there already a new key would hide that its own is
// lost.
base::Result<audit::SigningKey> KeyOf(const settings::AuditSettings& log) {
  if (!audit::Log::HasBegun(log.folder)) {
    return audit::SigningKey::LoadOrGenerate(log.key, log.origin);
  }
  std::error_code failed;
  if (std::filesystem::exists(log.key, failed) || failed) {
    return audit::SigningKey::Load(log.key, log.origin);
  }
  return base::Error{base::ErrorId::kFileUnavailable, log.key.string(),
                     "the key of the audit log in " + log.folder.string() +
                         " is gone: put it back from its backup, or begin another log under "
                         "another origin, folder and key"};
}

base::Error NoSuchFeed() {
  return {base::ErrorId::kNotFound, "feed",
          "the message's feed is no longer configured; add it again"};
}

}  // namespace

// An MLLP feed's door: connections of its certificates, and of nobody else, reach its sessions.
class FeedDoor final : public ingress::ConnectionHandler {
 public:
  FeedDoor(const settings::FeedSettings& settings, mllp::Sessions& sessions)
      : settings_(settings), sessions_(sessions) {}

  void Handle(base::UniqueFd socket, const ingress::Peer& peer) override {
    const auto is_peer = [&](const auto& caller) {
      return caller.first == peer.certificate->organisation &&
             caller.second == peer.certificate->system;
    };
    if (peer.certificate &&
        std::none_of(settings_.callers.begin(), settings_.callers.end(), is_peer)) {
      base::Log(base::LogId::kConnectionRefused,
                {{"listener", base::SafeText::Configured(peer.listener)},
                 {"system", base::SafeText::Certified(peer.certificate->system)}});
      return;
    }
    sessions_.Adopt(std::move(socket), settings_.feed);
  }

 private:
  const settings::FeedSettings& settings_;
  mllp::Sessions& sessions_;
};

Gateway::Gateway(Settings settings, Reloadable loaded)
    : settings_(std::move(settings)),
      policy_(std::move(loaded.decider)),
      normaliser_(std::move(loaded.normaliser)),
      tls_(std::move(loaded.tls)),
      authenticator_(std::move(loaded.authenticator)),
      live_tls_(std::move(loaded.live_tls)),
      directory_tls_(std::move(loaded.directory_tls)) {}

Gateway::~Gateway() = default;

base::Result<std::unique_ptr<audit::Log>> Gateway::OpenLog(const settings::AuditSettings& from,
                                                           const std::filesystem::path& beside) {
  auto key = KeyOf(from);
  if (!key) return key.error();
  auto log = audit::Log::Open({.folder = from.folder, .witness = beside / "witness"},
                              std::move(*key), clock_);
  if (!log) return log;
  if (auto whole = CheckNotCut(**log); !whole) return whole.error();
  return log;
}

// A log that ends before what the store has read of it, or holds something else there, was cut or
// begun anew: a second history under one name and key. What this cannot see stands in
// audit/FORMAT.md, "What opening cannot see".
base::Result<void> Gateway::CheckNotCut(const audit::Log& log) const {
  auto snapshot = store_->Read();
  if (!snapshot) return snapshot.error();
  const auto read_to = (*snapshot)->trail().NextLeaf(log.origin());
  if (!read_to) return read_to.error();
  const auto noted = (*snapshot)->trail().HeadOf(log.origin());
  if (!noted) return noted.error();
  bool whole = *read_to <= log.DurableHead().size;
  if (whole && *noted) {
    const auto goes_on = log.GoesOnFrom({(*noted)->size, (*noted)->root});
    if (!goes_on) return goes_on.error();
    whole = *goes_on;
  }
  if (whole) return {};
  return base::Error{base::ErrorId::kAuditCorrupt, "audit log " + log.origin(),
                     "it is not the one that the store has read, or ends before: put its folder "
                     "back, or begin another log under another origin and key"};
}

Problems Gateway::OpenKeeping() {
  Problems problems;
  std::error_code failed;
  std::filesystem::create_directories(settings_.data, failed);
  if (failed)
    return {{base::ErrorId::kFileUnavailable, settings_.data.string(),
             "the data folder cannot be made"}};
  auto store = Keep(
      store::sqlite::Open({.path = settings_.data / "store.db",
                           .clock = &clock_,
                           .on_fatal = [](const base::Error&) { Die(base::LogId::kStoreFatal); }}),
      problems);
  if (!store) return problems;
  store_ = std::move(*store);
  // The first log may be broken and the gateway still serves; without a second one that is sound it
  // does not start.
  Problems first_problems;
  first_log_ = Keep(OpenLog(settings_.audit, settings_.second_audit.folder), first_problems)
                   .value_or(nullptr);
  second_log_ =
      Keep(OpenLog(settings_.second_audit, settings_.audit.folder), problems).value_or(nullptr);
  if (!second_log_) return problems;
  for (const base::Error& error : first_problems) {
    base::Log(base::LogId::kAuditFault,
              {{"error", error.id}, {"place", base::SafeText::Path(error.place)}});
  }
  directories_ = std::make_unique<Directories>(settings_, clock_);
  log_ = std::make_unique<audit::TwoLogs>(first_log_.get(), *second_log_,
                                          [] { Die(base::LogId::kAuditFatal); });
  std::vector<audit::Log*> logs;
  if (first_log_) logs.push_back(first_log_.get());
  logs.push_back(second_log_.get());
  logs_ = std::make_unique<govern::Logs>(logs, first_log_ ? "" : settings_.audit.origin);
  outbox_ = std::make_unique<govern::OutboxLoop>(*store_, *log_);
  trail_ = std::make_unique<govern::TrailLoop>(
      *store_, std::vector<const audit::Log*>(logs.begin(), logs.end()), clock_);
  return problems;
}

// Nothing: it is no longer configured.
const settings::FeedSettings* Gateway::FeedNamed(const std::string& name) const {
  const auto found =
      std::find_if(settings_.feeds.begin(), settings_.feeds.end(),
                   [&](const settings::FeedSettings& each) { return each.feed->name == name; });
  return found == settings_.feeds.end() ? nullptr : &*found;
}

govern::QuarantineParts Gateway::QuarantineParts() const {
  return {
      .prepare = [this](const store::JournalRow& row,
                        std::optional<std::string> correction) -> base::Result<govern::Mend> {
        const settings::FeedSettings* const feed = FeedNamed(row.feed);
        if (feed == nullptr) return NoSuchFeed();
        auto mend = correction
                        ? intake_->PrepareCorrection(row, std::move(*correction), *feed->feed)
                        : intake_->PrepareMending(row, *feed->feed);
        return govern::Mend([mend = std::move(mend)](
                                store::Transaction& transaction,
                                const govern::MendedBy& by) -> base::Result<govern::MendedMessage> {
          auto mended = mend(transaction, {by.user, by.at});
          if (!mended) return mended.error();
          return govern::MendedMessage{std::move(mended->row), mended->held_back, mended->changed};
        });
      },
      .organisations_of =
          [this](const std::string& name) {
            const settings::FeedSettings* const feed = FeedNamed(name);
            return feed == nullptr ? std::vector<record::OdsCode>() : feed->feed->organisations;
          }};
}

govern::Parts Gateway::GovernParts() { return {*store_, *log_, policy_, clock_, *outbox_}; }

void Gateway::MakeLive() {
  if (settings_.live.empty()) return;
  live_ = std::make_unique<LiveWork>(settings_, std::exchange(live_tls_, {}),
                                     adapters_.at("primary"), clock_);
  gather_ = std::make_unique<gather::Gather>(gather::GatherParts{
      .sources = live_->sources(),
      .normaliser = [this] { return CurrentNormaliser(); },
      .post = [this](std::function<void()> job) { return calls_->TryPost(std::move(job)); },
      .run_at = [this](auto when, auto job) { timer_.At(when, std::move(job)); },
      .clock = clock_});
}

void Gateway::MakeUseCases() {
  calls_ = std::make_unique<workers::Pool>(workers::PoolOptions{
      .name = "calls", .threads = settings_.call_threads, .queue = settings_.call_queue});
  readers_ = std::make_unique<workers::Pool>(workers::PoolOptions{
      .name = "intake", .threads = settings_.intake_threads, .queue = settings_.intake_messages});
  const auto tracer = std::make_shared<const identify::Tracer>(settings_.trace);
  intake_ = std::make_unique<receive::Intake>(receive::IntakeParts{
      .store = *store_,
      .clock = clock_,
      .adapters = adapters_,
      .normaliser = normaliser_,
      .post = [this](std::function<void()> job) { return readers_->TryPost(std::move(job)); },
      .committed = [this] { outbox_->Wake(); },
      .limits = {.messages = settings_.intake_messages, .bytes = settings_.intake_bytes},
      .tracer = tracer});
  FollowRules();
  MakeLive();
  const auto sources = settings_.ExpectedSources();
  views_ = std::make_unique<disclose::PatientViews>(
      *store_, *log_, policy_, clock_,
      disclose::PatientViews::Options{.sources = sources,
                                      .guesses = settings_.guesses,
                                      .live = gather_.get(),
                                      .live_limit = settings_.live_limit});
  documents_ = std::make_unique<disclose::Documents>(
      *store_, *log_, policy_, clock_, views_->guesses(),
      disclose::Documents::Options{.sources = sources,
                                   .live = gather_.get(),
                                   .live_limit = settings_.live_limit,
                                   .longest = settings_.document_bytes});
  const govern::Parts parts = GovernParts();
  consents_ = std::make_unique<govern::Consents>(parts);
  std::vector<record::OdsCode> organisations;
  organisations.reserve(sources.size() + settings_.live.size());
  for (const auto& source : sources) organisations.push_back(source.organisation);
  for (const auto& live : settings_.live) organisations.push_back(*live.organisation);
  histories_ = std::make_unique<disclose::EntryHistories>(
      *store_, *log_, policy_, clock_, views_->guesses(),
      disclose::EntryHistories::Options{.organisations = organisations,
                                        .live = gather_.get(),
                                        .live_limit = settings_.live_limit});
  explain_ = std::make_unique<govern::Explain>(parts, std::move(organisations), views_->guesses());
  identity_ = std::make_unique<govern::IdentityWork>(govern::IdentityParts{
      .store = *store_,
      .clock = clock_,
      .prepare = [this](const store::JournalRow& row,
                        std::uint32_t patient) -> base::Result<govern::Replay> {
        const settings::FeedSettings* const feed = FeedNamed(row.feed);
        if (feed == nullptr) return NoSuchFeed();
        return intake_->PrepareReplay(row, patient, *feed->feed);
      },
      .tracer = tracer});
  reading_ = std::make_unique<govern::AuditReading>(parts, *logs_, *trail_);
  directory_desk_ = std::make_unique<govern::DirectoryDesk>(
      parts, directories_->keeper(),
      [this](std::function<void()> job) { return calls_->TryPost(std::move(job)); });
}

base::Result<record::Requester> Gateway::Authenticate(const record::PeerCertificate& peer,
                                                      std::string_view bearer) const {
  std::shared_ptr<authenticate::Authenticator> authenticator;
  {
    const std::lock_guard lock(reloaded_mutex_);
    authenticator = authenticator_;
  }
  return authenticator->Authenticate(peer, bearer);
}

std::shared_ptr<const normalise::Normaliser> Gateway::CurrentNormaliser() const {
  const std::lock_guard lock(reloaded_mutex_);
  return normaliser_;
}

base::Result<void> Gateway::OpenFeed(const settings::FeedSettings& feed) {
  if (feed.transport == settings::Transport::kMllp) {
    doors_.push_back(std::make_unique<FeedDoor>(feed, *sessions_));
    const auto port = ingress_->Listen(feed.listener, *doors_.back());
    if (!port) return port.error();
    ports_[feed.feed->name] = *port;
  }
  if (feed.transport == settings::Transport::kFolder) {
    const auto adapter = adapters_.at(feed.feed->adapter);
    auto watched = folder::WatchedFolder::Start(
        {.path = feed.folder,
         .split = [adapter, feed = feed.feed](
                      std::string_view file) { return adapter->Split(file, *feed); }},
        feed.feed, *intake_);
    if (!watched) return watched.error();
    folders_.push_back(std::move(*watched));
  }
  return {};
}

Problems Gateway::OpenDoors() {
  auto ingress = ingress::Ingress::Start({}, tls_);
  if (!ingress) return {ingress.error()};
  ingress_ = std::move(*ingress);
  edge_ = std::make_unique<serve::Edge>(serve::EdgeParts{
      .find_peer = [this](std::string_view peer) { return ingress_->peers().Find(peer); },
      .authenticate = [this](const auto& peer,
                             std::string_view bearer) { return Authenticate(peer, bearer); },
      .pool = *calls_,
      .run_at = [this](auto when, auto job) { timer_.At(when, std::move(job)); },
      .clock = clock_,
      .observe = [this](auto method, auto error,
                        double seconds) { metrics_.ObserveCall(method, error, seconds); },
      .grid = settings_.refusal_grid});
  serve::ServiceParts parts{.edge = *edge_,
                            .views = *views_,
                            .histories = *histories_,
                            .documents = *documents_,
                            .inbound = *intake_,
                            .consents = *consents_,
                            .explain = *explain_,
                            .identity = *identity_,
                            .audit = *reading_,
                            .logs = *logs_,
                            .govern = GovernParts(),
                            .health = [this] { return HealthNow(); },
                            .under_way =
                                [this](const std::string& feed) {
                                  const auto counts = intake_->Counts();
                                  const auto found = counts.by_feed.find(feed);
                                  return found == counts.by_feed.end() ? 0 : found->second;
                                },
                            .quarantine = QuarantineParts(),
                            .directory = *directory_desk_};
  for (const auto& each : settings_.feeds) {
    parts.all_feeds.push_back(each.feed);
    if (each.transport == settings::Transport::kGrpc)
      parts.feeds[each.feed->name] = {each.feed, each.callers};
  }
  services_ = serve::MakeServices(parts);
  auto server = serve::Server::Start({.longest_call = settings_.longest_call}, services_);
  if (!server) return {server.error()};
  server_ = std::move(*server);
  const auto port = ingress_->Listen(settings_.grpc, *server_);
  if (!port) return {port.error()};
  ports_["grpc"] = *port;
  sessions_ = std::make_unique<mllp::Sessions>(*intake_, mllp::Options{});
  for (const auto& feed : settings_.feeds) {
    if (auto opened = OpenFeed(feed); !opened) return {opened.error()};
  }
  directories_->Begin(std::exchange(directory_tls_, {}));
  if (!settings_.metrics_port) return {};
  metrics_.AddSource([this] { return Samples(); });
  const auto metrics = metrics_.Listen(*settings_.metrics_port);
  if (!metrics) return {metrics.error()};
  ports_["metrics"] = *metrics;
  return {};
}

// Which port each listener got, for whoever asked for any free one.
void Gateway::WriteListeners() const {
  std::ofstream file(settings_.data / "listeners.tmp");
  for (const auto& [name, port] : ports_) file << name << ' ' << port << '\n';
  file.close();
  std::error_code ignored;
  std::filesystem::rename(settings_.data / "listeners.tmp", settings_.data / "listeners", ignored);
}

// The public keys, where an operator finds them to hand out: what is verified must not bring its
// own key.
void Gateway::WriteVerifierKeys() const {
  const auto write = [](const settings::AuditSettings& from, const audit::Log* log) {
    if (log == nullptr) return;
    auto file = from.key;
    std::ofstream(file.replace_extension(".vkey")) << log->verifier().ToString() << '\n';
  };
  write(settings_.audit, first_log_.get());
  write(settings_.second_audit, second_log_.get());
}

std::future<void> Gateway::Note(audit::Kind kind, const char* outcome, const std::string& detail) {
  const std::string what = "{\"version\":\"" MILECASTLE_VERSION "\",\"policy_version\":\"" +
                           policy_.Get()->policy().version() + "\",\"detail\":\"" + detail + "\"}";
  const auto noted = std::make_shared<std::promise<void>>();
  log_->Append({.event_id = base::Uuid::New(clock_.Now()),
                .kind = kind,
                .payload = audit::MakePayload({.user = "gateway", .outcome = outcome}, what)},
               [noted](const base::Result<audit::Receipt>&) { noted->set_value(); });
  return noted->get_future();
}

Problems Gateway::Start() {
  base::SetLogLevel(settings_.log_level);
  base::Log(base::LogId::kStarting);
  if (Problems problems = OpenKeeping(); !problems.empty()) return problems;
  Note(audit::Kind::kAdministration, "started", "");
  Note(audit::Kind::kPolicy, "loaded", "");
  MakeUseCases();
  if (Problems problems = OpenDoors(); !problems.empty()) return problems;
  server_->SetServing(true);
  WarnOfCertificates();
  WarnOfPolicy();
  WarnOfSharedDisk();
  WriteVerifierKeys();
  WriteListeners();
  base::Log(base::LogId::kReady);
  ::sd_notify(0, "READY=1");
  return {};
}

void Gateway::Reload() {
  ::sd_notify(0, "RELOADING=1");
  Problems problems;
  Reloadable next = LoadReloadable(settings_, clock_, problems);
  if (next.tls && tls_) {  // written by this thread alone
    if (auto follows = next.tls->MayFollow(*tls_); !follows) problems.push_back(follows.error());
  }
  for (const base::Error& problem : problems) {
    base::Log(base::LogId::kReloadRefused,
              {{"error", problem.id}, {"place", base::SafeText::Path(problem.place)}});
  }
  if (problems.empty()) {
    // First: from the moment in which a policy names a label, what bears it has it.
    relabelling_->Follow(receive::RulebookOf(next.normaliser));
    policy_.Replace(std::move(next.decider));
    ingress_->Replace(next.tls);
    intake_->Use(next.normaliser);
    if (live_) live_->Use(next.live_tls);
    directories_->Use(next.directory_tls);
    {
      const std::lock_guard lock(reloaded_mutex_);
      tls_ = std::move(next.tls);
      authenticator_ = std::move(next.authenticator);
      normaliser_ = std::move(next.normaliser);
    }
    base::Log(base::LogId::kReloaded);
    WarnOfPolicy();
  }
  Note(audit::Kind::kPolicy, problems.empty() ? "loaded" : "refused", "reload");
  ::sd_notify(0, "READY=1");
}

// What is looked at every so often; a tick is a second.
void Gateway::Tick(int tick) {
  constexpr int kTicksPerWarning = 3600;
  constexpr int kTicksPerSilence = 300;
  constexpr int kTicksPerOverdue = 300;
  constexpr int kTicksPerProof = 60;
  WarnOfClock();
  if (tick % kTicksPerWarning == 0) WarnOfCertificates();
  if (tick % kTicksPerSilence == 0) WarnOfSilence();
  if (tick % kTicksPerOverdue == 1) WarnOfOverdue();
  if (tick % kTicksPerProof == 0 || store_->LastWrite().failed) ProveStoreWrites();
}

void Gateway::Run() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGTERM, SIGINT}) ::sigaddset(&signals, signal);
  // Unasked for, it would in time fill the queue of a reader that waits for nothing but READY, and
  // then block this loop.
  const bool watched = ::sd_watchdog_enabled(0, nullptr) > 0;
  for (int tick = 1;; ++tick) {
    const timespec second{.tv_sec = 1, .tv_nsec = 0};
    const int signal = ::sigtimedwait(&signals, nullptr, &second);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) Reload();
    if (watched) ::sd_notify(0, "WATCHDOG=1");
    Tick(tick);
  }
}

// The doors close first, then what is inside is finished, then what keeps it.
void Gateway::Stop() {
  base::Log(base::LogId::kStopping);
  ::sd_notify(0, "STOPPING=1");
  const auto until = clock_.Monotonic() + settings_.shutdown_grace;  // one grace for all of them
  const auto grace = [&] {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - clock_.Monotonic());
    return std::max(left, std::chrono::milliseconds(0));
  };
  if (ingress_) ingress_->StopAccepting();
  if (server_) server_->SetServing(false);
  for (const auto& folder : folders_) folder->Stop();
  if (sessions_) sessions_->Stop(grace());
  if (server_) server_->Stop(grace());
  if (live_) live_->Stop();
  if (directories_) directories_->Stop();
  if (ingress_) ingress_->Stop(std::chrono::milliseconds(0));
  if (intake_) intake_->Drain();
  if (relabelling_) relabelling_->Stop();
  if (readers_) readers_->Drain();
  if (calls_) calls_->Drain();
  if (outbox_) outbox_->Drain();
  if (log_) Note(audit::Kind::kAdministration, "stopped", "").wait();
  // With this the store knows the log to its very end, and the next start finds whatever is cut.
  if (trail_) trail_->CatchUp();
  base::Log(base::LogId::kStopped);
}

}  // namespace milecastle
