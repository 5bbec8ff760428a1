#include "directories.h"

#include <algorithm>
#include <array>
#include <future>
#include <limits>
#include <utility>

#include "base/log.h"
#include "directory/pull.h"
#include "open_referral/reader.h"
#include "open_referral/tables.h"
#include "port/inbound.h"
#include "sqlite/directory.h"

namespace milecastle {
namespace {

using base::Error;
using base::ErrorId;
using https::Failure;

// The schedule gives a source time after every failure; a breaker would only hide the reason.
constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();

struct Became {
  Failure failure;
  ErrorId error;
  const char* place;
  const char* advice;
};
constexpr std::array kBecame = {
    Became{Failure::kBusy, ErrorId::kOverloaded, "source", "it is asked too much at once"},
    Became{Failure::kCircuitOpen, ErrorId::kOverloaded, "source",
           "it failed too often in a row: it is given time"},
    Became{Failure::kTimedOut, ErrorId::kDeadlineExceeded, "answer",
           "it answers too slowly: raise answer_limit_seconds, or look at it"},
    Became{Failure::kUnreachable, ErrorId::kDeadlineExceeded, "connection",
           "there is none, or it broke: look at its address and the network"},
    Became{Failure::kNotTrusted, ErrorId::kCertificateInvalid, "connection",
           "TLS was not agreed, or its certificate is not its host's by the configured authority"},
    Became{Failure::kInvalid, ErrorId::kMessageInvalid, "answer",
           "it is no whole HTTP answer within the limits"},
    Became{Failure::kStopping, ErrorId::kShuttingDown, "gateway", "it is stopping"},
};

base::Result<std::string> BodyOf(https::Reply reply) {
  constexpr int kOk = 200;
  constexpr int kRedirect = 300;
  constexpr int kFault = 400;
  constexpr int kNotFound = 404;
  for (const Became& each : kBecame) {
    if (each.failure == reply.failure) return Error{each.error, each.place, each.advice};
  }
  if (reply.status == kOk) return std::move(reply.body);
  const std::string place = "status " + std::to_string(reply.status);
  if (reply.status == kNotFound) return Error{ErrorId::kNotFound, place, "it does not hold that"};
  if (reply.status >= kRedirect && reply.status < kFault) {
    return Error{ErrorId::kMessageInvalid, place,
                 "redirects are not followed: configure the address where it is"};
  }
  return Error{ErrorId::kMessageInvalid, place, "it does not answer with its services: look at it"};
}

}  // namespace

// One source over HTTPS.
class Directories::Asked {
 public:
  Asked(const settings::DirectorySettings& source, std::shared_ptr<const https::Tls> tls,
        https::Loop& loop, const base::Clock& clock)
      : source_(source),
        clock_(clock),
        client_({.place = {source.name, source.pull->host, source.pull->port},
                 .limits = {.connect = source.pull->answer,
                            .header = source.pull->answer,
                            .whole = source.pull->answer,
                            .body_bytes = source.pull->answer_bytes,
                            .outstanding = 1},
                 .breaker = {.failures = kNever},
                 .tls = std::move(tls),
                 .notices = {}},
                loop, clock) {}

  const std::string& name() const { return source_.name; }
  void Use(std::shared_ptr<const https::Tls> tls) { client_.Use(std::move(tls)); }
  // Nothing is asked from now on.
  void Cease() {
    const std::lock_guard lock(mutex_);
    ceasing_ = true;
  }

  // Whether it was taken, or need not be tried again.
  bool Read(directory::Keeper& keeper) {
    // Of what could not be kept nothing is asked for.
    if (auto kept = keeper.store().Sources(); !kept) {
      return keeper.Keep(kept.error(), source_.name).has_value();
    }
    const settings::DirectoryPull& pull = *source_.pull;
    const auto reading =
        directory::Pull({.source = source_.name,
                         .limits = source_.limits,
                         .per_page = pull.per_page,
                         .each_service = pull.each_service,
                         .within = pull.within},
                        {.fetch = [this](const std::string& path) { return Get(path); },
                         .parse = open_referral::Read,
                         .clock = clock_});
    if (!reading && reading.error().id == ErrorId::kShuttingDown) return true;
    return keeper.Keep(reading, source_.name).has_value();
  }

 private:
  base::Result<std::string> Get(const std::string& path) {
    const auto make = [target = source_.pull->base + path](const base::Uuid&, base::Instant) {
      return https::Request{.verb = https::Verb::kGet,
                            .path = target,
                            .headers = {{"Accept", "application/json"},
                                        {"Accept-Encoding", "identity"},
                                        {"Connection", "close"},
                                        {"User-Agent", "milecastle"}}};
    };
    const auto told = std::make_shared<std::promise<https::Reply>>();
    auto answer = told->get_future();
    {
      const std::lock_guard lock(mutex_);
      if (ceasing_) return BodyOf({.failure = Failure::kStopping});
      client_.Ask(make, clock_.Monotonic() + source_.pull->answer,
                  [told](https::Reply reply) { told->set_value(std::move(reply)); });
    }
    https::Reply reply = answer.get();
    const bool answered = reply.failure == Failure::kNone;
    auto body = BodyOf(std::move(reply));
    if (answered) client_.Judge(body || body.error().id == ErrorId::kNotFound);
    return body;
  }

  const settings::DirectorySettings& source_;
  const base::Clock& clock_;
  https::Client client_;
  std::mutex mutex_;
  bool ceasing_ = false;
};

// A file of a watched folder is all of its source's directory.
class Directories::FolderDoor final : public port::Inbound {
 public:
  explicit FolderDoor(directory::Keeper& keeper) : keeper_(keeper) {}

  bool TryReceive(std::shared_ptr<const port::Feed> feed, std::string& message,
                  port::OnReceived done) override {
    const directory::Brought brought{feed->name, {std::move(message)}};
    Tell(keeper_.Keep(keeper_.Read(brought), feed->name), done);
    return true;
  }
  void WhenRoom(std::function<void()> again) override { again(); }
  void Refuse(std::shared_ptr<const port::Feed> feed, std::string, base::Error why,
              port::OnReceived done) override {
    Tell(keeper_.Keep(std::move(why), feed->name), done);
  }

 private:
  static void Tell(const base::Result<store::DirectoryChange>& change,
                   const port::OnReceived& done) {
    port::Outcome outcome{.disposition = port::Disposition::kAccepted};
    if (!change) {
      const bool ours = change.error().id == ErrorId::kStoreUnavailable;
      outcome.disposition = ours ? port::Disposition::kFailed : port::Disposition::kRejected;
      outcome.error = change.error();
    }
    done({.outcome = std::move(outcome), .reply = {}});
  }

  directory::Keeper& keeper_;
};

DirectoryTls LoadDirectoryTls(const settings::Settings& settings, std::vector<Error>& problems) {
  DirectoryTls all;
  for (const auto& source : settings.directories) {
    if (!source.pull) continue;
    auto tls = https::Tls::Load({.certificate = {},
                                 .key = {},
                                 .authority = source.pull->authority,
                                 .revocation_lists = source.pull->revocation_lists});
    if (tls) {
      all.emplace(source.name, std::move(*tls));
    } else {
      problems.push_back(tls.error());
    }
  }
  return all;
}

namespace {

// What is damaged is logged here, with its new name left to whoever looks into the folder.
directory::Sheltered::Open OpenerOf(std::filesystem::path file, const base::Clock& clock) {
  return
      [file = std::move(file), &clock]() -> base::Result<std::unique_ptr<store::ServiceDirectory>> {
        auto opened = store::sqlite::OpenOrMakeDirectory(file, clock.Now());
        if (!opened) return opened.error();
        if (opened->damage) {
          base::Log(base::LogId::kDirectorySetAside,
                    {{"error", opened->damage->id}, {"file", base::SafeText::Path(file.string())}});
        }
        return std::move(opened->directory);
      };
}

std::vector<directory::Source> SourcesOf(const settings::Settings& settings) {
  std::vector<directory::Source> sources;
  for (const auto& source : settings.directories) {
    sources.push_back({source.name, source.interval, source.limits});
  }
  return sources;
}

}  // namespace

Directories::Directories(const settings::Settings& settings, const base::Clock& clock)
    : file_(settings.data / "directory.db"),
      sources_(settings.directories),
      clock_(clock),
      store_(OpenerOf(file_, clock), clock),
      keeper_(store_, clock, {.page = open_referral::Read, .tables = open_referral::ReadTables},
              SourcesOf(settings)) {}

Directories::~Directories() { Stop(); }

void Directories::WatchFolders() {
  constexpr std::size_t kFileLimit = std::size_t{32} << 20;
  for (const auto& source : sources_) {
    if (source.folder.empty() || folders_.contains(source.name)) continue;
    auto feed = std::make_shared<port::Feed>();
    feed->name = source.name;
    feed->message_limit = kFileLimit;
    auto watched = folder::WatchedFolder::Start({.path = source.folder, .in_flight = 1},
                                                std::move(feed), *door_);
    if (watched) {
      folders_.emplace(source.name, std::move(*watched));
    } else {
      static_cast<void>(keeper_.Keep(watched.error(), source.name));
    }
  }
}

void Directories::Begin(const DirectoryTls& tls) {
  loop_ = std::make_unique<https::Loop>(std::max<std::size_t>(sources_.size(), 1));
  door_ = std::make_unique<FolderDoor>(keeper_);
  WatchFolders();
  for (const auto& source : sources_) {
    if (!source.pull) continue;
    asked_.push_back(std::make_unique<Asked>(source, tls.at(source.name), *loop_, clock_));
    // A restart is no reason to ask again before its time.
    const auto last = keeper_.LastRead(source.name);
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(
        clock_.Now() - last.value_or(base::Instant()));
    const auto first = std::clamp(source.interval - age, std::chrono::seconds(0), source.interval);
    schedules_.push_back(std::make_unique<directory::Schedule>(
        directory::Schedule::Times{first, source.interval, source.pull->retry},
        [asked = asked_.back().get(), this] { return asked->Read(keeper_); }));
  }
}

void Directories::Use(const DirectoryTls& tls) {
  for (const auto& asked : asked_) asked->Use(tls.at(asked->name()));
  const bool was_away = store_.Trouble().has_value();
  store_.TryAgain();
  if (was_away) {
    for (const auto& schedule : schedules_) schedule->Wake();  // what is made anew is empty
  }
  WatchFolders();
}

void Directories::Stop() {
  for (const auto& schedule : schedules_) schedule->Cease();
  for (const auto& asked : asked_) asked->Cease();
  if (loop_) loop_->Stop();
  for (const auto& schedule : schedules_) schedule->Stop();
  for (const auto& [source, folder] : folders_) folder->Stop();
}

void Directories::AddHealth(std::vector<serve::HealthLine>& lines) const {
  const auto trouble = store_.Trouble();
  if (!trouble) return;
  lines.push_back(
      {.component = "directory",
       .healthy = false,
       .text = "no service can be looked up (" + trouble->advice + "); records are not touched",
       .place = file_.string(),
       .needed = false});
}

void Directories::AddSamples(base::Instant now, std::vector<serve::Sample>& samples) const {
  samples.push_back({.name = "milecastle_directory_unavailable",
                     .help = "1: what is kept of all sources of services cannot be read.",
                     .value = store_.Trouble() ? 1.0 : 0.0});
  for (const directory::SourceState& state : keeper_.States()) {
    const auto add = [&](const char* name, const char* help, double value, bool counter) {
      samples.push_back({name, help, {{"source", state.name}}, value, counter});
    };
    add("milecastle_directory_stale",
        "1: what is kept of this source of services is older than three of its intervals.",
        state.IsStale(now) ? 1.0 : 0.0, false);
    add("milecastle_directory_readings_total", "Readings that were taken of a source of services.",
        static_cast<double>(state.taken), true);
    add("milecastle_directory_failures_total",
        "Readings of a source of services that left what is kept as it was.",
        static_cast<double>(state.failures), true);
    if (!state.kept) continue;
    add("milecastle_directory_age_seconds", "Age of what is kept of a source of services.",
        std::chrono::duration<double>(now - state.kept->began).count(), false);
    add("milecastle_directory_services", "Services that are kept of a source.",
        static_cast<double>(state.kept->services), false);
  }
}

}  // namespace milecastle
