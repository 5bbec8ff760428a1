// A running gateway: everything that it is made of, in the order in which it starts.
//
// With main.cc this is the composition root: the only files that name concrete drivers and
// adapters.
//
// Thread-safety: Start, Run and Stop are called in turn by one thread, which has blocked SIGHUP,
// SIGTERM and SIGINT. Failure: Start gives every problem; what started is taken down by Stop. Where
// nothing can be made durable any more the process ends at once (exit code 70).
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/two_logs.h"
#include "authenticate/authenticator.h"
#include "base/clock_jump.h"
#include "decide/in_force.h"
#include "directories.h"
#include "disclose/document.h"
#include "disclose/view.h"
#include "folder/watched_folder.h"
#include "gather/gather.h"
#include "govern/audit_reading.h"
#include "govern/consents.h"
#include "govern/directory.h"
#include "govern/explain.h"
#include "govern/identity.h"
#include "govern/overdue.h"
#include "govern/quarantine.h"
#include "ingress/ingress.h"
#include "live.h"
#include "mllp/sessions.h"
#include "receive/intake.h"
#include "receive/relabelling.h"
#include "reloadable.h"
#include "serve/metrics.h"
#include "serve/server.h"
#include "serve/services.h"
#include "settings/settings.h"
#include "sqlite/store.h"
#include "workers/pool.h"
#include "workers/timer.h"

namespace milecastle {

class FeedDoor;

class Gateway {
 public:
  Gateway(Settings settings, Reloadable loaded);
  ~Gateway();
  Problems Start();
  void Run();  // until SIGTERM or SIGINT
  void Stop();

 private:
  // `beside`: the other log's folder, which keeps this one's newest checkpoint too.
  base::Result<std::unique_ptr<audit::Log>> OpenLog(const settings::AuditSettings& from,
                                                    const std::filesystem::path& beside);
  base::Result<void> CheckNotCut(const audit::Log& log) const;
  Problems OpenKeeping();
  void MakeLive();
  void MakeUseCases();
  Problems OpenDoors();
  base::Result<void> OpenFeed(const settings::FeedSettings& feed);
  void WriteListeners() const;
  void WriteVerifierKeys() const;
  // Ready when it is durable, or was refused.
  std::future<void> Note(audit::Kind kind, const char* outcome, const std::string& detail);
  void Reload();
  void Tick(int tick);
  void WarnOfClock();
  void WarnOfCertificates() const;
  void WarnOfSilence() const;
  void WarnOfOverdue();
  void WarnOfPolicy() const;
  void WarnOfSharedDisk() const;
  void ProveStoreWrites();
  serve::HealthLine StoreHealth() const;
  void AddLogHealth(std::vector<serve::HealthLine>& lines) const;
  serve::HealthLine LabelHealth() const;
  void FollowRules();
  std::shared_ptr<const ingress::TlsMaterial> Tls() const;
  std::shared_ptr<const normalise::Normaliser> CurrentNormaliser() const;
  govern::Parts GovernParts();
  govern::QuarantineParts QuarantineParts() const;
  const settings::FeedSettings* FeedNamed(const std::string& name) const;
  std::vector<govern::Overdue> OverdueNow() const;
  serve::Health HealthNow() const;
  std::vector<serve::Sample> Samples() const;
  base::Result<record::Requester> Authenticate(const record::PeerCertificate& peer,
                                               std::string_view bearer) const;

  base::SystemClock clock_;
  Settings settings_;
  Adapters adapters_ = MakeAdapters();
  base::Instant started_ = clock_.Now();
  base::ClockJump clock_jump_{clock_};
  std::atomic<std::uint64_t> clock_jumps_ = 0;
  mutable std::mutex overdue_mutex_;
  std::vector<govern::Overdue> overdue_;  // as last counted
  decide::InForce policy_;
  mutable std::mutex reloaded_mutex_;  // of what follows, which a reload swaps under every reader
  std::shared_ptr<const normalise::Normaliser> normaliser_;
  std::shared_ptr<const ingress::TlsMaterial> tls_;
  std::shared_ptr<authenticate::Authenticator> authenticator_;
  LiveTls live_tls_;            // of the start
  DirectoryTls directory_tls_;  // likewise

  // Keeping: what must be durable.
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<audit::Log> first_log_;
  std::unique_ptr<audit::Log> second_log_;
  std::unique_ptr<audit::TwoLogs> log_;
  std::unique_ptr<govern::Logs> logs_;
  std::unique_ptr<govern::OutboxLoop> outbox_;
  std::unique_ptr<govern::TrailLoop> trail_;

  // Work.
  serve::Metrics metrics_;
  workers::Timer timer_;
  std::unique_ptr<workers::Pool> calls_;
  std::unique_ptr<workers::Pool> readers_;
  std::unique_ptr<receive::Intake> intake_;
  std::unique_ptr<receive::Relabelling> relabelling_;
  std::unique_ptr<LiveWork> live_;
  std::unique_ptr<gather::Gather> gather_;  // null: no live source is configured
  std::unique_ptr<disclose::PatientViews> views_;
  std::unique_ptr<disclose::EntryHistories> histories_;
  std::unique_ptr<disclose::Documents> documents_;
  std::unique_ptr<govern::Consents> consents_;
  std::unique_ptr<govern::Explain> explain_;
  std::unique_ptr<govern::IdentityWork> identity_;
  std::unique_ptr<govern::AuditReading> reading_;
  std::unique_ptr<Directories> directories_;
  std::unique_ptr<govern::DirectoryDesk> directory_desk_;

  // Doors.
  std::unique_ptr<ingress::Ingress> ingress_;
  std::unique_ptr<serve::Edge> edge_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<serve::Server> server_;
  std::unique_ptr<mllp::Sessions> sessions_;
  std::vector<std::unique_ptr<FeedDoor>> doors_;
  std::vector<std::unique_ptr<folder::WatchedFolder>> folders_;
  std::map<std::string, std::uint16_t> ports_;
};

}  // namespace milecastle
